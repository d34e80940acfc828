package ddl

import (
	"fmt"
	"strings"

	"github.com/quintetgo/quintet/orm/dialect"
)

// statement is one step of a plan. One of sql, keep and restore is set; the other fields describe sql.
type statement struct {
	// sql is executed; with a guard it is a query instead.
	sql string
	// guard is the message with which the migration stops if the query sql returns a row.
	guard string
	// keep describes a table that the next statements drop and create again: its indexes and triggers are read from the
	// database, whoever made them, and the migration stops if something would be lost.
	keep *rebuild
	// restore is the rebuild of an earlier keep: the indexes and triggers read then are created again.
	restore *rebuild
	// extends is the rebuild whose new table sql creates. What the database has beyond the models, such as checks, defaults,
	// collations and references made by another program, is added.
	extends *rebuild
	// drops is the table that sql drops for good.
	drops string
	// renames are the old and the new name of the table that sql renames.
	renames [2]string
}

// rebuild describes the rebuild of one table.
type rebuild struct {
	table string
	// columns are the columns known to the migrations before the rebuild. Any other column would be lost.
	columns []string
	// removed are those of columns that the new table lacks. Nothing else in the database may still use them.
	removed []string
	// dropped are the indexes that the change removes.
	dropped []string
	// filled are the columns that get a value in existing rows that nobody named, as NOT NULL columns come back when an
	// operation is undone: "lang with ''".
	filled []string
	// checks are those known to the migrations, before the rebuild or after it.
	checks []dialect.Check
	// definitions are the columns that stay.
	definitions []definition
	// indexes are those of the models that stay. One that the database lacks is created.
	indexes []indexStatement
}

// definition is a column of a rebuilt table: its line in the CREATE TABLE statement, and which of its properties the
// migrations know, so that these are not taken over from the database.
type definition struct {
	name, sql                              string
	hasDefault, hasCollation, hasReference bool
	isGenerated                            bool
}

// indexStatement is an index by name with the statement that creates it.
type indexStatement struct{ name, sql string }

// String returns the statement as sqlmigrate shows it.
func (s statement) String() string {
	switch {
	case s.guard != "":
		return "-- must yield no row: " + s.sql + ";"
	case s.keep != nil && len(s.keep.removed) > 0:
		return fmt.Sprintf("-- every index and trigger of %q is remembered; it must not use %s", s.keep.table,
			strings.Join(s.keep.removed, ", "))
	case s.keep != nil:
		return fmt.Sprintf("-- every index and trigger of %q is remembered", s.keep.table)
	case s.restore != nil && len(s.restore.dropped) > 0:
		return fmt.Sprintf("-- every index and trigger of %q is created again, except %s", s.restore.table,
			strings.Join(s.restore.dropped, ", "))
	case s.restore != nil:
		return fmt.Sprintf("-- every index and trigger of %q is created again", s.restore.table)
	}
	return s.sql + ";"
}
