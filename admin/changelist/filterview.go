package changelist

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"time"

	"github.com/quintetgo/quintet/admin/display"
	"github.com/quintetgo/quintet/orm/schema"
)

// FilterView is a filter as templates show it: links, and a form for values of the user's own.
type FilterView struct {
	Label  string
	Active bool // the list is filtered by it
	Links  []Link
	Form   *FilterForm
}

// FilterForm asks for values.
type FilterForm struct {
	Action string
	Keep   []Param // hidden inputs
	Inputs []FilterInput
}

// FilterInput is one input of a form.
type FilterInput struct {
	ID, Name, Label, Type, Value string

	AutocompleteURL string // address that finds objects, for relations with many
	Text            string // name of the object in Value
}

// relatedLimit is the number of objects that a filter offers as links. Filters with more have a search field.
const relatedLimit = 25

// filterViews sets the filters and the chips of the page.
func (c *Config) filterViews(ctx context.Context, v *View, e Env, s *State) error {
	names := map[string]string{}
	for i, filter := range c.Filters {
		view, err := c.filterView(ctx, e, s, filter, i, names)
		if err != nil {
			return err
		}
		if view != nil {
			v.Filters = append(v.Filters, *view)
		}
	}
	var err error
	v.Chips, err = c.chips(ctx, e, s, names)
	return err
}

// filterView returns a filter, nil for objects that the user may not view.
func (c *Config) filterView(
	ctx context.Context, e Env, s *State, filter *Filter, index int, names map[string]string,
) (*FilterView, error) {
	b := filterBuilder{config: c, env: e, filter: filter, others: c.without(s, filter), id: fmt.Sprintf("filter-%d", index)}
	for _, one := range s.conditions {
		if one.filter == filter {
			b.active = append(b.active, one)
		}
	}
	b.view = FilterView{Label: filter.Label, Active: len(b.active) > 0}
	b.view.Links = []Link{{Label: "Any", URL: address(e.Base, b.others), Current: len(b.active) == 0}}
	field := filter.path.Field
	related := filter.related()
	switch kind := field.ColumnKind(); {
	case related != nil:
		if e.Autocomplete(related) == "" {
			return nil, nil
		}
		if err := b.addRelated(ctx, related, names); err != nil {
			return nil, err
		}
	case field.HasChoices():
		choices, err := field.ChoicesFor(ctx)
		if err != nil {
			return nil, err
		}
		for _, choice := range choices {
			b.addValue(display.Cut(choice.Label, 60), fmt.Sprint(choice.Value))
		}
	case kind == schema.KindBool:
		b.addValue("Yes", "true")
		b.addValue("No", "false")
	case kind == schema.KindDate || kind == schema.KindDateTime:
		b.addDates()
	case kind.IsText():
		b.setForm(FilterInput{Name: filter.Name + "__icontains", Label: "Contains", Type: "search"})
	case kind.IsNumber():
		b.setForm(
			FilterInput{Name: filter.Name + "__gte", Label: "At least", Type: "number"},
			FilterInput{Name: filter.Name + "__lte", Label: "At most", Type: "number"},
		)
	default:
		b.setForm(FilterInput{Name: filter.Name, Label: "Equals", Type: "text"})
	}
	if field.Null && (related == nil || len(filter.path.Steps) == 0) {
		b.addComparison("Empty", schema.IsNull, "true")
		b.addComparison("Not empty", schema.IsNull, "false")
	}
	return &b.view, nil
}

// filterBuilder builds one filter's view.
type filterBuilder struct {
	config *Config
	env    Env
	filter *Filter
	others url.Values // parameters without this filter's
	active []condition
	view   FilterView
	id     string
}

// addValue offers equality with a value.
func (b *filterBuilder) addValue(label, value string) { b.addComparison(label, "", value) }

// addComparison offers a comparison with a value; lookup "" is equality.
func (b *filterBuilder) addComparison(label, lookup, value string) {
	name := b.filter.Name
	if lookup != "" {
		name += "__" + lookup
	}
	current := slices.ContainsFunc(b.active, func(one condition) bool {
		if (lookup == schema.IsNull) != (one.path.Lookup == schema.IsNull) {
			return false
		}
		sameLookup := one.key == name || lookup == "" && one.path.Lookup == schema.Exact
		return len(b.active) == 1 && slices.Equal(one.values, []string{value}) && sameLookup
	})
	b.view.Links = append(b.view.Links, Link{Label: label, URL: address(b.env.Base, with(b.others, name, value)), Current: current})
}

// setForm offers inputs that hold the values of the page.
func (b *filterBuilder) setForm(inputs ...FilterInput) {
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
	b.view.Form = &FilterForm{Action: b.env.Base, Keep: params(b.others, names...), Inputs: inputs}
}

func (b *filterBuilder) addDates() {
	now := time.Now()
	if b.env.Printer.Now != nil {
		now = b.env.Printer.Now()
	}
	now = now.In(b.config.location())
	since := func(label string, day time.Time) { b.addComparison(label, schema.Gte, day.Format(time.DateOnly)) }
	since("Since today", now)
	since("Past 7 days", now.AddDate(0, 0, -6))
	since("Since the first of this month", now.AddDate(0, 0, 1-now.Day()))
	since("Since the start of this year", now.AddDate(0, 0, 1-now.YearDay()))
	b.setForm(
		FilterInput{Name: b.filter.Name + "__gte", Label: "From", Type: "date"},
		FilterInput{Name: b.filter.Name + "__lte", Label: "Until", Type: "date"},
	)
}

// addRelated offers the related objects, or a search field if there are many.
func (b *filterBuilder) addRelated(ctx context.Context, model *schema.Model, names map[string]string) error {
	order := model.Ordering
	if len(order) == 0 {
		order = []string{"pk"}
	}
	objects, err := b.env.Objects(model).OrderBy(order...).Limit(relatedLimit + 1).All(ctx)
	if err != nil {
		return err
	}
	if len(objects) <= relatedLimit {
		for _, obj := range objects {
			pk := fmt.Sprint(model.PK.Value(obj))
			label := b.env.Printer.Object(model, obj)
			names[nameKey(model, pk)] = label
			b.addValue(display.Cut(label, 60), pk)
		}
		return nil
	}
	input := FilterInput{Name: b.filter.Name, Label: b.filter.Label, Type: "text", AutocompleteURL: b.env.Autocomplete(model)}
	for _, one := range b.active {
		if one.path.Lookup == schema.Exact && len(one.values) == 1 {
			if input.Text, err = b.config.nameOf(ctx, b.env, model, one.values[0], names); err != nil {
				return err
			}
		}
	}
	b.setForm(input)
	return nil
}
