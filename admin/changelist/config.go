package changelist

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/quintetgo/quintet/framework/check"
	"github.com/quintetgo/quintet/orm/schema"
)

// Options configures a list. The zero value shows the objects by their String, without search and filters.
type Options struct {
	// List names the columns: fields, paths like "author__name", methods of the model, and columns of Computed.
	// Default: the object's String.
	List []string
	// Computed are columns whose values are functions of the object.
	Computed []Computed
	// Filter names the fields and paths that users can filter by.
	Filter []string
	// Search names the text fields and paths that the search compares; "^" before a name compares the beginning,
	// "=" all of the text.
	Search []string
	// Order is the order of the list, descending with a leading "-". Default: the model's own order, else
	// descending primary key.
	Order []string
	// PerPage is the number of rows on a page. Default: 50.
	PerPage int
}

const defaultPerPage = 50

// Computed is a column whose value is a function of the object.
type Computed struct {
	Name  string
	Label string            // heading; the name in words if it is ""
	Order string            // path that sorts by the column, "" if the list cannot be sorted by it
	Value func(obj any) any // obj is a pointer to the model's struct; called by many requests at a time
	Needs []string          // relations that Value reads, loaded with the page
}

// Problem is an option that is not valid for the model.
type Problem struct {
	Option  string // "List", "Filter", …
	Name    string // as the developer wrote it
	Message string
	Hint    string
}

// Config is a list whose names have been checked. It is safe for concurrent use once its fields are set.
type Config struct {
	Model    *schema.Model
	Columns  []*Column
	Filters  []*Filter
	PerPage  int
	Location *time.Location // of dates in the address; nil for UTC

	// CountTimeout limits the time for counting the rows; beyond it their number is an estimate. 0 for
	// [DefaultCountTimeout].
	CountTimeout time.Duration

	search        []searchField
	defaultSearch []searchField // used by pickers where search is empty
	order         []term
	related       []string // relations to one, loaded by the page's query
	prefetch      []string // relations to many, loaded by one more query each
}

// New resolves the options against the model. It returns every problem, and a config without the names that have one.
func New(model *schema.Model, o Options) (*Config, []Problem) {
	c := &Config{Model: model, PerPage: o.PerPage}
	if c.PerPage <= 0 {
		c.PerPage = defaultPerPage
	}
	var problems []Problem
	report := func(p *Problem) {
		if p != nil {
			problems = append(problems, *p)
		}
	}
	list := o.List
	if len(list) == 0 {
		list = []string{""} // the object itself
	}
	for _, name := range list {
		column, problem := c.column(name, o.Computed)
		report(problem)
		if column != nil {
			c.Columns = append(c.Columns, column)
		}
	}
	for _, name := range o.Filter {
		filter, problem := newFilter(model, name)
		report(problem)
		if filter != nil {
			c.Filters = append(c.Filters, filter)
		}
	}
	for _, name := range o.Search {
		field, problem := newSearchField(model, name)
		report(problem)
		if problem == nil {
			c.search = append(c.search, field)
		}
	}
	order := o.Order
	if len(order) == 0 {
		order = model.Ordering
	}
	for _, name := range order {
		t := parseTerm(name)
		if _, err := model.Resolve(t.path); err != nil {
			report(unresolved("Order", t.path, model, err))
			continue
		}
		c.order = append(c.order, t)
	}
	return c, problems
}

// SearchLabels returns the labels of the fields that the search compares, in lower case and without duplicates.
func (c *Config) SearchLabels() []string {
	labels := make([]string, 0, len(c.search))
	for _, field := range c.search {
		if !slices.Contains(labels, field.label) {
			labels = append(labels, field.label)
		}
	}
	return labels
}

func (c *Config) location() *time.Location {
	if c.Location != nil {
		return c.Location
	}
	return time.UTC
}

// unresolved describes a path that the model does not have, and suggests the nearest name.
func unresolved(option, name string, model *schema.Model, err error, alternatives ...string) *Problem {
	p := &Problem{Option: option, Name: name, Message: "there is no field " + strconv.Quote(name) + " in " + model.String()}
	choices := append(model.Names(), alternatives...)
	part := name
	if lookup, ok := errors.AsType[*schema.LookupError](err); ok {
		if lookup.Part != "" && lookup.Part != name {
			p.Message = strconv.Quote(name) + ": " + lookup.Problem
			part = lookup.Part
		}
		if len(lookup.Choices) > 0 {
			choices = append(slices.Clone(lookup.Choices), alternatives...)
		}
	}
	if near := check.Nearest(part, choices); near != "" {
		p.Hint = "Did you mean " + strconv.Quote(strings.TrimSuffix(name, part)+near) + "?"
	} else {
		p.Hint = "Choose from " + strings.Join(choices, ", ") + "."
	}
	return p
}
