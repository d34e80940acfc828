package executor

import (
	"fmt"
	"slices"
)

// Step is one migration to apply, or to undo.
type Step struct {
	Node     *Node
	Backward bool
}

// All returns the steps that apply every migration that the database lacks.
func (g *Graph) All(applied Applied) []Step {
	return missing(g.Nodes, applied)
}

// To returns the steps that take an app to a migration: forward with everything it depends on, or backward by undoing what
// came after it. The name "zero" undoes all; "" is the app's last migration. A name may be shortened to a unique beginning.
func (g *Graph) To(app, name string, applied Applied) ([]Step, error) {
	if err := g.CheckApp(app); err != nil {
		return nil, err
	}
	switch name {
	case "":
		var nodes []*Node
		for _, leaf := range g.Leaves(app) {
			nodes = append(nodes, g.closure(leaf, func(n *Node) []*Node { return n.Parents })...)
		}
		return missing(g.inOrder(nodes), applied), nil
	case "zero":
		return g.undo(g.App(app), applied), nil
	}
	target, err := g.Find(app, name)
	if err != nil {
		return nil, err
	}
	if !target.In(applied) {
		return missing(g.closure(target, func(n *Node) []*Node { return n.Parents }), applied), nil
	}
	var after []*Node // the app's own migrations that depend on the target; other apps keep theirs
	for _, n := range g.closure(target, func(n *Node) []*Node { return n.children }) {
		if n != target && n.App == app {
			after = append(after, n)
		}
	}
	return g.undo(after, applied), nil
}

func missing(nodes []*Node, applied Applied) []Step {
	var steps []Step
	for _, n := range nodes {
		if !n.elsewhere && !n.In(applied) {
			steps = append(steps, Step{Node: n})
		}
	}
	return steps
}

// undo returns the steps that undo nodes and all that depend on them, the last first.
func (g *Graph) undo(nodes []*Node, applied Applied) []Step {
	var all []*Node
	for _, n := range nodes {
		all = append(all, g.closure(n, func(n *Node) []*Node { return n.children })...)
	}
	var steps []Step
	for _, n := range slices.Backward(g.inOrder(all)) {
		if n.In(applied) {
			steps = append(steps, Step{Node: n, Backward: true})
		}
	}
	return steps
}

func (g *Graph) inOrder(nodes []*Node) []*Node {
	nodes = slices.Clone(nodes)
	slices.SortFunc(nodes, func(a, b *Node) int { return a.index - b.index })
	return slices.Compact(nodes)
}

// Unknown lists migrations that the database has and the project lacks, such as those of a removed app.
func (g *Graph) Unknown(applied Applied) []Key {
	var list []Key
	for key := range applied {
		if g.byKey[key] == nil {
			list = append(list, key)
		}
	}
	slices.SortFunc(list, func(a, b Key) int {
		return slices.Compare([]string{a.App, a.Name}, []string{b.App, b.Name})
	})
	return list
}

// Edited lists the applied migrations whose operations have changed since.
func (g *Graph) Edited(applied Applied) []*Node {
	var list []*Node
	for _, n := range g.Nodes {
		if r, ok := applied[n.Key()]; ok && r.Hash != "" && r.Hash != n.Migration.Hash() {
			list = append(list, n)
		}
	}
	return list
}

// Gaps returns an error for an applied migration that depends on one that is not applied.
func (g *Graph) Gaps(applied Applied) error {
	for _, n := range g.Nodes {
		if !n.In(applied) {
			continue
		}
		for _, p := range n.Parents {
			if !p.elsewhere && !p.In(applied) {
				return fmt.Errorf("the database has %s, but not %s, which it depends on; if its tables are right, run migrate --fake %s %s",
					n, p, p.App, p.Migration.Name)
			}
		}
	}
	return nil
}
