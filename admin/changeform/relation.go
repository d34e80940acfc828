package changeform

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	"github.com/quintetgo/quintet/framework/forms"
	"github.com/quintetgo/quintet/framework/message"
	"github.com/quintetgo/quintet/orm/dynamic"
	"github.com/quintetgo/quintet/orm/schema"
)

// takesKeys reports whether the input of a relation takes keys: the user may not view the objects, or there are too
// many to list and they can be searched.
func (f *Form) takesKeys(ctx context.Context, field *schema.Field) bool {
	to := field.Relation.To
	if !f.env.CanView(to) {
		return true
	}
	if f.env.Autocomplete(to) == "" {
		return false
	}
	n, err := dynamic.Choices(ctx, f.env.DB, field).Limit(ChoiceLimit + 1).Count(ctx)
	if err != nil {
		f.failure = err
	}
	return n > ChoiceLimit
}

// relation returns the relation of a field of the form, nil for other fields.
func (f *Form) relation(name string) *schema.Relation {
	if field := f.Model.Lookup(name); field != nil {
		return field.Relation
	}
	return nil
}

// searchable reports whether the objects of a model can be searched by the current user.
func (f *Form) searchable(model *schema.Model) bool {
	return f.env.CanView(model) && f.env.Autocomplete(model) != ""
}

// adaptInputs sets the time zone of the inputs, and makes search fields of several values of relations to many.
func (f *Form) adaptInputs(names []string) error {
	f.Location = f.env.Printer.Location
	for _, name := range names {
		input, err := f.Describe(name)
		if err != nil {
			return err
		}
		relation := f.relation(name)
		if !f.HasKeyInput(name) || relation == nil || relation.Kind != schema.KindManyToMany || !f.searchable(relation.To) {
			continue
		}
		parse := input.Parse
		input.Widget = forms.MultiSelect
		input.Parse = func(sent []string) (any, error) { return parse([]string{strings.Join(sent, ",")}) }
		input.Format = func(v any) []string {
			keys, _ := v.([]any)
			out := make([]string, len(keys))
			for i, key := range keys {
				out[i] = fmt.Sprint(key)
			}
			return out
		}
	}
	return nil
}

// field returns the view of an input, for a relation with the address that finds objects and the names of the
// selected ones.
func (f *Form) field(ctx context.Context, bound *forms.BoundField) (Field, error) {
	v := NewField(bound)
	if !f.HasKeyInput(bound.Name()) {
		v.fitChoices()
		return v, nil
	}
	relation := f.relation(bound.Name())
	if !f.searchable(relation.To) {
		if !f.env.CanView(relation.To) {
			v.Note = keysNote(relation)
		}
		return v, nil
	}
	v.AutocompleteURL = f.env.Autocomplete(relation.To)
	if relation.LimitChoices != nil {
		v.AutocompleteURL += "?" + url.Values{"for": {f.Model.Key() + "." + relation.Field.Name}}.Encode()
	}
	v.Multiple = relation.Kind == schema.KindManyToMany
	target := relation.To.PK
	if relation.ToField != nil && !v.Multiple {
		target = relation.ToField
	}
	var keys []any
	var selected []string
	for _, text := range bound.Values() {
		if key, err := target.Convert(text); err == nil && text != "" {
			keys, selected = append(keys, key), append(selected, text)
		}
	}
	names, err := f.env.Names(ctx, target, keys)
	if err != nil {
		return v, err
	}
	v.Options = nil
	for _, key := range selected {
		if name, ok := names[key]; ok {
			v.Text = name
			v.Options = append(v.Options, forms.Choice{Value: key, Label: name, Selected: true})
		}
	}
	if !v.Multiple && v.Text == "" {
		v.Text = v.Value
	}
	return v, nil
}

// keysNote describes an input for keys of objects that the user may not view.
func keysNote(relation *schema.Relation) message.Message {
	if relation.Kind == schema.KindManyToMany {
		args := message.Args{"objects": relation.To.LabelPlural}
		return message.New("", "Enter keys of {objects}, separated by commas: you may not view them.", args)
	}
	return message.New("", "Enter the key of the {object}: you may not view it.", message.Args{"object": relation.To.Label})
}
