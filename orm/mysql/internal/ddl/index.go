package ddl

import (
	"fmt"
	"strings"

	"github.com/quintetgo/quintet/orm/dialect"
)

// markerSQL returns the column that restricts a unique index to the rows of its condition, "" for other indexes. The column
// has the index's name; it is NULL for the other rows, which a unique index then takes any number of times. It is computed,
// not stored, and SELECT * leaves it out. An index that is not unique simply has all rows.
func markerSQL(x dialect.Index) string {
	if x.Where == "" || !x.Unique {
		return ""
	}
	return fmt.Sprintf("%s tinyint GENERATED ALWAYS AS (CASE WHEN %s THEN 1 END) VIRTUAL INVISIBLE", Quote(x.Name), x.Where)
}

// The longest index has 3072 bytes, which are 768 characters.
const (
	maxIndexed = 768
	prefix     = 191 // of a text of any length, so that four of them fit
)

// indexSQL returns an index as a line of CREATE TABLE, or behind ADD in ALTER TABLE. Long texts are indexed by their beginning,
// except in unique indexes.
func indexSQL(t *dialect.Table, x dialect.Index) string {
	if x.Search {
		return "FULLTEXT KEY " + Quote(x.Name) + " (" + Quote(x.Name) + ")"
	}
	var columns []string
	for _, c := range x.Columns {
		text := Quote(c.Name)
		if !x.Unique {
			text += prefixOf(t, c.Name)
		}
		if c.Descending {
			text += " DESC"
		}
		columns = append(columns, text)
	}
	kind := "KEY "
	if x.Unique {
		kind = "UNIQUE KEY "
	}
	if markerSQL(x) != "" {
		columns = append(columns, Quote(x.Name))
	}
	return kind + Quote(x.Name) + " (" + strings.Join(columns, ", ") + ")"
}

// prefixOf returns how much of a column is indexed, "" for all of it.
func prefixOf(t *dialect.Table, column string) string {
	for _, c := range t.Columns {
		if c.Name != column {
			continue
		}
		switch c.Type {
		case dialect.TypeText, dialect.TypeBinary, dialect.TypeJSON:
			return fmt.Sprintf("(%d)", prefix)
		case dialect.TypeChar:
			if c.Size > maxIndexed {
				return fmt.Sprintf("(%d)", prefix)
			}
		}
	}
	return ""
}
