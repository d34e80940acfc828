package dynamic

import (
	"context"

	"github.com/quintetgo/quintet/orm/internal/compile"
)

// Condition is a condition on the rows of a query: a lookup, a combination of conditions, or one that a generated column
// returns. Conditions are values: combining them changes none of them. The zero value is always true.
type Condition struct{ node compile.Node }

// Is returns the condition that a lookup holds: Is("author__name__icontains", "x"). The value may be an [Expression] or,
// with the lookup "in", a query.
func Is(lookup string, value any) Condition {
	return Condition{compile.Node{Op: compile.Lookup, Path: lookup, Value: operand(value)}}
}

// And returns the condition that all conditions hold. Those across the same relation to many objects hold for the same
// related object. And of nothing is true.
func And(conds ...Condition) Condition { return Condition{combine(compile.And, conds)} }

// Or returns the condition that at least one condition holds. Or of nothing is false.
func Or(conds ...Condition) Condition { return Condition{combine(compile.Or, conds)} }

// Xor returns the condition that an odd number of conditions hold: of two, exactly one. Each refers to related objects of its
// own, as with Not. Xor of nothing is false.
func Xor(conds ...Condition) Condition { return Condition{combine(compile.Xor, conds)} }

// Not returns the condition that the conditions do not all hold. A comparison with NULL does not hold, so Not of it is true.
func Not(conds ...Condition) Condition { return Condition{combine(compile.Not, conds)} }

// Exists returns the condition that a query selects a row. Inside that query, [OuterRef] refers to fields of the outer one.
func Exists(q Subquery) Condition {
	return Condition{compile.Node{Op: compile.Exists, Query: q.Compiled().Select}}
}

// And returns the condition that c and all others hold.
func (c Condition) And(others ...Condition) Condition {
	return And(append([]Condition{c}, others...)...)
}

// Or returns the condition that c or at least one of the others holds.
func (c Condition) Or(others ...Condition) Condition {
	return Or(append([]Condition{c}, others...)...)
}

// Xor returns the condition that an odd number of c and the others hold.
func (c Condition) Xor(others ...Condition) Condition {
	return Xor(append([]Condition{c}, others...)...)
}

// Not returns the condition that c does not hold.
func (c Condition) Not() Condition { return Not(c) }

// Resolve returns the condition itself, so that it can restrict the choices of a relation and be a check of a model; see
// [schema.Condition]. The error is always nil.
func (c Condition) Resolve(context.Context) (any, error) { return c.node, nil }

// ConditionFunc computes a condition for a context, such as that of a request. It implements [schema.Condition].
type ConditionFunc func(ctx context.Context) (Condition, error)

// Resolve calls fn.
func (fn ConditionFunc) Resolve(ctx context.Context) (any, error) {
	c, err := fn(ctx)
	return c.node, err
}

// Compiled returns the condition as the packages below this one take it. Its type is internal to this module.
func (c Condition) Compiled() compile.Node { return c.node }

// NewCondition returns a condition of its internal form, for the generated columns of package orm.
func NewCondition(node compile.Node) Condition { return Condition{node} }

func combine(op compile.Op, conds []Condition) compile.Node {
	n := compile.Node{Op: op, Nodes: make([]compile.Node, len(conds))}
	for i, c := range conds {
		n.Nodes[i] = c.node
	}
	return n
}

// operand returns a value of a lookup, an assignment or an expression as package compile takes it.
func operand(v any) any {
	switch v := v.(type) {
	case Annotation:
		return v.Compiled()
	case Subquery:
		return v.Compiled().Select
	}
	return v
}
