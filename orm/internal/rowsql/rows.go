// Package rowsql writes the statements that read, insert, update and delete rows by their keys.
package rowsql

import (
	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/schema"
)

// ChunkSize is the most keys or rows that its users pass to one statement.
const ChunkSize = 500

// SelectRow returns a SELECT of some columns of the row with a primary key, whose values are the arguments.
func SelectRow(d dialect.Dialect, m *schema.Model, columns []*schema.Field) string {
	w := selectColumns(d, m, columns)
	whereKey(w, m)
	return w.SQL()
}

// SelectIn returns a SELECT of every column of the rows whose column has one of n values, the arguments.
func SelectIn(d dialect.Dialect, in *schema.Field, n int) string {
	w := selectColumns(d, in.Model, in.Model.Fields)
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
	return selectColumns(d, m, m.Fields)
}

func selectColumns(d dialect.Dialect, m *schema.Model, columns []*schema.Field) *dialect.Writer {
	w := dialect.NewWriter(d)
	w.Text("SELECT ")
	readColumns(w, columns)
	w.Text(" FROM ")
	w.Name(m.Table)
	return w
}

// UpdateRow returns an UPDATE of some columns of the row with a primary key. Its arguments are the columns' values and then
// the key's. If the model has a version, the statement counts it up, and the last argument is the one that the row must have.
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
	if m.Version != nil {
		if len(columns) > 0 {
			w.Text(", ")
		}
		increment(w, m.Version)
	}
	whereKey(w, m)
	if m.Version != nil {
		w.Text(" AND ")
		equal(w, m.Version)
	}
	return w.SQL()
}

// UpdateRows returns an UPDATE of some columns of n rows, each to values of its own. Its arguments are, for each column, the
// key and the new value of every row, and then the key of every row, followed by the version that it must have if the model
// has one.
func UpdateRows(d dialect.Dialect, m *schema.Model, columns []*schema.Field, n int) string {
	w := dialect.NewWriter(d)
	w.Text("UPDATE ")
	w.Name(m.Table)
	w.Text(" SET ")
	for i, f := range columns {
		if i > 0 {
			w.Text(", ")
		}
		w.Name(f.Column)
		w.Text(" = CASE")
		for range n {
			w.Text(" WHEN ")
			keyEqual(w, m)
			w.Text(" THEN ")
			w.Bind(nil)
		}
		w.Text(" ELSE ")
		w.Name(f.Column) // so that the arguments have the type of the column
		w.Text(" END")
	}
	if m.Version != nil {
		if len(columns) > 0 {
			w.Text(", ")
		}
		increment(w, m.Version)
	}
	w.Text(" WHERE ")
	for i := range n {
		if i > 0 {
			w.Text(" OR ")
		}
		allEqual(w, m.RowKeys())
		if m.Version != nil {
			w.Text(" AND ")
			equal(w, m.Version)
		}
	}
	return w.SQL()
}

// SelectRows returns a SELECT of some columns of the rows with n primary keys, the arguments.
func SelectRows(d dialect.Dialect, m *schema.Model, columns []*schema.Field, n int) string {
	w := selectColumns(d, m, columns)
	whereOneOf(w, m.PrimaryKeys, n)
	return w.SQL()
}

// increment writes an assignment that adds 1 to a column.
func increment(w *dialect.Writer, f *schema.Field) {
	w.Name(f.Column)
	w.Text(" = ")
	w.Name(f.Column)
	w.Text(" + 1")
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

// equal writes an assignment or comparison of a column with an argument.
func equal(w *dialect.Writer, f *schema.Field) {
	w.Name(f.Column)
	w.Text(" = ")
	w.Bind(nil)
}

// whereKey writes the condition that selects one row by its primary key, and by its tenant.
func whereKey(w *dialect.Writer, m *schema.Model) {
	w.Text(" WHERE ")
	allEqual(w, m.RowKeys())
}

// keyEqual writes a comparison of the primary key with arguments.
func keyEqual(w *dialect.Writer, m *schema.Model) { allEqual(w, m.PrimaryKeys) }

// allEqual writes comparisons of columns with arguments.
func allEqual(w *dialect.Writer, columns []*schema.Field) {
	for i, f := range columns {
		if i > 0 {
			w.Text(" AND ")
		}
		equal(w, f)
	}
}

// oneOf writes a comparison of a column with n arguments.
func oneOf(w *dialect.Writer, f *schema.Field, n int) {
	w.Name(f.Column)
	w.Text(" IN (")
	placeholders(w, w.Bound()+1, n)
	w.Text(")")
}

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
