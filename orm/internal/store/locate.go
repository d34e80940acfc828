package store

import (
	"context"
	"errors"
	"reflect"

	"github.com/quintetgo/quintet/orm/fault"
	"github.com/quintetgo/quintet/orm/internal/session"
)

// groupError is the error of a statement that writes the objects from start to end.
type groupError struct {
	start, end int
	err        error
}

func (e *groupError) Error() string { return e.err.Error() }
func (e *groupError) Unwrap() error { return e.err }

// locate returns the error of the object that a rolled back write of several failed for. It finds one that violates a
// constraint by writing the objects of the group one by one, in a transaction that is rolled back as well.
func (w write) locate(ctx context.Context, list []any, rows []row, err error,
	all func(context.Context, []any, []row) error, one func(context.Context, any, row) error,
) error {
	group, ok := errors.AsType[*groupError](err)
	if !ok {
		return w.locateReference(ctx, list, rows, err)
	}
	if _, ok := errors.AsType[*fault.IntegrityError](group.err); !ok {
		return group.err
	}
	located := group.err
	_ = w.session.Atomic(ctx, func(ctx context.Context) error {
		if err := all(ctx, list[:group.start], rows[:group.start]); err != nil {
			return err
		}
		for i := group.start; i < group.end; i++ {
			if again := one(ctx, list[i], rows[i]); again != nil {
				if _, ok := errors.AsType[*fault.IntegrityError](again); ok {
					located = w.refused(i, list[i], again)
				}
				return again
			}
		}
		return group.err
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
				return w.refused(i, list[i], err)
			}
			present[ref] = true
		}
	}
	return err
}
