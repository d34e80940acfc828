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

// named returns the drafts with their names and dependencies.
func (m makemigrations) named(g *executor.Graph, found []*autodetect.Draft) ([]draft, error) {
	var drafts []draft
	last := map[string]string{}
	names := map[*autodetect.Draft]string{}
	next := map[string]int{}
	for _, d := range found {
		migration := operations.Migration{Operations: d.Operations}
		if previous, ok := last[d.App]; ok {
			migration.Depends = append(migration.Depends, operations.On(d.App, previous))
		} else if leaf := leafOf(g, d.App); leaf != "" {
			migration.Depends = append(migration.Depends, operations.On(d.App, leaf))
		}
		name := m.options.name
		switch {
		case name != "":
		case len(migration.Depends) == 0:
			name = "initial"
		default:
			name = autodetect.Name(d.Operations)
		}
		if next[d.App] == 0 {
			next[d.App] = m.number(g, d.App)
		}
		migration.Name = fmt.Sprintf("%04d_%s", next[d.App], name)
		next[d.App]++
		others, err := m.depends(g, d, names)
		if err != nil {
			return nil, err
		}
		migration.Depends = append(migration.Depends, others...)
		last[d.App], names[d] = migration.Name, migration.Name
		drafts = append(drafts, draft{d.App, migration})
	}
	return drafts, nil
}

// depends returns the migrations of other apps that must come before a draft.
func (m makemigrations) depends(
	g *executor.Graph, d *autodetect.Draft, names map[*autodetect.Draft]string,
) ([]operations.Dependency, error) {
	var list []operations.Dependency
	add := func(dep operations.Dependency) {
		if !slices.Contains(list, dep) && dep.App != d.App {
			list = append(list, dep)
		}
	}
	for _, name := range d.Models {
		if _, isAlias := m.aliases()[strings.ToLower(name)]; isAlias {
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
func (m makemigrations) number(g *executor.Graph, app string) int {
	highest := 0
	if a, ok := m.app(app).(MigrationsApp); ok {
		for _, each := range a.Migrations() {
			digits, _, _ := strings.Cut(each.Name, "_")
			if n, err := strconv.Atoi(digits); err == nil {
				highest = max(highest, n)
			}
		}
	}
	return highest + 1
}

func (m makemigrations) emptyDrafts(g *executor.Graph) ([]draft, error) {
	if err := g.Conflicts(); err != nil {
		return nil, err
	}
	var drafts []draft
	for _, app := range m.call.Args {
		migration := operations.Migration{}
		if leaf := leafOf(g, app); leaf != "" {
			migration.Depends = []operations.Dependency{operations.On(app, leaf)}
		}
		name := m.options.name
		if name == "" {
			name = "custom"
		}
		migration.Name = fmt.Sprintf("%04d_%s", m.number(g, app), name)
		drafts = append(drafts, draft{app, migration})
	}
	return drafts, nil
}

// mergeDrafts returns migrations that join the leaves of apps with several, if the leaves can be applied together.
func (m makemigrations) mergeDrafts(g *executor.Graph) ([]draft, error) {
	if _, err := g.State(nil); err != nil {
		return nil, fmt.Errorf("the branches cannot be merged because one undoes what the other needs; change one of them: %w", err)
	}
	var drafts []draft
	for _, app := range g.Apps() {
		leaves := g.Leaves(app)
		if len(leaves) < 2 || len(m.call.Args) > 0 && !slices.Contains(m.call.Args, app) {
			continue
		}
		migration := operations.Migration{}
		for _, n := range leaves {
			migration.Depends = append(migration.Depends, operations.On(app, n.Migration.Name))
		}
		name := m.options.name
		if name == "" {
			name = "merge"
		}
		migration.Name = fmt.Sprintf("%04d_%s", m.number(g, app), name)
		drafts = append(drafts, draft{app, migration})
	}
	return drafts, nil
}
