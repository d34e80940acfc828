package orm

import (
	"context"
	"errors"
	"fmt"

	"github.com/quintetgo/quintet/orm/internal/compile"
)

func orderOf(path string, desc bool) compile.Order { return compile.Order{Path: path, Desc: desc} }

// GetOrCreate gives the only row of a query, or creates the object that fresh makes if there is none, and reports whether
// it did. When another writer is faster, its row is given; that needs a unique constraint on what the query asks for.
// Run inside Atomic it takes part in the transaction.
func GetOrCreate[T any](ctx context.Context, q Query[T], fresh func() *T) (*T, bool, error) {
	obj, err := q.Get(ctx)
	if !errors.Is(err, ErrNotFound) {
		return obj, false, err
	}
	made := fresh()
	err = q.untyped.db.Atomic(ctx, func(ctx context.Context) error { return q.untyped.db.Create(ctx, made) })
	if err == nil {
		return made, true, nil
	}
	if again, getErr := q.Get(ctx); getErr == nil && conflicts(err) {
		return again, false, nil
	}
	return nil, false, err
}

// conflicts reports whether an object was refused because its like exists: by the database, or before by validation.
func conflicts(err error) bool {
	var integrity *IntegrityError
	if errors.As(err, &integrity) {
		return integrity.Kind == IntegrityUnique
	}
	var invalid *ValidationError
	return errors.As(err, &invalid)
}

// UpdateOrCreate applies change to the only row of a query and saves it, or creates a new object with the model's defaults
// and the change if there is none, and reports whether it did. It runs in a transaction.
func UpdateOrCreate[T any](ctx context.Context, q Query[T], change func(*T)) (*T, bool, error) {
	var obj *T
	created := false
	db := q.untyped.db
	err := db.Atomic(ctx, func(ctx context.Context) (err error) {
		obj, err = q.Get(ctx)
		if err == nil {
			change(obj)
			return db.Save(ctx, obj)
		}
		if !errors.Is(err, ErrNotFound) {
			return err
		}
		if obj, err = New[T](db); err != nil {
			return err
		}
		change(obj)
		created = true
		return db.Create(ctx, obj)
	})
	if err != nil {
		return nil, false, err
	}
	return obj, created, nil
}

// ByKey gives the rows with these keys, by key. Keys without a row are absent.
func ByKey[K comparable, T any](ctx context.Context, q Query[T], keys ...K) (map[K]*T, error) {
	all, err := q.Where("pk__in", keys).All(ctx)
	if err != nil {
		return nil, err
	}
	found := make(map[K]*T, len(all))
	for _, obj := range all {
		key, ok := q.untyped.query.Model.PK.Value(obj).(K)
		if !ok {
			return nil, fmt.Errorf("orm: the keys of %s are %s, not %T", q.untyped.query.Model, q.untyped.query.Model.PK.Type, key)
		}
		found[key] = obj
	}
	return found, nil
}
