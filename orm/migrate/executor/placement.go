package executor

import (
	"slices"
	"strings"

	"github.com/quintetgo/quintet/orm/migrate/operations"
	"github.com/quintetgo/quintet/orm/migrate/rows"
)

// Placement is what one of several databases has.
type Placement struct {
	// HasTable reports whether the database has the table of a model, by its present name such as "blog.Post".
	HasTable func(model string) bool
	// Main is true for the database that also has what belongs to no model: the migrations of apps without models.
	Main bool
}

// place marks the migrations of apps that have no table in the database. They are neither applied nor recorded there.
func (g *Graph) place(p *Placement) {
	if p == nil {
		return
	}
	here := map[string]bool{}
	models := map[string]bool{}
	for _, n := range g.Nodes {
		for _, op := range n.Migration.Operations {
			if create, ok := op.(operations.CreateModel); ok {
				models[n.App] = true
				here[n.App] = here[n.App] || p.HasTable(g.presentName(n, n.App+"."+create.Name))
			}
		}
	}
	for _, n := range g.Nodes {
		n.elsewhere = !here[n.App] && (models[n.App] || !p.Main)
	}
	g.placement = p
}

// presentName returns the name that a model has after all migrations, by its name before or after those of n.
func (g *Graph) presentName(n *Node, model string) string {
	app, name, _ := strings.Cut(model, ".")
	for _, later := range g.Nodes[n.index:] {
		if !strings.EqualFold(later.App, app) {
			continue
		}
		for _, op := range later.Migration.Operations {
			if r, ok := op.(operations.RenameModel); ok && strings.EqualFold(r.From, name) {
				name = r.To
			}
		}
	}
	return app + "." + name
}

// hasTable returns what reports whether the database has the table of a model as it is called in the migration n, or nil if
// it has all tables.
func (g *Graph) hasTable(n *Node) func(model string) bool {
	if g.placement == nil {
		return nil
	}
	return func(model string) bool { return g.placement.HasTable(g.presentName(n, model)) }
}

// Has reports whether the database has the migrations of an app, rather than others of the project's databases.
func (g *Graph) Has(app string) bool {
	return !slices.ContainsFunc(g.Nodes, func(n *Node) bool { return n.App == app && n.elsewhere })
}

// runs reports whether an operation that runs SQL or Go code does so in the database.
func (g *Graph) runs(n *Node, op operations.Operation) bool {
	model := ""
	switch op := op.(type) {
	case operations.RunSQL:
		model = op.Model
	case rows.RunGo:
		model = op.Model
	}
	if model == "" || g.placement == nil {
		return true
	}
	if !strings.Contains(model, ".") {
		model = n.App + "." + model
	}
	return g.hasTable(n)(model)
}

// earlier returns what reports whether a migration counts as applied before the one of a step: those that the database has,
// and those of other databases whose dependencies count. Without a step, all of them may.
func (g *Graph) earlier(of *Node, applied func(*Node) bool) func(*Node) bool {
	counts := make(map[*Node]bool, len(g.Nodes))
	for _, n := range g.Nodes {
		missing := slices.ContainsFunc(n.Parents, func(p *Node) bool { return !counts[p] })
		counts[n] = n != of && (applied(n) || n.elsewhere && !missing)
	}
	return func(n *Node) bool { return counts[n] }
}
