// Package changeform shows and stores one object of a model for the admin: sections of inputs and read-only values,
// pickers for relations, errors and edit conflicts, and the differences that the history records. [New] checks the
// names that a developer wrote when the program starts; [Config.Form] creates the form of a request.
package changeform

import (
	"slices"
	"strconv"
	"strings"

	"github.com/quintetgo/quintet/admin/changelist"
	"github.com/quintetgo/quintet/framework/check"
	"github.com/quintetgo/quintet/orm/dynamic"
	"github.com/quintetgo/quintet/orm/schema"
)

// Options configures the form of a model. The zero value shows every editable field in one section.
type Options struct {
	// Fields names the fields in the form's order. Default: every editable field that ReadOnly does not name, then
	// ReadOnly.
	Fields []string
	// Exclude names fields to leave out.
	Exclude []string
	// Fieldsets groups the fields; it replaces Fields.
	Fieldsets []Fieldset
	// ReadOnly names fields, paths, methods and computed columns that are shown as text.
	ReadOnly []string
	// Computed are the columns that ReadOnly may name.
	Computed []changelist.Computed
}

// Fieldset is a group of fields under a heading.
type Fieldset struct {
	Title       string   // "" for a group without a heading
	Description string   // a sentence below the title
	Fields      []string // names of fields; those that ReadOnly names are shown as text
}

// Config is a form whose names have been checked. It is safe for concurrent use.
type Config struct {
	model    *schema.Model
	sections []Fieldset
	readOnly []string
	columns  map[string]*changelist.Column // by name, for fields shown as text
	all      *changelist.Config            // loads the related objects that fields show as text
	inputs   *changelist.Config            // all, without relations to many that have inputs
}

// New resolves the options against the model. It returns the problems with names and a config without those names.
func New(model *schema.Model, o Options) (*Config, []changelist.Problem) {
	c := &Config{model: model, readOnly: o.ReadOnly, columns: map[string]*changelist.Column{}}
	var problems []changelist.Problem
	if len(o.ReadOnly) > 0 {
		_, found := changelist.New(model, changelist.Options{List: o.ReadOnly, Computed: o.Computed})
		for _, p := range found {
			p.Option = "ReadOnly"
			problems = append(problems, p)
		}
	}
	l := layout{model: model, options: o, editable: Editable(model), problems: problems}
	c.sections = l.sections()
	c.all, _ = changelist.New(model, changelist.Options{List: c.Names(), Computed: o.Computed})
	for _, column := range c.all.Columns {
		c.columns[column.Name] = column
	}
	names := slices.DeleteFunc(c.Names(), func(name string) bool {
		field := model.Lookup(name)
		return field != nil && field.Kind == schema.KindManyToMany && !c.IsReadOnly(name)
	})
	c.inputs, _ = changelist.New(model, changelist.Options{List: names, Computed: o.Computed})
	return c, l.problems
}

// Names returns the names of everything that the form shows, in order.
func (c *Config) Names() []string {
	var names []string
	for _, section := range c.sections {
		names = append(names, section.Fields...)
	}
	return names
}

// IsReadOnly reports whether Options.ReadOnly names the field.
func (c *Config) IsReadOnly(name string) bool { return slices.Contains(c.readOnly, name) }

// Load adds to a query the related objects that the form shows as text. inputs reports that every field that may
// have an input has one; their relations to many need not be loaded then.
func (c *Config) Load(query dynamic.Query, inputs bool) dynamic.Query {
	if inputs {
		return c.inputs.Load(query)
	}
	return c.all.Load(query)
}

// Editable returns the names of the fields that a form of the model can edit: plain fields, foreign keys, and
// relations to many whose through table holds nothing but the two keys.
func Editable(model *schema.Model) []string {
	var names []string
	for _, f := range model.Fields {
		if f.Editable && !f.Auto && !f.AutoNow && !f.AutoNowAdd && !f.ReadOnly() {
			names = append(names, f.Name)
		}
	}
	for _, f := range model.ManyToMany {
		if f.Editable && f.Relation != nil && f.Relation.Through != nil && f.Relation.Through.Auto {
			names = append(names, f.Name)
		}
	}
	return names
}

// layout checks the names of a form and groups them.
type layout struct {
	model    *schema.Model
	options  Options
	editable []string
	problems []changelist.Problem
}

func (l *layout) report(option, name, message, hint string) {
	l.problems = append(l.problems, changelist.Problem{Option: option, Name: name, Message: message, Hint: hint})
}

func (l *layout) sections() []Fieldset {
	o := l.options
	for _, name := range o.Exclude {
		if !slices.Contains(l.editable, name) {
			text := "there is no field " + strconv.Quote(name) + " in the form of " + l.model.String()
			l.report("Exclude", name, text, nearest(name, l.editable))
		}
	}
	switch {
	case len(o.Fieldsets) > 0:
		if len(o.Fields) > 0 {
			l.report("Fieldsets", "", "Fields and Fieldsets are both set", "Remove one of them.")
		}
		var sections []Fieldset
		for _, set := range o.Fieldsets {
			if set.Fields = l.names("Fieldsets", set.Fields); len(set.Fields) > 0 {
				sections = append(sections, set)
			}
		}
		return sections
	case len(o.Fields) > 0:
		return []Fieldset{{Fields: l.names("Fields", o.Fields)}}
	}
	var names []string
	for _, name := range l.editable {
		if !slices.Contains(o.Exclude, name) && !slices.Contains(o.ReadOnly, name) {
			names = append(names, name)
		}
	}
	return []Fieldset{{Fields: append(names, l.names("ReadOnly", o.ReadOnly)...)}}
}

// names returns the names that the form can show, and reports the others.
func (l *layout) names(option string, names []string) []string {
	valid := slices.Concat(l.editable, l.options.ReadOnly)
	var found []string
	for _, name := range names {
		switch {
		case slices.Contains(l.options.Exclude, name):
		case slices.Contains(valid, name):
			found = append(found, name)
		case l.model.Lookup(name) != nil:
			l.report(option, name, strconv.Quote(name)+" cannot be edited in a form", "Add it to ReadOnly to show it.")
		default:
			l.report(option, name, "there is no field "+strconv.Quote(name)+" in "+l.model.String(), nearest(name, valid))
		}
	}
	return found
}

func nearest(name string, choices []string) string {
	if near := check.Nearest(name, choices); near != "" {
		return "Did you mean " + strconv.Quote(near) + "?"
	}
	return "Choose from " + strings.Join(choices, ", ") + "."
}
