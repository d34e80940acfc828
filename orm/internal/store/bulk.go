package store

import (
	"context"
	"errors"
	"fmt"
	"reflect"

	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/fault"
	"github.com/quintetgo/quintet/orm/internal/rowsql"
	"github.com/quintetgo/quintet/orm/internal/scan"
	"github.com/quintetgo/quintet/orm/internal/session"
	"github.com/quintetgo/quintet/orm/schema"
)

// CreateAll inserts the objects of a slice in as few statements as possible, in one transaction.
func CreateAll(ctx context.Context, s *session.Session, objs any) error {
	list, err := elements(objs)
	if err != nil || len(list) == 0 {
		return err
	}
	m, err := Instance(s, list[0])
	if err != nil {
		return err
	}
	w := write{session: s, plan: planOf(s, m), method: "CreateAll"}
	var rows []row
	unnumber := w.numbering(list)
	err = s.Atomic(ctx, func(ctx context.Context) error {
		if rows, err = w.prepareAll(ctx, list); err != nil {
			return err
		}
		if err := w.insertAll(ctx, list, rows); err != nil {
			return err
		}
		return w.afterAll(ctx, list, true, nil)
	})
	if err == nil {
		return nil
	}
	return errors.Join(w.locate(ctx, list, rows, err, w.insertAll, w.insert), unnumber())
}

// afterAll runs the hooks that follow the write of several objects.
func (w write) afterAll(ctx context.Context, list []any, created bool, fields []string) error {
	for i, obj := range list {
		if err := w.afterSave(ctx, obj, created, fields); err != nil {
			return w.refused(i, obj, err)
		}
	}
	return nil
}

// numbering returns a function that takes the keys that the database has assigned from the objects, after a rollback.
func (w write) numbering(list []any) (undo func() error) {
	pk := w.plan.model.PK
	if pk == nil || !pk.Auto {
		return func() error { return nil }
	}
	var without []any
	for _, obj := range list {
		if reflect.TypeOf(obj).Elem() == w.plan.model.Type && pk.IsZero(obj) {
			without = append(without, obj)
		}
	}
	return func() error {
		for _, obj := range without {
			if err := pk.Set(obj, nil); err != nil {
				return err
			}
		}
		return nil
	}
}

// refused returns the error of an object of a method for several.
func (w write) refused(i int, obj any, err error) error {
	return &fault.BulkError{Method: w.method, Index: i, Object: obj, Err: err}
}

// prepareAll prepares the rows of objects. Their values follow each other in memory, unless a row is detached.
func (w write) prepareAll(ctx context.Context, list []any) ([]row, error) {
	rows := make([]row, len(list))
	var values []any
	for i, obj := range list {
		if reflect.TypeOf(obj).Elem() != w.plan.model.Type {
			return nil, fmt.Errorf("orm: %s takes objects of one model: element %d is a %T", w.method, i, obj)
		}
		err := w.complete(ctx, obj, true)
		if err == nil {
			rows[i], err = w.prepare(ctx, obj, &w.plan.inserts, values, len(list)-i)
		}
		if err != nil {
			return nil, w.refused(i, obj, err)
		}
		values = rows[i].values
	}
	return rows, nil
}

// insertAll writes rows in groups that leave the same columns to the database.
func (w write) insertAll(ctx context.Context, list []any, rows []row) error {
	start := 0
	return w.eachGroup(list, rows, func(st *statement, group, args []any) error {
		if err := w.insertGroup(ctx, st, group, args); err != nil {
			return err
		}
		for i, obj := range group {
			w.session.RecordReferences(ctx, st.columns, rows[start+i].values)
			w.session.RecordCreated(ctx, w.plan.model, obj)
		}
		start += len(group)
		return nil
	})
}

// eachGroup calls fn for groups of objects that leave the same columns to the database, with their values one after
// another. The error is a [*groupError].
func (w write) eachGroup(list []any, rows []row, fn func(st *statement, group, args []any) error) error {
	d := w.session.Dialect()
	for start := 0; start < len(list); {
		st := rows[start].statement
		limit := groupLimit(d, st)
		end := start + 1
		for end < len(list) && end-start < limit && len(st.columns) > 0 && rows[end].statement == st && !rows[end].detached {
			end++
		}
		args := rows[start].values[:(end-start)*len(st.columns)] // the values of the whole group
		if err := fn(st, list[start:end], args); err != nil {
			return &groupError{start, end, err}
		}
		start = end
	}
	return nil
}

// groupLimit returns the most rows that one INSERT writes.
func groupLimit(d dialect.Dialect, st *statement) int {
	return max(1, min(rowsql.ChunkSize, d.MaxArguments()/max(1, len(st.columns))))
}

// insertGroup writes some rows by one statement.
func (w write) insertGroup(ctx context.Context, st *statement, group, args []any) error {
	s := w.session
	query := w.plan.insertMany(s.Dialect(), st, len(group), groupLimit(s.Dialect(), st))
	if len(w.plan.returned(st)) > 0 {
		return w.insertReturning(ctx, query, st.filled, group, args)
	}
	result, err := s.Exec(ctx, query, args...)
	if err != nil || len(st.filled) == 0 {
		return err
	}
	return w.readFilled(ctx, st, result, group...)
}

// insertReturning runs an INSERT that returns some fields of every row, and stores them in the objects.
func (w write) insertReturning(ctx context.Context, query string, fields []*schema.Field, group, args []any) error {
	s := w.session
	q, release, err := s.AcquireWriter(ctx)
	if err != nil {
		return err
	}
	defer release()
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return s.Translate(err)
	}
	defer rows.Close()
	if err := scan.Returned(ctx, rows, fields, group); err != nil {
		return s.Translate(err)
	}
	return s.Translate(rows.Close())
}

// elements returns the objects of a slice of pointers to structs, or of structs. A pointer to a struct is a slice of one.
func elements(objs any) ([]any, error) {
	rv := reflect.ValueOf(objs)
	for rv.Kind() == reflect.Pointer && !rv.IsNil() {
		if rv.Elem().Kind() == reflect.Struct {
			return []any{rv.Interface()}, nil
		}
		rv = rv.Elem()
	}
	if rv.Kind() != reflect.Slice {
		return nil, fmt.Errorf("orm: expected a slice of pointers to a model's struct, got %T", objs)
	}
	list := make([]any, rv.Len())
	for i := range list {
		v := rv.Index(i)
		if v.Kind() == reflect.Interface {
			v = v.Elem()
		}
		if v.Kind() == reflect.Struct {
			v = v.Addr()
		}
		if v.Kind() != reflect.Pointer || v.IsNil() {
			return nil, fmt.Errorf("orm: element %d of the %T is not an object", i, objs)
		}
		list[i] = v.Interface()
	}
	return list, nil
}
