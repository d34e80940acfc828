package changelist

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/quintetgo/quintet/admin/display"
	"github.com/quintetgo/quintet/orm/schema"
)

// FilterView is a filter as the page offers it: links, and a form where links do not suffice.
type FilterView struct {
	Label  string
	Active bool
	Links  []Link
	Form   *FilterForm
}

// FilterForm asks for values.
type FilterForm struct {
	Action string
	Keep   []Param
	Inputs []FilterInput
}

// FilterInput is one input of a form.
type FilterInput struct {
	ID, Name, Label, Type, Value string

	AutocompleteURL, Text string // of inputs that look objects up
}

// Chip is a condition that holds, and the way to lift it.
type Chip struct{ Label, Value, URL string }

// relatedLimit is how many objects a filter offers as links; beyond it one searches.
const relatedLimit = 25

func (c *Config) filterViews(ctx context.Context, v *View, e Env, s *State) error {
	names := map[string]string{} // labels of related objects by model and key
	for i, filter := range c.Filters {
		view, err := c.filterView(ctx, e, s, filter, i, names)
		if err != nil {
			return err
		}
		if view != nil {
			v.Filters = append(v.Filters, *view)
		}
	}
	for _, one := range s.conditions {
		text, err := c.chipText(ctx, e, one, names)
		if err != nil {
			return err
		}
		values := c.values(s)
		values.Del(one.key)
		label := pathLabel(one.path)
		if one.filter != nil {
			label = one.filter.Label
		}
		v.Chips = append(v.Chips, Chip{Label: label, Value: text, URL: address(e.Base, values)})
	}
	return nil
}

func (c *Config) filterView(ctx context.Context, e Env, s *State, filter *Filter, index int, names map[string]string) (*FilterView, error) {
	b := builder{c: c, env: e, filter: filter, rest: c.without(s, filter)}
	for _, one := range s.conditions {
		if one.filter == filter {
			b.active = append(b.active, one)
		}
	}
	b.view = FilterView{Label: filter.Label, Active: len(b.active) > 0}
	b.view.Links = []Link{{Label: "Any", URL: address(e.Base, b.rest), Current: len(b.active) == 0}}
	b.id = fmt.Sprintf("filter-%d", index)
	field := filter.path.Field
	related := filter.related()
	switch kind := field.ColumnKind(); {
	case related != nil:
		if e.Link(related, "0") == "" { // what the reader may not view is not listed here either
			return nil, nil
		}
		if err := b.related(ctx, related, names); err != nil {
			return nil, err
		}
	case field.HasChoices():
		for _, choice := range field.Choices {
			b.link(display.Cut(choice.Label, 60), fmt.Sprint(choice.Value))
		}
	case kind == schema.KindBool:
		b.link("Yes", "true")
		b.link("No", "false")
	case kind == schema.KindDate || kind == schema.KindDateTime:
		b.dates()
	case kind.IsText():
		b.form(FilterInput{Name: filter.Name + "__icontains", Label: "Contains", Type: "search"})
	case kind.IsNumber():
		b.form(FilterInput{Name: filter.Name + "__gte", Label: "At least", Type: "number"}, FilterInput{Name: filter.Name + "__lte", Label: "At most", Type: "number"})
	default:
		b.form(FilterInput{Name: filter.Name, Label: "Equals", Type: "text"})
	}
	if field.Null && (related == nil || len(filter.path.Steps) == 0) {
		b.state("Empty", "isnull", "true")
		b.state("Not empty", "isnull", "false")
	}
	return &b.view, nil
}

// builder makes one filter's view.
type builder struct {
	c      *Config
	env    Env
	filter *Filter
	rest   url.Values // parameters without this filter's
	active []condition
	view   FilterView
	id     string
}

// link offers a value.
func (b *builder) link(label, value string) { b.state(label, "", value) }

// state offers a comparison with a value.
func (b *builder) state(label, lookup, value string) {
	name := b.filter.Name
	if lookup != "" {
		name += "__" + lookup
	}
	current := slices.ContainsFunc(b.active, func(one condition) bool {
		if (lookup == schema.IsNull) != (one.path.Lookup == schema.IsNull) {
			return false
		}
		return len(b.active) == 1 && slices.Equal(one.values, []string{value}) && (one.key == name || lookup == "" && one.path.Lookup == schema.Exact)
	})
	b.view.Links = append(b.view.Links, Link{Label: label, URL: address(b.env.Base, with(b.rest, name, value)), Current: current})
}

// form offers inputs, filled with what holds.
func (b *builder) form(inputs ...FilterInput) {
	names := make([]string, len(inputs))
	for i := range inputs {
		inputs[i].ID = fmt.Sprintf("%s-%d", b.id, i)
		names[i] = inputs[i].Name
		for _, one := range b.active {
			if one.key == inputs[i].Name {
				inputs[i].Value = one.values[0]
			}
		}
	}
	b.view.Form = &FilterForm{Action: b.env.Base, Keep: params(b.rest, names...), Inputs: inputs}
}

func (b *builder) dates() {
	now := time.Now().In(b.c.location())
	if b.env.Printer.Now != nil {
		now = b.env.Printer.Now().In(b.c.location())
	}
	day := func(t time.Time) string { return t.Format(time.DateOnly) }
	b.state("Since today", schema.Gte, day(now))
	b.state("Past 7 days", schema.Gte, day(now.AddDate(0, 0, -6)))
	b.state("Since the first of this month", schema.Gte, day(now.AddDate(0, 0, 1-now.Day())))
	b.state("Since the start of this year", schema.Gte, day(now.AddDate(0, 0, 1-now.YearDay())))
	b.form(FilterInput{Name: b.filter.Name + "__gte", Label: "From", Type: "date"}, FilterInput{Name: b.filter.Name + "__lte", Label: "Until", Type: "date"})
}

// related offers the related objects, or a search among them if there are many.
func (b *builder) related(ctx context.Context, model *schema.Model, names map[string]string) error {
	order := model.Ordering
	if len(order) == 0 {
		order = []string{"pk"}
	}
	objects, err := b.env.Objects(model).OrderBy(order...).Limit(relatedLimit + 1).All(ctx)
	if err != nil {
		return err
	}
	if len(objects) <= relatedLimit || b.env.Autocomplete(model) == "" {
		for _, obj := range objects[:min(len(objects), relatedLimit)] {
			pk := fmt.Sprint(model.PK.Value(obj))
			label := b.env.Printer.Object(model, obj)
			names[model.Key()+" "+pk] = label
			b.link(display.Cut(label, 60), pk)
		}
		return nil
	}
	input := FilterInput{Name: b.filter.Name, Label: b.filter.Label, Type: "text", AutocompleteURL: b.env.Autocomplete(model)}
	for _, one := range b.active {
		if one.path.Lookup == schema.Exact && len(one.values) == 1 {
			if input.Text, err = b.c.nameOf(ctx, b.env, model, one.values[0], names); err != nil {
				return err
			}
		}
	}
	b.form(input)
	return nil
}

// nameOf gives the label of a related object.
func (c *Config) nameOf(ctx context.Context, e Env, model *schema.Model, pk string, names map[string]string) (string, error) {
	key := model.Key() + " " + pk
	if name, ok := names[key]; ok {
		return name, nil
	}
	if e.Link(model, pk) == "" {
		return pk, nil
	}
	value, err := model.PK.Convert(pk)
	if err != nil {
		return pk, nil
	}
	found, err := e.Objects(model).Where("pk", value).Limit(1).All(ctx)
	if err != nil {
		return "", err
	}
	name := pk
	if len(found) == 1 {
		name = e.Printer.Object(model, found[0])
	}
	names[key] = name
	return name, nil
}

// chipText says a condition in words.
func (c *Config) chipText(ctx context.Context, e Env, one condition, names map[string]string) (string, error) {
	if one.path.Lookup == schema.IsNull {
		if truth(one.values[0]) {
			return "empty", nil
		}
		return "not empty", nil
	}
	var related *schema.Model
	switch {
	case one.filter != nil && one.filter.related() != nil:
		related = one.filter.related()
	case one.path.Relation && one.path.Field.Relation != nil && one.path.Field.Kind != schema.KindManyToMany:
		related = one.path.Field.Relation.To
	}
	var texts []string
	for i, value := range one.values {
		text := value
		switch {
		case related != nil && i < 5 && len(one.path.Transforms) == 0:
			name, err := c.nameOf(ctx, e, related, value, names)
			if err != nil {
				return "", err
			}
			text = name
		case one.path.Field.HasChoices():
			if v, err := convert(one.path, value, one.location); err == nil {
				if label := one.path.Field.ChoiceLabel(v); label != "" {
					text = label
				}
			}
		case one.path.Kind() == schema.KindBool:
			text = "No"
			if truth(value) {
				text = "Yes"
			}
		case len(value) == len(time.DateOnly) && one.path.Kind().IsTime():
			if t, err := time.Parse(time.DateOnly, value); err == nil {
				text = t.Format("2 Jan 2006")
			}
		}
		texts = append(texts, display.Cut(display.Plain(text), 60))
	}
	text := strings.Join(texts, " or ")
	if one.path.Lookup == schema.Range {
		text = strings.Join(texts, " and ")
	}
	if op := words(one.path); op != "" {
		return op + " " + text, nil
	}
	return text, nil
}
