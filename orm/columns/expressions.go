package columns

import (
	"github.com/quintetgo/quintet/orm/dynamic"
	"github.com/quintetgo/quintet/orm/internal/compile"
	"github.com/quintetgo/quintet/orm/schema"
)

// Expr is a value of type V that the database computes from the columns of a row. Columns return it: Posts.Views.Expr(),
// Posts.Views.Add(1). So do the functions of package functions.
type Expr[V any] struct{ expr *compile.Expr }

// NewExpr returns an expression of its internal form.
//
//go:noinline
func NewExpr[V any](e *compile.Expr) Expr[V] { return Expr[V]{e} }

// compared returns the condition that a lookup of an expression holds.
func compared(e *compile.Expr, lookup string, v any, negate bool) dynamic.Condition {
	return dynamic.NewCondition(compile.Node{Op: compile.Lookup, Left: e, Path: lookup, Value: v, Negate: negate})
}

// Expr returns e.
//
//go:noinline
func (e Expr[V]) Expr() Expr[V] { return e }

// Compiled returns the expression as package compile takes it. Its type is internal to this module.
//
//go:noinline
func (e Expr[V]) Compiled() *compile.Expr { return e.expr }

// Eq returns the condition that the value is v.
//
//go:noinline
func (e Expr[V]) Eq(v V) dynamic.Condition { return compared(e.expr, schema.Exact, v, false) }

// Ne returns the condition that the value is not v, NULL included.
//
//go:noinline
func (e Expr[V]) Ne(v V) dynamic.Condition { return compared(e.expr, schema.Exact, v, true) }

// In returns the condition that the value is one of vs.
//
//go:noinline
func (e Expr[V]) In(vs ...V) dynamic.Condition { return compared(e.expr, schema.In, vs, false) }

// NotIn returns the condition that the value is none of vs, NULL included.
//
//go:noinline
func (e Expr[V]) NotIn(vs ...V) dynamic.Condition { return compared(e.expr, schema.In, vs, true) }

// Gt returns the condition that the value is greater than v.
//
//go:noinline
func (e Expr[V]) Gt(v V) dynamic.Condition { return compared(e.expr, schema.Gt, v, false) }

// Gte returns the condition that the value is v or greater.
//
//go:noinline
func (e Expr[V]) Gte(v V) dynamic.Condition { return compared(e.expr, schema.Gte, v, false) }

// Lt returns the condition that the value is less than v.
//
//go:noinline
func (e Expr[V]) Lt(v V) dynamic.Condition { return compared(e.expr, schema.Lt, v, false) }

// Lte returns the condition that the value is v or less.
//
//go:noinline
func (e Expr[V]) Lte(v V) dynamic.Condition { return compared(e.expr, schema.Lte, v, false) }

// Between returns the condition that the value is low, high or between them.
//
//go:noinline
func (e Expr[V]) Between(low, high V) dynamic.Condition {
	return compared(e.expr, schema.Range, []V{low, high}, false)
}

// IsNull returns the condition that the value is NULL or, with false, is not.
//
//go:noinline
func (e Expr[V]) IsNull(null bool) dynamic.Condition {
	return compared(e.expr, schema.IsNull, null, false)
}

// EqExpr returns the condition that the value equals that of another expression.
//
//go:noinline
func (e Expr[V]) EqExpr(other Operand[V]) dynamic.Condition {
	return compared(e.expr, schema.Exact, other.Expr().expr, false)
}

// NeExpr returns the condition that the value differs from that of another expression.
//
//go:noinline
func (e Expr[V]) NeExpr(other Operand[V]) dynamic.Condition {
	return compared(e.expr, schema.Exact, other.Expr().expr, true)
}

// GtExpr returns the condition that the value is greater than that of another expression.
//
//go:noinline
func (e Expr[V]) GtExpr(other Operand[V]) dynamic.Condition {
	return compared(e.expr, schema.Gt, other.Expr().expr, false)
}

// GteExpr returns the condition that the value is that of another expression or greater.
//
//go:noinline
func (e Expr[V]) GteExpr(other Operand[V]) dynamic.Condition {
	return compared(e.expr, schema.Gte, other.Expr().expr, false)
}

// LtExpr returns the condition that the value is less than that of another expression.
//
//go:noinline
func (e Expr[V]) LtExpr(other Operand[V]) dynamic.Condition {
	return compared(e.expr, schema.Lt, other.Expr().expr, false)
}

// LteExpr returns the condition that the value is that of another expression or less.
//
//go:noinline
func (e Expr[V]) LteExpr(other Operand[V]) dynamic.Condition {
	return compared(e.expr, schema.Lte, other.Expr().expr, false)
}

// Asc sorts by the value, ascending.
//
//go:noinline
func (e Expr[V]) Asc() dynamic.Order { return dynamic.NewOrder(compile.Order{Expr: e.expr}) }

// Desc sorts by the value, descending.
//
//go:noinline
func (e Expr[V]) Desc() dynamic.Order {
	return dynamic.NewOrder(compile.Order{Expr: e.expr, Desc: true})
}

// Add returns the sum of e and v.
//
//go:noinline
func (e Expr[V]) Add(v V) Expr[V] {
	return Expr[V]{compile.Operation(e.expr, "+", compile.Constant(v))}
}

// Sub returns the difference of e and v.
//
//go:noinline
func (e Expr[V]) Sub(v V) Expr[V] {
	return Expr[V]{compile.Operation(e.expr, "-", compile.Constant(v))}
}

// Mul returns the product of e and v.
//
//go:noinline
func (e Expr[V]) Mul(v V) Expr[V] {
	return Expr[V]{compile.Operation(e.expr, "*", compile.Constant(v))}
}

// Div returns the quotient of e and v. Two integers are divided as integers, as in SQL.
//
//go:noinline
func (e Expr[V]) Div(v V) Expr[V] {
	return Expr[V]{compile.Operation(e.expr, "/", compile.Constant(v))}
}

// AddExpr returns the sum of e and other.
//
//go:noinline
func (e Expr[V]) AddExpr(other Operand[V]) Expr[V] {
	return Expr[V]{compile.Operation(e.expr, "+", other.Expr().expr)}
}

// SubExpr returns the difference of e and other.
//
//go:noinline
func (e Expr[V]) SubExpr(other Operand[V]) Expr[V] {
	return Expr[V]{compile.Operation(e.expr, "-", other.Expr().expr)}
}

// MulExpr returns the product of e and other.
//
//go:noinline
func (e Expr[V]) MulExpr(other Operand[V]) Expr[V] {
	return Expr[V]{compile.Operation(e.expr, "*", other.Expr().expr)}
}

// DivExpr returns the quotient of e and other.
//
//go:noinline
func (e Expr[V]) DivExpr(other Operand[V]) Expr[V] {
	return Expr[V]{compile.Operation(e.expr, "/", other.Expr().expr)}
}
