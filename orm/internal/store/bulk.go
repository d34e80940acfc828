package store

import (
	"context"
	"errors"
	"fmt"
	"reflect"

	"github.com/quintetgo/quintet/orm/fault"
	"github.com/quintetgo/quintet/orm/internal/rowsql"
	"github.com/quintetgo/quintet/orm/internal/scan"
	"github.com/quintetgo/quintet/orm/internal/session"
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
	w := write{session: s, plan: planOf(s, m)}
	var rows []row
	err = s.Atomic(ctx, func(ctx context.Context) error {
		if rows, err = w.prepareAll(ctx, list); err != nil {
			return err
		}
		if err := w.insertAll(ctx, list, rows); err != nil {
			return err
		}
		for i, obj := range list {
			if err := afterSave(ctx, obj); err != nil {
				return &fault.BulkError{Index: i, Object: obj, Err: err}
			}
		}
		return nil
	})
	return w.locateReference(ctx, list, rows, err)
}

// prepareAll prepares the rows of objects. Their values follow each other in memory, unless a row is detached.
func (w write) prepareAll(ctx context.Context, list []any) ([]row, error) {
	rows := make([]row, len(list))
	var values []any
	for i, obj := range list {
		if reflect.TypeOf(obj).Elem() != w.plan.model.Type {
			return nil, fmt.Errorf("orm: CreateAll takes objects of one model: element %d is a %T", i, obj)
		}
		err := w.complete(ctx, obj, true)
		if err == nil {
			rows[i], err = w.prepare(ctx, obj, &w.plan.inserts, values, len(list)-i)
		}
		if err != nil {
			return nil, &fault.BulkError{Index: i, Object: obj, Err: err}
		}
		values = rows[i].values
	}
	return rows, nil
}

// insertAll writes rows in groups that leave the same columns to the database.
func (w write) insertAll(ctx context.Context, list []any, rows []row) error {
	d := w.session.Dialect()
	for start := 0; start < len(list); {
		st := rows[start].statement
		limit := max(1, min(rowsql.ChunkSize, d.MaxArguments()/max(1, len(st.columns))))
		end := start + 1
		for end < len(list) && end-start < limit && len(st.columns) > 0 && rows[end].statement == st && !rows[end].detached {
			end++
		}
		group := list[start:end]
		args := rows[start].values[:(end-start)*len(st.columns)] // the values of the whole group
		query := w.plan.insertMany(d, st, len(group), limit)
		if err := w.insertGroup(ctx, st, query, group, args); err != nil {
			return w.locate(ctx, group, rows[start:end], start, err)
		}
		for i, obj := range group {
			w.session.RecordReferences(ctx, st.columns, rows[start+i].values)
			w.session.RecordCreated(ctx, w.plan.model, obj)
		}
		start = end
	}
	return nil
}

// insertGroup writes some rows by one statement.
func (w write) insertGroup(ctx context.Context, st *statement, query string, group, args []any) error {
	s := w.session
	if len(w.plan.returned(st)) == 0 {
		result, err := s.Exec(ctx, query, args...)
		if err != nil || len(st.filled) == 0 {
			return err
		}
		return w.readFilled(ctx, st, result, group...)
	}
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
	if err := scan.Returned(ctx, rows, st.filled, group); err != nil {
		return s.Translate(err)
	}
	return s.Translate(rows.Close())
}

// locate returns the error of the object that violates a constraint, which it finds by inserting them one by one in a
// transaction that is rolled back.
func (w write) locate(ctx context.Context, group []any, rows []row, start int, err error) error {
	if _, ok := errors.AsType[*fault.IntegrityError](err); !ok {
		return err
	}
	located := err
	_ = w.session.Atomic(ctx, func(ctx context.Context) error {
		pk := w.plan.model.PK
		for i, obj := range group {
			numbered := pk != nil && pk.Auto && pk.IsZero(obj)
			if again := w.insert(ctx, obj, rows[i]); again != nil {
				if _, ok := errors.AsType[*fault.IntegrityError](again); ok {
					located = &fault.BulkError{Index: start + i, Object: obj, Err: again}
				}
				return again
			}
			if numbered { // the row is rolled back
				if zero := pk.Set(obj, nil); zero != nil {
					return zero
				}
			}
		}
		return err
	})
	return located
}

// locateReference returns the error of the object whose foreign key has no row, if the commit failed for that.
func (w write) locateReference(ctx context.Context, list []any, rows []row, err error) error {
	broken, ok := errors.AsType[*fault.IntegrityError](err)
	if !ok || broken.Kind != fault.IntegrityForeignKey {
		return err
	}
	if _, located := errors.AsType[*fault.BulkError](err); located {
		return err
	}
	present := map[session.Reference]bool{} // keys that exist, or did until the transaction was rolled back
	if pk := w.plan.model.PK; pk != nil {
		for _, obj := range list {
			if key, err := pk.DBValue(ctx, obj); err == nil && key != nil && reflect.TypeOf(key).Comparable() {
				present[session.Reference{Field: pk, Key: key}] = true
			}
		}
	}
	for i, r := range rows {
		for j, f := range r.statement.columns {
			key := r.values[j]
			if !session.IsReference(f) || key == nil || !reflect.TypeOf(key).Comparable() {
				continue
			}
			ref := session.Reference{Field: f, Key: key}
			if present[ref] || present[session.Reference{Field: f.Relation.ToField, Key: key}] {
				continue
			}
			if w.session.IsMissing(ctx, ref) {
				if len(broken.Fields) == 0 {
					broken.SetReference(f, key)
				}
				return &fault.BulkError{Index: i, Object: list[i], Err: err}
			}
			present[ref] = true
		}
	}
	return err
}

// elements returns the objects of a slice of pointers to structs, or of structs.
func elements(objs any) ([]any, error) {
	rv := reflect.ValueOf(objs)
	for rv.Kind() == reflect.Pointer {
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
