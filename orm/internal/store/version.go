package store

import (
	"context"
	"fmt"
	"reflect"
	"slices"

	"github.com/quintetgo/quintet/orm/fault"
	"github.com/quintetgo/quintet/orm/internal/rowsql"
	"github.com/quintetgo/quintet/orm/internal/scan"
	"github.com/quintetgo/quintet/orm/schema"
)

// atomic runs fn, which writes obj, in a transaction. If it is rolled back, obj has its old version again.
func (w write) atomic(ctx context.Context, obj any, fn func(ctx context.Context) error) error {
	m := w.plan.model
	if m.Version == nil {
		return w.session.Atomic(ctx, fn)
	}
	before := m.Version.Value(obj)
	err := w.session.Atomic(ctx, fn)
	if err != nil {
		if restored := m.Version.Set(obj, before); restored != nil {
			return restored
		}
	}
	return err
}

// versionOf returns the version of an object of a model that has one.
func versionOf(m *schema.Model, obj any) int64 {
	v := reflect.ValueOf(m.Version.Value(obj))
	if v.CanUint() {
		return int64(v.Uint())
	}
	return v.Int()
}

// countUp sets the version of obj to that of its row after a write.
func countUp(m *schema.Model, obj any) error {
	if m.Version == nil {
		return nil
	}
	return m.Version.Set(obj, versionOf(m, obj)+1)
}

// unwritten returns why an UPDATE found no row for obj: there is none, or it has another version.
func (w write) unwritten(ctx context.Context, obj any) error {
	m := w.plan.model
	if m.Version == nil {
		return notFound(m, obj)
	}
	stored, err := w.storedVersions(ctx, []any{obj})
	if err != nil {
		return err
	}
	if len(stored) == 0 {
		return notFound(m, obj)
	}
	for _, row := range stored {
		return stale(m, obj, row)
	}
	return nil
}

func stale(m *schema.Model, obj, row any) error {
	return &fault.StaleError{
		Model: m, Object: obj, PK: schema.Indirect(m.PK.Value(obj)), Version: versionOf(m, obj), Stored: versionOf(m, row),
	}
}

// storedVersions returns the rows of some objects by their key as text, with nothing but key and version.
func (w write) storedVersions(ctx context.Context, objs []any) (map[string]any, error) {
	if v := w.plan.model.Version; v != nil {
		return w.storedRows(ctx, objs, v)
	}
	return w.storedRows(ctx, objs)
}

// storedRows returns the rows of some objects by their key as text, with nothing but the key and some columns.
func (w write) storedRows(ctx context.Context, objs []any, columns ...*schema.Field) (map[string]any, error) {
	m := w.plan.model
	var args []any
	for _, obj := range objs {
		var err error
		if args, err = keyValues(ctx, m, obj, args); err != nil {
			return nil, err
		}
	}
	columns = slices.Concat(m.PrimaryKeys, columns)
	query := rowsql.SelectRows(w.session.Dialect(), m, columns, len(objs))
	rows, err := w.session.Reader(ctx).QueryContext(ctx, query, args...)
	if err != nil {
		return nil, w.session.Translate(err)
	}
	defer rows.Close()
	found := make(map[string]any, len(objs))
	err = scan.Objects(ctx, rows, columns, m.Zero, func(row any) error {
		found[keyText(m, row)] = row
		return nil
	})
	return found, w.session.Translate(err)
}

// readGenerated reads the columns that the database has computed for changed rows.
func (w write) readGenerated(ctx context.Context, objs ...any) error {
	if len(w.plan.generated) == 0 {
		return nil
	}
	rows, err := w.storedRows(ctx, objs, w.plan.generated...)
	if err != nil {
		return err
	}
	for _, obj := range objs {
		row := rows[keyText(w.plan.model, obj)]
		if row == nil {
			return notFound(w.plan.model, obj)
		}
		for _, f := range w.plan.generated {
			if err := f.Set(obj, f.Value(row)); err != nil {
				return err
			}
		}
	}
	return nil
}

// keyText returns an object's primary key as text, for comparisons.
func keyText(m *schema.Model, obj any) string {
	text := ""
	for _, f := range m.PrimaryKeys {
		text += fmt.Sprintf("%q,", fmt.Sprint(schema.Indirect(f.Value(obj))))
	}
	return text
}
