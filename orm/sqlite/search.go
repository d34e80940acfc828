package sqlite

import (
	"errors"
	"strings"

	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/dialect/search"
	"github.com/quintetgo/quintet/orm/sqlite/internal/ddl"
)

var _ search.Searcher = sqliteDialect{}

// MatchSearch implements [search.Searcher].
func (sqliteDialect) MatchSearch(w *dialect.Writer, x search.Index, terms []search.Term) {
	w.Column(x.Alias, x.Key)
	w.Text(" IN (SELECT rowid FROM ")
	writeMatch(w, x, terms)
	w.Text(")")
}

// RankSearch implements [search.Searcher]. The limit, which is none, keeps SQLite from computing the ranks of all rows again
// for each row, as it would if it searched the index for one row only.
func (sqliteDialect) RankSearch(w *dialect.Writer, x search.Index, terms []search.Term) {
	w.Text("COALESCE((SELECT found.score FROM (SELECT rowid AS id, -bm25(")
	w.Name(x.Name)
	w.Text(") AS score FROM ")
	writeMatch(w, x, terms)
	w.Text(" LIMIT -1) AS found WHERE found.id = ")
	w.Column(x.Alias, x.Key)
	w.Text("), 0.0)")
}

// writeMatch writes the name of the index, and the condition that a row of it has the terms. They have letters, marks and
// digits only, so that words in quotation marks have no other meaning.
func writeMatch(w *dialect.Writer, x search.Index, terms []search.Term) {
	var wanted, excluded []string
	for _, t := range terms {
		text := `"` + strings.Join(t.Words, " ") + `"`
		if t.Prefix {
			text += " *"
		}
		if t.Exclude {
			excluded = append(excluded, text)
		} else {
			wanted = append(wanted, text)
		}
	}
	match := strings.Join(wanted, " AND ")
	if len(excluded) > 0 {
		match = "(" + match + ") NOT (" + strings.Join(excluded, " OR ") + ")"
	}
	w.Name(x.Name)
	w.Text(" WHERE ")
	w.Name(x.Name)
	w.Text(" MATCH ")
	w.Bind(match)
}

// CheckSearch implements [search.Searcher].
func (sqliteDialect) CheckSearch(key dialect.Type) error {
	if !hasFTS5 {
		return errors.New("this program was built without FTS5. " + fts5Hint)
	}
	if problem := ddl.SearchKeyProblem(key); problem != "" {
		return errors.New(problem)
	}
	return nil
}

// SearchesLanguage implements [search.Searcher].
func (sqliteDialect) SearchesLanguage(language string) bool {
	return language == "" || language == "english"
}
