package compile

import (
	"fmt"
	"slices"
	"strings"

	"github.com/quintetgo/quintet/orm/schema"
)

// ParseOrder returns the path and the direction of "-created_at". The path "?" is a random order.
func ParseOrder(name string) Order {
	if path, desc := strings.CutPrefix(name, "-"); desc {
		return Order{Path: path, Desc: true}
	}
	return Order{Path: strings.TrimPrefix(name, "+")}
}

// orderBy writes the ORDER BY clause, if there is anything to order by.
func (c *compiler) orderBy(orders []Order, s *scope) error {
	first := true
	for _, o := range orders {
		if err := c.order(o, nil, s, &first, 0); err != nil {
			return err
		}
	}
	return nil
}

// order writes one term. A relation is replaced by the default ordering of its model.
func (c *compiler) order(o Order, prefix []string, s *scope, first *bool, depth int) error {
	q := c.root().query
	if err := CheckRoot(q.Model, o.Root, o.Path); err != nil {
		return err
	}
	text := strings.Join(append(prefix[:len(prefix):len(prefix)], o.Path), "__")
	if o.Expr != nil {
		return c.orderExpr(o.Expr, o, s, first)
	}
	if o.Path == "?" {
		c.nextTerm(first)
		c.RandomOrder()
		return nil
	}
	if len(prefix) == 0 {
		if annotation, rest := q.annotation(text); annotation != nil && rest == schema.Exact {
			if n := slices.Index(c.selected, text); n >= 0 && q.Groups != nil && o.Nulls == NullsAnywhere && len(c.roots) == 1 {
				return c.orderTerm(func() error { c.Int(n + 1); return nil }, o, first) // see groupBy
			}
			return c.orderExpr(&Expr{Kind: Ref, Path: text}, o, s, first)
		}
	}
	if f, plain := q.filtered(text); f != nil {
		return c.orderFiltered(o, plain, f, s, first)
	}
	path, steps, err := plainPath(q.Model, text)
	if err != nil {
		return err
	}
	if q.Groups != nil && !s.many && !c.perRow && !q.groupsBy(path) {
		return lookupError(q.Model, text, text, "groups have no order by %q: order by what they are grouped by, or by an annotation", text)
	}
	base, remaining := s.enclosing(steps)
	if base.firstMany(remaining) >= 0 {
		function := "min"
		if o.Desc {
			function = "max"
		}
		return c.orderExpr(&Expr{Kind: Aggregate, Func: function, Path: text}, o, s, first)
	}
	if to := relatedModel(path); to != nil && len(to.Ordering) > 0 && q.Groups == nil {
		if depth > 5 {
			return fmt.Errorf("orm: %s: the default orderings of related models form a circle at %q", q.Model.Name, text)
		}
		for _, name := range to.Ordering {
			inner := ParseOrder(name)
			inner.Desc, inner.Nulls = inner.Desc != o.Desc, o.Nulls
			if err := c.order(inner, append(prefix[:len(prefix):len(prefix)], o.Path), s, first, depth+1); err != nil {
				return err
			}
		}
		return nil
	}
	if len(path.Transforms) > 0 || len(path.Keys) > 0 {
		return c.orderExpr(&Expr{Kind: Ref, Path: text}, o, s, first)
	}
	at := base.columnOf(c, remaining, path.Field)
	return c.orderTerm(func() error { c.Column(at.alias, at.column); return nil }, o, first)
}

// groupsBy reports whether the query is grouped by the value that a path leads to.
func (q *Query) groupsBy(path *schema.Path) bool {
	return slices.ContainsFunc(q.Groups, func(text string) bool {
		group, err := q.Model.Resolve(text)
		return err == nil && group.Field == path.Field && slices.Equal(group.Steps, path.Steps) &&
			slices.Equal(group.Transforms, path.Transforms) && slices.Equal(group.Keys, path.Keys)
	})
}

// relatedModel returns the model whose default ordering a path to one object is ordered by, or nil.
func relatedModel(path *schema.Path) *schema.Model {
	if !path.Relation {
		return nil
	}
	if path.Field.Relation != nil {
		return path.Field.Relation.To
	}
	if n := len(path.Steps); n > 0 {
		return path.Steps[n-1].To()
	}
	return nil
}

// orderFiltered orders by a value of a filtered relation: of several rows, the least one or, descending, the greatest.
func (c *compiler) orderFiltered(o Order, path string, f *FilteredRelation, s *scope, first *bool) error {
	resolved, _, err := plainPath(c.root().query.Model, path)
	if err != nil {
		return err
	}
	if !resolved.ToMany() {
		return c.orderExpr(&Expr{Kind: Ref, Path: o.Path}, o, s, first)
	}
	function := "min"
	if o.Desc {
		function = "max"
	}
	return c.orderExpr(&Expr{Kind: Aggregate, Func: function, Path: path, Where: f.Where}, o, s, first)
}

func (c *compiler) orderExpr(e *Expr, o Order, s *scope, first *bool) error {
	return c.orderTerm(func() error { _, _, err := c.expression(e, s); return err }, o, first)
}

func (c *compiler) orderTerm(value func() error, o Order, first *bool) error {
	c.nextTerm(first)
	if o.Nulls != NullsAnywhere {
		return c.OrderNulls(value, o.Desc, o.Nulls == NullsFirst)
	}
	if err := value(); err != nil {
		return err
	}
	if o.Desc {
		c.Text(" DESC")
	}
	return nil
}

// nextTerm writes what is before a term.
func (c *compiler) nextTerm(first *bool) {
	if *first {
		c.Text(" ORDER BY ")
	} else {
		c.Text(", ")
	}
	*first = false
}
