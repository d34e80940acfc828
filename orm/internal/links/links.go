// Package links reads and changes the set of objects that a many-to-many field or a reverse relation of one object
// holds. Package orm's Related documents the behavior.
package links

import (
	"context"
	"fmt"
	"reflect"
	"slices"

	"github.com/quintetgo/quintet/orm/internal/compile"
	"github.com/quintetgo/quintet/orm/internal/load"
	"github.com/quintetgo/quintet/orm/internal/rowsql"
	"github.com/quintetgo/quintet/orm/internal/scan"
	"github.com/quintetgo/quintet/orm/internal/session"
	"github.com/quintetgo/quintet/orm/internal/store"
	"github.com/quintetgo/quintet/orm/schema"
)

// Set is the objects that a relation links with one object.
type Set struct {
	session *session.Session
	obj     any
	step    schema.Step
	with    any // the through object whose values new links get, nil for the model's defaults
}

// Of returns the set of obj, a pointer to a model's struct, by the name of a relation. It returns an error if the
// relation is not to many objects, or if obj has no primary key.
func Of(s *session.Session, obj any, name string) (*Set, error) {
	m, err := store.Instance(s, obj)
	if err != nil {
		return nil, err
	}
	path, err := m.ResolveRelation(name)
	if err != nil {
		return nil, err
	}
	if len(path.Steps) != 1 || !path.Steps[0].Reverse && path.Steps[0].Relation.ToOne() {
		return nil, fmt.Errorf("orm: %s: %q does not hold a set of objects; Related takes many-to-many fields and reverse relations",
			m, name)
	}
	if err := store.RequireKey(m, obj); err != nil {
		return nil, err
	}
	step := path.Steps[0]
	if r := step.Relation; r.Kind == schema.KindManyToMany {
		s = s.Of(r.Through)
	} else {
		s = s.Across(step).Of(step.To())
	}
	return &Set{session: s, obj: obj, step: step}, nil
}

// Model returns the model of the linked objects.
func (s *Set) Model() *schema.Model { return s.step.To() }

// IDs returns the keys of the linked objects, in the order in which they were linked or created.
func (s *Set) IDs(ctx context.Context) ([]any, error) {
	byKey, theirKey := s.columns()
	key, err := s.ownKey()
	if err != nil {
		return nil, err
	}
	rows, err := s.session.Reader(ctx).QueryContext(ctx, rowsql.LinkedKeys(s.session.Dialect(), byKey, theirKey), key)
	if err != nil {
		return nil, s.session.Translate(err)
	}
	defer rows.Close()
	ids, err := scan.Column(rows)
	if err != nil {
		return nil, s.session.Translate(err)
	}
	for i, v := range ids {
		if ids[i], err = s.step.To().PK.Convert(v); err != nil {
			return nil, err
		}
	}
	return s.visible(ctx, ids)
}

// visible returns those keys of linked objects that the default scopes of their model do not hide, in their order.
func (s *Set) visible(ctx context.Context, ids []any) ([]any, error) {
	to := s.step.To()
	if !to.IsScoped() || len(ids) == 0 {
		return ids, nil
	}
	found := map[any]bool{}
	for chunk := range slices.Chunk(ids, rowsql.ChunkSize) {
		q := load.Query{Session: s.session, Select: &compile.Query{
			Model: to, Where: []compile.Node{{Op: compile.Lookup, Path: "pk__" + schema.In, Value: chunk}},
		}}
		rows, err := q.Values(ctx, []string{"pk"})
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			found[row[0]] = true
		}
	}
	return slices.DeleteFunc(ids, func(id any) bool { return !found[id] }), nil
}

// Add links objects that are not linked yet.
func (s *Set) Add(ctx context.Context, objsOrIDs ...any) error {
	keys, err := s.keys(objsOrIDs)
	if err != nil || len(keys) == 0 {
		return err
	}
	return s.session.Atomic(ctx, func(ctx context.Context) error { return s.add(ctx, keys) })
}

// Remove unlinks objects.
func (s *Set) Remove(ctx context.Context, objsOrIDs ...any) error {
	keys, err := s.keys(objsOrIDs)
	if err != nil || len(keys) == 0 {
		return err
	}
	return s.session.Atomic(ctx, func(ctx context.Context) error { return s.remove(ctx, keys) })
}

// Set links exactly these objects.
func (s *Set) Set(ctx context.Context, objsOrIDs ...any) error {
	keys, err := s.keys(objsOrIDs)
	if err != nil {
		return err
	}
	return s.session.Atomic(ctx, func(ctx context.Context) error {
		linked, err := s.linkedKeys(ctx)
		if err != nil {
			return err
		}
		dropped := slices.DeleteFunc(linked, func(key any) bool { return slices.Contains(keys, key) })
		if len(dropped) > 0 {
			if err := s.remove(ctx, dropped); err != nil {
				return err
			}
		}
		return s.add(ctx, keys)
	})
}

// columns returns the column with the key of the object, and the column with the keys of the linked objects: of the
// through model, or of the linked model itself.
func (s *Set) columns() (byKey, theirKey *schema.Field) {
	r := s.step.Relation
	switch {
	case !s.manyToMany():
		return r.Field, r.From.PK
	case s.step.Reverse:
		return r.ThroughTo, r.ThroughFrom
	}
	return r.ThroughFrom, r.ThroughTo
}

func (s *Set) manyToMany() bool { return s.step.Relation.Kind == schema.KindManyToMany }

// ownKey returns the key of the object, as stored.
func (s *Set) ownKey() (any, error) {
	byKey, _ := s.columns()
	f := byKey.Relation.ToField
	return f.Encode(f.Value(s.obj))
}

// linkedKeys returns the keys of the linked objects, as stored.
func (s *Set) linkedKeys(ctx context.Context) ([]any, error) {
	ids, err := s.IDs(ctx)
	if err != nil {
		return nil, err
	}
	for i, id := range ids {
		if ids[i], err = s.step.To().PK.Encode(id); err != nil {
			return nil, err
		}
	}
	return ids, nil
}

// keys returns the keys of objects, keys, and slices of both, as stored and each once.
func (s *Set) keys(values []any) ([]any, error) {
	var keys []any
	for _, v := range values {
		var err error
		if keys, err = s.appendKeys(keys, v); err != nil {
			return nil, err
		}
	}
	return keys, nil
}

func (s *Set) appendKeys(keys []any, v any) ([]any, error) {
	to := s.step.To()
	if rv := reflect.ValueOf(v); rv.Kind() == reflect.Slice && rv.Type() != to.PK.Type {
		for i := range rv.Len() {
			var err error
			if keys, err = s.appendKeys(keys, rv.Index(i).Interface()); err != nil {
				return nil, err
			}
		}
		return keys, nil
	}
	key, err := keyOf(to, s.step.Name(), v)
	if err == nil && !slices.Contains(keys, key) {
		keys = append(keys, key)
	}
	return keys, err
}

// keyOf returns the key, as stored, of an object of a model, or of the key itself.
func keyOf(m *schema.Model, relation string, v any) (any, error) {
	rv := reflect.ValueOf(v)
	plain := rv
	for plain.Kind() == reflect.Pointer && !plain.IsNil() {
		plain = plain.Elem()
	}
	switch {
	case v == nil, rv.Kind() == reflect.Pointer && rv.IsNil():
		return nil, fmt.Errorf("orm: %s: nil cannot be linked", relation)
	case plain.IsValid() && plain.Type() == m.Type:
		if m.PK.IsZero(v) {
			return nil, fmt.Errorf("orm: a %s without a key cannot be linked; create it first", m)
		}
		v = m.PK.Value(v)
	}
	id, err := m.PK.Convert(v)
	if err != nil {
		return nil, fmt.Errorf("orm: %s takes %s objects or their keys: %w", relation, m, err)
	}
	return m.PK.Encode(id)
}
