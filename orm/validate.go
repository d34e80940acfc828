package orm

import (
	"context"
	"errors"
	"fmt"
	"reflect"

	"github.com/quintetgo/quintet/framework/message"
	"github.com/quintetgo/quintet/orm/schema"
)

// Validate checks the fields of obj, a pointer to a model's struct, and runs its Clean method and the model's Cleaners. The error is a
// [*ValidationError] with every mistake found. Create and Save call it.
func (db *DB) Validate(ctx context.Context, obj any) error {
	m, err := db.instance(obj)
	if err != nil {
		return err
	}
	normalize(obj)
	found := &ValidationError{Model: m}
	for _, f := range m.Fields {
		validateField(found, f, obj)
	}
	switch c := obj.(type) {
	case Cleaner:
		err = c.Clean(ctx)
	case plainCleaner:
		err = c.Clean()
	}
	if err != nil {
		found.Merge("", err)
	}
	if len(found.Fields) > 0 {
		return found
	}
	for _, clean := range m.Cleaners {
		err := clean(ctx, obj)
		if _, invalid := errors.AsType[*ValidationError](err); err != nil && !invalid {
			return err // it could not check
		} else if invalid {
			found.Merge("", err)
		}
	}
	if len(found.Fields) > 0 {
		return found
	}
	return nil
}

// ValidateFields checks the named fields only, without the Clean method.
func (db *DB) ValidateFields(obj any, names ...string) error {
	m, err := db.instance(obj)
	if err != nil {
		return err
	}
	normalize(obj)
	found := &ValidationError{Model: m}
	for _, name := range names {
		f, err := m.Field(name)
		if err != nil {
			return err
		}
		validateField(found, f, obj)
	}
	if len(found.Fields) > 0 {
		return found
	}
	return nil
}

func validateField(found *ValidationError, f *Field, obj any) {
	if f.Auto || f.AutoNow || f.AutoNowAdd || f.ReadOnly() || f.Kind == KindManyToMany {
		return
	}
	value := f.Value(obj)
	if value == nil && f.Null {
		return // inside an embedded struct whose pointer is nil: all of its columns are NULL
	}
	plain := schema.Indirect(value)
	if f.IsBlank(value) {
		if f.Required() && f.DBDefault == "" {
			found.Add(f.Name, f.Message(message.New("required", "This field is required.")))
		}
		return
	}
	if err := f.Validate(plain); err != nil {
		found.Merge(f.Name, err)
		return
	}
	for _, validator := range f.Validators {
		if err := validator(value); err != nil {
			found.Merge(f.Name, err)
		}
	}
}

// refused turns the error of a value that cannot be stored into one of its field.
func refused(m *Model, err error) error {
	e := schema.Refused(err)
	if e == nil {
		return err
	}
	return &ValidationError{Model: m, Fields: map[string][]message.Message{e.Field.Name: {e.Message()}}}
}

// instance finds the model of obj, which must be a pointer to a model's struct.
func (db *DB) instance(obj any) (*Model, error) {
	rv := reflect.ValueOf(obj)
	if rv.Kind() != reflect.Pointer || rv.IsNil() {
		return nil, fmt.Errorf("orm: expected a pointer to a model's struct, got %T", obj)
	}
	return db.ModelOf(obj)
}
