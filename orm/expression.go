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

// Div divides by a number or another Expression. Whole numbers give a whole number, as in SQL.
func (e Expression) Div(v any) Expression { return Expression{binary(e.expr, "/", v)} }

// Mod is the remainder of a division.
func (e Expression) Mod(v any) Expression { return Expression{binary(e.expr, "%", v)} }

func (e Expression) expression() compile.Expr { return e.expr }

func binary(left compile.Expr, op string, v any) compile.Expr {
	right, ok := unwrap(v).(compile.Expr)
	if !ok {
		right = compile.Expr{Kind: compile.Literal, Value: v}
	}
	return compile.Expr{Kind: compile.Binary, Op: op, Left: &left, Right: &right}
}

// Expr is an Expression over rows of T with values of type V: what typed columns make.
type Expr[T, V any] struct{ expr compile.Expr }

// Plus adds a constant.
func (e Expr[T, V]) Plus(v V) Expr[T, V] { return Expr[T, V]{binary(e.expr, "+", v)} }

// Minus subtracts a constant.
func (e Expr[T, V]) Minus(v V) Expr[T, V] { return Expr[T, V]{binary(e.expr, "-", v)} }

// Times multiplies by a constant.
func (e Expr[T, V]) Times(v V) Expr[T, V] { return Expr[T, V]{binary(e.expr, "*", v)} }

// Div divides by a constant.
func (e Expr[T, V]) Div(v V) Expr[T, V] { return Expr[T, V]{binary(e.expr, "/", v)} }

// PlusF adds another expression.
func (e Expr[T, V]) PlusF(other Expr[T, V]) Expr[T, V] {
	return Expr[T, V]{binary(e.expr, "+", other)}
}

// MinusF subtracts another expression.
func (e Expr[T, V]) MinusF(other Expr[T, V]) Expr[T, V] {
	return Expr[T, V]{binary(e.expr, "-", other)}
}

// TimesF multiplies by another expression.
func (e Expr[T, V]) TimesF(other Expr[T, V]) Expr[T, V] {
	return Expr[T, V]{binary(e.expr, "*", other)}
}

// DivF divides by another expression.
func (e Expr[T, V]) DivF(other Expr[T, V]) Expr[T, V] { return Expr[T, V]{binary(e.expr, "/", other)} }

func (e Expr[T, V]) expression() compile.Expr { return e.expr }
func (e Expr[T, V]) annotates(*T)             {}

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

// Agg is an Aggregate over rows of T with a result of type V: what typed columns make.
type Agg[T, V any] struct{ expr compile.Expr }

// Distinct takes each value once.
func (a Agg[T, V]) Distinct() Agg[T, V] { return Agg[T, V](Aggregate(a).Distinct()) }

// Where takes only rows for which the conditions hold.
func (a Agg[T, V]) Where(conds ...Cond[T]) Agg[T, V] {
	a.expr.Where = extend(a.expr.Where, combine(compile.And, conds))
	return a
}

func (a Agg[T, V]) expression() compile.Expr { return a.expr }
func (a Agg[T, V]) annotates(*T)             {}

// Annotation is what a typed query on T can be annotated with: an [Expr] or an [Agg] of T.
type Annotation[T any] interface {
	expression() compile.Expr
	annotates(*T)
}
