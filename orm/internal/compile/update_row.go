package compile

import (
	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/schema"
)

// UpdateRow returns an UPDATE of some columns of the row with a primary key. Its arguments are the columns' values and then
// the key's.
func UpdateRow(d dialect.Dialect, m *schema.Model, columns []*schema.Field) string {
	w := dialect.NewWriter(d)
	w.Text("UPDATE ")
	w.Name(m.Table)
	w.Text(" SET ")
	for i, f := range columns {
		if i > 0 {
			w.Text(", ")
		}
		equal(w, f)
	}
	whereKey(w, m)
	return w.SQL()
}

// UpdateIn returns an UPDATE of one column of the rows whose column `in` has one of n values. Its arguments are the new value
// and then those n.
func UpdateIn(d dialect.Dialect, set, in *schema.Field, n int) string {
	w := dialect.NewWriter(d)
	w.Text("UPDATE ")
	w.Name(set.Model.Table)
	w.Text(" SET ")
	equal(w, set)
	w.Text(" WHERE ")
	oneOf(w, in, n)
	return w.SQL()
}

// equal writes an assignment or comparison of a column with an argument.
func equal(w *dialect.Writer, f *schema.Field) {
	w.Name(f.Column)
	w.Text(" = ")
	w.Bind(nil)
}

// whereKey writes the condition that selects one row by its primary key.
func whereKey(w *dialect.Writer, m *schema.Model) {
	for i, f := range m.PrimaryKeys {
		if i == 0 {
			w.Text(" WHERE ")
		} else {
			w.Text(" AND ")
		}
		equal(w, f)
	}
}

// oneOf writes a comparison of a column with n arguments.
func oneOf(w *dialect.Writer, f *schema.Field, n int) {
	w.Name(f.Column)
	w.Text(" IN (")
	placeholders(w, n)
	w.Text(")")
}
