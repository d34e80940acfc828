package admin

import (
	"cmp"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/quintetgo/quintet/admin/changelist"
	"github.com/quintetgo/quintet/framework/check"
	"github.com/quintetgo/quintet/orm/schema"
)

// site is everything that is registered, resolved against the models.
type site struct {
	app      *App
	groups   []*group
	byKey    map[string]*entry // "blog.post"
	users    *entry            // of the project's user model, nil if there is none
	location *time.Location    // of dates and times
	language string            // of the pages, the project's LANGUAGE_CODE
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
	place   string
	group   *group

	list     *changelist.Config
	sections []section                     // of the form
	readOnly map[string]*changelist.Column // by name
	shown    *changelist.Config            // every field of the form as text, and ReadOnly
	edited   *changelist.Config            // shown without relations to many that have inputs, which need not be loaded
}

// section is a resolved fieldset.
type section struct {
	title, description string
	names              []string
}

func newSite(a *App) *site {
	s := &site{app: a, byKey: map[string]*entry{}, location: time.UTC, language: "en"}
	if a.db == nil {
		s.problem("admin.E001", "admin.New", "the database is nil", "Pass it: admin.New(db, admin.Config{}).")
		return s
	}
	s.problems = append(s.problems, a.config.problems()...)
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
	for _, m := range accountModels(s) {
		s.add("auth", m)
	}
	if user, err := a.db.Model("auth.User"); err == nil {
		s.users = s.byKey[user.Key()]
	}
	s.joinGroups()
	slices.SortStableFunc(s.groups, func(a, b *group) int { return strings.Compare(a.label, b.label) })
	return s
}

func (s *site) problem(id, place, message, hint string) {
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
	place := "admin of " + app + " (" + short(m.place) + ")"
	if err != nil {
		s.problem("admin.E002", place, name+" is not a registered model: "+strings.TrimPrefix(err.Error(), "orm: "), "list it in the Models method of its app")
		return
	}
	if have := s.byKey[model.Key()]; have != nil {
		s.problem("admin.E003", place, model.String()+" is registered twice, first at "+short(have.place), "leave one of the two out")
		return
	}
	if n := len(model.PrimaryKeys); n != 1 {
		what := "no primary key"
		if n > 1 {
			what = fmt.Sprintf("a primary key of %d columns", n)
		}
		s.problem("admin.E014", place, model.String()+" has "+what+", and the admin's addresses name an object by one", "give the model a key of its own, such as ID int64, with a unique index over the columns; or leave it out of AdminModels")
		return
	}
	e := &entry{model: model, options: m.options, place: m.place}
	s.resolve(e)
	s.byKey[model.Key()] = e
	s.join(e)
}

// join puts the entry under its app.
func (s *site) join(e *entry) {
	for _, g := range s.groups {
		if g.name == e.model.App {
			g.entries, e.group = append(g.entries, e), g
			return
		}
	}
	g := &group{name: e.model.App, label: changelist.Words(e.model.App), entries: []*entry{e}}
	e.group = g
	s.groups = append(s.groups, g)
}

// joinGroups puts groups of users where the users are, if that is the only thing there is of auth.
func (s *site) joinGroups() {
	i := slices.IndexFunc(s.groups, func(g *group) bool { return g.name == "auth" })
	if s.users == nil || i < 0 || len(s.groups[i].entries) != 1 || s.users.group == s.groups[i] {
		return
	}
	e := s.groups[i].entries[0]
	e.group = s.users.group
	e.group.entries = append(e.group.entries, e)
	s.groups = slices.Delete(s.groups, i, i+1)
}

// entryOf finds the registration of a model, nil if there is none.
func (s *site) entryOf(model *schema.Model) *entry {
	if model == nil {
		return nil
	}
	return s.byKey[model.Key()]
}

// find looks a model up by the two parts of its address.
func (s *site) find(app, model string) *entry {
	e := s.byKey[app+"."+model]
	if e == nil || e.model.App != app {
		return nil
	}
	return e
}

// short keeps the last two parts of a file's path.
func short(place string) string {
	dir, file := filepath.Split(filepath.ToSlash(place))
	return filepath.Base(dir) + "/" + file
}

// title is the model's plural, beginning with a capital.
func (e *entry) title() string { return changelist.Capital(e.model.LabelPlural) }

// permission is the name of the permission for an action: "blog.change_post".
func (e *entry) permission(action string) string {
	return e.model.App + "." + action + "_" + strings.ToLower(e.model.Name)
}
