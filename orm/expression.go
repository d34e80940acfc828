package orm

import "github.com/quintetgo/quintet/orm/internal/compile"

// Expression is a value that the database computes, for lookups, Update and Annotate.
type Expression struct{ expr compile.Expr }

// F is the value of a field, by path: QL("views__gt", F("likes")), Update with F("views").Add(1).
func F(path string) Expression { return Expression{compile.Expr{Kind: compile.Ref, Path: path}} }

// OuterRef is a field of the query around this one, inside QExists or a query used as a value.
func OuterRef(path string) Expression {
	return Expression{compile.Expr{Kind: compile.OuterRef, Path: path}}
}

// Val is a constant in an expression.
func Val(v any) Expression { return Expression{compile.Expr{Kind: compile.Literal, Value: v}} }

// Add adds a number or another Expression.
func (e Expression) Add(v any) Expression { return Expression{binary(e.expr, "+", v)} }

// Sub subtracts a number or another Expression.
func (e Expression) Sub(v any) Expression { return Expression{binary(e.expr, "-", v)} }

// Mul multiplies by a number or another Expression.
func (e Expression) Mul(v any) Expression { return Expression{binary(e.expr, "*", v)} }

// Div divides by a number or another Expression. Whole numbers give a whole number, as in SQL; a decimal on either side
// gives a decimal.
func (e Expression) Div(v any) Expression { return Expression{binary(e.expr, "/", v)} }

// Mod is the remainder of a division, with the sign of the first number.
func (e Expression) Mod(v any) Expression { return Expression{binary(e.expr, "%", v)} }

func (e Expression) expression() compile.Expr { return e.expr }

func binary(left compile.Expr, op string, v any) compile.Expr {
	right, ok := unwrap(v).(compile.Expr)
	if !ok {
		right = compile.Expr{Kind: compile.Literal, Value: v}
	}
	return compile.Expr{Kind: compile.Binary, Op: op, Left: &left, Right: &right}
}

// Expr is an [Expression] with values of type V, as typed columns return it.
type Expr[V any] struct{ expr compile.Expr }

// Add adds a constant.
//
//go:noinline
func (e Expr[V]) Add(v V) Expr[V] { return Expr[V]{binary(e.expr, "+", v)} }

// Sub subtracts a constant.
//
//go:noinline
func (e Expr[V]) Sub(v V) Expr[V] { return Expr[V]{binary(e.expr, "-", v)} }

// Mul multiplies by a constant.
//
//go:noinline
func (e Expr[V]) Mul(v V) Expr[V] { return Expr[V]{binary(e.expr, "*", v)} }

// Div divides by a constant.
//
//go:noinline
func (e Expr[V]) Div(v V) Expr[V] { return Expr[V]{binary(e.expr, "/", v)} }

// AddExpr adds another expression.
//
//go:noinline
func (e Expr[V]) AddExpr(other Expr[V]) Expr[V] { return Expr[V]{binary(e.expr, "+", other)} }

// SubExpr subtracts another expression.
//
//go:noinline
func (e Expr[V]) SubExpr(other Expr[V]) Expr[V] { return Expr[V]{binary(e.expr, "-", other)} }

// MulExpr multiplies by another expression.
//
//go:noinline
func (e Expr[V]) MulExpr(other Expr[V]) Expr[V] { return Expr[V]{binary(e.expr, "*", other)} }

// DivExpr divides by another expression.
//
//go:noinline
func (e Expr[V]) DivExpr(other Expr[V]) Expr[V] { return Expr[V]{binary(e.expr, "/", other)} }

//go:noinline
func (e Expr[V]) expression() compile.Expr { return e.expr }

// Aggregation is an expression that is computed over several rows: of each selected row's related ones in Annotate, of all
// selected rows in Aggregation and groups.
type Aggregation struct{ expr compile.Expr }

// Count counts the rows at the end of a path, or all rows if the path is "".
func Count(path string) Aggregation { return aggregateOf("COUNT", path) }

// Sum adds up the numbers at the end of a path.
func Sum(path string) Aggregation { return aggregateOf("SUM", path) }

// Avg is the mean of the numbers at the end of a path.
func Avg(path string) Aggregation { return aggregateOf("AVG", path) }

// Min is the least of the values at the end of a path.
func Min(path string) Aggregation { return aggregateOf("MIN", path) }

// Max is the greatest of the values at the end of a path.
func Max(path string) Aggregation { return aggregateOf("MAX", path) }

func aggregateOf(function, path string) Aggregation {
	return Aggregation{compile.Expr{Kind: compile.Aggregate, Func: function, Path: path}}
}

// Distinct takes each value once.
func (a Aggregation) Distinct() Aggregation {
	a.expr.Distinct = true
	return a
}

// Where takes only rows for which the conditions hold. Their paths begin at the query's model, like the aggregate's.
func (a Aggregation) Where(qs ...Q) Aggregation {
	a.expr.Where = extend(a.expr.Where, combine(compile.And, qs))
	return a
}

func (a Aggregation) expression() compile.Expr { return a.expr }

// Agg is an [Aggregation] with a result of type V, as typed columns return it.
type Agg[V any] struct{ expr compile.Expr }

// Distinct takes each value once.
//
//go:noinline
func (a Agg[V]) Distinct() Agg[V] {
	a.expr.Distinct = true
	return a
}

// Where takes only rows for which the conditions hold. Their paths start at the query's model, like the aggregate's.
//
//go:noinline
func (a Agg[V]) Where(conds ...Cond) Agg[V] {
	a.expr.Where = extend(a.expr.Where, combine(compile.And, conds))
	return a
}

//go:noinline
func (a Agg[V]) expression() compile.Expr { return a.expr }

// Annotation is a value that a query can be annotated with: an [Expr], [Agg], [Expression] or [Aggregation].
type Annotation interface{ expression() compile.Expr }
