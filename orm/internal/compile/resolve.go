package compile

import (
	"reflect"
	"slices"
	"strings"

	"github.com/quintetgo/quintet/orm/internal/operand"
	"github.com/quintetgo/quintet/orm/schema"
)

// condition is a Node whose lookups are resolved.
type condition struct {
	op      Op
	leaf    *leaf
	nodes   []condition
	exists  *Query
	through throughKey
}

// leaf is a resolved lookup.
type leaf struct {
	path     *schema.Path
	steps    []schema.Step // over one foreign key each
	name     string        // of an annotation, instead of path
	computed *Expr         // of an annotation, or an expression
	lookup   string        // of the expression, with transforms before it
	having   bool          // the value is that of a group
	value    any
	negate   bool
	number   int // of the condition; see Query.Numbered
}

// absent reports whether the lookup holds if there is no related row: "comments__isnull" with true.
func (l *leaf) absent() bool {
	yes, isBool := l.value.(bool)
	if l.path == nil || !l.path.Relation || l.path.Lookup != schema.IsNull || !l.path.ToMany() {
		return false
	}
	last := l.path.Steps[len(l.path.Steps)-1]
	return last.ToMany() && l.path.Field == last.To().PK && isBool && yes != l.negate
}

func (c *compiler) resolve(q *Query, n Node) (condition, error) {
	out := condition{op: n.Op, exists: n.Query}
	if n.Op == throughKeyIn {
		out.through, _ = n.Value.(throughKey)
		return out, nil
	}
	if n.Op == Lookup && n.Left == nil {
		if plain := q.unfiltered(n); plain.Op != Lookup {
			return c.resolve(q, plain)
		}
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
		return only.nodes[0], nil // a Not is not NULL, so three of them are one
	}
	return out, nil
}

// resolveAll resolves the conditions inside a node. Nested Ands become one And, and nested Ors one Or.
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

// requireSingleKey returns an error for a comparison of a primary key of several columns with one value, which several rows can share.
func requireSingleKey(m *schema.Model, path *schema.Path) error {
	at := path.Field.Model
	if at == nil || len(at.PrimaryKeys) < 2 || path.Field != at.PK || path.Lookup == schema.IsNull || path.Search != nil {
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
	return lookupError(m, path.Text, path.Text, "the primary key of %s has %d columns: compare each by its name, %s",
		at, len(names), strings.Join(names, " and "))
}

func (c *compiler) resolveLeaf(q *Query, n Node) (*leaf, error) {
	if err := CheckRoot(q.Model, n.Root, n.Path); err != nil {
		return nil, err
	}
	l := &leaf{value: n.Value, negate: n.Negate, number: n.number}
	if n.Left != nil {
		l.name, l.computed, l.lookup, l.having = "expression", n.Left, n.Path, q.Groups != nil && n.Left.aggregates(q)
		var err error
		l.steps, err = c.stepsOf(n.Left, c.root())
		return l, err
	}
	if annotation, rest := q.annotation(n.Path); annotation != nil {
		l.name, l.computed, l.lookup, l.having = annotation.Name, annotation.Expr, rest, q.Groups != nil
		return l, nil
	}
	path, err := resolvePath(q.Model, n.Path)
	if err != nil {
		return nil, err
	}
	if err := requireSingleKey(q.Model, path); err != nil {
		return nil, err
	}
	l.path, l.steps = path, expandThrough(path.Steps)
	if path.Lookup == schema.IsNull {
		want, err := operand.Bool(operand.Dereference(n.Value))
		if err != nil {
			return nil, &schema.LookupError{
				Model: q.Model, Path: n.Path, Part: path.Lookup, Problem: "isnull takes true or false, not " + operand.Describe(n.Value),
			}
		}
		l.value = want
	}
	return l, nil
}

// refersTo reports whether a condition refers to the row at the end of a prefix to many rows. A Not refers to none.
func refersTo(cond condition, prefix []schema.Step) bool {
	switch cond.op {
	case Lookup:
		l := cond.leaf
		return len(l.steps) >= len(prefix) && len(prefix) > 0 && slices.Equal(l.steps[:len(prefix)], prefix) && !l.absent()
	case And, Or:
		return slices.ContainsFunc(cond.nodes, func(n condition) bool { return refersTo(n, prefix) })
	}
	return false
}

// requiresRow reports whether a condition can hold only if there is a row at the end of the prefix.
func requiresRow(cond condition, prefix []schema.Step) bool {
	holds := func(n condition) bool { return requiresRow(n, prefix) }
	switch cond.op {
	case Lookup:
		return refersTo(cond, prefix)
	case And:
		return slices.ContainsFunc(cond.nodes, holds)
	case Or:
		return len(cond.nodes) > 0 && !slices.ContainsFunc(cond.nodes, func(n condition) bool { return !holds(n) })
	}
	return false
}

// withoutRow returns the condition for the case that there is no row at the end of the prefix.
func withoutRow(cond condition, prefix []schema.Step) condition {
	if !refersTo(cond, prefix) {
		return cond
	}
	if cond.op == Lookup {
		return condition{op: alwaysFalse}
	}
	out := condition{op: cond.op}
	for _, n := range cond.nodes {
		out.nodes = append(out.nodes, withoutRow(n, prefix))
	}
	return out
}

// firstPrefix returns a prefix to many rows that the condition refers to and the scope cannot join, or nil.
func firstPrefix(cond condition, s *scope) []schema.Step {
	switch cond.op {
	case Lookup:
		if cond.leaf.absent() {
			return nil
		}
		at, remaining := s.enclosing(cond.leaf.steps)
		if i := at.firstMany(remaining); i >= 0 {
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

// AtMostOne reports whether the conditions select one row or none, whatever the table contains: they compare a primary key, a
// unique field, or each field of a unique constraint with a value.
func (q *Query) AtMostOne() bool {
	if q.Source != nil { // which may have a row several times
		return false
	}
	rest := *q
	rest.Model, rest.Where, rest.Order, rest.Related, rest.Annotations = nil, nil, nil, nil, nil
	rest.Columns, rest.Lock, rest.Distinct, rest.Limit, rest.Offset, rest.None, rest.Err = Columns{}, nil, false, 0, 0, false, nil
	rest.Database, rest.Scoping, rest.Lifted = nil, nil, nil // default scopes only remove rows
	if !queryFields.AllIn(&rest) {                           // the rows may be others than those of the model's table
		return false
	}
	var buffer [8]*schema.Field
	fixed := fixedFields(q.Model, q.Where, buffer[:0])
	if len(fixed) == 0 {
		return false
	}
	if slices.ContainsFunc(fixed, func(f *schema.Field) bool { return f.Unique }) || containsAll(fixed, q.Model.PrimaryKeys) {
		return true
	}
	return slices.ContainsFunc(q.Model.Unique, func(u schema.Unique) bool {
		return u.Where == "" && !slices.ContainsFunc(u.Fields, func(name string) bool {
			return !slices.Contains(fixed, q.Model.Lookup(name))
		})
	})
}

// fixedFields appends the fields of the model that must equal one value for all conditions to hold.
func fixedFields(m *schema.Model, nodes []Node, into []*schema.Field) []*schema.Field {
	for _, n := range nodes {
		switch {
		case n.Op == And:
			into = fixedFields(m, n.Nodes, into)
		case n.Op == Lookup && !n.Negate && isValue(n.Value):
			f := m.Lookup(strings.TrimSuffix(n.Path, "__"+schema.Exact))
			if f != nil && f.Column != "" && f.Kind != schema.KindJSON && !f.Serialized() {
				into = append(into, f)
			}
		}
	}
	return into
}

// isValue reports whether a condition's value is certainly not NULL, and the same for every row.
func isValue(v any) bool {
	switch v.(type) {
	case nil, *Expr, *Query:
		return false
	}
	return reflect.TypeOf(v).Kind() != reflect.Pointer
}

func containsAll(fields, wanted []*schema.Field) bool {
	return len(wanted) > 0 && !slices.ContainsFunc(wanted, func(f *schema.Field) bool { return !slices.Contains(fields, f) })
}

// prefixes adds every prefix that firstPrefix could return.
func prefixes(cond condition, s *scope, list [][]schema.Step) [][]schema.Step {
	switch cond.op {
	case Lookup:
		if p := firstPrefix(cond, s); p != nil {
			list = append(list, p)
		}
	case And, Or:
		for _, n := range cond.nodes {
			list = prefixes(n, s, list)
		}
	}
	return list
}
