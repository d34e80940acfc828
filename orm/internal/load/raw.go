package load

import (
	"context"
	"database/sql"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"
	"unsafe"

	"github.com/quintetgo/quintet/framework/check"
	"github.com/quintetgo/quintet/orm/internal/compile"
	"github.com/quintetgo/quintet/orm/internal/scan"
	"github.com/quintetgo/quintet/orm/internal/session"
	"github.com/quintetgo/quintet/orm/internal/sqltext"
	"github.com/quintetgo/quintet/orm/schema"
)

// Raw is a statement written by hand, with "?" for each argument on every database.
type Raw struct {
	Session  *session.Session
	Model    *schema.Model // of the objects; nil if rows are read as values only
	SQL      string
	Args     []any
	Prefetch []Prefetch
}

// run runs the statement. It returns its rows, which the caller closes, and the names of their columns.
func (r Raw) run(ctx context.Context) (*sql.Rows, []string, error) {
	text, n := sqltext.Placeholders(r.SQL, r.Session.Dialect().Placeholder)
	if n != len(r.Args) {
		return nil, nil, fmt.Errorf("orm: Raw: the SQL has %d placeholders \"?\" and %d arguments; write \"??\" for a question mark: %s",
			n, len(r.Args), shorten(r.SQL))
	}
	args := make([]any, n)
	for i, v := range r.Args {
		args[i] = v
		if t, ok := schema.Indirect(v).(time.Time); ok {
			encoded, err := (&schema.Field{Kind: schema.KindDateTime}).Encode(t)
			if err != nil {
				return nil, nil, fmt.Errorf("orm: Raw: argument %d: %w", i+1, err)
			}
			args[i] = encoded
		}
	}
	rows, err := r.Session.Query(ctx, text, args...)
	if err != nil {
		return nil, nil, fmt.Errorf("orm: Raw: %w: %s", err, shorten(r.SQL))
	}
	names, err := rows.Columns()
	if err != nil {
		_ = rows.Close()
		return nil, nil, r.Session.Translate(err)
	}
	return rows, names, nil
}

// shorten returns SQL for an error, on one line.
func shorten(sql string) string {
	text := []rune(strings.Join(strings.Fields(sql), " "))
	if len(text) > 200 {
		text = append(text[:200], '…')
	}
	return string(text)
}

// Annotated returns the objects of all rows, with prefetched relations, and the values of the columns called names. A column that
// is neither the model's nor one of those is an error, and so is a missing primary key. Fields without a column are unread.
// Without a model there are values only, as the driver returned them.
func (r Raw) Annotated(ctx context.Context, names []string) ([]Annotated, error) {
	rows, columns, err := r.run(ctx)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	if r.Model == nil {
		return r.values(rows, columns, names)
	}
	object, order, err := r.object(columns, names)
	if err != nil {
		return nil, err
	}
	reader, err := scan.NewReader(ctx, []compile.Object{object}, 0)
	if err != nil {
		return nil, err
	}
	reader.WithExtras(len(names))
	reader.Reorder(order)
	var all []Annotated
	var objects []any
	err = reader.Each(rows, func(p unsafe.Pointer) bool {
		row := Annotated{reflect.NewAt(r.Model.Type, p).Interface(), slices.Clone(reader.Extras())}
		all, objects = append(all, row), append(objects, row.Object)
		return true
	})
	if err != nil {
		return nil, fmt.Errorf("orm: Raw: %w", r.Session.Translate(err))
	}
	return all, fill(ctx, r.Session, r.Model, objects, r.Prefetch)
}

// object returns the columns of the model among those of a result, and the place of each column of the result among them and the
// values called names.
func (r Raw) object(columns, names []string) (compile.Object, []int, error) {
	o := compile.Object{Model: r.Model, Parent: -1}
	for _, f := range r.Model.Fields {
		if slices.Contains(columns, f.Column) && !slices.Contains(names, f.Column) {
			o.Fields = append(o.Fields, f)
		} else {
			o.Unread = append(o.Unread, f)
		}
	}
	for _, key := range r.Model.PrimaryKeys {
		if !slices.Contains(o.Fields, key) {
			return o, nil, fmt.Errorf("orm: Raw: the SQL does not select %q, the primary key of %s", key.Column, r.Model)
		}
	}
	order := make([]int, len(columns))
	for i, column := range columns {
		if slices.Contains(columns[:i], column) {
			return o, nil, fmt.Errorf("orm: Raw: the SQL selects %q twice; name the columns of one table", column)
		}
		at := slices.IndexFunc(o.Fields, func(f *schema.Field) bool { return f.Column == column })
		if value := slices.Index(names, column); value >= 0 {
			at = len(o.Fields) + value
		}
		if at < 0 {
			return o, nil, unknownColumn(column, columnNames(r.Model), "no column of "+r.Model.String())
		}
		order[i] = at
	}
	return o, order, r.requireColumns(columns, names)
}

// requireColumns returns an error if a name is not a column of the result.
func (r Raw) requireColumns(columns, names []string) error {
	for _, name := range names {
		if !slices.Contains(columns, name) {
			return fmt.Errorf("orm: Raw: the SQL selects no column %q%s; its columns are %s",
				name, check.DidYouMean(name, columns), strings.Join(columns, ", "))
		}
	}
	return nil
}

func unknownColumn(column string, known []string, problem string) error {
	return fmt.Errorf("orm: Raw: the SQL selects %q, which is %s%s; select it into a row with a field for it by RawSelect",
		column, problem, check.DidYouMean(column, known))
}

func columnNames(m *schema.Model) []string {
	names := make([]string, len(m.Fields))
	for i, f := range m.Fields {
		names[i] = f.Column
	}
	return names
}

// values reads rows without an object.
func (r Raw) values(rows *sql.Rows, columns, names []string) ([]Annotated, error) {
	if err := r.requireColumns(columns, names); err != nil {
		return nil, err
	}
	for _, column := range columns {
		if names != nil && !slices.Contains(names, column) {
			return nil, unknownColumn(column, names, "no field of the row")
		}
	}
	if names == nil {
		names = columns
	}
	var all []Annotated
	read, into := make([]any, len(columns)), make([]any, len(columns))
	for i := range read {
		into[i] = &read[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return nil, err
		}
		row := Annotated{Values: make([]any, len(names))}
		for i, name := range names {
			row.Values[i] = read[slices.Index(columns, name)]
		}
		all = append(all, row)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("orm: Raw: %w", r.Session.Translate(err))
	}
	return all, nil
}

// Columns returns all rows as values of the driver by the names of their columns. Bytes are text.
func (r Raw) Columns(ctx context.Context) ([]map[string]any, error) {
	rows, columns, err := r.run(ctx)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	list, err := r.values(rows, columns, nil)
	if err != nil {
		return nil, err
	}
	all := make([]map[string]any, len(list))
	for i, row := range list {
		all[i] = make(map[string]any, len(columns))
		for j, name := range columns {
			if all[i][name], err = scan.Value(nil, schema.KindUnknown, row.Values[j]); err != nil {
				return nil, err
			}
		}
	}
	return all, nil
}
