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

// Compiled returns the expression as the packages below this one take it. Its type is internal to this module.
func (e Expression) Compiled() *compile.Expr { return e.expr }

func binary(left *compile.Expr, op string, v any) *compile.Expr {
	right, ok := operand(v).(*compile.Expr)
	if !ok {
		right = compile.Constant(v)
	}
	return compile.Operation(left, op, right)
}

// Aggregate is a value computed over several rows. In Annotate these are the related rows of each row, or the rows of each group
// after GroupBy; in [Query.Aggregate] they are all rows of the query.
type Aggregate struct{ expr *compile.Expr }

// Count counts the rows at the end of a path, without those whose value is NULL. The empty path counts all rows.
func Count(path string) Aggregate { return aggregate("count", path) }

// Sum returns the sum of the numbers at the end of a path.
func Sum(path string) Aggregate { return aggregate("sum", path) }

// Avg returns the mean of the numbers at the end of a path.
func Avg(path string) Aggregate { return aggregate("avg", path) }

// Min returns the least value at the end of a path.
func Min(path string) Aggregate { return aggregate("min", path) }

// Max returns the greatest value at the end of a path.
func Max(path string) Aggregate { return aggregate("max", path) }

func aggregate(function, path string) Aggregate {
	return Aggregate{&compile.Expr{Kind: compile.Aggregate, Func: function, Path: path}}
}

// Distinct includes each value once.
func (a Aggregate) Distinct() Aggregate { return Aggregate{a.expr.Distinctly()} }

// Where includes only rows for which all conditions hold. Their paths start at the query's model, as the aggregate's does.
func (a Aggregate) Where(conds ...Condition) Aggregate {
	return Aggregate{a.expr.Filtered(combine(compile.And, conds))}
}

// Compiled returns the aggregate as the packages below this one take it. Its type is internal to this module.
func (a Aggregate) Compiled() *compile.Expr { return a.expr }
