package columns

import (
	"github.com/quintetgo/quintet/orm/dynamic"
	"github.com/quintetgo/quintet/orm/internal/compile"
)

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

// Default returns v instead of NULL over no rows.
//
//go:noinline
func (a AggregateExpr[V]) Default(v V) AggregateExpr[V] {
	return AggregateExpr[V]{a.expr.Defaulting(compile.Constant(v))}
}

// OrderBy sorts the rows before they are joined by StringAgg. Other aggregates have no order. With Distinct, the values
// themselves are all that can be sorted by.
//
//go:noinline
func (a AggregateExpr[V]) OrderBy(orders ...dynamic.Order) AggregateExpr[V] {
	return AggregateExpr[V]{a.expr.Ordered(dynamic.Terms(orders))}
}

// Over returns the aggregate over the rows of a window, a value of each row.
//
//go:noinline
func (a AggregateExpr[V]) Over(w dynamic.Window) Expr[V] { return Expr[V]{w.Apply(a.expr)} }

// Expr returns the aggregate as an expression, for conditions, orders, arithmetic and functions.
//
//go:noinline
func (a AggregateExpr[V]) Expr() Expr[V] { return Expr[V](a) }

// Compiled returns the aggregate as package compile takes it. Its type is internal to this module.
//
//go:noinline
func (a AggregateExpr[V]) Compiled() *compile.Expr { return a.expr }

func aggregateOf(e *compile.Expr, function string) *compile.Expr {
	return &compile.Expr{Kind: compile.Aggregate, Func: function, Left: e}
}

// Count counts the values of several rows that are not NULL.
//
//go:noinline
func (e Expr[V]) Count() AggregateExpr[int64] {
	return AggregateExpr[int64]{aggregateOf(e.expr, "count")}
}

// Min returns the least value of several rows.
//
//go:noinline
func (e Expr[V]) Min() AggregateExpr[V] { return AggregateExpr[V]{aggregateOf(e.expr, "min")} }

// Max returns the greatest value of several rows.
//
//go:noinline
func (e Expr[V]) Max() AggregateExpr[V] { return AggregateExpr[V]{aggregateOf(e.expr, "max")} }

// Sum returns the sum of the values of several rows.
//
//go:noinline
func (e Expr[V]) Sum() AggregateExpr[V] { return AggregateExpr[V]{aggregateOf(e.expr, "sum")} }

// Avg returns the mean of the values of several rows.
//
//go:noinline
func (e Expr[V]) Avg() AggregateExpr[float64] {
	return AggregateExpr[float64]{aggregateOf(e.expr, "avg")}
}

// AnyValue returns a value of several rows that is not NULL, no matter which.
//
//go:noinline
func (e Expr[V]) AnyValue() AggregateExpr[V] {
	return AggregateExpr[V]{aggregateOf(e.expr, "any_value")}
}

// StdDev returns the standard deviation of the values of several rows, as of a whole population.
//
//go:noinline
func (e Expr[V]) StdDev() AggregateExpr[float64] {
	return AggregateExpr[float64]{aggregateOf(e.expr, "std_dev")}
}

// Variance returns the variance of the values of several rows, as of a whole population.
//
//go:noinline
func (e Expr[V]) Variance() AggregateExpr[float64] {
	return AggregateExpr[float64]{aggregateOf(e.expr, "variance")}
}
