package modelforms

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/quintetgo/quintet/framework/forms"
	"github.com/quintetgo/quintet/framework/message"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/dynamic"
	"github.com/quintetgo/quintet/orm/schema"
)

// describeRelation configures the input of a relation: a list of objects, or an input for keys if there are too many.
func (f *Form) describeRelation(ctx context.Context, field *orm.Field, input *forms.Field) error {
	many := field.Kind == schema.KindManyToMany
	initial, err := f.related(ctx, field, f.Object)
	if err != nil {
		return err
	}
	input.Initial = initial
	if keys, _ := initial.([]any); !f.Adding {
		f.referred[field.Name] = keys
	}
	input.Format = func(v any) []string {
		keys, several := v.([]any)
		if !several && v != nil {
			keys = []any{v}
		}
		out := make([]string, 0, len(keys))
		for _, key := range keys {
			out = append(out, text(key))
		}
		return out
	}
	keyInput := f.options.KeyInput != nil && f.options.KeyInput(field)
	if !keyInput {
		choices, tooMany, err := f.choices(ctx, field)
		if err != nil {
			return err
		}
		keyInput = tooMany
		input.Choices = choices
	}
	if keyInput {
		f.keys[field.Name] = true
		f.describeKeys(ctx, field, input)
		return nil
	}
	input.Kind = forms.Choose
	if many {
		input.Kind = forms.MultipleChoice
	}
	if len(input.Choices) == 0 {
		// package forms takes an empty list of choices as any value
		input.LoadChoices = func(context.Context) ([]forms.Choice, error) { return nil, nil }
	}
	input.Parse = func(sent []string) (any, error) {
		keys, err := f.parseKeys(field, sent)
		if err != nil || many {
			return keys, err
		}
		return keys[0], nil
	}
	return nil
}

// related returns the keys of the objects that obj refers to, as []any, or nil.
func (f *Form) related(ctx context.Context, field *orm.Field, obj any) (any, error) {
	if field.Kind == schema.KindManyToMany {
		if f.Adding {
			return []any{}, nil
		}
		return f.db.Related(obj, field.Name).IDs(ctx)
	}
	value := plain(field.Value(obj))
	if field.IsZero(obj) {
		if value = nil; f.Adding && field.Default != nil {
			value = plain(field.Default())
		}
	}
	if value == nil {
		return nil, nil
	}
	return []any{value}, nil
}

// targets returns the query for the objects that a relation may refer to.
func (f *Form) targets(ctx context.Context, field *orm.Field) dynamic.Query {
	return f.narrowed(field, dynamic.Choices(ctx, f.db, field))
}

// narrowed returns a query for related objects that Options.Choices restricts.
func (f *Form) narrowed(field *orm.Field, query dynamic.Query) dynamic.Query {
	if f.options.Choices != nil {
		query = f.options.Choices(field, query)
	}
	return query
}

// target returns the field of the other model that the keys of a relation are values of.
func target(field *orm.Field) *orm.Field {
	if field.Relation.ToField != nil {
		return field.Relation.ToField
	}
	return field.Relation.To.PK
}

// choices returns the objects that a relation may refer to, unless there are more than the limit. Those that the stored
// object refers to are among them, so that submitting an untouched form changes nothing.
func (f *Form) choices(ctx context.Context, field *orm.Field) (choices []forms.Choice, tooMany bool, err error) {
	objects, err := f.targets(ctx, field).Limit(f.options.ChoiceLimit + 1).All(ctx)
	if err != nil || len(objects) > f.options.ChoiceLimit {
		return nil, err == nil, err
	}
	listed := make(map[string]bool, len(objects))
	add := func(objects []any) {
		for _, object := range objects {
			choice := forms.Choice{Value: text(target(field).Value(object)), Label: field.Relation.To.Display(object)}
			listed[choice.Value] = true
			choices = append(choices, choice)
		}
	}
	add(objects)
	others := slices.DeleteFunc(slices.Clone(f.referred[field.Name]), func(key any) bool { return listed[text(key)] })
	if len(others) == 0 || field.Relation.LimitChoices == nil {
		return choices, false, nil
	}
	kept, err := f.narrowed(field, dynamic.From(f.db, field.Relation.To)).Where(target(field).Name+"__in", others).All(ctx)
	add(kept)
	return choices, false, err
}

// parseKeys parses keys of the other model.
func (f *Form) parseKeys(field *orm.Field, sent []string) ([]any, error) {
	keys := make([]any, 0, len(sent))
	for _, raw := range sent {
		key, err := target(field).Convert(raw)
		if err != nil {
			return nil, message.New("invalid", "“{key}” is not a key of a {model}.",
				message.Args{"key": shorten(raw), "model": field.Relation.To.Label})
		}
		keys = append(keys, key)
	}
	return keys, nil
}

// describeKeys configures an input for keys, separated by commas. Its messages name keys that do not exist.
func (f *Form) describeKeys(ctx context.Context, field *orm.Field, input *forms.Field) {
	many := field.Kind == schema.KindManyToMany
	input.Kind, input.Widget, input.Choices = forms.Text, forms.TextInput, nil
	if format := input.Format; many {
		input.Format = func(v any) []string { return []string{strings.Join(format(v), ", ")} }
	}
	input.Parse = func(sent []string) (any, error) {
		parts := sent
		if many {
			parts = strings.FieldsFunc(sent[0], func(r rune) bool { return r == ',' || r == ' ' })
		}
		if len(parts) > maxKeys {
			return nil, message.New("max_items", "Please enter at most {limit} keys.", message.Args{"limit": maxKeys})
		}
		keys, err := f.parseKeys(field, parts)
		if err != nil {
			return nil, err
		}
		if err := f.exist(ctx, field, keys); err != nil {
			return nil, err
		}
		if many {
			return keys, nil
		}
		return keys[0], nil
	}
}

// maxKeys is the maximum number of keys in one input.
const maxKeys = 1000

// exist checks that every key is that of an object that the relation may refer to.
func (f *Form) exist(ctx context.Context, field *orm.Field, keys []any) error {
	missing, err := f.missing(ctx, f.targets(ctx, field), field, keys)
	if err == nil && len(missing) > 0 && field.Relation.LimitChoices != nil { // the stored object may keep what it refers to
		others := f.added(field, missing)
		kept := slices.DeleteFunc(slices.Clone(missing), func(key any) bool { return slices.Contains(others, key) })
		missing, err = f.missing(ctx, f.narrowed(field, dynamic.From(f.db, field.Relation.To)), field, kept)
		missing = append(missing, others...)
	}
	if err != nil {
		f.failure = fmt.Errorf("look up keys of %s: %w", field, err)
		return message.New("unavailable", "This could not be looked up. Please try again.")
	}
	if len(missing) > 0 {
		return message.New("invalid_choice", "There is no {model} with key {key}.",
			message.Args{"model": field.Relation.To.Label, "key": shorten(text(missing[0]))})
	}
	return nil
}

// missing returns the keys that no object of the query has.
func (f *Form) missing(ctx context.Context, query dynamic.Query, field *orm.Field, keys []any) ([]any, error) {
	if len(keys) == 0 {
		return nil, nil
	}
	name := target(field).Name
	found, err := query.Where(name+"__in", keys).Values(ctx, name)
	if err != nil {
		return nil, err
	}
	existing := make(map[string]bool, len(found))
	for _, row := range found {
		existing[text(row[name])] = true
	}
	return slices.DeleteFunc(slices.Clone(keys), func(key any) bool { return existing[text(key)] }), nil
}

// added returns the keys that the stored object does not refer to.
func (f *Form) added(field *orm.Field, keys []any) []any {
	referred := make(map[string]bool, len(f.referred[field.Name]))
	for _, key := range f.referred[field.Name] {
		referred[text(key)] = true
	}
	return slices.DeleteFunc(slices.Clone(keys), func(key any) bool { return referred[text(key)] })
}

func shorten(s string) string {
	if runes := []rune(s); len(runes) > 40 {
		return string(runes[:40]) + "…"
	}
	return s
}
