package rowsql

import (
	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/schema"
)

// Insert returns an INSERT of some columns of a number of rows, whose arguments are the rows' values one after
// another. It returns the values of other columns, which the database fills. Without columns it inserts one row of
// defaults.
func Insert(d dialect.Dialect, m *schema.Model, columns, returning []*schema.Field, rows int) string {
	w := insert(d, m, columns, rows)
	if len(returning) > 0 {
		w.Text(" RETURNING ")
		readColumns(w, returning)
	}
	return w.SQL()
}

// InsertMissing is Insert without rows that exist already.
func InsertMissing(d dialect.Dialect, m *schema.Model, columns []*schema.Field, rows int) string {
	w := insert(d, m, columns, rows)
	w.OnConflict(dialect.Conflict{})
	return w.SQL()
}

// Upsert is Insert whose rows change those that have the same values in some columns. It returns the rows as they are
// then, unless returning is empty.
func Upsert(d dialect.Dialect, m *schema.Model, columns, on, update, returning []*schema.Field, rows int) string {
	w := insert(d, m, columns, rows)
	c := dialect.Conflict{Table: m.Table, Columns: columnNames(on), Update: columnNames(update)}
	if m.Version != nil {
		c.Increment = []string{m.Version.Column}
	}
	w.OnConflict(c)
	if len(returning) > 0 {
		w.Text(" RETURNING ")
		readColumns(w, returning)
	}
	return w.SQL()
}

func columnNames(fields []*schema.Field) []string {
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = f.Column
	}
	return names
}

// SelectBy returns a SELECT of every column of the rows that have one of n sets of values in some columns, the arguments.
func SelectBy(d dialect.Dialect, m *schema.Model, by []*schema.Field, n int) string {
	w := selectAll(d, m)
	whereOneOf(w, by, n)
	return w.SQL()
}

// whereOneOf writes the condition that columns have one of n sets of values.
func whereOneOf(w *dialect.Writer, columns []*schema.Field, n int) {
	for i := range n {
		if i == 0 {
			w.Text(" WHERE ")
		} else {
			w.Text(" OR ")
		}
		allEqual(w, columns)
	}
}

func insert(d dialect.Dialect, m *schema.Model, columns []*schema.Field, rows int) *dialect.Writer {
	w := dialect.NewWriter(d)
	w.Text("INSERT INTO ")
	w.Name(m.Table)
	if len(columns) == 0 {
		w.DefaultValues()
		return w
	}
	w.Text(" (")
	for i, f := range columns {
		if i > 0 {
			w.Text(", ")
		}
		w.Name(f.Column)
	}
	w.Text(") VALUES ")
	for row := range rows {
		if row > 0 {
			w.Text(", ")
		}
		w.Text("(")
		placeholders(w, row*len(columns)+1, len(columns))
		w.Text(")")
	}
	return w
}

// placeholders writes the placeholders of n arguments that the caller supplies with the statement, the first of which has
// the number from.
func placeholders(w *dialect.Writer, from, n int) {
	for i := range n {
		if i > 0 {
			w.Text(", ")
		}
		w.Text(w.Dialect().Placeholder(from + i))
	}
}

// readColumns writes columns in the form in which their values are read.
func readColumns(w *dialect.Writer, columns []*schema.Field) {
	for i, f := range columns {
		if i > 0 {
			w.Text(", ")
		}
		w.ReadColumn("", f.Column, f.StorageType())
	}
}
