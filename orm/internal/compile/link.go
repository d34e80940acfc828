package compile

import (
	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/schema"
)

// LinkedKeys returns a SELECT of one column of the rows whose column `by` has a value, the argument, in the order in
// which the rows were created.
func LinkedKeys(d dialect.Dialect, by, key *schema.Field) string {
	w := dialect.NewWriter(d)
	w.Text("SELECT ")
	w.Name(key.Column)
	w.Text(" FROM ")
	w.Name(by.Model.Table)
	w.Text(" WHERE ")
	equal(w, by)
	w.Text(" ORDER BY ")
	w.Name(by.Model.PK.Column)
	return w.SQL()
}

// Unlink returns a DELETE of rows of a through table: those with a value of one column, the first argument, and one
// of n values of another, the other arguments.
func Unlink(d dialect.Dialect, by, key *schema.Field, n int) string {
	w := dialect.NewWriter(d)
	w.Text("DELETE FROM ")
	w.Name(by.Model.Table)
	w.Text(" WHERE ")
	equal(w, by)
	w.Text(" AND ")
	oneOf(w, key, n)
	return w.SQL()
}
