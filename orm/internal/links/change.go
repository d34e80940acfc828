package links

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"

	"github.com/quintetgo/quintet/orm/fault"
	"github.com/quintetgo/quintet/orm/internal/rowsql"
	"github.com/quintetgo/quintet/orm/internal/session"
	"github.com/quintetgo/quintet/orm/internal/store"
	"github.com/quintetgo/quintet/orm/schema"
)

// add links the objects of keys that are not linked yet.
func (s *Set) add(ctx context.Context, keys []any) error {
	linked, err := s.linkedKeys(ctx)
	if err != nil {
		return err
	}
	keys = slices.DeleteFunc(slices.Clone(keys), func(key any) bool { return slices.Contains(linked, key) })
	if len(keys) == 0 {
		return nil
	}
	byKey, theirKey := s.columns()
	key, err := s.ownKey()
	if err != nil {
		return err
	}
	if !s.manyToMany() {
		return s.setForeignKeys(ctx, key, keys)
	}
	return s.announced(ctx, true, keys, func() error { return s.link(ctx, byKey, theirKey, key, keys) })
}

// link writes rows of the through model.
func (s *Set) link(ctx context.Context, byKey, theirKey *schema.Field, key any, keys []any) error {
	switch through := byKey.Model; {
	case through.Auto:
		err := s.insert(ctx, byKey, theirKey, key, keys)
		if err == nil && s.step.Relation.Symmetrical {
			err = s.insert(ctx, theirKey, byKey, key, keys)
		}
		return err
	default:
		return s.create(ctx, through, key, keys)
	}
}

// insert writes rows of an implicit through model.
func (s *Set) insert(ctx context.Context, byKey, theirKey *schema.Field, key any, keys []any) error {
	columns := []*schema.Field{byKey, theirKey}
	for chunk := range slices.Chunk(keys, rowsql.ChunkSize) {
		args := make([]any, 0, 2*len(chunk))
		for _, theirs := range chunk {
			args = append(args, key, theirs)
		}
		// Another transaction may link the same objects.
		query := rowsql.InsertMissing(s.session.Dialect(), byKey.Model, columns, len(chunk))
		if _, err := s.session.Exec(ctx, query, args...); err != nil {
			return err
		}
		for i := range chunk {
			s.session.RecordReferences(ctx, columns, args[2*i:2*i+2])
		}
	}
	return nil
}

// create writes objects of an explicit through model, with its defaults.
func (s *Set) create(ctx context.Context, through *schema.Model, key any, keys []any) error {
	byKey, theirKey := s.columns()
	rows := make([]any, len(keys))
	for i, theirs := range keys {
		if rows[i] = through.New(); s.with != nil {
			reflect.ValueOf(rows[i]).Elem().Set(reflect.ValueOf(s.with).Elem())
		}
		if err := byKey.Set(rows[i], key); err != nil {
			return err
		}
		if err := theirKey.Set(rows[i], theirs); err != nil {
			return err
		}
	}
	err := store.CreateAll(ctx, s.session, rows)
	if bulk, ok := errors.AsType[*fault.BulkError](err); ok { // whose index is that of a row which the caller did not write
		return fault.During("link "+s.step.Name(), bulk.Err)
	}
	return err
}

// remove unlinks the objects of keys.
func (s *Set) remove(ctx context.Context, keys []any) error {
	byKey, theirKey := s.columns()
	if s.manyToMany() {
		return s.announced(ctx, false, keys, func() error {
			err := s.delete(ctx, byKey, theirKey, keys)
			if err == nil && s.step.Relation.Symmetrical {
				err = s.delete(ctx, theirKey, byKey, keys)
			}
			return err
		})
	}
	if !byKey.Null {
		return fmt.Errorf("orm: objects cannot be removed from %s, because %s does not accept NULL; delete them or change their %s",
			s.step.Name(), byKey, byKey.Name)
	}
	linked, err := s.linkedKeys(ctx)
	if err != nil {
		return err
	}
	keys = slices.DeleteFunc(slices.Clone(keys), func(key any) bool { return !slices.Contains(linked, key) })
	return s.setForeignKeys(ctx, nil, keys)
}

// setForeignKeys sets the foreign keys of objects to a key, or to NULL if it is nil.
func (s *Set) setForeignKeys(ctx context.Context, key any, keys []any) error {
	byKey, theirKey := s.columns()
	for chunk := range slices.Chunk(keys, rowsql.ChunkSize) {
		query := rowsql.UpdateIn(s.session.Dialect(), byKey, theirKey, len(chunk))
		result, err := s.session.Exec(ctx, query, append([]any{key}, chunk...)...)
		if err != nil {
			return err
		}
		if n, err := result.RowsAffected(); err == nil && n < int64(len(chunk)) && key != nil {
			return &fault.NotFoundError{Model: theirKey.Model}
		}
	}
	return nil
}

// delete deletes rows of a through model.
func (s *Set) delete(ctx context.Context, byKey, theirKey *schema.Field, keys []any) error {
	key, err := s.ownKey()
	if err != nil {
		return err
	}
	for chunk := range slices.Chunk(keys, rowsql.ChunkSize) {
		query := rowsql.Unlink(s.session.Dialect(), byKey, theirKey, len(chunk))
		if _, err := s.session.Exec(ctx, query, append([]any{key}, chunk...)...); err != nil {
			return err
		}
	}
	return nil
}

// announced runs a change of the links between two signals.
func (s *Set) announced(ctx context.Context, added bool, keys []any, change func() error) error {
	m := s.step.From()
	if !s.session.Listens(m, session.BeforeLink, session.AfterLink) {
		return change()
	}
	signal := session.Signal{Model: m, Object: s.obj, Relation: s.step.Name(), Added: added, Keys: make([]any, len(keys))}
	for i, key := range keys {
		var err error
		if signal.Keys[i], err = s.step.To().PK.Convert(key); err != nil {
			return err
		}
	}
	if err := s.session.Send(ctx, session.BeforeLink, signal); err != nil {
		return err
	}
	if err := change(); err != nil {
		return err
	}
	return s.session.Send(ctx, session.AfterLink, signal)
}
