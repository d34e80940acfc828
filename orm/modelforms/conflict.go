package modelforms

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"strings"

	"github.com/quintetgo/quintet/framework/forms"
	"github.com/quintetgo/quintet/framework/message"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/schema"
)

// Conflict describes a field that both the visitor and somebody else have changed since the page was shown.
type Conflict struct {
	Field  *orm.Field // the field
	Label  string     // its label in the form
	Yours  string     // the submitted value as displayed: labels of choices, names of listed related objects
	Stored string     // the stored value as displayed; "" if it is empty
}

// Conflicts returns the conflicts for which Save has failed, without writing anything. The inputs with conflicts keep their
// submitted value, other inputs show the stored one, and submitting the form again stores it.
func (f *Form) Conflicts() []Conflict { return f.conflicts }

// Saved returns the names of the fields that Save has written, in the form's order.
func (f *Form) Saved() []string { return f.saved }

// Stored returns the row before Save, a pointer to the model's struct, to compare it with Object. It is nil before Save and for new
// objects.
func (f *Form) Stored() any { return f.stored }

// StoredKeys returns the keys of a many-to-many field before Save.
func (f *Form) StoredKeys(name string) []any { return f.storedIDs[name] }

// columns returns the values of the object's columns, encoded for comparison.
func (f *Form) columns(ctx context.Context) (map[*orm.Field]any, error) {
	return f.columnsOf(ctx, f.Object)
}

func (f *Form) columnsOf(ctx context.Context, obj any) (map[*orm.Field]any, error) {
	values := make(map[*orm.Field]any, len(f.Model.Fields))
	for _, field := range f.Model.Fields {
		if field.ReadOnly() {
			continue
		}
		value, err := field.DBValue(ctx, obj)
		if err != nil {
			value = field.Value(obj) // an old value that is invalid today; only whether it changes matters
		}
		values[field] = value
	}
	return values, nil
}

// differing returns the columns in which two sets of values differ, in the model's order, without the primary key.
func (f *Form) differing(a, b map[*orm.Field]any) []*orm.Field {
	var fields []*orm.Field
	for _, field := range f.Model.Fields {
		if !field.PrimaryKey && !reflect.DeepEqual(a[field], b[field]) {
			fields = append(fields, field)
		}
	}
	return fields
}

// read loads the row again.
func (f *Form) read(ctx context.Context) (any, error) {
	row := f.Model.New()
	for _, key := range f.Model.PrimaryKeys {
		if err := key.Set(row, key.Value(f.Object)); err != nil {
			return nil, err
		}
	}
	err := f.db.Refresh(ctx, row)
	if _, ok := errors.AsType[*orm.NotFoundError](err); ok {
		deleted := message.New("deleted",
			"This {model} no longer exists: it was deleted in the meantime. Copy the input that you still need.",
			message.Args{"model": f.Model.Label})
		return nil, forms.Errors{"": {deleted}}
	}
	f.stored = row
	return row, err
}

// readMany reads the keys of the many-to-many relations again, and returns the relations that the form changes.
func (f *Form) readMany(ctx context.Context, row any) ([]*orm.Field, error) {
	f.storedIDs = map[string][]any{}
	changed := f.Changed()
	var many []*orm.Field
	for _, field := range f.many {
		if f.byName[field.Name].Disabled {
			continue
		}
		keys, err := f.db.Related(row, field.Name).IDs(ctx)
		if err != nil {
			return nil, err
		}
		f.storedIDs[field.Name] = keys
		sent, _ := f.Value(field.Name).([]any)
		if slices.Contains(changed, field.Name) && !slices.Equal(sorted(keys), sorted(sent)) {
			many = append(many, field)
		}
	}
	return many, nil
}

func sorted(keys []any) []string {
	texts := make([]string, len(keys))
	for i, key := range keys {
		texts[i] = text(key)
	}
	slices.Sort(texts)
	return texts
}

// findConflicts compares the values that the page showed for the edited fields with the row as it is now.
func (f *Form) findConflicts(ctx context.Context, row any) error {
	f.conflicts = nil
	changed := f.Changed()
	now := map[string]any{}
	found := forms.Errors{}
	for _, field := range slices.Concat(f.fields, f.many) {
		input := f.byName[field.Name]
		value, err := f.initial(ctx, field, row)
		if err != nil {
			return err
		}
		now[field.Name] = value
		if input.Disabled || !slices.Contains(changed, field.Name) || f.ShownAs(field.Name, value) {
			continue
		}
		yours, stored := f.sentTexts(field.Name), input.Format(value)
		if slices.Equal(sortedTexts(yours), sortedTexts(stored)) {
			continue // both have made the same change
		}
		c := Conflict{Field: field, Label: input.Label, Yours: f.display(field.Name, yours), Stored: f.display(field.Name, stored)}
		f.conflicts = append(f.conflicts, c)
		found.Add(field.Name, f.conflictMessage(c))
	}
	if len(f.conflicts) == 0 {
		return nil
	}
	for name, value := range now {
		f.Rebase(name, value)
	}
	return found
}

// initial returns the value that the input of a field would show for obj.
func (f *Form) initial(ctx context.Context, field *orm.Field, obj any) (any, error) {
	switch {
	case field.Kind == schema.KindManyToMany:
		if keys, ok := f.storedIDs[field.Name]; ok {
			return keys, nil
		}
		return f.related(ctx, field, obj)
	case field.Relation != nil:
		return f.related(ctx, field, obj)
	}
	return plain(field.Value(obj)), nil
}

func (f *Form) sentTexts(name string) []string {
	return f.byName[name].Format(f.Value(name))
}

func sortedTexts(texts []string) []string {
	return slices.DeleteFunc(slices.Sorted(slices.Values(texts)), func(s string) bool { return s == "" })
}

// display returns values as the form shows them.
func (f *Form) display(name string, values []string) string {
	input := f.byName[name]
	if input.Widget == forms.PasswordInput {
		return ""
	}
	labels := make([]string, 0, len(values))
	for _, value := range values {
		for _, choice := range input.Choices {
			if choice.Value == value {
				value = choice.Label
				break
			}
		}
		if value != "" {
			labels = append(labels, value)
		}
	}
	return strings.Join(labels, ", ")
}

func (f *Form) conflictMessage(c Conflict) message.Message {
	if f.options.ConflictMessage != nil {
		return f.options.ConflictMessage(c)
	}
	text := "Somebody else has changed this to “{stored}” since you opened the page. Save again to store yours instead."
	switch {
	case f.byName[c.Field.Name].Widget == forms.PasswordInput:
		return message.New("conflict", "Somebody else has changed this since you opened the page. Save again to store yours instead.")
	case c.Stored == "":
		text = "Somebody else has cleared this since you opened the page. Save again to store yours instead."
	}
	return message.New("conflict", text, message.Args{"stored": shorten(c.Stored)})
}

// merge sets the object to the row's values in all columns that neither the form nor code has changed, and returns the columns that
// differ from the row.
func (f *Form) merge(ctx context.Context, row any) ([]*orm.Field, error) {
	now, err := f.columns(ctx)
	if err != nil {
		return nil, err
	}
	own := slices.Concat(f.edited(), f.byCode, f.differing(f.filled, now))
	stored, err := f.columnsOf(ctx, row)
	if err != nil {
		return nil, err
	}
	var columns []*orm.Field
	for _, field := range f.differing(now, stored) {
		if slices.Contains(own, field) {
			columns = append(columns, field)
			continue
		}
		value := field.Value(row)
		if field.Relation != nil && field.Kind != schema.KindManyToMany {
			f.forget(field, value)
		}
		if err := field.Set(f.Object, value); err != nil {
			return nil, err
		}
	}
	return columns, nil
}
