package admin

import (
	"path/filepath"
	"strconv"

	"github.com/quintetgo/quintet/admin/changeform"
	"github.com/quintetgo/quintet/admin/changelist"
)

// optionChecks holds the ID of the check that reports a wrong name, by option.
var optionChecks = map[string]string{
	"List": "admin.E004", "Computed": "admin.E004", "Filter": "admin.E005", "Search": "admin.E006", "Order": "admin.E007",
	"Fields": "admin.E008", "Fieldsets": "admin.E008", "Exclude": "admin.E009", "ReadOnly": "admin.E010",
}

// resolve looks up the names in the entry's options and reports those that do not exist.
func (s *site) resolve(e *entry) {
	o := e.options
	if o.PerPage < 0 {
		s.reportOption(e, changelist.Problem{
			Option: "PerPage", Message: "PerPage is " + strconv.Itoa(o.PerPage), Hint: "Use a positive number, or 0 for 50.",
		})
	}
	list, problems := changelist.New(e.model, changelist.Options{
		List: o.List, Computed: o.Computed, Filter: o.Filter, Search: o.Search, Order: o.Order, PerPage: o.PerPage,
	})
	list.Location, list.CountTimeout = s.location, s.app.config.CountTimeout
	if len(o.Search) == 0 {
		list.SearchByDefault()
	}
	form, formProblems := changeform.New(e.model, changeform.Options{
		Fields: o.Fields, Exclude: o.Exclude, Fieldsets: o.Fieldsets, ReadOnly: o.ReadOnly, Computed: o.Computed,
	})
	e.list, e.form = list, form
	for _, p := range append(problems, formProblems...) {
		s.reportOption(e, p)
	}
}

// reportOption adds a problem with the options of an entry.
func (s *site) reportOption(e *entry, p changelist.Problem) {
	id := optionChecks[p.Option]
	if id == "" {
		id = "admin.E013"
	}
	place := e.model.String() + ": admin option " + p.Option
	if e.source != "" {
		place = shortPath(e.source) + ": " + place
	}
	s.report(id, place, p.Message, p.Hint)
}

// shortPath keeps the last two parts of a file's path.
func shortPath(source string) string {
	dir, file := filepath.Split(filepath.ToSlash(source))
	return filepath.Base(dir) + "/" + file
}
