package executor

import (
	"fmt"
	"slices"
	"strings"

	"github.com/quintetgo/quintet/framework/check"
	"github.com/quintetgo/quintet/orm/migrate/operations"
)

// sort fills Nodes, parents first, or returns an error that names a cycle.
func (g *Graph) sort(nodes []*Node) error {
	const visiting, done = 1, 2
	mark := map[*Node]int{}
	var path []*Node
	var visit func(n *Node) error
	visit = func(n *Node) error {
		switch mark[n] {
		case done:
			return nil
		case visiting:
			cycle := append(path[slices.Index(path, n):], n)
			names := make([]string, len(cycle))
			for i, c := range cycle {
				names[i] = c.String()
			}
			return fmt.Errorf("migrations depend on each other in a cycle: %s", strings.Join(names, " → "))
		}
		mark[n] = visiting
		path = append(path, n)
		for _, p := range n.Parents {
			if err := visit(p); err != nil {
				return err
			}
		}
		path = path[:len(path)-1]
		mark[n] = done
		n.index = len(g.Nodes)
		g.Nodes = append(g.Nodes, n)
		return nil
	}
	for _, n := range nodes {
		if err := visit(n); err != nil {
			return err
		}
	}
	return nil
}

// replace decides for every migration with Replaces whether it or the ones that it replaces are used. The others remain
// known by name, and dependencies on them lead to the migration that is used.
func (g *Graph) replace(nodes []*Node, applied Applied) []*Node {
	unused := map[*Node]bool{}
	for _, n := range nodes {
		if len(n.Migration.Replaces) == 0 {
			continue
		}
		var old []*Node
		has := 0
		for _, name := range n.Migration.Replaces {
			if o := g.byKey[Key{n.App, name}]; o != nil {
				old = append(old, o)
			}
			if _, ok := applied[Key{n.App, name}]; ok {
				has++
			}
		}
		if _, itself := applied[n.Key()]; !itself && has > 0 && has < len(n.Migration.Replaces) && len(old) > 0 {
			unused[n] = true // some of them: apply the rest of them
			g.byKey[n.Key()] = old[len(old)-1]
			continue
		}
		for _, o := range old {
			unused[o] = true
			g.byKey[o.Key()] = n
		}
	}
	return slices.DeleteFunc(nodes, func(n *Node) bool { return unused[n] })
}

// In reports whether a database with the applied migrations has n: n itself, or all that it replaces.
func (n *Node) In(applied Applied) bool {
	if _, ok := applied[n.Key()]; ok {
		return true
	}
	for _, name := range n.Migration.Replaces {
		if _, ok := applied[Key{n.App, name}]; !ok {
			return false
		}
	}
	return len(n.Migration.Replaces) > 0
}

// Apps lists the apps that have migrations, in order.
func (g *Graph) Apps() []string { return slices.Clone(g.apps) }

// App lists the migrations of an app, each after the ones that it depends on.
func (g *Graph) App(app string) []*Node {
	var list []*Node
	for _, n := range g.Nodes {
		if n.App == app {
			list = append(list, n)
		}
	}
	return list
}

// Leaves lists the migrations of an app on which no other migration of that app depends. More than one is a conflict.
func (g *Graph) Leaves(app string) []*Node {
	var leaves []*Node
	for _, n := range g.App(app) {
		if !slices.ContainsFunc(n.children, func(c *Node) bool { return c.App == app }) {
			leaves = append(leaves, n)
		}
	}
	return leaves
}

// Conflicts returns an error for every app with more than one leaf, as after a merge of branches in version control.
func (g *Graph) Conflicts() error {
	for _, app := range g.apps {
		leaves := g.Leaves(app)
		if len(leaves) < 2 {
			continue
		}
		names := make([]string, len(leaves))
		for i, n := range leaves {
			names[i] = n.Migration.Name
		}
		return fmt.Errorf("app %q has %d last migrations: %s; run makemigrations --merge %s", app, len(leaves),
			strings.Join(names, ", "), app)
	}
	return nil
}

// Find returns the migration of an app with a name, or the only one whose name begins with it.
func (g *Graph) Find(app, name string) (*Node, error) {
	if err := g.CheckApp(app); err != nil {
		return nil, err
	}
	if n := g.byKey[Key{app, name}]; n != nil {
		return n, nil
	}
	var found []*Node
	var names []string
	for _, n := range g.App(app) {
		names = append(names, n.Migration.Name)
		if strings.HasPrefix(n.Migration.Name, name) {
			found = append(found, n)
		}
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		hint := check.DidYouMean(name, names)
		if hint == "" && len(names) > 0 {
			hint = "; it has " + strings.Join(names[max(0, len(names)-5):], ", ")
		}
		return nil, fmt.Errorf("app %q has no migration %q%s", app, name, hint)
	}
	return nil, fmt.Errorf("app %q has %d migrations that begin with %q: %s and %s; use more of the name", app, len(found), name,
		found[0].Migration.Name, found[1].Migration.Name)
}

// CheckApp returns an error for an app without migrations.
func (g *Graph) CheckApp(app string) error {
	if slices.Contains(g.apps, app) {
		return nil
	}
	return fmt.Errorf("the project has no app %q with migrations%s", app, check.DidYouMean(app, g.apps))
}

// closure returns n and every node that next reaches from it, in the graph's order.
func (g *Graph) closure(n *Node, next func(*Node) []*Node) []*Node {
	seen := map[*Node]bool{}
	todo := []*Node{n}
	for len(todo) > 0 {
		n := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if !seen[n] {
			seen[n] = true
			todo = append(todo, next(n)...)
		}
	}
	var list []*Node
	for _, n := range g.Nodes {
		if seen[n] {
			list = append(list, n)
		}
	}
	return list
}

// State returns the models after the migrations for which want returns true, all of them if want is nil.
func (g *Graph) State(want func(*Node) bool) (*operations.State, error) {
	s := operations.NewState(g.Aliases())
	for _, n := range g.Nodes {
		if want != nil && !want(n) {
			continue
		}
		for i, op := range n.Migration.Operations {
			if err := op.Apply(n.App, s); err != nil {
				return nil, fmt.Errorf("%s, operation %d (%s): %w", n, i+1, op.Describe(), err)
			}
		}
	}
	return s, nil
}
