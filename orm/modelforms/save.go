package modelforms

import (
	"context"
	"errors"
	"slices"

	"github.com/quintetgo/quintet/framework/forms"
	"github.com/quintetgo/quintet/orm"
)

// Save writes the object, filled by Parse, and its many-to-many relations in one transaction. What
// validation or the database refuses is put at the fields, and the error is then [forms.Errors];
// other errors are failures.
func (f *Form) Save(ctx context.Context) error {
	if !f.IsValid() {
		return f.Errors()
	}
	err := f.db.Atomic(ctx, func(ctx context.Context) error {
		if err := f.checkUnique(ctx); err != nil {
			return err
		}
		write := f.db.Save
		if f.Adding {
			write = f.db.Create
		}
		if err := write(ctx, f.Object); err != nil {
			return err
		}
		for _, field := range f.many {
			if f.byName[field.Name].Disabled {
				continue
			}
			keys, _ := f.Value(field.Name).([]any)
			if err := f.db.Related(f.Object, field.Name).Set(ctx, keys...); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		f.Adding = false
		return nil
	}
	found := forms.Errors{}
	if !f.describe(err, found) {
		return err
	}
	f.AddErrors(found)
	return f.Errors()
}

// describe adds what an error of the orm says about fields, and reports whether it said anything.
func (f *Form) describe(err error, found forms.Errors) bool {
	add := func(field, message string) {
		if field != "" && f.byName[field] == nil {
			if known := f.Model.Lookup(field); known != nil {
				message = capitalized(label(known)) + ": " + message
			}
			field = "" // the field is not in the form; the message must be seen all the same
		}
		found[field] = append(found[field], message)
	}
	if known, ok := errors.AsType[forms.Errors](err); ok {
		for field, messages := range known {
			for _, message := range messages {
				add(field, message)
			}
		}
		return true
	}
	if invalid, ok := errors.AsType[*orm.ValidationError](err); ok {
		for field, messages := range invalid.Fields {
			for _, message := range messages {
				add(field, message)
			}
		}
		return true
	}
	if broken, ok := errors.AsType[*orm.IntegrityError](err); ok && (broken.Model == nil || broken.Model == f.Model) {
		if broken.Kind == orm.IntegrityOther {
			return false
		}
		if broken.Model == nil {
			broken.Model = f.Model
		}
		for field, messages := range broken.FieldErrors() {
			add(field, messages[0])
		}
		return true
	}
	return false
}

// taken is the message for fields whose values another row has, and the field it belongs to.
func (f *Form) taken(names []string) (field, message string) {
	broken := &orm.IntegrityError{Kind: orm.IntegrityUnique, Model: f.Model, Fields: names}
	for field, messages := range broken.FieldErrors() {
		return field, messages[0]
	}
	return "", ""
}

// checkUnique looks for other rows with the same values, so that all of them are reported at once
// and before anything is written. The database's constraints still guard against races.
func (f *Form) checkUnique(ctx context.Context) error {
	found := forms.Errors{}
	var sets [][]string
	for _, field := range f.Model.Fields {
		if field.Unique && !field.Auto {
			sets = append(sets, []string{field.Name})
		}
	}
	for _, unique := range f.Model.Unique {
		if unique.Where == "" {
			sets = append(sets, unique.Fields)
		}
	}
	for _, names := range sets {
		taken, err := f.isTaken(ctx, names)
		if err != nil {
			return err
		}
		if field, message := f.taken(names); taken && !slices.Contains(found[field], message) {
			found[field] = append(found[field], message)
		}
	}
	if len(found) > 0 {
		return found
	}
	return nil
}

// isTaken asks for a row with these values, if one of them is in the form and none is NULL.
func (f *Form) isTaken(ctx context.Context, names []string) (bool, error) {
	query := f.db.Objects(f.Model)
	changeable := false
	for _, name := range names {
		field := f.Model.Lookup(name)
		if field == nil {
			return false, nil
		}
		value := plain(field.Value(f.Object))
		if value == nil {
			return false, nil
		}
		changeable = changeable || f.byName[field.Name] != nil
		query = query.Where(field.Name, value)
	}
	if !changeable {
		return false, nil
	}
	if !f.Adding {
		query = query.WhereNot("pk", f.Model.PK.Value(f.Object))
	}
	return query.Exists(ctx)
}
