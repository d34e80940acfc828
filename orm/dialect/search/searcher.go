// Package search describes what databases have for full-text search, and reads what users type into a search field.
package search

import "github.com/quintetgo/quintet/orm/dialect"

// MaxText is how many characters of a row are searched. PostgreSQL and MariaDB limit the size of an index entry, and would
// refuse to store a row with a longer text.
const MaxText = 200_000

// Term is what a search looks for: a word, or several words in a row.
type Term struct {
	Words   []string // letters, marks and digits of any script, at least one word
	Prefix  bool     // a longer word may begin with it; then it is one word
	Exclude bool     // rows that have it are not found
}

// Index is an index for full-text search, as a statement uses it. The text of a row is that of the columns, one after the
// other, with a space between them, up to [MaxText].
type Index struct {
	Name     string   // of the index
	Columns  []string // of the table
	Language string   // of the text, such as "english"; "" for words as they are written
	Alias    string   // of the table in the statement
	Key      string   // the column of the table's primary key
}

// Searcher is implemented by dialects of databases with full-text search. They have no state, and are safe for concurrent use.
//
// Words are found without regard to their case. What is between letters, marks and digits only separates words. At least one
// of the terms is not excluded.
type Searcher interface {
	// MatchSearch writes the condition that the row of the index's table has all terms, which is never NULL.
	MatchSearch(w *dialect.Writer, x Index, terms []Term)
	// RankSearch writes how well the row matches: a number above 0 that is greater for a better match, and 0 for a row that
	// does not match.
	RankSearch(w *dialect.Writer, x Index, terms []Term)
	// CheckSearch returns an error, with a remedy, if a table cannot have an index for full-text search. key is the type of its
	// primary key, TypeUnknown if that has several columns.
	CheckSearch(key dialect.Type) error
	// SearchesLanguage reports whether words of a language are found in their other forms, as "running" by "run" in
	// "english". It is true for "", which asks for none.
	SearchesLanguage(language string) bool
}

// Of returns the full-text search of a database, or a [dialect.UnsupportedError].
func Of(d dialect.Dialect) (Searcher, error) {
	if s, ok := d.(Searcher); ok {
		return s, nil
	}
	return nil, dialect.Unsupported(d, "full-text search")
}
