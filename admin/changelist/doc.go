// Package changelist lists the objects of one model for the admin: columns, search, filters, order and pages, all of
// them taken from the address. Names are checked against the model twice: the ones a developer wrote when the program
// starts ([New]), and the ones a browser sends with every request ([Config.Parse]). No text from outside becomes part of
// a query's wording.
package changelist

import (
	"slices"
	"strings"
	"time"

	"github.com/quintetgo/quintet/framework/check"
	"github.com/quintetgo/quintet/orm/schema"
)

// Options says what a list shows. Zero values are filled from the model.
type Options struct {
	List     []string   // columns: fields, paths like "author__name", methods of the model, names of Computed
	Computed []Computed // columns that are worked out from an object
	Filter   []string   // fields and paths to narrow the list by
	Search   []string   // text fields and paths; "^" before one means starts with, "=" means equals
	Order    []string   // "-created_at" for descending; empty for the model's own order
	PerPage  int        // rows on a page; 0 for 50
}

// Computed is a column whose value no field holds.
type Computed struct {
	Name  string
	Label string            // "" for the name in words
	Order string            // field to sort by; "" if the column cannot be sorted
	Value func(obj any) any // obj is a pointer to the model's struct
	Needs []string          // relations that Value reads, loaded with the page
}

// Problem is a name in Options that fits nothing.
type Problem struct {
	Option  string // "List", "Filter", …
	Name    string
	Message string
	Hint    string
}

// Config is a list whose names are known to be right. It may be used by many requests at a time.
type Config struct {
	Model    *schema.Model
	Columns  []*Column
	Filters  []*Filter
	PerPage  int
	Location *time.Location // of dates in the address; nil for UTC
	// CountTimeout is how long a page may take to count the rows; beyond it the number is an estimate. Zero for DefaultCountTimeout.
	CountTimeout time.Duration

	search   []searchField
	find     []searchField // what pickers look in where search is empty
	order    []term
	related  []string // relations to one, loaded with the page's query
	prefetch []string // relations to many, one more query each
}

// New resolves the options against the model. Every name that fits nothing is reported; the config holds the others.
func New(model *schema.Model, o Options) (*Config, []Problem) {
	c := &Config{Model: model, PerPage: o.PerPage}
	if c.PerPage <= 0 {
		c.PerPage = 50
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

// SearchHelp says which fields the search looks at, "" if there are none.
func (c *Config) SearchHelp() string {
	if len(c.search) == 0 {
		return ""
	}
	labels := make([]string, 0, len(c.search))
	for _, field := range c.search {
		if !slices.Contains(labels, field.label) {
			labels = append(labels, field.label)
		}
	}
	return "Searches in " + strings.Join(labels, ", ")
}

// unresolved makes a problem of a path that the model does not know.
func unresolved(option, name string, model *schema.Model, err error, more ...string) *Problem {
	p := &Problem{Option: option, Name: name, Message: "there is no field " + quote(name) + " in " + model.String()}
	choices := append(model.Names(), more...)
	word := name
	if lookup, ok := errorsAs(err); ok {
		if lookup.Part != "" && lookup.Part != name {
			p.Message = quote(name) + ": " + lookup.Problem
			word = lookup.Part
		}
		if len(lookup.Choices) > 0 {
			choices = append(slices.Clone(lookup.Choices), more...)
		}
	}
	if near := check.Nearest(word, choices); near != "" {
		p.Hint = "Did you mean " + quote(strings.TrimSuffix(name, word)+near) + "?"
	} else {
		p.Hint = "Choose from " + strings.Join(choices, ", ") + "."
	}
	return p
}
