package columns

//go:generate go run ./internal/columngen

import (
	"reflect"

	"github.com/quintetgo/quintet/orm/dynamic"
	"github.com/quintetgo/quintet/orm/internal/compile"
	"github.com/quintetgo/quintet/orm/schema"
)

// Operand is a column, an expression or an aggregate with values of type V, as functions and comparisons take it.
type Operand[V any] interface{ Expr() Expr[V] }

// Number is the constraint of columns with arithmetic.
type Number interface {
	~int | ~int8 | ~int16 | ~int32 | ~int64 | ~uint | ~uint8 | ~uint16 | ~uint32 | ~uint64 | ~float32 | ~float64
}

// column is the part that all typed columns share: the path that they are at, and their name there. Columns are not generic in
// the model that a query starts at: otherwise every model would instantiate the columns of every model that it can reach, and
// compile time would grow with the square of the number of models. What the types do not check, package compile checks when
// the query is built: every condition carries the model that its path starts at.
type column struct {
	at   *origin
	name string
}

// origin is a path of relations from a model, at whose end columns are.
type origin struct {
	model reflect.Type // nil for paths that any model may have
	path  string       // "" for the model itself
}

func (o *origin) join(name string) string {
	switch {
	case o == nil || o.path == "":
		return name
	case name == "":
		return o.path
	}
	return o.path + "__" + name
}

func (o *origin) root() reflect.Type {
	if o == nil {
		return nil
	}
	return o.model
}

// reference returns the model that the column's path starts at, and the path.
func (c column) reference() (reflect.Type, string) { return c.at.root(), c.at.join(c.name) }

// Compiled returns the column's value as package compile takes it. Its type is internal to this module.
func (c column) Compiled() *compile.Expr { return ref(c, compile.Ref) }

func is(c column, lookup string, v any, negate bool) dynamic.Condition {
	return dynamic.NewCondition(compile.Node{
		Op: compile.Lookup, Root: c.at.root(), Path: c.at.join(c.name) + "__" + lookup, Value: v, Negate: negate,
	})
}

func order(c column, desc bool) dynamic.Order {
	return dynamic.NewOrder(compile.Order{Root: c.at.root(), Path: c.at.join(c.name), Desc: desc})
}

func set(c column, v any) Assign {
	return Assign{compile.Set{Root: c.at.root(), Name: c.at.join(c.name), Value: v}}
}

func ref(c column, kind compile.ExprKind) *compile.Expr {
	return &compile.Expr{Kind: kind, Root: c.at.root(), Path: c.at.join(c.name)}
}

func aggregateColumn(c column, function string) *compile.Expr {
	return &compile.Expr{Kind: compile.Aggregate, Func: function, Root: c.at.root(), Path: c.at.join(c.name)}
}

// Column is a column with values of type V. Generated code creates columns with [ColumnAt]; their methods return conditions,
// orders, assignments and expressions.
type Column[V any] struct{ column }

// ColumnAt returns the column called name of the model at r.
//
//go:noinline
func ColumnAt[V any](r Rel, name string) Column[V] { return Column[V]{column{r.at, name}} }

// Eq returns the condition that the value is v.
//
//go:noinline
func (c Column[V]) Eq(v V) dynamic.Condition { return is(c.column, schema.Exact, v, false) }

// Ne returns the condition that the value is not v, NULL included. On a path to many rows it is true if there is a row with another value.
//
//go:noinline
func (c Column[V]) Ne(v V) dynamic.Condition { return is(c.column, schema.Exact, v, true) }

// In returns the condition that the value is one of vs.
//
//go:noinline
func (c Column[V]) In(vs ...V) dynamic.Condition { return is(c.column, schema.In, vs, false) }

// NotIn returns the condition that the value is none of vs, NULL included.
//
//go:noinline
func (c Column[V]) NotIn(vs ...V) dynamic.Condition { return is(c.column, schema.In, vs, true) }

// Gt returns the condition that the value is greater than v.
//
//go:noinline
func (c Column[V]) Gt(v V) dynamic.Condition { return is(c.column, schema.Gt, v, false) }

// Gte returns the condition that the value is v or greater.
//
//go:noinline
func (c Column[V]) Gte(v V) dynamic.Condition { return is(c.column, schema.Gte, v, false) }

// Lt returns the condition that the value is less than v.
//
//go:noinline
func (c Column[V]) Lt(v V) dynamic.Condition { return is(c.column, schema.Lt, v, false) }

// Lte returns the condition that the value is v or less.
//
//go:noinline
func (c Column[V]) Lte(v V) dynamic.Condition { return is(c.column, schema.Lte, v, false) }

// Between returns the condition that the value is low, high or between them.
//
//go:noinline
func (c Column[V]) Between(low, high V) dynamic.Condition {
	return is(c.column, schema.Range, []V{low, high}, false)
}

// IsNull returns the condition that the value is NULL or, with false, is not. The value of a row that a relation does not
// lead to is NULL.
//
//go:noinline
func (c Column[V]) IsNull(null bool) dynamic.Condition {
	return is(c.column, schema.IsNull, null, false)
}

// EqExpr returns the condition that the value equals that of an expression.
//
//go:noinline
func (c Column[V]) EqExpr(e Operand[V]) dynamic.Condition {
	return is(c.column, schema.Exact, e.Expr().expr, false)
}

// NeExpr returns the condition that the value differs from that of an expression.
//
//go:noinline
func (c Column[V]) NeExpr(e Operand[V]) dynamic.Condition {
	return is(c.column, schema.Exact, e.Expr().expr, true)
}

// GtExpr returns the condition that the value is greater than that of an expression.
//
//go:noinline
func (c Column[V]) GtExpr(e Operand[V]) dynamic.Condition {
	return is(c.column, schema.Gt, e.Expr().expr, false)
}

// GteExpr returns the condition that the value is that of an expression or greater.
//
//go:noinline
func (c Column[V]) GteExpr(e Operand[V]) dynamic.Condition {
	return is(c.column, schema.Gte, e.Expr().expr, false)
}

// LtExpr returns the condition that the value is less than that of an expression.
//
//go:noinline
func (c Column[V]) LtExpr(e Operand[V]) dynamic.Condition {
	return is(c.column, schema.Lt, e.Expr().expr, false)
}

// LteExpr returns the condition that the value is that of an expression or less.
//
//go:noinline
func (c Column[V]) LteExpr(e Operand[V]) dynamic.Condition {
	return is(c.column, schema.Lte, e.Expr().expr, false)
}

// EqOuter returns the condition that the value equals that of a column of the outer query, for queries in orm.Exists.
//
//go:noinline
func (c Column[V]) EqOuter(outer Selection) dynamic.Condition {
	root, path := outer.reference()
	return is(c.column, schema.Exact, &compile.Expr{Kind: compile.OuterRef, Root: root, Path: path}, false)
}

// InQuery returns the condition that the value is the primary key of a row that a query selects, or the value that the
// query is grouped by.
//
//go:noinline
func (c Column[V]) InQuery(q dynamic.Subquery) dynamic.Condition {
	return is(c.column, schema.In, q.Compiled().Select, false)
}

// Asc sorts by the value, ascending.
//
//go:noinline
func (c Column[V]) Asc() dynamic.Order { return order(c.column, false) }

// Desc sorts by the value, descending.
//
//go:noinline
func (c Column[V]) Desc() dynamic.Order { return order(c.column, true) }

// Set assigns v to the column.
//
//go:noinline
func (c Column[V]) Set(v V) Assign { return set(c.column, v) }

// SetTo assigns the value of an expression to the column.
//
//go:noinline
func (c Column[V]) SetTo(e Operand[V]) Assign { return set(c.column, e.Expr().expr) }

// Expr returns the column's value as an expression.
//
//go:noinline
func (c Column[V]) Expr() Expr[V] { return Expr[V]{ref(c.column, compile.Ref)} }

// Min returns the least value of several rows.
//
//go:noinline
func (c Column[V]) Min() AggregateExpr[V] { return AggregateExpr[V]{aggregateColumn(c.column, "min")} }

// Max returns the greatest value of several rows.
//
//go:noinline
func (c Column[V]) Max() AggregateExpr[V] { return AggregateExpr[V]{aggregateColumn(c.column, "max")} }

// Count counts the values of several rows that are not NULL.
//
//go:noinline
func (c Column[V]) Count() AggregateExpr[int64] {
	return AggregateExpr[int64]{aggregateColumn(c.column, "count")}
}

// AnyValue returns a value of several rows that is not NULL, no matter which.
//
//go:noinline
func (c Column[V]) AnyValue() AggregateExpr[V] {
	return AggregateExpr[V]{aggregateColumn(c.column, "any_value")}
}

// Numeric is a column of numbers.
type Numeric[V Number] struct{ Column[V] }

// NumericAt returns the number column called name of the model at r.
//
//go:noinline
func NumericAt[V Number](r Rel, name string) Numeric[V] { return Numeric[V]{ColumnAt[V](r, name)} }

// Add returns the value plus v.
//
//go:noinline
func (n Numeric[V]) Add(v V) Expr[V] { return n.Expr().Add(v) }

// Sub returns the value minus v.
//
//go:noinline
func (n Numeric[V]) Sub(v V) Expr[V] { return n.Expr().Sub(v) }

// Mul returns the value times v.
//
//go:noinline
func (n Numeric[V]) Mul(v V) Expr[V] { return n.Expr().Mul(v) }

// Div returns the value divided by v.
//
//go:noinline
func (n Numeric[V]) Div(v V) Expr[V] { return n.Expr().Div(v) }

// Sum returns the sum of the values of several rows.
//
//go:noinline
func (n Numeric[V]) Sum() AggregateExpr[V] { return AggregateExpr[V]{aggregateColumn(n.column, "sum")} }

// Avg returns the mean of the values of several rows.
//
//go:noinline
func (n Numeric[V]) Avg() AggregateExpr[float64] {
	return AggregateExpr[float64]{aggregateColumn(n.column, "avg")}
}

// StdDev returns the standard deviation of the values of several rows, as of a whole population.
//
//go:noinline
func (n Numeric[V]) StdDev() AggregateExpr[float64] {
	return AggregateExpr[float64]{aggregateColumn(n.column, "std_dev")}
}

// StdDevSample returns the standard deviation of the values of several rows, as of a sample. That of one value is NULL.
//
//go:noinline
func (n Numeric[V]) StdDevSample() AggregateExpr[float64] {
	return AggregateExpr[float64]{aggregateColumn(n.column, "std_dev_sample")}
}

// Variance returns the variance of the values of several rows, as of a whole population.
//
//go:noinline
func (n Numeric[V]) Variance() AggregateExpr[float64] {
	return AggregateExpr[float64]{aggregateColumn(n.column, "variance")}
}

// VarianceSample returns the variance of the values of several rows, as of a sample. That of one value is NULL.
//
//go:noinline
func (n Numeric[V]) VarianceSample() AggregateExpr[float64] {
	return AggregateExpr[float64]{aggregateColumn(n.column, "variance_sample")}
}
