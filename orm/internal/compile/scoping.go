package compile

import (
	"fmt"
	"slices"

	"github.com/quintetgo/quintet/orm/schema"
)

// Scoping returns the conditions that the default scopes of a model add to a query, but for those with the names in
// lifted.
type Scoping func(m *schema.Model, lifted []string) ([]Node, error)

// scoped returns the conditions of the default scopes of a model. steps lead from the model of the query that is being
// compiled to it.
func (c *compiler) scoped(m *schema.Model, steps []schema.Step, lifted []string) ([]condition, error) {
	if !m.IsScoped() {
		return nil, nil
	}
	if c.scoping == nil {
		return nil, fmt.Errorf("orm: a statement on %s was compiled without its default scopes", m)
	}
	nodes, err := c.scoping(m, lifted)
	if err != nil {
		return nil, err
	}
	c.scopes = append(c.scopes, nodes...)
	conditions := make([]condition, 0, len(nodes))
	plain := true
	for _, n := range nodes {
		cond, err := c.resolve(&Query{Model: m}, n)
		if err != nil {
			return nil, err
		}
		if cond.op != And || len(cond.nodes) > 0 { // a scope may have no condition in this context
			conditions, plain = append(conditions, cond), plain && isPlain(cond)
		}
	}
	if len(steps) == 0 {
		return conditions, nil
	}
	if !plain { // conditions that lead to other rows are those of a query on the model itself
		inner := Node{Op: Lookup, Path: "pk__" + schema.In, Value: &Query{Model: m, Lifted: lifted}}
		cond, err := c.resolve(&Query{Model: m}, inner)
		if err != nil {
			return nil, err
		}
		conditions = []condition{cond}
	}
	for i := range conditions {
		conditions[i] = prefixed(conditions[i], steps)
	}
	return conditions, nil
}

// isPlain reports whether a condition compares columns of the model's own table only.
func isPlain(cond condition) bool {
	switch cond.op {
	case Lookup:
		return cond.leaf.path != nil && len(cond.leaf.steps) == 0 && !isExpression(cond.leaf.value)
	case And, Or:
		return !slices.ContainsFunc(cond.nodes, func(n condition) bool { return !isPlain(n) })
	}
	return false
}

func isExpression(v any) bool {
	_, ok := v.(*Expr)
	return ok
}

// prefixed returns a condition on the model at the end of steps as one on the model at their beginning.
func prefixed(cond condition, steps []schema.Step) condition {
	if cond.leaf != nil {
		l := *cond.leaf
		l.steps = slices.Concat(steps, l.steps)
		cond.leaf = &l
	}
	if len(cond.nodes) > 0 {
		nodes := make([]condition, len(cond.nodes))
		for i, n := range cond.nodes {
			nodes[i] = prefixed(n, steps)
		}
		cond.nodes = nodes
	}
	return cond
}

// scopedEnds returns the numbers of leading steps after which default scopes apply: those that lead to many rows, and
// those to the target of a many-to-many relation. The target of a foreign key is always found, whatever its scopes.
func scopedEnds(path *schema.Path) []int {
	var ends []int
	at := 0
	for _, step := range path.Steps {
		if step.Relation.Kind == schema.KindManyToMany { // two steps, over the through table
			ends = append(ends, at+1, at+2)
			at += 2
			continue
		}
		at++
		if step.ToMany() {
			ends = append(ends, at)
		}
	}
	return ends
}

// relatedScopes returns the conditions of the default scopes that apply to the row at the end of prefix, and to the
// targets of many-to-many relations right behind it that conditions refer to.
func (c *compiler) relatedScopes(prefix []schema.Step, nodes []condition) ([]condition, error) {
	all, err := c.scoped(prefix[len(prefix)-1].To(), prefix, nil)
	if err != nil {
		return nil, err
	}
	for _, steps := range targetsBehind(prefix, nodes, nil) {
		more, err := c.scoped(steps[len(steps)-1].To(), steps, nil)
		if err != nil {
			return nil, err
		}
		all = append(all, more...)
	}
	return all, nil
}

// targetsBehind adds to found the steps to the targets of many-to-many relations whose through table is at the end of
// prefix, as conditions refer to them.
func targetsBehind(prefix []schema.Step, nodes []condition, found [][]schema.Step) [][]schema.Step {
	for _, n := range nodes {
		found = targetsBehind(prefix, n.nodes, found)
		l := n.leaf
		if l == nil || l.path == nil || len(l.steps) <= len(prefix) || !slices.Equal(l.steps[:len(prefix)], prefix) {
			continue
		}
		steps := l.steps[:len(prefix)+1]
		own := len(l.steps) - len(expandThrough(l.path.Steps)) // steps that prefixed has added
		isTarget := !steps[len(prefix)].ToMany() && slices.Contains(scopedEnds(l.path), len(steps)-own)
		known := slices.ContainsFunc(found, func(other []schema.Step) bool { return slices.Equal(other, steps) })
		if isTarget && !known {
			found = append(found, steps)
		}
	}
	return found
}

// aggregateScopes returns the conditions of the default scopes of all rows that an aggregate is over: of those at the end
// of the first `many` steps, and of those behind them that many-to-many and reverse relations lead to.
func (c *compiler) aggregateScopes(steps []schema.Step, many int) ([]condition, error) {
	var all []condition
	for end := many; end <= len(steps); end++ {
		if !steps[end-1].ToMany() && !isLinkTarget(steps[:end]) {
			continue
		}
		more, err := c.scoped(steps[end-1].To(), steps[:end], nil)
		if err != nil {
			return nil, err
		}
		all = append(all, more...)
	}
	return all, nil
}

// isLinkTarget reports whether the last of some steps leads from the through table of a many-to-many relation to its
// target.
func isLinkTarget(steps []schema.Step) bool {
	if len(steps) < 2 || !steps[len(steps)-2].Reverse {
		return false
	}
	through, near, far := steps[len(steps)-2].Relation.From, steps[len(steps)-2].Relation, steps[len(steps)-1].Relation
	links := func(r *schema.Relation) bool {
		return r.Kind == schema.KindManyToMany && r.Through == through &&
			(r.ThroughFrom.Relation == near && r.ThroughTo.Relation == far || r.ThroughTo.Relation == near && r.ThroughFrom.Relation == far)
	}
	return slices.ContainsFunc(near.To.Reverse, links) ||
		slices.ContainsFunc(near.To.ManyToMany, func(f *schema.Field) bool { return links(f.Relation) })
}

// throughScopes writes the conditions of the default scopes of a through model that is joined to a query's table under
// an alias. to is its foreign key to the query's model.
func (c *compiler) throughScopes(s *scope, alias string, to *schema.Field) error {
	prefix := []schema.Step{{Relation: to.Relation, Reverse: true}}
	conditions, err := c.scoped(to.Model, prefix, nil)
	if err != nil || len(conditions) == 0 {
		return err
	}
	inner := &scope{outer: s, table: to.Model.Table, alias: alias, prefix: prefix}
	c.Text(" AND ")
	if _, err := c.and(conditions, inner); err != nil {
		return err
	}
	if len(inner.joins) > 0 {
		return fmt.Errorf("orm: %s is a through model, and its default scopes cannot follow relations to one object", to.Model)
	}
	return nil
}
