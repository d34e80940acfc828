// Package executor puts the migrations of all apps in order, records which of them a database has, and applies and undoes
// them.
package executor

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/quintetgo/quintet/framework/check"
	"github.com/quintetgo/quintet/orm/migrate/operations"
)

// App is an app with its migrations, as Migrations returns them.
type App struct {
	Name       string
	Migrations []operations.Migration
}

// Node is one migration in the graph. It does not change.
type Node struct {
	App       string
	Migration operations.Migration
	Parents   []*Node // what must be applied before
	children  []*Node
	index     int  // in Graph.Nodes
	elsewhere bool // the database has no table of the app
}

// String returns "blog.0001_initial".
func (n *Node) String() string { return n.App + "." + n.Migration.Name }

// Key identifies a migration of an app.
type Key struct{ App, Name string }

// Key identifies the node's migration.
func (n *Node) Key() Key { return Key{n.App, n.Migration.Name} }

// Graph holds the migrations of all apps with their dependencies. It does not change, and is safe for concurrent use.
type Graph struct {
	// Nodes lists every migration after the ones that it depends on; apps keep the order in which they were given.
	Nodes []*Node

	apps    []string
	byKey   map[Key]*Node
	aliases map[string]string // the present name of a model, "accounts.User", by alias in lower case

	placement *Placement // nil if there is one database
}

// Config configures a graph. The zero value is for a project without aliases and a database without migrations.
type Config struct {
	// Aliases holds the present model of an alias such as "auth.User".
	Aliases map[string]string
	// Applied are the migrations that the database has. They decide whether a migration that replaces others is used instead
	// of them.
	Applied Applied
	// Unfinished allows dependencies on an alias whose model has no migration yet, as before the first makemigrations.
	Unfinished bool
	// Placement is what the database has, for a project with several. Nil means everything.
	Placement *Placement
}

// NewGraph links the migrations of apps. The error joins every problem: names that occur twice, dependencies that do not exist,
// cycles.
func NewGraph(apps []App, c Config) (*Graph, error) {
	g := &Graph{byKey: map[Key]*Node{}, aliases: map[string]string{}}
	for alias, model := range c.Aliases {
		g.aliases[strings.ToLower(alias)] = model
	}
	var errs []error
	var nodes []*Node
	for _, app := range apps {
		g.apps = append(g.apps, app.Name)
		for _, m := range app.Migrations {
			n := &Node{App: app.Name, Migration: m}
			if m.Name == "" {
				errs = append(errs, fmt.Errorf("a migration of app %q has no name", app.Name))
				continue
			}
			if g.byKey[n.Key()] != nil {
				errs = append(errs, fmt.Errorf("app %q has two migrations called %q", app.Name, m.Name))
				continue
			}
			g.byKey[n.Key()] = n
			nodes = append(nodes, n)
		}
	}
	nodes = g.replace(nodes, c.Applied)
	for _, n := range nodes {
		for _, d := range n.Migration.Depends {
			parent, err := g.resolve(d)
			if err != nil && d.Model != "" && c.Unfinished {
				continue
			}
			if err != nil {
				errs = append(errs, fmt.Errorf("%s depends on %s: %w", n, d, err))
				continue
			}
			if parent != n && !slices.Contains(n.Parents, parent) {
				n.Parents = append(n.Parents, parent)
				parent.children = append(parent.children, n)
			}
		}
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	if err := g.sort(nodes); err != nil {
		return nil, err
	}
	g.place(c.Placement)
	return g, nil
}

// resolve returns the migration that a dependency names.
func (g *Graph) resolve(d operations.Dependency) (*Node, error) {
	if d.Model != "" {
		return g.creator(d.Model)
	}
	if !slices.Contains(g.apps, d.App) {
		return nil, fmt.Errorf("the project has no app %q with migrations%s", d.App, check.DidYouMean(d.App, g.apps))
	}
	if d.Name == "" {
		for _, other := range g.inApp(d.App) {
			if !slices.ContainsFunc(other.Migration.Depends, func(o operations.Dependency) bool { return o.App == d.App }) {
				return other, nil
			}
		}
		return nil, fmt.Errorf("app %q has no migrations", d.App)
	}
	if parent := g.byKey[Key{d.App, d.Name}]; parent != nil {
		return parent, nil
	}
	var names []string
	for _, other := range g.inApp(d.App) {
		names = append(names, other.Migration.Name)
	}
	return nil, fmt.Errorf("app %q has no migration %q%s", d.App, d.Name, check.DidYouMean(d.Name, names))
}

// creator returns the migration that created the model of an alias, under any of the names that the model has had.
func (g *Graph) creator(alias string) (*Node, error) {
	model, ok := g.aliases[strings.ToLower(alias)]
	if !ok {
		model = alias
	}
	app, name, _ := strings.Cut(model, ".")
	names := g.formerNames(app, name)
	var first *Node
	for _, n := range g.inApp(app) {
		if first == nil {
			first = n
		}
		for _, op := range n.Migration.Operations {
			if c, ok := op.(operations.CreateModel); ok && slices.ContainsFunc(names,
				func(s string) bool { return strings.EqualFold(s, c.Name) }) {
				return n, nil
			}
		}
	}
	if first == nil {
		return nil, fmt.Errorf("app %q, which has model %s, has no migrations; run makemigrations %s", app, model, app)
	}
	return nil, fmt.Errorf("no migration of app %q creates model %s; run makemigrations %s", app, model, app)
}

// formerNames returns the names that a model has had, the present one first.
func (g *Graph) formerNames(app, name string) []string {
	names := []string{name}
	renames := map[string]string{}
	for _, n := range g.byKey {
		if n.App != app {
			continue
		}
		for _, op := range n.Migration.Operations {
			if r, ok := op.(operations.RenameModel); ok {
				renames[strings.ToLower(r.To)] = r.From
			}
		}
	}
	for from, ok := renames[strings.ToLower(name)]; ok && !slices.Contains(names, from); from, ok = renames[strings.ToLower(from)] {
		names = append(names, from)
	}
	return names
}

// Aliases returns, for each alias, the names that its model has had, for [operations.NewState].
func (g *Graph) Aliases() map[string][]string {
	all := map[string][]string{}
	for alias, model := range g.aliases {
		app, name, _ := strings.Cut(model, ".")
		for _, former := range g.formerNames(app, name) {
			all[alias] = append(all[alias], app+"."+former)
		}
	}
	return all
}

func (g *Graph) inApp(app string) []*Node {
	var list []*Node
	for _, n := range g.byKey {
		if n.App == app {
			list = append(list, n)
		}
	}
	slices.SortFunc(list, func(a, b *Node) int { return strings.Compare(a.Migration.Name, b.Migration.Name) })
	return list
}

// Introduced returns the last migration of an app that creates a model or renames another one to its name, or nil.
func (g *Graph) Introduced(app, name string) *Node {
	var found *Node
	for _, n := range g.App(app) {
		for _, op := range n.Migration.Operations {
			switch op := op.(type) {
			case operations.CreateModel:
				if strings.EqualFold(op.Name, name) {
					found = n
				}
			case operations.RenameModel:
				if strings.EqualFold(op.To, name) {
					found = n
				}
			}
		}
	}
	return found
}

// Mentioning lists the other apps with a migration in which a field references a model. A migration that removes the model
// must come after theirs.
func (g *Graph) Mentioning(app, name string) []string {
	full := app + "." + name
	var apps []string
	note := func(n *Node, f operations.Field) {
		if n.App == app || slices.Contains(apps, n.App) {
			return
		}
		if strings.EqualFold(f.Options.To, full) || strings.EqualFold(f.Options.Through, full) ||
			strings.EqualFold(g.aliases[strings.ToLower(f.Options.To)], full) {
			apps = append(apps, n.App)
		}
	}
	for _, n := range g.Nodes {
		for _, op := range n.Migration.Operations {
			switch op := op.(type) {
			case operations.CreateModel:
				for _, f := range op.Fields {
					note(n, f)
				}
			case operations.AddField:
				note(n, op.Field)
			case operations.AlterField:
				note(n, op.Field)
			}
		}
	}
	return apps
}
