package admin

import (
	"cmp"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/quintetgo/quintet/admin/changeform"
	"github.com/quintetgo/quintet/admin/changelist"
	"github.com/quintetgo/quintet/framework/check"
	"github.com/quintetgo/quintet/orm/schema"
)

// site is everything that is registered, resolved against the models.
type site struct {
	app      *App
	groups   []*group
	byKey    map[string]*entry // "blog.post"
	accounts *accounts
	location *time.Location // of dates and times
	language string         // of the pages, the project's LANGUAGE_CODE
	problems []check.Problem
}

// group is an app with models to manage.
type group struct {
	name    string
	label   string
	entries []*entry
}

// entry is one registered model.
type entry struct {
	model   *schema.Model
	options Options
	source  string // file and line of the registration
	group   *group
	list    *changelist.Config
	form    *changeform.Config
}

func newSite(a *App) *site {
	s := &site{app: a, byKey: map[string]*entry{}, location: time.UTC, language: "en"}
	if a.db == nil {
		s.report("admin.E001", "admin.New", "the database is nil", "Pass it: admin.New(db, admin.Config{}).")
		return s
	}
	s.problems = append(s.problems, a.config.problems()...)
	s.accounts = newAccounts(a.db)
	if a.project != nil {
		s.location = a.project.Location()
		s.language = cmp.Or(a.project.Settings().LanguageCode, s.language)
		for _, app := range a.project.Apps() {
			if with, ok := app.(ModelsApp); ok {
				for _, m := range with.AdminModels() {
					s.add(with.Name(), m)
				}
			}
		}
	}
	for _, m := range s.accounts.registrations() {
		if s.byKey[strings.ToLower(m.name)] == nil { // a project may register them itself
			s.add("auth", m)
		}
	}
	s.mergeAuthGroup()
	slices.SortStableFunc(s.groups, func(a, b *group) int { return strings.Compare(a.label, b.label) })
	return s
}

func (s *site) report(id, place, message, hint string) {
	s.problems = append(s.problems, check.Problem{ID: id, Level: check.Error, Place: place, Message: message, Hint: hint})
}

// add resolves one registration.
func (s *site) add(app string, m Model) {
	var model *schema.Model
	var err error
	name := m.name
	if m.typ != nil {
		name = m.typ.String()
		model, err = s.app.db.ModelOf(m.typ)
	} else {
		model, err = s.app.db.Model(m.name)
	}
	place := "admin of " + app + " (" + shortPath(m.source) + ")"
	if err != nil {
		s.report("admin.E002", place, name+" is not a registered model: "+strings.TrimPrefix(err.Error(), "orm: "),
			"List it in the Models method of its app.")
		return
	}
	if first := s.byKey[model.Key()]; first != nil {
		s.report("admin.E003", place, model.String()+" is registered twice, first at "+shortPath(first.source), "Remove one of them.")
		return
	}
	if n := len(model.PrimaryKeys); n != 1 {
		keys := "no primary key"
		if n > 1 {
			keys = fmt.Sprintf("a primary key of %d columns", n)
		}
		s.report("admin.E014", place, model.String()+" has "+keys+", but the admin's addresses name an object by one",
			"Add a primary key such as ID int64 and a unique index over the columns, or remove the model from AdminModels.")
		return
	}
	e := &entry{model: model, options: m.options, source: m.source}
	s.resolve(e)
	s.byKey[model.Key()] = e
	s.addToGroup(e)
}

// addToGroup puts the entry under its app.
func (s *site) addToGroup(e *entry) {
	i := slices.IndexFunc(s.groups, func(g *group) bool { return g.name == e.model.App })
	if i < 0 {
		i = len(s.groups)
		s.groups = append(s.groups, &group{name: e.model.App, label: changelist.Humanize(e.model.App)})
	}
	e.group = s.groups[i]
	e.group.entries = append(e.group.entries, e)
}

// mergeAuthGroup shows groups of users with the users if auth has no other entries.
func (s *site) mergeAuthGroup() {
	users := s.entryOf(s.accounts.users)
	i := slices.IndexFunc(s.groups, func(g *group) bool { return g.name == "auth" })
	if users == nil || i < 0 || len(s.groups[i].entries) != 1 || users.group == s.groups[i] {
		return
	}
	e := s.groups[i].entries[0]
	e.group = users.group
	e.group.entries = append(e.group.entries, e)
	s.groups = slices.Delete(s.groups, i, i+1)
}

// entryOf returns the registration of a model, nil if there is none.
func (s *site) entryOf(model *schema.Model) *entry {
	if model == nil {
		return nil
	}
	return s.byKey[model.Key()]
}

// find returns the registration that the two parts of an address name, nil if there is none.
func (s *site) find(app, model string) *entry {
	e := s.byKey[app+"."+model]
	if e == nil || e.model.App != app {
		return nil
	}
	return e
}

// hooks returns the hooks of a model, registered or not: those that protect accounts, then those of the registration.
func (s *site) hooks(model *schema.Model) []Hooks {
	var hooks []Hooks
	if h, ok := s.accounts.hooks[model]; ok {
		hooks = append(hooks, h)
	}
	if e := s.entryOf(model); e != nil {
		hooks = append(hooks, e.options.Hooks)
	}
	return hooks
}

// title returns the model's plural label with its first letter in upper case.
func (e *entry) title() string { return changelist.Capitalize(e.model.LabelPlural) }

// permission returns the name of the permission for an action: "blog.change_post".
func (e *entry) permission(action Action) string {
	return e.model.App + "." + string(action) + "_" + strings.ToLower(e.model.Name)
}

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
	for _, name := range o.Unscoped {
		if name != schema.AllScopes && !e.model.HasScope(name) {
			s.reportOption(e, changelist.Problem{
				Option: "Unscoped", Message: fmt.Sprintf("%s has no default scope %q", e.model, name),
				Hint: scopeHint(name, e.model.ScopeNames()),
			})
		}
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

// scopeHint returns the remedy for the name of a scope that does not exist.
func scopeHint(name string, known []string) string {
	if len(known) == 0 {
		return "The model has no default scopes; remove the option."
	}
	return "There are: " + strings.Join(known, ", ") + check.DidYouMean(name, known) + "."
}

// unscoped returns the names of the scopes that a registration lifts.
func (s *site) unscoped(model *schema.Model) []string {
	if e := s.byKey[model.Key()]; e != nil {
		return e.options.Unscoped
	}
	return nil
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
