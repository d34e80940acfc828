package dynamic

import (
	"slices"

	"github.com/quintetgo/quintet/orm/internal/compile"
)

// Case is a value that depends on conditions: that of the first condition that holds. Create one with [When].
type Case struct{ cases []compile.Case }

// When returns a value, a constant or an [Annotation], for the rows for which a condition holds.
func When(cond Condition, v any) Case { return Case{}.When(cond, v) }

// When adds a condition, and the value for rows for which it is the first to hold.
func (c Case) When(cond Condition, v any) Case {
	return Case{append(slices.Clip(c.cases), compile.Case{When: cond.node, Then: expressionOf(v)})}
}

// Else returns the expression whose value is v where no condition holds.
func (c Case) Else(v any) Expression {
	return Expression{compile.Choice(c.cases, expressionOf(v))}
}

// Compiled returns the expression as the packages below this one take it; it is NULL where no condition holds. Its type is
// internal to this module.
func (c Case) Compiled() *compile.Expr { return compile.Choice(c.cases, nil) }

// Bool returns whether a condition holds as a value, which is never NULL: Bool(Exists(q)).
func Bool(cond Condition) Expression {
	return Expression{&compile.Expr{Kind: compile.Holds, Where: []compile.Node{cond.node}}}
}

// Scalar returns the value of a query's first row, NULL if it selects none. The value is a path or an [Annotation]. Inside
// the query, [OuterRef] refers to fields of the outer one.
func Scalar(q Subquery, value any) Expression {
	e, isExpression := operand(value).(*compile.Expr)
	if path, isPath := value.(string); isPath {
		e, isExpression = F(path).expr, true
	}
	if !isExpression {
		e = compile.Constant(value)
	}
	return Expression{&compile.Expr{Kind: compile.Scalar, Query: q.Compiled().Select, Left: e}}
}

// expressionOf returns the expression of a constant or an annotation.
func expressionOf(v any) *compile.Expr {
	if e, ok := operand(v).(*compile.Expr); ok {
		return e
	}
	return compile.Constant(v)
}
