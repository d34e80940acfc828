package orm

import (
	"context"
	"errors"
	"fmt"
	"reflect"

	"github.com/quintetgo/quintet/orm/internal/session"
)

// bulkRows is the most rows that one INSERT of CreateAll writes.
const bulkRows = 500

// CreateAll inserts all objects of a slice (of pointers to one model's struct) in as few statements as it takes, in one
// transaction. Everything Create does for each object is done here too: keys are stored, hooks run, objects validated. An
// object that is refused is a [*BulkError], which names its index and wraps the error that Create gives for it.
func (db *DB) CreateAll(ctx context.Context, objs any) error {
	list, err := elements(objs)
	if err != nil || len(list) == 0 {
		return err
	}
	m, err := db.instance(list[0])
	if err != nil {
		return err
	}
	err = db.Atomic(ctx, func(ctx context.Context) error {
		for i, obj := range list {
			if reflect.TypeOf(obj).Elem() != m.Type {
				return fmt.Errorf("orm: CreateAll takes objects of one model: element %d is a %T", i, obj)
			}
			if err := db.prepareWrite(ctx, m, obj, true); err != nil {
				return &BulkError{Index: i, Object: obj, Err: err}
			}
		}
		if err := db.insertAll(ctx, m, list); err != nil {
			return err
		}
		for i, obj := range list {
			if err := afterSave(ctx, obj); err != nil {
				return &BulkError{Index: i, Object: obj, Err: err}
			}
		}
		return nil
	})
	return db.locateReference(ctx, m, list, err)
}

// locateReference finds which of several objects points at a row that does not exist, where the commit failed for that.
func (db *DB) locateReference(ctx context.Context, m *Model, list []any, err error) error {
	var broken *IntegrityError
	var located *BulkError
	if !errors.As(err, &broken) || broken.Kind != IntegrityForeignKey || errors.As(err, &located) {
		return err
	}
	known := map[session.Reference]bool{} // keys that exist, or did until the transaction was undone
	for _, obj := range list {
		if m.PK == nil {
			break
		}
		if key, keyErr := m.PK.DBValue(ctx, obj); keyErr == nil && key != nil && reflect.TypeOf(key).Comparable() {
			known[session.Reference{Field: m.PK, Key: key}] = true
		}
	}
	for i, obj := range list {
		for _, f := range db.plan(m).columns {
			if !session.IsReference(f) {
				continue
			}
			key, keyErr := f.DBValue(ctx, obj)
			if keyErr != nil || key == nil || !reflect.TypeOf(key).Comparable() || known[session.Reference{Field: f, Key: key}] || known[session.Reference{Field: f.Relation.ToField, Key: key}] {
				continue
			}
			if db.session.IsMissing(ctx, session.Reference{Field: f, Key: key}) {
				if len(broken.Fields) == 0 {
					broken.SetReference(f, key)
				}
				return &BulkError{Index: i, Object: obj, Err: err}
			}
			known[session.Reference{Field: f, Key: key}] = true
		}
	}
	return err
}

// insertAll writes objects in groups that leave the same columns to the database.
func (db *DB) insertAll(ctx context.Context, m *Model, list []any) error {
	p := db.plan(m)
	for start := 0; start < len(list); {
		columns, returning := p.split(list[start])
		rows := max(1, min(bulkRows, db.Dialect().MaxArguments()/max(1, len(columns))))
		end := start + 1
		for end < len(list) && end-start < rows && len(columns) > 0 && p.same(list[end], returning) {
			end++
		}
		args := make([]any, 0, (end-start)*len(columns))
		var err error
		for i, obj := range list[start:end] {
			if args, err = arguments(ctx, obj, columns, args); err != nil {
				return &BulkError{Index: start + i, Object: obj, Err: err}
			}
		}
		query := db.insertSQL(p, columns, returning, end-start)
		if len(returning) == 0 {
			_, err = db.session.Writer(ctx).ExecContext(ctx, query, args...)
			err = db.session.Translate(err)
		} else {
			err = db.scanReturned(ctx, query, args, returning, list[start:end])
		}
		if err != nil {
			return db.locate(ctx, m, list[start:end], start, err)
		}
		for i, obj := range list[start:end] {
			db.session.RecordReferences(ctx, columns, args[i*len(columns):(i+1)*len(columns)])
			db.session.RecordCreated(ctx, m, obj)
		}
		start = end
	}
	return nil
}

// locate finds which of several objects broke a constraint, by inserting them one by one until it happens again. Nothing
// of it stays.
func (db *DB) locate(ctx context.Context, m *Model, list []any, start int, err error) error {
	var broken *IntegrityError
	if !errors.As(err, &broken) {
		return err
	}
	located := err
	_ = db.Atomic(ctx, func(ctx context.Context) error {
		for i, obj := range list {
			numbered := m.PK != nil && m.PK.Auto && m.PK.IsZero(obj)
			if again := db.insert(ctx, m, obj); again != nil {
				if errors.As(again, &broken) {
					located = &BulkError{Index: start + i, Object: obj, Err: again}
				}
				return again
			}
			if numbered { // the row does not stay
				if zero := m.PK.Set(obj, nil); zero != nil {
					return zero
				}
			}
		}
		return err
	})
	return located
}

// split sorts a model's columns into those that an object brings and those that the database fills.
func (p *writePlan) split(obj any) (columns, returning []*Field) {
	for _, f := range p.columns {
		if (f.Auto && f.PrimaryKey || f.DBDefault != "") && f.IsZero(obj) {
			returning = append(returning, f)
		} else {
			columns = append(columns, f)
		}
	}
	return columns, returning
}

// same reports whether an object leaves exactly these columns to the database.
func (p *writePlan) same(obj any, returning []*Field) bool {
	_, other := p.split(obj)
	if len(other) != len(returning) {
		return false
	}
	for i := range other {
		if other[i] != returning[i] {
			return false
		}
	}
	return true
}
