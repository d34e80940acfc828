package ddl

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/dialect/search"
)

// An index for full-text search is a table of the module fts5 with the index's name, and three triggers that keep it current.
// The index does not have the text itself, which stays in the table; its rows have the numbers that are the primary key
// there. SQLite changes the names of columns and tables in triggers when they are renamed.

// searchTriggers are what the names of the triggers end in.
var searchTriggers = [...]string{"_insert", "_update", "_delete"}

// tokenizer returns how text in a language becomes words. English words are reduced to their stems; SQLite knows those of no
// other language.
func tokenizer(language string) string {
	const words = "unicode61 remove_diacritics 0 categories 'L* M* N* Co'"
	if language == "english" {
		return "porter " + words
	}
	return words
}

// searchedText returns the text of a row as an expression; row is the name before each column.
func searchedText(x dialect.Index, row string) string {
	texts := make([]string, len(x.Columns))
	for i, c := range x.Columns {
		texts[i] = "coalesce(" + row + quoteName(c.Name) + ", '')"
	}
	return fmt.Sprintf("substr(%s, 1, %d)", strings.Join(texts, " || ' ' || "), search.MaxText)
}

// createIndex creates an index of a table; one for full-text search with the rows that the table has.
func (b *builder) createIndex(t *dialect.Table, x dialect.Index) {
	if !x.Search {
		b.exec("%s", indexSQL(t.Name, x))
		return
	}
	index, table, key := quoteName(x.Name), quoteName(t.Name), quoteName(keyOf(t))
	b.exec("CREATE VIRTUAL TABLE %s USING fts5(text, content='', tokenize=%s)", index, quoteName(tokenizer(x.Language)))
	b.fillSearch(t, x)
	insert := fmt.Sprintf("INSERT INTO %s (rowid, text) VALUES (new.%s, %s);", index, key, searchedText(x, "new."))
	remove := fmt.Sprintf("INSERT INTO %s (%s, rowid, text) VALUES ('delete', old.%s, %s);", index, index, key, searchedText(x, "old."))
	names := []string{keyOf(t)}
	for _, c := range x.Columns {
		names = append(names, c.Name)
	}
	for i, trigger := range []string{
		"AFTER INSERT ON " + table + " BEGIN\n    " + insert,
		"AFTER UPDATE OF " + quoteAll(names) + " ON " + table + " BEGIN\n    " + remove + "\n    " + insert,
		"AFTER DELETE ON " + table + " BEGIN\n    " + remove,
	} {
		b.exec("CREATE TRIGGER %s %s\nEND", quoteName(x.Name+searchTriggers[i]), trigger)
	}
}

// fillSearch adds the rows of a table to a new index.
func (b *builder) fillSearch(t *dialect.Table, x dialect.Index) {
	b.exec("INSERT INTO %s (rowid, text) SELECT %s, %s FROM %s", quoteName(x.Name), quoteName(keyOf(t)), searchedText(x, ""),
		quoteName(t.Name))
}

// refillSearch adds the rows of a table, whose values may be others than before, to an index again.
func (b *builder) refillSearch(t *dialect.Table, x dialect.Index) {
	b.exec("INSERT INTO %s (%s) VALUES ('delete-all')", quoteName(x.Name), quoteName(x.Name))
	b.fillSearch(t, x)
}

// dropIndex drops an index.
func (b *builder) dropIndex(x dialect.Index) {
	if !x.Search {
		b.exec("DROP INDEX %s", quoteName(x.Name))
		return
	}
	for _, name := range searchTriggers {
		b.exec("DROP TRIGGER %s", quoteName(x.Name+name))
	}
	b.exec("DROP TABLE %s", quoteName(x.Name))
}

// keyOf returns the name of the primary key of a table, which has one column.
func keyOf(t *dialect.Table) string {
	i := slices.IndexFunc(t.Columns, func(c dialect.Column) bool { return c.PrimaryKey })
	if i < 0 {
		return "rowid"
	}
	return t.Columns[i].Name
}

// SearchKeyProblem returns why an index for full-text search cannot be on a table with a primary key of a type, "" if it can.
func SearchKeyProblem(key dialect.Type) string {
	if key.IsInteger() {
		return ""
	}
	return "SQLite needs a primary key of one whole number for it; give the model one, or search with icontains"
}

// checkSearch returns an error for an index for full-text search of a table that cannot have one.
func checkSearch(t *dialect.Table) error {
	for _, x := range t.Indexes {
		if !x.Search {
			continue
		}
		key := dialect.TypeUnknown
		for _, c := range t.Columns {
			switch {
			case !c.PrimaryKey:
			case key != dialect.TypeUnknown:
				key = dialect.TypeBinary // of several columns
			default:
				key = c.Type
			}
		}
		if problem := SearchKeyProblem(key); problem != "" {
			return fmt.Errorf("table %q, index %q: %s", t.Name, x.Name, problem)
		}
	}
	return nil
}

// readSearchIndexes adds the indexes for full-text search to the description of a table: they have a trigger for insertions.
func readSearchIndexes(ctx context.Context, conn dialect.Conn, t *dialect.Table) error {
	return each(ctx, conn, func(rows *sql.Rows) error {
		var x dialect.Index
		var trigger, definition string
		if err := rows.Scan(&x.Name, &definition, &trigger); err != nil {
			return err
		}
		x.Search = true
		if strings.Contains(definition, "porter ") {
			x.Language = "english"
		}
		for _, c := range t.Columns {
			if strings.Contains(trigger, "coalesce(new."+quoteName(c.Name)+", '')") {
				x.Columns = append(x.Columns, dialect.IndexColumn{Name: c.Name})
			}
		}
		t.Indexes = append(t.Indexes, x)
		return nil
	}, `SELECT m.name, m.sql, t.sql FROM sqlite_master AS m
		JOIN sqlite_master AS t ON t.type = 'trigger' AND t.name = m.name || '_insert' AND t.tbl_name = ? COLLATE NOCASE
		WHERE m.type = 'table' AND m.sql LIKE 'CREATE VIRTUAL TABLE % USING fts5(text, content='''',%'`, t.Name)
}
