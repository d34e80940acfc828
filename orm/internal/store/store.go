// Package store writes rows of models: it runs hooks, validates, and inserts and updates. Package orm's methods of
// the same names document the behavior.
//
// A write prepares a row in one pass over the model's fields, which checks each value and encodes it, and then runs
// one statement whose text is kept with the model.
package store

import (
	"context"
	"fmt"
	"reflect"
	"slices"

	"github.com/quintetgo/quintet/orm/internal/partial"
	"github.com/quintetgo/quintet/orm/internal/session"
	"github.com/quintetgo/quintet/orm/schema"
)

// Create inserts obj and stores in it what the database filled in.
func Create(ctx context.Context, s *session.Session, obj any) error {
	m, err := Instance(s, obj)
	if err != nil {
		return err
	}
	w := write{session: s, plan: planOf(s, m)}
	if !w.hasHooks(obj) && !s.EndsWithErrors(ctx) {
		return w.create(ctx, obj)
	}
	return s.Atomic(ctx, func(ctx context.Context) error {
		if err := w.create(ctx, obj); err != nil {
			return err
		}
		return w.afterSave(ctx, obj, true, nil)
	})
}

// Save updates every column of obj's row, without those that obj was read without.
func Save(ctx context.Context, s *session.Session, obj any) error {
	m, err := Instance(s, obj)
	if err != nil {
		return err
	}
	if err := RequireKey(m, obj); err != nil {
		return err
	}
	if unread := partial.Unread(obj); len(unread) > 0 {
		return SaveFields(ctx, s, obj, readFields(m, unread)...)
	}
	w := write{session: s, plan: planOf(s, m)}
	if !w.hasHooks(obj) && !s.EndsWithErrors(ctx) {
		return w.save(ctx, obj)
	}
	return w.atomic(ctx, obj, func(ctx context.Context) error {
		if err := w.save(ctx, obj); err != nil {
			return err
		}
		return w.afterSave(ctx, obj, false, nil)
	})
}

// SaveFields updates the named columns of obj's row, those that its BeforeSave hook changes, and those with the time
// of the last write.
func SaveFields(ctx context.Context, s *session.Session, obj any, names ...string) error {
	m, err := Instance(s, obj)
	if err != nil {
		return err
	}
	if err := RequireKey(m, obj); err != nil {
		return err
	}
	w := write{session: s, plan: planOf(s, m)}
	selected, err := w.plan.selected(s, names)
	if err != nil || selected.statement == nil {
		return err
	}
	if !w.hasHooks(obj) && !s.EndsWithErrors(ctx) {
		return w.saveFields(ctx, obj, names, selected)
	}
	return w.atomic(ctx, obj, func(ctx context.Context) error {
		if err := w.saveFields(ctx, obj, names, selected); err != nil {
			return err
		}
		return w.afterSave(ctx, obj, false, slices.Clone(selected.names))
	})
}

// Instance returns the model of obj, or an error unless it is a pointer to a model's struct.
func Instance(s *session.Session, obj any) (*schema.Model, error) {
	rv := reflect.ValueOf(obj)
	if rv.Kind() != reflect.Pointer || rv.IsNil() {
		return nil, fmt.Errorf("orm: expected a pointer to a model's struct, got %T", obj)
	}
	return s.ModelOf(obj)
}

// RequireKey returns an error if obj has no primary key, so that it has no row.
func RequireKey(m *schema.Model, obj any) error {
	for _, f := range m.PrimaryKeys {
		if f.IsZero(obj) && (len(m.PrimaryKeys) == 1 || f.Auto) {
			return fmt.Errorf("orm: this %s has no key, so it has no row; use Create for new objects", m)
		}
	}
	return nil
}

func fieldNames(fields []*schema.Field) []string {
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = f.Name
	}
	return names
}
