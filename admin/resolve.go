package admin

import (
	"slices"
	"strconv"
	"strings"

	"github.com/quintetgo/quintet/admin/changelist"
	"github.com/quintetgo/quintet/framework/check"
	"github.com/quintetgo/quintet/orm/schema"
)

// problemIDs says which check a wrong name belongs to.
var problemIDs = map[string]string{
	"List": "admin.E004", "Computed": "admin.E004", "Filter": "admin.E005", "Search": "admin.E006", "Order": "admin.E007",
	"Fields": "admin.E008", "Fieldsets": "admin.E008", "Exclude": "admin.E009", "ReadOnly": "admin.E010",
}

// resolve finds what the entry's names mean and reports those that mean nothing.
func (s *site) resolve(e *entry) {
	o := e.options
	if o.PerPage < 0 {
		s.wrong(e, "PerPage", "PerPage is "+strconv.Itoa(o.PerPage), "write a positive number, or 0 for 50")
	}
	list, problems := changelist.New(e.model, changelist.Options{
		List: o.List, Computed: o.Computed, Filter: o.Filter, Search: o.Search, Order: o.Order, PerPage: o.PerPage,
	})
	list.Location, list.CountTimeout = s.location, s.app.config.CountTimeout
	e.list = list
	for _, p := range problems {
		s.wrong(e, p.Option, p.Message, p.Hint)
	}
	if len(o.Search) == 0 {
		e.list.Findable(e.model)
	}
	s.resolveReadOnly(e)
	s.resolveForm(e)
	shown, _ := changelist.New(e.model, changelist.Options{List: e.names(), Computed: o.Computed})
	e.shown = shown
	for _, column := range shown.Columns {
		e.readOnly[column.Name] = column
	}
	inputs := slices.DeleteFunc(e.names(), func(name string) bool {
		field := e.model.Lookup(name)
		return field != nil && field.Kind == schema.KindManyToMany && !e.isReadOnly(name)
	})
	e.edited, _ = changelist.New(e.model, changelist.Options{List: inputs, Computed: o.Computed})
}

// wrong reports a name in the options.
func (s *site) wrong(e *entry, option, message, hint string) {
	id := problemIDs[option]
	if id == "" {
		id = "admin.E013"
	}
	place := e.model.String() + ": admin option " + option
	if e.place != "" {
		place = short(e.place) + ": " + place
	}
	s.problem(id, place, message, hint)
}

func (s *site) resolveReadOnly(e *entry) {
	e.readOnly = map[string]*changelist.Column{}
	if len(e.options.ReadOnly) == 0 {
		return
	}
	config, problems := changelist.New(e.model, changelist.Options{List: e.options.ReadOnly, Computed: e.options.Computed})
	for _, p := range problems {
		s.wrong(e, "ReadOnly", p.Message, p.Hint)
	}
	for _, column := range config.Columns {
		e.readOnly[column.Name] = column
	}
}

// resolveForm lays the form out.
func (s *site) resolveForm(e *entry) {
	editable := editableNames(e.model)
	known := slices.Concat(editable, e.options.ReadOnly)
	for _, name := range e.options.Exclude {
		if !slices.Contains(editable, name) {
			s.wrong(e, "Exclude", "there is no field "+quote(name)+" in the form of "+e.model.String(), nearest(name, editable))
		}
	}
	keep := func(option string, names []string) []string {
		var kept []string
		for _, name := range names {
			switch {
			case slices.Contains(e.options.Exclude, name):
			case slices.Contains(known, name):
				kept = append(kept, name)
			case e.model.Lookup(name) != nil:
				s.wrong(e, option, quote(name)+" cannot be edited in a form", "put it into ReadOnly as well to show it")
			default:
				s.wrong(e, option, "there is no field "+quote(name)+" in "+e.model.String(), nearest(name, known))
			}
		}
		return kept
	}
	switch {
	case len(e.options.Fieldsets) > 0:
		if len(e.options.Fields) > 0 {
			s.wrong(e, "Fieldsets", "Fields and Fieldsets are both set", "keep one of them")
		}
		for _, set := range e.options.Fieldsets {
			if names := keep("Fieldsets", set.Fields); len(names) > 0 {
				e.sections = append(e.sections, section{set.Title, set.Description, names})
			}
		}
	case len(e.options.Fields) > 0:
		e.sections = []section{{names: keep("Fields", e.options.Fields)}}
	default:
		var names []string
		for _, name := range editable {
			if !slices.Contains(e.options.Exclude, name) && !slices.Contains(e.options.ReadOnly, name) {
				names = append(names, name)
			}
		}
		e.sections = []section{{names: append(names, keep("ReadOnly", e.options.ReadOnly)...)}}
	}
}

// editableNames lists what a form of the model can edit: plain fields, foreign keys, and relations to many whose rows hold
// nothing but the two keys.
func editableNames(model *schema.Model) []string {
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

// names lists everything the form shows, in order.
func (e *entry) names() []string {
	var names []string
	for _, section := range e.sections {
		names = append(names, section.names...)
	}
	return names
}

// isReadOnly reports whether the form shows name without an input.
func (e *entry) isReadOnly(name string) bool { return slices.Contains(e.options.ReadOnly, name) }

func nearest(name string, choices []string) string {
	if near := check.Nearest(name, choices); near != "" {
		return "did you mean " + quote(near) + "?"
	}
	return "choose from " + strings.Join(choices, ", ")
}

func quote(s string) string { return strconv.Quote(s) }
