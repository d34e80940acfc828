package changelist

import (
	"context"
	"time"

	"github.com/quintetgo/quintet/admin/display"
	"github.com/quintetgo/quintet/framework/message"
	"github.com/quintetgo/quintet/orm/schema"
)

// Chip is a condition of the page, with the address of the list without it.
type Chip struct {
	Label string
	Value message.Message // "contains jazz", "Draft or Live"
	URL   string
}

// comparisonTexts are the texts of chips, by the lookups that an address may use. {value} alone means equality.
var comparisonTexts = map[string]string{
	schema.Exact: "{value}", schema.IExact: "{value}", schema.In: "{value}", schema.IsNull: "",
	schema.Contains: "contains {value}", schema.IContains: "contains {value}",
	schema.StartsWith: "starts with {value}", schema.IStartsWith: "starts with {value}",
	schema.EndsWith: "ends with {value}", schema.IEndsWith: "ends with {value}",
	schema.Gt: "more than {value}", schema.Gte: "at least {value}", schema.Lt: "less than {value}", schema.Lte: "at most {value}",
	schema.Range: "between {value}",
}

// timeTexts replace comparisonTexts for dates and times.
var timeTexts = map[string]string{
	schema.Gt: "after {value}", schema.Gte: "from {value}", schema.Lt: "before {value}", schema.Lte: "until {value}",
}

func comparisonText(path *schema.Path) string {
	if text := timeTexts[path.Lookup]; text != "" && path.Kind().IsTime() {
		return text
	}
	return comparisonTexts[path.Lookup]
}

// chips returns the conditions of the state. names holds the names of related objects by [nameKey].
func (c *Config) chips(ctx context.Context, e Env, s *State, names map[string]string) ([]Chip, error) {
	chips := make([]Chip, 0, len(s.conditions))
	for _, one := range s.conditions {
		value, err := c.filterLabel(ctx, e, one, names)
		if err != nil {
			return nil, err
		}
		values := c.values(s)
		values.Del(one.key)
		label := pathLabel(one.path)
		if one.filter != nil {
			label = one.filter.Label
		}
		chips = append(chips, Chip{Label: label, Value: value, URL: address(e.Base, values)})
	}
	return chips, nil
}

// filterLabel describes a condition.
func (c *Config) filterLabel(ctx context.Context, e Env, one condition, names map[string]string) (message.Message, error) {
	if one.path.Lookup == schema.IsNull {
		if isNull, _ := parseBool(one.values[0]); isNull {
			return message.Text("empty"), nil
		}
		return message.Text("not empty"), nil
	}
	join := "{first} or {last}"
	if one.path.Lookup == schema.Range {
		join = "{first} and {last}"
	}
	var value any
	for i, text := range one.values {
		label, err := c.valueLabel(ctx, e, one, i, text, names)
		if err != nil {
			return message.Message{}, err
		}
		label = display.Cut(display.Plain(label), 60)
		if i == 0 {
			value = label
		} else {
			value = message.New("", join, message.Args{"first": value, "last": label})
		}
	}
	return message.New("", comparisonText(one.path), message.Args{"value": value}), nil
}

// namedValues is the number of values of a condition whose objects are named.
const namedValues = 5

// valueLabel describes a value of a condition: the name of an object, the label of a choice, or a date.
func (c *Config) valueLabel(ctx context.Context, e Env, one condition, i int, text string, names map[string]string) (string, error) {
	related := one.related()
	switch field := one.path.Field; {
	case related != nil && i < namedValues && len(one.path.Transforms) == 0:
		return c.nameOf(ctx, e, related, text, names)
	case field.HasChoices():
		if v, err := convert(one.path, text, one.location); err == nil {
			if label := field.ChoiceLabel(v); label != "" {
				return label, nil
			}
		}
	case one.path.Kind() == schema.KindBool:
		if yes, _ := parseBool(text); yes {
			return "Yes", nil
		}
		return "No", nil
	case len(text) == len(time.DateOnly) && one.path.Kind().IsTime():
		if t, err := time.Parse(time.DateOnly, text); err == nil {
			return t.Format("2 Jan 2006"), nil
		}
	}
	return text, nil
}

// related returns the model whose keys the condition compares, nil for plain fields.
func (c condition) related() *schema.Model {
	if c.filter != nil {
		if related := c.filter.related(); related != nil {
			return related
		}
	}
	if field := c.path.Field; c.path.Relation && field.Relation != nil && field.Kind != schema.KindManyToMany {
		return field.Relation.To
	}
	return nil
}

// nameKey is the key of an object in the names of a page.
func nameKey(model *schema.Model, pk string) string { return model.Key() + " " + pk }

// nameOf returns the name of an object, or its key if the user may not view it or it does not exist.
func (c *Config) nameOf(ctx context.Context, e Env, model *schema.Model, pk string, names map[string]string) (string, error) {
	if name, ok := names[nameKey(model, pk)]; ok {
		return name, nil
	}
	key, err := model.PK.Convert(pk)
	if err != nil || e.Link(model, pk) == "" {
		return pk, nil //nolint:nilerr // the text is shown as it is
	}
	found, err := e.Objects(model).Where("pk", key).Limit(1).All(ctx)
	if err != nil {
		return "", err
	}
	name := pk
	if len(found) == 1 {
		name = e.Printer.Object(model, found[0])
	}
	names[nameKey(model, pk)] = name
	return name, nil
}
