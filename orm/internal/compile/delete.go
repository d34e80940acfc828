package compile

import (
	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/schema"
)

// DeleteRow returns a DELETE of the row with a primary key, whose values are the arguments.
func DeleteRow(d dialect.Dialect, m *schema.Model) string {
	w := dialect.NewWriter(d)
	w.Text("DELETE FROM ")
	w.Name(m.Table)
	whereKey(w, m)
	return w.SQL()
}

// DeleteIn returns a DELETE of the rows whose column has one of n values, the arguments.
func DeleteIn(d dialect.Dialect, in *schema.Field, n int) string {
	w := dialect.NewWriter(d)
	w.Text("DELETE FROM ")
	w.Name(in.Model.Table)
	w.Text(" WHERE ")
	oneOf(w, in, n)
	return w.SQL()
}
