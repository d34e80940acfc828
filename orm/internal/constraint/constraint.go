// Package constraint evaluates the unique constraints and checks of a model for an object before it is written, by one
// statement that computes all of them from the object's values.
package constraint

import (
	"context"
	"slices"

	"github.com/quintetgo/quintet/framework/message"
	"github.com/quintetgo/quintet/orm/fault"
	"github.com/quintetgo/quintet/orm/internal/session"
	"github.com/quintetgo/quintet/orm/schema"
)

// Options restrict which constraints are evaluated. The zero value is all of them, for an object that has a row if it has
// a key.
type Options struct {
	// Adding reports that the object has no row yet, whatever its key is.
	Adding bool
	// Fields are the names of fields: constraints of other fields only are left out. Empty means all.
	Fields []string
	// DatesOnly leaves out what the database itself enforces: only UniqueForDate and the like are evaluated.
	DatesOnly bool
}

// Declared returns the number of the model's constraints, and whether some of them are not enforced by the database.
func Declared(m *schema.Model) (count int, unenforced bool) {
	rules := rulesOf(m)
	return len(rules), slices.ContainsFunc(rules, func(r rule) bool { return r.date != nil })
}

// Evaluate returns what an object breaks, nil if nothing. Constraints with a value that cannot be stored, or that the
// database computes, are left out. The error is that of the database.
func Evaluate(ctx context.Context, s *session.Session, m *schema.Model, obj any, o Options) (*Broken, error) {
	st := newStatement(s.Dialect(), m)
	for _, r := range rulesOf(m) {
		if o.DatesOnly && r.date == nil || len(o.Fields) > 0 && !r.concerns(o.Fields) {
			continue
		}
		if err := st.add(ctx, r, obj); err != nil {
			return nil, err
		}
	}
	if len(st.rules) == 0 {
		return nil, nil
	}
	if !o.Adding {
		if err := st.exclude(ctx, obj); err != nil {
			return nil, err
		}
	}
	failed, err := st.run(ctx, s)
	if err != nil || len(failed) == 0 {
		return nil, err
	}
	return newBroken(m, failed), nil
}

// Broken is the constraints that an object breaks.
type Broken struct {
	rules   []rule
	Invalid *fault.ValidationError // all messages by field
}

func newBroken(m *schema.Model, rules []rule) *Broken {
	b := &Broken{rules: rules, Invalid: &fault.ValidationError{Model: m}}
	for _, r := range rules {
		field, text := r.message(m)
		b.Invalid.Add(field, text)
	}
	return b
}

// Err returns the error for a write: a [*fault.IntegrityError] for a constraint that the database enforces, which has all
// messages, else the [*fault.ValidationError].
func (b *Broken) Err() error {
	for _, r := range b.rules {
		if r.date == nil {
			e := r.integrity(b.Invalid.Model)
			e.Invalid = b.Invalid
			return e
		}
	}
	return b.Invalid
}

// message returns the user-facing message of a broken rule, and its field.
func (r *rule) message(m *schema.Model) (field string, text message.Message) {
	if r.date != nil {
		return r.fields[0].Name, r.fields[0].Message(message.New("unique_for_"+r.period, dateTexts[r.period],
			message.Args{"model": m.Label, "field": message.Text(r.fields[0].Label), "date": message.Text(r.date.Label)}))
	}
	for name, messages := range r.integrity(m).FieldErrors() {
		return name, messages[0]
	}
	return "", message.Message{}
}

var dateTexts = map[string]string{
	"date":  "A {model} with the same {date} already has this {field}.",
	"month": "A {model} in the same month of {date} already has this {field}.",
	"year":  "A {model} in the same year of {date} already has this {field}.",
}

func (r *rule) integrity(m *schema.Model) *fault.IntegrityError {
	e := &fault.IntegrityError{Kind: fault.IntegrityUnique, Table: m.Table, Constraint: r.name, Model: m}
	if r.check != "" {
		e.Kind = fault.IntegrityCheck
	}
	for _, f := range r.fields {
		e.Fields, e.Columns = append(e.Fields, f.Name), append(e.Columns, f.Column)
	}
	return e
}
