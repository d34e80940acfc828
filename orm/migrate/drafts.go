package migrate

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/quintetgo/quintet/orm/migrate/autodetect"
	"github.com/quintetgo/quintet/orm/migrate/executor"
	"github.com/quintetgo/quintet/orm/migrate/operations"
)

// named returns drafts their names and what they depend on.
func (k maker) named(g *executor.Graph, found []*autodetect.Draft) ([]draft, error) {
	var drafts []draft
	last := map[string]string{}
	names := map[*autodetect.Draft]string{}
	next := map[string]int{}
	for _, d := range found {
		m := operations.Migration{Operations: d.Operations}
		if previous, ok := last[d.App]; ok {
			m.Depends = append(m.Depends, operations.On(d.App, previous))
		} else if leaf := leafOf(g, d.App); leaf != "" {
			m.Depends = append(m.Depends, operations.On(d.App, leaf))
		}
		name := k.o.name
		switch {
		case name != "":
		case len(m.Depends) == 0:
			name = "initial"
		default:
			name = autodetect.Name(d.Operations)
		}
		if next[d.App] == 0 {
			next[d.App] = k.number(g, d.App)
		}
		m.Name = fmt.Sprintf("%04d_%s", next[d.App], name)
		next[d.App]++
		others, err := k.depends(g, d, names)
		if err != nil {
			return nil, err
		}
		m.Depends = append(m.Depends, others...)
		last[d.App], names[d] = m.Name, m.Name
		drafts = append(drafts, draft{d.App, m})
	}
	return drafts, nil
}

// depends returns the migrations of other apps that must come before a draft.
func (k maker) depends(g *executor.Graph, d *autodetect.Draft, names map[*autodetect.Draft]string) ([]operations.Dependency, error) {
	var list []operations.Dependency
	add := func(dep operations.Dependency) {
		if !slices.Contains(list, dep) && dep.App != d.App {
			list = append(list, dep)
		}
	}
	for _, name := range d.Models {
		if _, isAlias := k.aliases()[strings.ToLower(name)]; isAlias {
			add(operations.OnModel(name))
			continue
		}
		app, model, _ := strings.Cut(name, ".")
		if n := g.Introduced(app, model); n != nil {
			add(operations.On(app, n.Migration.Name))
		}
	}
	for _, other := range d.After {
		add(operations.On(other.App, names[other]))
	}
	apps := slices.Clone(d.Apps)
	for _, op := range d.Operations {
		switch op := op.(type) {
		case operations.DeleteModel:
			apps = append(apps, g.Mentioning(d.App, op.Name)...)
		case operations.RenameModel:
			apps = append(apps, g.Mentioning(d.App, op.From)...)
		}
	}
	for _, app := range apps {
		if leaf := leafOf(g, app); leaf != "" && !slices.ContainsFunc(list, func(o operations.Dependency) bool { return o.App == app }) {
			add(operations.On(app, leaf))
		}
	}
	return list, nil
}

func leafOf(g *executor.Graph, app string) string {
	leaves := g.Leaves(app)
	if len(leaves) == 0 {
		return ""
	}
	return leaves[len(leaves)-1].Migration.Name
}

// number returns the number of the next migration of an app.
func (k maker) number(g *executor.Graph, app string) int {
	highest := 0
	if a, ok := k.app(app).(MigrationsApp); ok {
		for _, m := range a.Migrations() {
			digits, _, _ := strings.Cut(m.Name, "_")
			if n, err := strconv.Atoi(digits); err == nil {
				highest = max(highest, n)
			}
		}
	}
	return highest + 1
}

func (k maker) emptyDrafts(g *executor.Graph) ([]draft, error) {
	if err := g.Conflicts(); err != nil {
		return nil, err
	}
	var drafts []draft
	for _, app := range k.c.Args {
		m := operations.Migration{}
		if leaf := leafOf(g, app); leaf != "" {
			m.Depends = []operations.Dependency{operations.On(app, leaf)}
		}
		name := k.o.name
		if name == "" {
			name = "custom"
		}
		m.Name = fmt.Sprintf("%04d_%s", k.number(g, app), name)
		drafts = append(drafts, draft{app, m})
	}
	return drafts, nil
}

// mergeDrafts joins the leaves of apps that have several, if together they lead to a state that makes sense.
func (k maker) mergeDrafts(g *executor.Graph) ([]draft, error) {
	if _, err := g.State(nil); err != nil {
		return nil, fmt.Errorf("the branches cannot be merged, as one undoes what the other needs; change one of them: %w", err)
	}
	var drafts []draft
	for _, app := range g.Apps() {
		leaves := g.Leaves(app)
		if len(leaves) < 2 || len(k.c.Args) > 0 && !slices.Contains(k.c.Args, app) {
			continue
		}
		m := operations.Migration{}
		for _, n := range leaves {
			m.Depends = append(m.Depends, operations.On(app, n.Migration.Name))
		}
		name := k.o.name
		if name == "" {
			name = "merge"
		}
		m.Name = fmt.Sprintf("%04d_%s", k.number(g, app), name)
		drafts = append(drafts, draft{app, m})
	}
	return drafts, nil
}
