package columns

import (
	"github.com/quintetgo/quintet/orm/dynamic"
	"github.com/quintetgo/quintet/orm/internal/compile"
)

// Expr is a value of type V that the database computes from the columns of a row. Columns return it: Posts.Views.Expr(),
// Posts.Views.Add(1).
type Expr[V any] struct{ expr *compile.Expr }

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
func (e Expr[V]) AddExpr(other Expr[V]) Expr[V] {
	return Expr[V]{compile.Operation(e.expr, "+", other.expr)}
}

// SubExpr returns the difference of e and other.
//
//go:noinline
func (e Expr[V]) SubExpr(other Expr[V]) Expr[V] {
	return Expr[V]{compile.Operation(e.expr, "-", other.expr)}
}

// MulExpr returns the product of e and other.
//
//go:noinline
func (e Expr[V]) MulExpr(other Expr[V]) Expr[V] {
	return Expr[V]{compile.Operation(e.expr, "*", other.expr)}
}

// DivExpr returns the quotient of e and other.
//
//go:noinline
func (e Expr[V]) DivExpr(other Expr[V]) Expr[V] {
	return Expr[V]{compile.Operation(e.expr, "/", other.expr)}
}

// Compiled returns the expression as the packages below this one take it. Its type is internal to this module.
//
//go:noinline
func (e Expr[V]) Compiled() *compile.Expr { return e.expr }

// AggregateExpr is a value of type V that the database computes over several rows. In Annotate these are the related rows of each row, or
// the rows of each group after GroupBy; in orm.Aggregate they are all rows of the query.
type AggregateExpr[V any] struct{ expr *compile.Expr }

// Distinct includes each value once.
//
//go:noinline
func (a AggregateExpr[V]) Distinct() AggregateExpr[V] {
	return AggregateExpr[V]{a.expr.Distinctly()}
}

// Where includes only rows for which all conditions hold. Their paths start at the query's model, as the aggregate's does.
//
//go:noinline
func (a AggregateExpr[V]) Where(conds ...dynamic.Condition) AggregateExpr[V] {
	return AggregateExpr[V]{a.expr.Filtered(dynamic.And(conds...).Compiled())}
}

// Compiled returns the aggregate as the packages below this one take it. Its type is internal to this module.
//
//go:noinline
func (a AggregateExpr[V]) Compiled() *compile.Expr { return a.expr }
