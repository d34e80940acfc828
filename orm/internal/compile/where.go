package compile

import (
	"slices"

	"github.com/quintetgo/quintet/orm/schema"
)

// where writes a condition. It returns whether its value may be NULL.
func (c *compiler) where(cond condition, s *scope) (null bool, err error) {
	switch cond.op {
	case And:
		return c.and(cond.nodes, s)
	case Or:
		return c.or(cond.nodes, s)
	case Not:
		return false, c.not(cond.nodes, s)
	case Xor:
		return false, c.xor(cond.nodes, s)
	case Lookup:
		return c.leaf(cond.leaf, s)
	case Exists:
		return false, c.existsQuery(cond.exists)
	case throughKeyIn:
		return false, c.throughKeyIn(cond.through, s)
	case firstRank:
		c.Column(s.alias, rankColumn)
		c.Text(" = 1")
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

// not writes a condition that is true if the inner one is false or NULL. It does not refer to the rows of an enclosing EXISTS.
func (c *compiler) not(nodes []condition, s *scope) error {
	s = s.ofQuery()
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

// xor writes a condition that is true if an odd number of the inner ones hold. Like Not, it does not refer to the rows of an
// enclosing EXISTS.
func (c *compiler) xor(nodes []condition, s *scope) error {
	s = s.ofQuery()
	if err := c.nest(); err != nil {
		return err
	}
	defer c.unnest()
	c.Text("(0")
	for _, n := range nodes {
		c.Text(" + CASE WHEN ")
		if _, err := c.and([]condition{n}, s); err != nil {
			return err
		}
		c.Text(" THEN 1 ELSE 0 END")
	}
	c.Text(") % 2 = 1")
	return nil
}

// ofQuery returns the scope around those of EXISTS: the one of the query, or of the aggregate, that the condition is in.
func (s *scope) ofQuery() *scope {
	for s.outer != nil && s.query == nil && !s.many {
		s = s.outer
	}
	return s
}

// part writes one of several joined conditions. It returns whether its value may be NULL.
type part func() (null bool, err error)

// maxFlat is how many conditions are joined without parentheses. Databases limit the depth of an expression, SQLite to 1,000,
// and each AND adds a level; parentheses make the depth of long lists logarithmic.
const maxFlat = 16

// balanced joins parts with AND or OR, as a balanced tree if there are many.
func (c *compiler) balanced(op string, parts []part) (null bool, err error) {
	if len(parts) <= maxFlat {
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

// maxNesting is how deep Not, And in Or, and queries in queries may be nested. The limit of SQLite's parser is not much higher.
const maxNesting = 60

// nest adds a level of nesting, until unnest. It returns an error if there are too many.
func (c *compiler) nest() error {
	if c.nesting++; c.nesting > maxNesting {
		return lookupError(c.roots[0].query.Model, "", "",
			"the conditions are nested more than %d levels deep; combine them side by side", maxNesting)
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

// andParts returns the parts of an And. Conditions that refer to the same relation to many rows are one part, with one EXISTS.
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
		taken[i] = true
		same := sharing(nodes, taken, []condition{n}, s)
		if len(same) == 1 && n.op != Lookup {
			parts = append(parts, func() (bool, error) { return c.where(n, s) })
			continue
		}
		parts = append(parts, func() (bool, error) { return c.exists(same, prefix, s) })
	}
	return parts
}

// sharing adds to some conditions those of the nodes not taken yet that refer to the same related rows, directly or through
// another one: an Or may refer to rows of several relations.
func sharing(nodes []condition, taken []bool, same []condition, s *scope) []condition {
	for i := 0; i < len(same); i++ {
		for _, prefix := range prefixes(same[i], s, nil) {
			for j, n := range nodes {
				if !taken[j] && refersTo(n, prefix) {
					same, taken[j] = append(same, n), true
				}
			}
		}
	}
	return same
}

// exists writes that all conditions hold for one row at the end of the prefix or, unless one of them requires a row, that they hold
// without a row.
func (c *compiler) exists(nodes []condition, prefix []schema.Step, s *scope) (null bool, err error) {
	needed := slices.ContainsFunc(nodes, func(n condition) bool { return requiresRow(n, prefix) })
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
		bare[i] = withoutRow(n, prefix)
	}
	null, err = c.and(bare, s)
	c.Text(")")
	return null, err
}

func (c *compiler) existsRow(nodes []condition, prefix []schema.Step, s *scope) error {
	base, remaining := s.enclosing(prefix)
	inner := c.innerScope(s, prefix)
	text, err := c.Capture(func() error {
		c.correlate(inner, base, remaining)
		scopes, err := c.relatedScopes(prefix, nodes)
		if err != nil {
			return err
		}
		if nodes = append(scopes, nodes...); len(nodes) == 0 {
			return nil
		}
		c.Text(" AND ")
		_, err = c.and(nodes, inner)
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
