package compile

import (
	"slices"

	"github.com/quintetgo/quintet/orm/internal/operand"
)

// Numbered returns a copy of the query with numbered conditions, so that the arguments of its statement can be replaced by those
// of another query of the same shape. See [Statement.Reusable].
func (q *Query) Numbered() *Query {
	numbered, _ := q.numbered()
	return numbered
}

// NumberedSets is Numbered for an update.
func (q *Query) NumberedSets(sets []Set) (*Query, []Set) {
	numbered, last := q.numbered()
	sets = slices.Clone(sets)
	for i := range sets {
		sets[i].number = last + 1 + i
	}
	return numbered, sets
}

func (q *Query) numbered() (*Query, int) {
	numbered := *q
	last := 0
	numbered.Where = numberNodes(q.Where, &last)
	return &numbered, last
}

func numberNodes(nodes []Node, last *int) []Node {
	nodes = slices.Clone(nodes)
	for i := range nodes {
		if nodes[i].Op == Lookup {
			*last++
			nodes[i].number = *last
		}
		nodes[i].Nodes = numberNodes(nodes[i].Nodes, last)
	}
	return nodes
}

// bindFrom binds a value of a numbered condition, or an element of its list; element is -1 if it is no list.
func (c *compiler) bindFrom(k *comparison, element int, bound any) {
	if k.number > 0 {
		c.sources = append(c.sources, source{
			arg: c.Bound(), number: k.number, element: element, binder: operand.NewBinder(k.Target, false),
		})
	}
	c.Bind(bound)
}

// limit writes the limit and the offset of the query.
func (c *compiler) limit(q *Query) {
	before := c.Bound()
	c.Limit(q.Limit, q.Offset)
	if c.Bound() > before && len(c.roots) == 1 {
		c.sources = append(c.sources, source{arg: before, number: offsetNumber})
	}
}

// Unbind removes all arguments but the first n.
func (c *compiler) Unbind(n int) {
	c.Writer.Unbind(n)
	c.sources = slices.DeleteFunc(c.sources, func(s source) bool { return s.arg >= n })
}

// reusable returns the sources of all arguments, and whether the statement can be used for other values: each argument has a
// source, and each condition whose value is not part of the shape is one.
func (c *compiler) reusable() ([]source, bool) {
	if len(c.sources) != c.Bound() {
		return nil, false
	}
	for i, s := range c.sources {
		if s.arg != i {
			return nil, false
		}
	}
	return c.sources, c.bindsAll(c.roots[0].query.Where)
}

func (c *compiler) bindsAll(nodes []Node) bool {
	return !slices.ContainsFunc(nodes, func(n Node) bool {
		if n.Op != Lookup {
			return !c.bindsAll(n.Nodes)
		}
		if _, isBool := n.Value.(bool); isBool || n.Value == nil {
			return n.number == 0
		}
		return !slices.ContainsFunc(c.sources, func(s source) bool { return s.number == n.number })
	})
}
