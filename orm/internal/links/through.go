package links

import (
	"context"
	"fmt"
	"reflect"
	"slices"

	"github.com/quintetgo/quintet/orm/internal/rowsql"
	"github.com/quintetgo/quintet/orm/internal/session"
	"github.com/quintetgo/quintet/orm/internal/store"
	"github.com/quintetgo/quintet/orm/schema"
)

// With returns the set whose new links get the values of through, a pointer to a struct of the relation's through model.
func (s *Set) With(through any) (*Set, error) {
	m := s.step.Relation.Through
	if !s.manyToMany() || m.Auto {
		return nil, fmt.Errorf("orm: the links of %s hold no values, because the relation has no through model", s.step.Name())
	}
	rv := reflect.ValueOf(through)
	if rv.Kind() != reflect.Pointer || rv.IsNil() || rv.Elem().Type() != m.Type {
		return nil, fmt.Errorf("orm: the links of %s are of the model %s; With takes a *%s, not a %T", s.step.Name(), m, m.Type, through)
	}
	with := *s
	with.with = through
	return &with, nil
}

// Links describes the rows that hold the set: those whose field own refers to the object. For a many-to-many relation they are
// rows of the through model, and other refers to the linked objects; else they are the linked objects, and other is nil.
func (s *Set) Links() (own, other *schema.Field, key any) {
	byKey, theirKey := s.columns()
	key = schema.Indirect(byKey.Relation.ToField.Value(s.obj))
	if !s.manyToMany() {
		return byKey, nil, key
	}
	return byKey, theirKey, key
}

// Create inserts an object of the linked model and links it.
func (s *Set) Create(ctx context.Context, obj any) error {
	m, err := store.Instance(s.session, obj)
	if err != nil {
		return err
	}
	if m != s.Model() {
		return fmt.Errorf("orm: %s holds %s objects, not %s", s.step.Name(), s.Model(), m)
	}
	if s.manyToMany() {
		return s.session.Atomic(ctx, func(ctx context.Context) error {
			if err := store.Create(ctx, s.session, obj); err != nil {
				return err
			}
			return s.Add(ctx, obj)
		})
	}
	byKey, _ := s.columns()
	if err := byKey.Set(obj, schema.Indirect(byKey.Relation.ToField.Value(s.obj))); err != nil {
		return err
	}
	if r := byKey.Relation; r.GoName != "" {
		if loaded := r.Object(obj); loaded != nil && loaded != s.obj {
			r.SetObject(obj, nil)
		}
	}
	return store.Create(ctx, s.session, obj)
}

// Link is a pair of objects, or of their keys, that a many-to-many relation links: one of the model that has the field, and one
// of the field's.
type Link [2]any

// CreateAll links pairs of objects of a model and those of one of its many-to-many fields. Pairs that are linked stay so.
func CreateAll(ctx context.Context, s *session.Session, m *schema.Model, name string, pairs []Link) error {
	f, err := m.Field(name)
	if err != nil {
		return err
	}
	r := f.Relation
	switch {
	case f.Kind != schema.KindManyToMany || r.Through == nil:
		return fmt.Errorf("orm: %s is not a many-to-many field", f)
	case !r.Through.Auto:
		return fmt.Errorf("orm: the links of %s are rows of %s; create those with CreateAll", f, r.Through)
	}
	var args, mirrored []any
	for i, pair := range pairs {
		from, err := keyOf(r.From, name, pair[0])
		if err != nil {
			return fmt.Errorf("orm: link %d (from 0): %w", i, err)
		}
		to, err := keyOf(r.To, name, pair[1])
		if err != nil {
			return fmt.Errorf("orm: link %d (from 0): %w", i, err)
		}
		args, mirrored = append(args, from, to), append(mirrored, to, from)
	}
	if r.Symmetrical {
		args = append(args, mirrored...)
	}
	columns := []*schema.Field{r.ThroughFrom, r.ThroughTo}
	s = s.Of(r.Through)
	return s.Atomic(ctx, func(ctx context.Context) error {
		for chunk := range slices.Chunk(args, 2*rowsql.ChunkSize) {
			query := rowsql.InsertMissing(s.Dialect(), r.Through, columns, len(chunk)/2)
			if _, err := s.Exec(ctx, query, chunk...); err != nil {
				return err
			}
			for pair := range slices.Chunk(chunk, 2) {
				s.RecordReferences(ctx, columns, pair)
			}
		}
		return nil
	})
}
