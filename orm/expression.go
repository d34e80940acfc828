package orm

import "github.com/quintetgo/quintet/orm/internal/compile"

// Expression is a value that the database computes, for lookups, Update and Annotate.
type Expression struct{ expr compile.Expr }

// F is the value of a field, by path: QL("views__gt", F("likes")), Update with F("views").Plus(1).
func F(path string) Expression { return Expression{compile.Expr{Kind: compile.Ref, Path: path}} }

// OuterRef is a field of the query around this one, inside QExists or a query used as a value.
func OuterRef(path string) Expression {
	return Expression{compile.Expr{Kind: compile.OuterRef, Path: path}}
}

// Val is a constant in an expression.
func Val(v any) Expression { return Expression{compile.Expr{Kind: compile.Literal, Value: v}} }

// Plus adds a number or another Expression.
func (e Expression) Plus(v any) Expression { return Expression{binary(e.expr, "+", v)} }

// Minus subtracts a number or another Expression.
func (e Expression) Minus(v any) Expression { return Expression{binary(e.expr, "-", v)} }

// Times multiplies by a number or another Expression.
func (e Expression) Times(v any) Expression { return Expression{binary(e.expr, "*", v)} }

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

// Plus adds a constant.
//
//go:noinline
func (e Expr[V]) Plus(v V) Expr[V] { return Expr[V]{binary(e.expr, "+", v)} }

// Minus subtracts a constant.
//
//go:noinline
func (e Expr[V]) Minus(v V) Expr[V] { return Expr[V]{binary(e.expr, "-", v)} }

// Times multiplies by a constant.
//
//go:noinline
func (e Expr[V]) Times(v V) Expr[V] { return Expr[V]{binary(e.expr, "*", v)} }

// Div divides by a constant.
//
//go:noinline
func (e Expr[V]) Div(v V) Expr[V] { return Expr[V]{binary(e.expr, "/", v)} }

// PlusF adds another expression.
//
//go:noinline
func (e Expr[V]) PlusF(other Expr[V]) Expr[V] { return Expr[V]{binary(e.expr, "+", other)} }

// MinusF subtracts another expression.
//
//go:noinline
func (e Expr[V]) MinusF(other Expr[V]) Expr[V] { return Expr[V]{binary(e.expr, "-", other)} }

// TimesF multiplies by another expression.
//
//go:noinline
func (e Expr[V]) TimesF(other Expr[V]) Expr[V] { return Expr[V]{binary(e.expr, "*", other)} }

// DivF divides by another expression.
//
//go:noinline
func (e Expr[V]) DivF(other Expr[V]) Expr[V] { return Expr[V]{binary(e.expr, "/", other)} }

//go:noinline
func (e Expr[V]) expression() compile.Expr { return e.expr }

// Aggregate is an expression that is computed over several rows: of each selected row's related ones in Annotate, of all
// selected rows in Aggregate and groups.
type Aggregate struct{ expr compile.Expr }

// Count counts the rows at the end of a path, or all rows if the path is "".
func Count(path string) Aggregate { return aggregateOf("COUNT", path) }

// Sum adds up the numbers at the end of a path.
func Sum(path string) Aggregate { return aggregateOf("SUM", path) }

// Avg is the mean of the numbers at the end of a path.
func Avg(path string) Aggregate { return aggregateOf("AVG", path) }

// Min is the least of the values at the end of a path.
func Min(path string) Aggregate { return aggregateOf("MIN", path) }

// Max is the greatest of the values at the end of a path.
func Max(path string) Aggregate { return aggregateOf("MAX", path) }

func aggregateOf(function, path string) Aggregate {
	return Aggregate{compile.Expr{Kind: compile.Aggregate, Func: function, Path: path}}
}

// Distinct takes each value once.
func (a Aggregate) Distinct() Aggregate {
	a.expr.Distinct = true
	return a
}

// Where takes only rows for which the conditions hold. Their paths begin at the query's model, like the aggregate's.
func (a Aggregate) Where(qs ...Q) Aggregate {
	a.expr.Where = extend(a.expr.Where, combine(compile.And, qs))
	return a
}

func (a Aggregate) expression() compile.Expr { return a.expr }

// Agg is an [Aggregate] with a result of type V, as typed columns return it.
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

// Annotation is a value that a query can be annotated with: an [Expr], [Agg], [Expression] or [Aggregate].
type Annotation interface{ expression() compile.Expr }
