package dynamic

import "github.com/quintetgo/quintet/orm/internal/compile"

// Annotation is a value that the database computes: an [Expression], an [Aggregate], or the expression of a generated column.
type Annotation interface{ Compiled() *compile.Expr }

// Expression is a value computed from the fields of a row, for lookups, Annotate and Update. Expressions are values: the
// methods return new ones.
type Expression struct{ expr *compile.Expr }

// F returns the value of a field, by path: Is("views__gt", F("likes")), or F("views").Add(1) in Update.
func F(path string) Expression { return Expression{&compile.Expr{Kind: compile.Ref, Path: path}} }

// OuterRef returns the value of a field of the outer query, inside [Exists] or a query used as a value.
func OuterRef(path string) Expression {
	return Expression{&compile.Expr{Kind: compile.OuterRef, Path: path}}
}

// Value returns a constant.
func Value(v any) Expression { return Expression{compile.Constant(v)} }

// Add returns the sum of e and a number or Expression.
func (e Expression) Add(v any) Expression { return Expression{binary(e.expr, "+", v)} }

// Sub returns the difference of e and a number or Expression.
func (e Expression) Sub(v any) Expression { return Expression{binary(e.expr, "-", v)} }

// Mul returns the product of e and a number or Expression.
func (e Expression) Mul(v any) Expression { return Expression{binary(e.expr, "*", v)} }

// Div returns the quotient of e and a number or Expression. Two integers are divided as integers, as in SQL; if either is a
// decimal, the result is one.
func (e Expression) Div(v any) Expression { return Expression{binary(e.expr, "/", v)} }

// Mod returns the remainder of a division of e, with the sign of e.
func (e Expression) Mod(v any) Expression { return Expression{binary(e.expr, "%", v)} }

// SearchRank returns how well a row matches the full-text search of a lookup, "search" or "author__search", for a text: a greater
// number is a better match, and 0 is none. Numbers are comparable within one query.
func SearchRank(lookup, text string) Expression {
	return Expression{&compile.Expr{Kind: compile.SearchRank, Path: lookup, Value: text}}
}

// Compiled returns the expression as the packages below this one take it. Its type is internal to this module.
func (e Expression) Compiled() *compile.Expr { return e.expr }

func binary(left *compile.Expr, op string, v any) *compile.Expr {
	return compile.Operation(left, op, expressionOf(v))
}

// NewExpression returns an expression of its internal form, for package functions.
func NewExpression(e *compile.Expr) Expression { return Expression{e} }

// Is returns the condition that a lookup of the value holds: F("name").Is("icontains", "x"). The value may be an [Annotation]
// or, with the lookup "in", a query.
func (e Expression) Is(lookup string, value any) Condition {
	return Condition{compile.Node{Op: compile.Lookup, Left: e.expr, Path: lookup, Value: operand(value)}}
}

// Asc sorts by the value, ascending.
func (e Expression) Asc() Order { return orderOf(e.expr) }

// Desc sorts by the value, descending.
func (e Expression) Desc() Order {
	o := orderOf(e.expr)
	o.order.Desc = true
	return o
}

// orderOf returns the order by an expression; that by a path is the one of its name.
func orderOf(e *compile.Expr) Order {
	if e != nil && e.Kind == compile.Ref {
		return Order{compile.Order{Root: e.Root, Path: e.Path}}
	}
	return Order{compile.Order{Expr: e}}
}

// Aggregate is a value computed over several rows. In Annotate these are the related rows of each row, or the rows of each group
// after GroupBy; in [Query.Aggregate] they are all rows of the query.
type Aggregate struct{ expr *compile.Expr }

// Count counts the rows at the end of a path, without those whose value is NULL. The empty path counts all rows. Instead of a
// path, aggregates take an [Annotation].
func Count(value any) Aggregate { return aggregate("count", value) }

// Sum returns the sum of numbers.
func Sum(value any) Aggregate { return aggregate("sum", value) }

// Avg returns the mean of numbers.
func Avg(value any) Aggregate { return aggregate("avg", value) }

// Min returns the least value.
func Min(value any) Aggregate { return aggregate("min", value) }

// Max returns the greatest value.
func Max(value any) Aggregate { return aggregate("max", value) }

// AnyValue returns a value that is not NULL, no matter which.
func AnyValue(value any) Aggregate { return aggregate("any_value", value) }

// StdDev returns the standard deviation of numbers, as of a whole population.
func StdDev(value any) Aggregate { return aggregate("std_dev", value) }

// StdDevSample returns the standard deviation of numbers, as of a sample. That of one number is NULL.
func StdDevSample(value any) Aggregate { return aggregate("std_dev_sample", value) }

// Variance returns the variance of numbers, as of a whole population.
func Variance(value any) Aggregate { return aggregate("variance", value) }

// VarianceSample returns the variance of numbers, as of a sample. That of one number is NULL.
func VarianceSample(value any) Aggregate { return aggregate("variance_sample", value) }

// StringAgg joins texts that are not NULL, with a separator between them. OrderBy chooses their order.
func StringAgg(value any, separator string) Aggregate {
	a := aggregate("string_agg", value)
	a.expr.Text = separator
	return a
}

// aggregate returns an aggregate of a path or an annotation.
func aggregate(function string, value any) Aggregate {
	e := &compile.Expr{Kind: compile.Aggregate, Func: function}
	switch v := value.(type) {
	case string:
		e.Path = v
	default:
		e.Left = expressionOf(v)
	}
	return Aggregate{e}
}

// Default returns a constant or an [Annotation] instead of NULL over no rows.
func (a Aggregate) Default(v any) Aggregate { return Aggregate{a.expr.Defaulting(expressionOf(v))} }

// OrderBy sorts the rows before they are joined by [StringAgg]. Other aggregates have no order. With Distinct, the values
// themselves are all that can be sorted by.
func (a Aggregate) OrderBy(orders ...Order) Aggregate {
	return Aggregate{a.expr.Ordered(Terms(orders))}
}

// Distinct includes each value once.
func (a Aggregate) Distinct() Aggregate { return Aggregate{a.expr.Distinctly()} }

// Where includes only rows for which all conditions hold. Their paths start at the query's model, as the aggregate's does.
func (a Aggregate) Where(conds ...Condition) Aggregate {
	return Aggregate{a.expr.Filtered(combine(compile.And, conds))}
}

// Compiled returns the aggregate as the packages below this one take it. Its type is internal to this module.
func (a Aggregate) Compiled() *compile.Expr { return a.expr }

// Order is one term of a query's order, as the methods Asc and Desc of expressions and generated columns return it.
type Order struct{ order compile.Order }

// NewOrder returns an order of its internal form, for the generated columns of package columns.
func NewOrder(order compile.Order) Order { return Order{order} }

// NullsFirst puts NULL before all values.
func (o Order) NullsFirst() Order {
	o.order.Nulls = compile.NullsFirst
	return o
}

// NullsLast puts NULL after all values.
func (o Order) NullsLast() Order {
	o.order.Nulls = compile.NullsLast
	return o
}

// Terms returns orders as package compile takes them. Their type is internal to this module.
func Terms(orders []Order) []compile.Order {
	terms := make([]compile.Order, len(orders))
	for i, o := range orders {
		terms[i] = o.order
	}
	return terms
}
