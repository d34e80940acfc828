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
