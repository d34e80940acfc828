package compile

import (
	"fmt"
	"slices"
	"strings"

	"github.com/quintetgo/quintet/orm/schema"
)

// condition is a Node whose lookups are resolved.
type condition struct {
	op     Op
	leaf   *leaf
	nodes  []condition
	exists *Query
	tie    tie
}

// leaf is a resolved lookup.
type leaf struct {
	path   *schema.Path
	steps  []schema.Step // with single foreign keys
	note   *Annotation   // instead of path
	lookup string        // with note
	value  any
	negate bool
}

// absent reports whether the leaf asks that there be no related row: "comments__isnull" true.
func (l *leaf) absent() bool {
	yes, isBool := l.value.(bool)
	if l.path == nil || !l.path.Relation || l.path.Lookup != schema.IsNull || !l.path.ToMany() {
		return false
	}
	last := l.path.Steps[len(l.path.Steps)-1]
	return l.path.Field == last.To().PK && isBool && yes != l.negate
}

func (c *compiler) resolve(q *Query, n Node) (condition, error) {
	out := condition{op: n.Op, exists: n.Query}
	if n.Op == tiedTo {
		out.tie, _ = n.Value.(tie)
		return out, nil
	}
	if n.Op == Lookup {
		l, err := c.resolveLeaf(q, n)
		out.leaf = l
		return out, err
	}
	if err := c.resolveAll(q, n, &out.nodes); err != nil {
		return out, err
	}
	if len(out.nodes) != 1 {
		return out, nil
	}
	switch only := out.nodes[0]; {
	case n.Op == And || n.Op == Or:
		return only, nil
	case n.Op == Not && only.op == Not && len(only.nodes) == 1 && only.nodes[0].op == Not:
		return only.nodes[0], nil // a Not is never NULL, so that three are one
	}
	return out, nil
}

// resolveAll resolves the conditions inside a node. An And in an And and an Or in an Or are one, however deep.
func (c *compiler) resolveAll(q *Query, n Node, into *[]condition) error {
	for _, inner := range n.Nodes {
		if inner.Op == n.Op && (n.Op == And || n.Op == Or) {
			if err := c.resolveAll(q, inner, into); err != nil {
				return err
			}
			continue
		}
		r, err := c.resolve(q, inner)
		if err != nil {
			return err
		}
		if r.op == n.Op && (n.Op == And || n.Op == Or) {
			*into = append(*into, r.nodes...)
		} else {
			*into = append(*into, r)
		}
	}
	return nil
}

// wholeKey refuses to compare a primary key of several columns with one value: other rows have the same in its first column.
func wholeKey(m *schema.Model, path *schema.Path) error {
	at := path.Field.Model
	if at == nil || len(at.PrimaryKeys) < 2 || path.Field != at.PK || path.Lookup == schema.IsNull {
		return nil
	}
	parts := strings.Split(strings.TrimSuffix(path.Text, "__"+path.Lookup), "__")
	last := parts[len(parts)-1]
	rows := path.Relation && len(path.Steps) > 0 && last == path.Steps[len(path.Steps)-1].Name() // rows of a relation by their key
	if last != "pk" && !rows {
		return nil
	}
	names := make([]string, len(at.PrimaryKeys))
	for i, key := range at.PrimaryKeys {
		names[i] = key.Name
	}
	return &schema.LookupError{
		Model: m, Path: path.Text, Part: path.Text,
		Problem: fmt.Sprintf("the primary key of %s has %d columns: compare each by its name, %s", at, len(names), strings.Join(names, " and ")),
	}
}

func (c *compiler) resolveLeaf(q *Query, n Node) (*leaf, error) {
	if err := CheckRoot(q.Model, n.Root, n.Path); err != nil {
		return nil, err
	}
	l := &leaf{value: n.Value, negate: n.Negate}
	note, lookup, err := q.annotation(n.Path)
	if err != nil {
		return nil, err
	}
	if note != nil {
		l.note, l.lookup = note, lookup
		return l, nil
	}
	path, err := resolvePath(q.Model, n.Path)
	if err != nil {
		return nil, err
	}
	if err := wholeKey(q.Model, path); err != nil {
		return nil, err
	}
	l.path, l.steps = path, single(path.Steps)
	if path.Lookup == schema.IsNull {
		want, err := boolValue(dereference(n.Value))
		if err != nil {
			return nil, &schema.LookupError{
				Model: q.Model, Path: n.Path, Part: path.Lookup, Problem: "isnull wants true or false, not " + shown(n.Value),
			}
		}
		l.value = want
	}
	return l, nil
}

// mentions reports whether a condition speaks of the row at the end of a to-many prefix. A Not speaks of none.
func mentions(cond condition, prefix []schema.Step) bool {
	switch cond.op {
	case Lookup:
		l := cond.leaf
		return len(l.steps) >= len(prefix) && len(prefix) > 0 && slices.Equal(l.steps[:len(prefix)], prefix) && !l.absent()
	case And, Or:
		return slices.ContainsFunc(cond.nodes, func(n condition) bool { return mentions(n, prefix) })
	}
	return false
}

// strict reports whether a condition cannot hold without a row at the end of the prefix.
func strict(cond condition, prefix []schema.Step) bool {
	holds := func(n condition) bool { return strict(n, prefix) }
	switch cond.op {
	case Lookup:
		return mentions(cond, prefix)
	case And:
		return slices.ContainsFunc(cond.nodes, holds)
	case Or:
		return len(cond.nodes) > 0 && !slices.ContainsFunc(cond.nodes, func(n condition) bool { return !holds(n) })
	}
	return false
}

// without is the condition where nothing is true of rows at the end of the prefix.
func without(cond condition, prefix []schema.Step) condition {
	if !mentions(cond, prefix) {
		return cond
	}
	if cond.op == Lookup {
		return condition{op: never}
	}
	out := condition{op: cond.op}
	for _, n := range cond.nodes {
		out.nodes = append(out.nodes, without(n, prefix))
	}
	return out
}

// firstPrefix finds a to-many prefix that the condition mentions and the scope cannot join, or nil.
func firstPrefix(cond condition, s *scope) []schema.Step {
	switch cond.op {
	case Lookup:
		if cond.leaf.absent() {
			return nil
		}
		at, rest := s.home(cond.leaf.steps)
		if i := at.firstMany(rest); i >= 0 {
			return cond.leaf.steps[:len(at.prefix)+i+1]
		}
	case And, Or:
		for _, n := range cond.nodes {
			if p := firstPrefix(n, s); p != nil {
				return p
			}
		}
	}
	return nil
}

// where writes a condition and answers whether its value may be NULL.
func (c *compiler) where(cond condition, s *scope) (null bool, err error) {
	switch cond.op {
	case And:
		return c.and(cond.nodes, s)
	case Or:
		return c.or(cond.nodes, s)
	case Not:
		return false, c.not(cond.nodes, s)
	case Lookup:
		return c.leaf(cond.leaf, s)
	case Exists:
		return false, c.existsQuery(cond.exists)
	case tiedTo:
		c.tied(cond.tie)
		return false, nil
	}
	c.Text("1 = 0")
	return false, nil
}

func (c *compiler) or(nodes []condition, s *scope) (null bool, err error) {
	if len(nodes) == 0 {
		c.Text("1 = 0")
		return false, nil
	}
	if len(nodes) == 1 {
		return c.where(nodes[0], s)
	}
	parts := make([]part, len(nodes))
	for i, n := range nodes {
		parts[i] = func() (bool, error) { return c.where(n, s) }
	}
	c.Text("(")
	null, err = c.balanced(" OR ", parts)
	c.Text(")")
	return null, err
}

// not writes a condition that is true where the inner one is false or NULL. It has nothing to do with the rows that an
// EXISTS around it speaks of.
func (c *compiler) not(nodes []condition, s *scope) error {
	for s.outer != nil && s.query == nil && !s.many {
		s = s.outer
	}
	var null bool
	text, err := c.Capture(func() (err error) {
		null, err = c.and(nodes, s)
		return err
	})
	if err != nil {
		return err
	}
	if null {
		c.Text("(")
		c.Put(text)
		c.Text(") IS NOT TRUE")
		return nil
	}
	c.Text("NOT (")
	c.Put(text)
	c.Text(")")
	return nil
}

// part writes one of several joined conditions and answers whether its value may be NULL.
type part func() (null bool, err error)

// flat is how many conditions are joined in a row. Databases bound the depth of an expression, SQLite to 1,000, and a AND b
// AND c is one deeper than a AND b; longer lists become a tree of brackets, whose depth grows with the logarithm.
const flat = 16

// balanced joins parts with AND or OR.
func (c *compiler) balanced(op string, parts []part) (null bool, err error) {
	if len(parts) <= flat {
		for i, write := range parts {
			if i > 0 {
				c.Text(op)
			}
			mayBeNull, err := write()
			if err != nil {
				return false, err
			}
			null = null || mayBeNull
		}
		return null, nil
	}
	half := len(parts) / 2
	for i, some := range [][]part{parts[:half], parts[half:]} {
		if i > 0 {
			c.Text(op)
		}
		c.Text("(")
		mayBeNull, err := c.balanced(op, some)
		if err != nil {
			return false, err
		}
		c.Text(")")
		null = null || mayBeNull
	}
	return null, nil
}

// maxNesting is how deep Not, And in Or, and queries in queries may be nested. SQLite's parser goes not much further.
const maxNesting = 60

// nest counts one more level, until unnest.
func (c *compiler) nest() error {
	if c.nesting++; c.nesting > maxNesting {
		return &schema.LookupError{
			Model: c.roots[0].query.Model, Problem: fmt.Sprintf("the conditions are nested more than %d levels deep; combine them side by side", maxNesting),
		}
	}
	return nil
}

func (c *compiler) unnest() { c.nesting-- }

// and writes conditions that must all hold.
func (c *compiler) and(nodes []condition, s *scope) (null bool, err error) {
	if len(nodes) == 0 {
		c.Text("1 = 1")
		return false, nil
	}
	if err := c.nest(); err != nil {
		return false, err
	}
	defer c.unnest()
	return c.balanced(" AND ", c.andParts(nodes, s))
}

// andParts sorts conditions into those that are written by themselves and those that speak of the same to-many relation,
// which go into one EXISTS.
func (c *compiler) andParts(nodes []condition, s *scope) []part {
	var parts []part
	taken := make([]bool, len(nodes))
	for i, n := range nodes {
		if taken[i] {
			continue
		}
		prefix := firstPrefix(n, s)
		if prefix == nil {
			parts = append(parts, func() (bool, error) { return c.where(n, s) })
			continue
		}
		same := []condition{n}
		for j := i + 1; j < len(nodes); j++ {
			if !taken[j] && mentions(nodes[j], prefix) {
				same, taken[j] = append(same, nodes[j]), true
			}
		}
		if len(same) == 1 && n.op != Lookup {
			parts = append(parts, func() (bool, error) { return c.where(n, s) })
			continue
		}
		parts = append(parts, func() (bool, error) { return c.exists(same, prefix, s) })
	}
	return parts
}

// exists writes that there is one row at the end of the prefix for which all conditions hold; or, where none of them
// needs it, that they hold without a row.
func (c *compiler) exists(nodes []condition, prefix []schema.Step, s *scope) (null bool, err error) {
	needed := slices.ContainsFunc(nodes, func(n condition) bool { return strict(n, prefix) })
	if !needed {
		c.Text("(")
	}
	if err := c.existsRow(nodes, prefix, s); err != nil {
		return false, err
	}
	if needed {
		return false, nil
	}
	c.Text(" OR ")
	bare := make([]condition, len(nodes))
	for i, n := range nodes {
		bare[i] = without(n, prefix)
	}
	null, err = c.and(bare, s)
	c.Text(")")
	return null, err
}

func (c *compiler) existsRow(nodes []condition, prefix []schema.Step, s *scope) error {
	home, rest := s.home(prefix)
	inner := c.enter(s, prefix)
	text, err := c.Capture(func() error {
		c.link(inner, home, rest)
		if len(nodes) == 0 {
			return nil
		}
		c.Text(" AND ")
		_, err := c.and(nodes, inner)
		return err
	})
	if err != nil {
		return err
	}
	c.Text("EXISTS (SELECT 1")
	inner.from(c)
	c.Text(" WHERE ")
	c.Put(text)
	c.Text(")")
	return nil
}
