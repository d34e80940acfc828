package store

import (
	"context"
	"errors"

	"github.com/quintetgo/quintet/orm/fault"
	"github.com/quintetgo/quintet/orm/internal/constraint"
	"github.com/quintetgo/quintet/orm/internal/session"
)

// ValidateConstraints evaluates the unique constraints and checks of obj's model that concern some fields, without names
// all of them.
func ValidateConstraints(ctx context.Context, s *session.Session, obj any, names ...string) error {
	m, err := Instance(s, obj)
	if err != nil {
		return err
	}
	for _, name := range names {
		if _, err := m.Field(name); err != nil {
			return err
		}
	}
	broken, err := constraint.Evaluate(ctx, s, m, obj, constraint.Options{Fields: names})
	if err != nil || broken == nil {
		return err
	}
	return broken.Invalid
}

// checkBefore evaluates constraints before a write of some fields, or of all of them: those that the database does not
// enforce, and in a transaction that an error would end all of them. Everything else is left to the database, which finds
// a broken constraint at no cost; see explain.
func (w write) checkBefore(ctx context.Context, obj any, adding bool, fields ...string) error {
	if w.plan.constraints == 0 || !w.session.Validates() {
		return nil
	}
	all := w.session.EndsWithErrors(ctx)
	if !all && !w.plan.unenforced {
		return nil
	}
	o := constraint.Options{Adding: adding, Fields: fields, DatesOnly: !all}
	broken, err := constraint.Evaluate(ctx, w.session, w.plan.model, obj, o)
	if err != nil || broken == nil {
		return err
	}
	return broken.Err()
}

// explain adds the messages of every constraint that obj breaks to the error of a write that broke one of several.
func (w write) explain(ctx context.Context, err error, obj any, adding bool, fields ...string) error {
	broken, ok := errors.AsType[*fault.IntegrityError](err)
	if !ok || w.plan.constraints < 2 || !w.session.Validates() || broken.Model != nil && broken.Model != w.plan.model ||
		w.session.EndsWithErrors(ctx) ||
		broken.Kind != fault.IntegrityUnique && broken.Kind != fault.IntegrityCheck {
		return err
	}
	o := constraint.Options{Adding: adding, Fields: fields}
	if all, failure := constraint.Evaluate(ctx, w.session, w.plan.model, obj, o); failure == nil && all != nil {
		broken.Model, broken.Invalid = w.plan.model, all.Invalid
	}
	return err
}
