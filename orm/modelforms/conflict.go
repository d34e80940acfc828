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

// Conflict is a field that two people have changed: the one who sent the form, and somebody else since the page was shown.
type Conflict struct {
	Field  *orm.Field
	Label  string
	Yours  string // what was sent, as displayed: labels of choices, names of related objects that the form offers
	Stored string // what is stored now, "" if it is empty
}

// Conflicts returns what kept Save from storing the form, after an error of it. Nothing has been written then. The inputs
// keep what was typed, other inputs show what is stored now, and sending the form again stores it knowingly.
func (f *Form) Conflicts() []Conflict { return f.conflicts }

// Saved names the fields that Save has written, in the form's order; none if the form changed nothing.
func (f *Form) Saved() []string { return f.saved }

// Stored is the row as Save found it, a pointer to the model's struct, for comparing it with Object; nil before, and for new
// objects.
func (f *Form) Stored() any { return f.stored }

// StoredKeys returns the keys that a many-to-many field held when Save found it.
func (f *Form) StoredKeys(name string) []any { return f.storedIDs[name] }

// columns reads what the object's columns hold, encoded so that it can be compared.
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
			value = field.Value(obj) // an old value that could not be stored today; it matters only whether it changes
		}
		values[field] = value
	}
	return values, nil
}

// differing lists the columns in which two readings differ, in the model's order, without the key.
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
	fresh := f.Model.New()
	for _, key := range f.Model.PrimaryKeys {
		if err := key.Set(fresh, key.Value(f.Object)); err != nil {
			return nil, err
		}
	}
	err := f.db.Refresh(ctx, fresh)
	if _, gone := errors.AsType[*orm.NotFoundError](err); gone {
		return nil, forms.Errors{"": {message.New("deleted", "This {model} no longer exists: it was deleted in the meantime. Copy what you still need.",
			message.Args{"model": f.Model.Label})}}
	}
	f.stored = fresh
	return fresh, err
}

// readMany reads the many-to-many relations again and lists those that the form changes.
func (f *Form) readMany(ctx context.Context, fresh any) ([]*orm.Field, error) {
	f.storedIDs = map[string][]any{}
	changed := f.Changed()
	var many []*orm.Field
	for _, field := range f.many {
		if f.byName[field.Name].Disabled {
			continue
		}
		keys, err := f.db.Related(fresh, field.Name).IDs(ctx)
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

// findConflicts compares what the page showed of the edited fields with the row as it is now.
func (f *Form) findConflicts(ctx context.Context, fresh any) error {
	f.conflicts = nil
	changed := f.Changed()
	now := map[string]any{}
	found := forms.Errors{}
	for _, field := range slices.Concat(f.fields, f.many) {
		input := f.byName[field.Name]
		value, err := f.initial(ctx, field, fresh)
		if err != nil {
			return err
		}
		now[field.Name] = value
		if input.Disabled || !slices.Contains(changed, field.Name) || f.ShownAs(field.Name, value) {
			continue
		}
		yours, stored := f.sentTexts(field.Name), input.Format(value)
		if slices.Equal(sortedTexts(yours), sortedTexts(stored)) {
			continue // both made the same change
		}
		c := Conflict{Field: field, Label: input.Label, Yours: f.words(field.Name, yours), Stored: f.words(field.Name, stored)}
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

// initial is what the input of a field would show for obj.
func (f *Form) initial(ctx context.Context, field *orm.Field, obj any) (any, error) {
	switch {
	case field.Kind == schema.KindManyToMany:
		if keys, known := f.storedIDs[field.Name]; known {
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

// words writes values the way the form shows them.
func (f *Form) words(name string, values []string) string {
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

// merge sets the object to the row's values in all columns that neither the form nor code has changed, and lists the columns
// that differ from the row.
func (f *Form) merge(ctx context.Context, fresh any) ([]*orm.Field, error) {
	now, err := f.columns(ctx)
	if err != nil {
		return nil, err
	}
	own := slices.Concat(f.edited(), f.byCode, f.differing(f.filled, now))
	stored, err := f.columnsOf(ctx, fresh)
	if err != nil {
		return nil, err
	}
	var columns []*orm.Field
	for _, field := range f.differing(now, stored) {
		if slices.Contains(own, field) {
			columns = append(columns, field)
			continue
		}
		value := field.Value(fresh)
		if field.Relation != nil && field.Kind != schema.KindManyToMany {
			f.forget(field, value)
		}
		if err := field.Set(f.Object, value); err != nil {
			return nil, err
		}
	}
	return columns, nil
}
