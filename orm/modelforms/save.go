package modelforms

import (
	"context"
	"errors"
	"reflect"
	"slices"

	"github.com/quintetgo/quintet/framework/forms"
	"github.com/quintetgo/quintet/framework/message"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/dynamic"
	"github.com/quintetgo/quintet/orm/schema"
)

// Save writes the changes of the form and of the many-to-many relations in one transaction, in which it reads the row again. For an
// existing object it writes only edited fields and those that code has set since New; the other fields of Object receive the stored
// values.
//
// Messages of validation, constraints and conflicts are added to the form, and the error is then [forms.Errors]. Other errors are
// those of the database.
func (f *Form) Save(ctx context.Context) error {
	if !f.IsValid() {
		return f.Errors()
	}
	before := reflect.New(reflect.TypeOf(f.Object).Elem()).Elem()
	before.Set(reflect.ValueOf(f.Object).Elem())
	write := f.update
	if f.Adding {
		write = f.create
	}
	err := f.db.For(f.Object).Atomic(ctx, write)
	if err == nil {
		f.Adding = false
		return nil
	}
	reflect.ValueOf(f.Object).Elem().Set(before)
	found := forms.Errors{}
	if !f.describe(err, found) {
		return err
	}
	f.AddErrors(found)
	return f.Errors()
}

// create inserts the object.
func (f *Form) create(ctx context.Context) error {
	if err := f.checkConstraints(ctx, f.Model.Fields); err != nil {
		return err
	}
	if err := f.checkTargets(ctx, f.fields, f.many); err != nil {
		return err
	}
	if err := f.db.Create(ctx, f.Object); err != nil {
		return err
	}
	f.saved = nil
	for _, field := range f.fields {
		f.saved = append(f.saved, field.Name)
	}
	return f.setMany(ctx, f.many)
}

// update writes the columns that differ from the row as it is now.
func (f *Form) update(ctx context.Context) error {
	row, err := f.read(ctx)
	if err != nil {
		return err
	}
	many, err := f.readMany(ctx, row)
	if err != nil {
		return err
	}
	stale := f.isStale(row)
	if err := f.findConflicts(ctx, row); err != nil {
		f.resetVersion(row)
		return err
	}
	if stale {
		if err := f.refuseStale(ctx, row); err != nil {
			return err
		}
	}
	columns, err := f.merge(ctx, row)
	if err != nil {
		return err
	}
	f.saved = nil
	for _, field := range slices.Concat(columns, many) {
		f.saved = append(f.saved, field.Name)
	}
	if len(f.saved) == 0 {
		return nil
	}
	if err := f.check(ctx, columns, many); err != nil {
		return err
	}
	if err := f.db.SaveFields(ctx, f.Object, f.written(columns)...); err != nil {
		return err
	}
	return f.setMany(ctx, many)
}

// written returns the names of the columns to write. If only many-to-many relations have changed, it is one unchanged column, so
// that hooks run and the time of the last change is set.
func (f *Form) written(columns []*orm.Field) []string {
	var names []string
	for _, field := range columns {
		names = append(names, field.Name)
	}
	for _, field := range f.Model.Fields {
		if len(names) == 0 && !field.PrimaryKey && !field.ReadOnly() && !field.AutoNow {
			names = append(names, field.Name)
		}
	}
	return names
}

// check validates the object before it is stored.
func (f *Form) check(ctx context.Context, columns, many []*orm.Field) error {
	var err error
	switch object := f.Object.(type) {
	case orm.Cleaner:
		err = object.Clean(ctx)
	case interface{ Clean() error }:
		err = object.Clean()
	}
	if err != nil {
		found := forms.Errors{}
		if !f.describe(err, found) {
			found.Add("", message.New("invalid", err.Error()))
		}
		return found
	}
	if err := f.checkConstraints(ctx, columns); err != nil {
		return err
	}
	return f.checkTargets(ctx, columns, many)
}

// setMany stores the many-to-many relations.
func (f *Form) setMany(ctx context.Context, many []*orm.Field) error {
	for _, field := range many {
		if f.byName[field.Name].Disabled {
			continue
		}
		keys, _ := f.Value(field.Name).([]any)
		set := f.db.Related(f.Object, field.Name)
		if values := f.options.Through[field.Name]; values != nil {
			set = set.With(values)
		}
		if err := set.Set(ctx, keys...); err != nil {
			return err
		}
		if !slices.Contains(f.saved, field.Name) {
			f.saved = append(f.saved, field.Name)
		}
	}
	return nil
}

// checkTargets checks that the related objects exist: they may have been deleted since the form was parsed. Databases that check
// foreign keys at the end of the transaction do not report the field.
func (f *Form) checkTargets(ctx context.Context, columns, many []*orm.Field) error {
	found := forms.Errors{}
	for _, field := range slices.Concat(columns, many) {
		if field.Relation == nil || field.Relation.To == nil || f.byName[field.Name] == nil {
			continue
		}
		keys, _ := f.Value(field.Name).([]any)
		if field.Kind != schema.KindManyToMany {
			value := plain(field.Value(f.Object))
			if value == nil || reflect.ValueOf(value).IsZero() {
				continue
			}
			keys = []any{value}
		}
		missing, err := f.missing(ctx, dynamic.From(f.db, field.Relation.To), field, keys)
		if err != nil {
			return err
		}
		if len(missing) == 0 && field.Relation.LimitChoices != nil {
			excluded, err := f.missing(ctx, dynamic.Choices(ctx, f.db, field), field, f.added(field, keys))
			if err != nil {
				return err
			}
			if len(excluded) > 0 {
				found.Add(field.Name, message.New("invalid_choice", "The {model} with the key {key} cannot be chosen. Please choose again.",
					message.Args{"model": field.Relation.To.Label, "key": shorten(text(excluded[0]))}))
			}
		}
		if len(missing) > 0 {
			found.Add(field.Name, message.New("foreign_key", "The {model} with the key {key} no longer exists. Please choose again.",
				message.Args{"model": field.Relation.To.Label, "key": shorten(text(missing[0]))}))
		}
	}
	if len(found) > 0 {
		return found
	}
	return nil
}

// describe adds the messages by field of an error of Clean or of the orm, and reports whether there are any.
func (f *Form) describe(err error, found forms.Errors) bool {
	if broken, ok := errors.AsType[*orm.IntegrityError](err); ok {
		return f.describeIntegrity(broken, found)
	}
	if _, ok := errors.AsType[*orm.StaleError](err); ok {
		found.Add("", f.staleMessage())
		return true
	}
	if byField, ok := errors.AsType[interface {
		error
		FieldErrors() map[string][]message.Message
	}](err); ok {
		f.addAll(found, byField.FieldErrors())
		return true
	}
	if m, ok := errors.AsType[message.Message](err); ok {
		found.Add("", m)
		return true
	}
	return false
}

// describeIntegrity adds the messages of a violated constraint of the model.
func (f *Form) describeIntegrity(broken *orm.IntegrityError, found forms.Errors) bool {
	switch {
	case broken.Kind == orm.IntegrityOther:
		return false
	case broken.Model == nil:
		broken.Model = f.Model
	case broken.Model != f.Model && broken.Kind != orm.IntegrityForeignKey:
		return false
	case broken.Model != f.Model: // a row that joins the object with others
		found.Add("", message.New("foreign_key", "A selected object no longer exists."))
		return true
	}
	f.addAll(found, broken.FieldErrors())
	return true
}

// addAll adds messages by field. Those of fields that are not in the form are added to the form, with the field's label.
func (f *Form) addAll(found forms.Errors, byField map[string][]message.Message) {
	for name, messages := range byField {
		for _, m := range messages {
			if name == "" || f.byName[name] != nil {
				found.Add(name, m)
				continue
			}
			if field := f.Model.Lookup(name); field != nil {
				m = message.New(m.Code, "{field}: {message}", message.Args{"field": capitalized(label(field)), "message": m})
			}
			found.Add("", m)
		}
	}
}

// checkConstraints evaluates the constraints that concern some columns, so that all messages are shown at once, before
// anything is written. The database's constraints prevent races.
func (f *Form) checkConstraints(ctx context.Context, columns []*orm.Field) error {
	names := make([]string, len(columns))
	for i, field := range columns {
		names[i] = field.Name
	}
	err := f.db.ValidateConstraints(ctx, f.Object, names...)
	if err == nil {
		return nil
	}
	found := forms.Errors{}
	if !f.describe(err, found) {
		return err
	}
	return found
}
