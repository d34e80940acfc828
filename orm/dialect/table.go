package dialect

import (
	"maps"
	"slices"
	"strings"
)

// Table describes a table as any database could have it.
//
// SQL in a table (conditions, expressions, defaults) is standard SQL, in which double quotes are around names; a driver
// for a database with other quotation marks changes them.
type Table struct {
	Name    string
	Comment string // for databases that keep comments; "" for none
	Columns []Column
	// Indexes are the indexes of the table, those of unique constraints among them. The one of the primary key is not.
	Indexes []Index
	Checks  []Check
}

// Column describes a column of a table.
type Column struct {
	Name             string
	Type             Type // of a reference: the type of the key that it holds
	Size             int  // the greatest number of characters of a TypeChar, of bytes of a TypeBinary; 0 if there is none
	Precision, Scale int  // digits of a TypeDecimal in all, and after the point; a Precision of 0 is none
	Null             bool // the column takes NULL
	PrimaryKey       bool // the column is the primary key, or a part of it
	Auto             bool // the database numbers new rows
	Collation        string
	Comment          string // for databases that keep comments; "" for none
	Default          string // SQL expression; "" if there is none
	Generated        string // SQL expression by which the database computes the column; "" if it does not
	Virtual          bool   // a generated column is computed when it is read, and not stored
	Types            string // types of its own, from [JoinTypes]; "" if all databases store it by its Type
	References       Reference
}

// JoinTypes writes column types by the name of the database as one text, for [Column].
func JoinTypes(byDatabase map[string]string) string {
	lines := make([]string, 0, len(byDatabase))
	for _, name := range slices.Sorted(maps.Keys(byDatabase)) {
		lines = append(lines, name+"\t"+byDatabase[name])
	}
	return strings.Join(lines, "\n")
}

// SplitTypes reads what [JoinTypes] has written. It returns nil for "".
func SplitTypes(types string) map[string]string {
	if types == "" {
		return nil
	}
	byDatabase := map[string]string{}
	for line := range strings.SplitSeq(types, "\n") {
		name, text, _ := strings.Cut(line, "\t")
		byDatabase[name] = text
	}
	return byDatabase
}

// TypeIn returns the column's own type in the database of that name, or "" if it is stored by its Type.
func (c *Column) TypeIn(database string) string { return SplitTypes(c.Types)[database] }

// Reference is the column of another table that a foreign key points at. The zero value is none.
type Reference struct {
	Table, Column string
	OnUpdate      string // what happens when the value pointed at changes: "CASCADE", "SET NULL", "SET DEFAULT", or "" for nothing
	OnDelete      string // what happens when the row pointed at is deleted: the same
}

// Index describes an index.
type Index struct {
	Name    string
	Unique  bool
	Columns []IndexColumn
	Where   string   // SQL condition of a partial index; "" covers every row
	Include []string // further columns that the index holds without ordering by them
	Method  string   // of the database, such as "gin"; "" for its default
	// NullsNotDistinct makes NULL equal to NULL in a unique index.
	NullsNotDistinct bool
	// Deferrable makes a unique index a constraint that is checked at the end of the transaction.
	Deferrable Deferrable
	// Search makes it an index for full-text search of the columns, which have text in a language; see package search.
	Search   bool
	Language string
}

// Deferrable is when a unique constraint is checked.
type Deferrable string

// The ways to defer the check of a unique constraint. The zero value checks every row at once.
const (
	Deferred  Deferrable = "deferred"  // at the end of the transaction
	Immediate Deferrable = "immediate" // after each statement, unless the transaction defers it
)

// IndexColumn is a column of an index, or an expression.
type IndexColumn struct {
	Name          string
	Expression    string // SQL instead of a name; "" for a column
	Descending    bool
	OperatorClass string // of the database, such as "varchar_pattern_ops"; "" for the default
}

// Check is a named SQL condition that every row of a table meets.
type Check struct{ Name, SQL string }

// TableChange is what one operation of a migration does to one table.
type TableChange struct {
	// Old and New are the table before and after; nil means that it does not exist then.
	Old, New *Table
	// Columns has every column of New in its order, then the columns that are removed. It is empty unless the table exists
	// before and after.
	Columns []ColumnChange
}

// ColumnChange is what an operation does to one column.
type ColumnChange struct {
	// Old and New are the column before and after; nil means that it is added or removed.
	Old, New *Column
	// Altered reports that the column is stored in another way; another name alone is none, nor is another name of the
	// table or column that it references.
	Altered bool
	// Fill is the value of existing rows, where they have none: a Go value, an [Expression] or [Now]. Nil is none.
	Fill any
	// Implied reports that nobody named Fill: undoing an operation fills a column that takes no NULL with the zero value.
	Implied bool
	// Using is an SQL expression over the old row for the new value of the column; "" keeps the value.
	Using string
}

// Renamed reports whether the column has another name afterwards.
func (c ColumnChange) Renamed() bool { return c.Old != nil && c.New != nil && c.Old.Name != c.New.Name }

// Expression is a fill: SQL over the other columns of the row.
type Expression string

// Now is a fill: the time at which the migration runs.
type Now struct{}
