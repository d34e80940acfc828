package store

import (
	"cmp"
	"context"
	"errors"

	"github.com/quintetgo/quintet/framework/message"
	"github.com/quintetgo/quintet/orm/fault"
	"github.com/quintetgo/quintet/orm/internal/session"
	"github.com/quintetgo/quintet/orm/schema"
)

// Validate checks every field of obj, runs its Clean method and the model's Cleaners, and evaluates its constraints.
func Validate(ctx context.Context, s *session.Session, obj any) error {
	m, err := Instance(s, obj)
	if err != nil {
		return err
	}
	normalize(obj)
	if err := validate(ctx, m, obj); err != nil {
		return err
	}
	return ValidateConstraints(ctx, s, obj)
}

// ValidateFields checks the named fields of obj.
func ValidateFields(ctx context.Context, s *session.Session, obj any, names ...string) error {
	m, err := Instance(s, obj)
	if err != nil {
		return err
	}
	normalize(obj)
	found := problems{model: m}
	for _, name := range names {
		f, err := m.Field(name)
		if err != nil {
			return err
		}
		if validates(f) {
			found.check(ctx, f, f.Value(obj))
		}
	}
	return found.err()
}

// validate checks a normalized object.
func validate(ctx context.Context, m *schema.Model, obj any) error {
	found := problems{model: m}
	for _, f := range m.Fields {
		if validates(f) {
			found.check(ctx, f, f.Value(obj))
		}
	}
	if err := clean(ctx, obj); err != nil {
		found.add("", err)
	}
	if found.invalid != nil || found.failure != nil {
		return found.err()
	}
	for _, clean := range m.Cleaners {
		err := clean(ctx, obj)
		if err == nil {
			continue
		}
		if _, ok := errors.AsType[*fault.ValidationError](err); !ok {
			return err // it could not check
		}
		found.add("", err)
	}
	return found.err()
}

// hasCleaners reports whether anything checks objects of the model as a whole.
func hasCleaners(m *schema.Model, obj any) bool {
	switch obj.(type) {
	case cleaner, plainCleaner:
		return true
	}
	return len(m.Cleaners) > 0
}

// clean runs the object's Clean method.
func clean(ctx context.Context, obj any) error {
	switch c := obj.(type) {
	case cleaner:
		return c.Clean(ctx)
	case plainCleaner:
		return c.Clean()
	}
	return nil
}

// validates reports whether the values of a field are checked.
func validates(f *schema.Field) bool {
	return !f.Auto && !f.Version && !f.AutoNow && !f.AutoNowAdd && !f.ReadOnly() && f.Kind != schema.KindManyToMany
}

// problems collects what is wrong with one object.
type problems struct {
	model   *schema.Model
	invalid *fault.ValidationError // nil while nothing is wrong
	failure error                  // the first error of something that could not be checked
}

// err returns what was found, or nil.
func (p *problems) err() error {
	if p.failure != nil {
		return p.failure
	}
	if p.invalid == nil {
		return nil
	}
	return p.invalid
}

// add adds the error of a validator or Clean method.
func (p *problems) add(field string, err error) {
	if p.invalid == nil {
		p.invalid = &fault.ValidationError{Model: p.model}
	}
	p.invalid.Merge(field, err)
}

// check checks the value of one field.
func (p *problems) check(ctx context.Context, f *schema.Field, value any) {
	if value == nil && f.Null {
		return // in an embedded struct whose pointer is nil: all of its columns are NULL
	}
	if f.IsBlank(value) {
		if f.Required() && f.DBDefault == "" {
			p.add(f.Name, f.Message(message.New("required", "This field is required.")))
		}
		return
	}
	if err := f.Validate(ctx, schema.Indirect(value)); err != nil {
		if _, ok := errors.AsType[message.Message](err); !ok {
			p.failure = cmp.Or(p.failure, err)
			return
		}
		p.add(f.Name, err)
		return
	}
	for _, validator := range f.Validators {
		if err := validator(value); err != nil {
			p.add(f.Name, err)
		}
	}
}
