package compile

import (
	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/schema"
)

// SelectRow returns a SELECT of every column of the row with a primary key, whose values are the arguments.
func SelectRow(d dialect.Dialect, m *schema.Model) string {
	w := selectAll(d, m)
	whereKey(w, m)
	return w.SQL()
}

// SelectIn returns a SELECT of every column of the rows whose column has one of n values, the arguments.
func SelectIn(d dialect.Dialect, in *schema.Field, n int) string {
	w := selectAll(d, in.Model)
	w.Text(" WHERE ")
	oneOf(w, in, n)
	return w.SQL()
}

// CountIn returns a SELECT of the number of rows whose column has one of n values, the arguments.
func CountIn(d dialect.Dialect, in *schema.Field, n int) string {
	w := dialect.NewWriter(d)
	w.Text("SELECT count(*) FROM ")
	w.Name(in.Model.Table)
	w.Text(" WHERE ")
	oneOf(w, in, n)
	return w.SQL()
}

// HasValue returns a SELECT that has a row if the column's table has one with a value, the argument.
func HasValue(d dialect.Dialect, f *schema.Field) string {
	w := dialect.NewWriter(d)
	w.Text("SELECT 1 FROM ")
	w.Name(f.Model.Table)
	w.Text(" WHERE ")
	equal(w, f)
	return w.SQL()
}

func selectAll(d dialect.Dialect, m *schema.Model) *dialect.Writer {
	w := dialect.NewWriter(d)
	w.Text("SELECT ")
	readColumns(w, m.Fields)
	w.Text(" FROM ")
	w.Name(m.Table)
	return w
}
