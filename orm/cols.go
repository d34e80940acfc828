package orm

import (
	"time"

	"github.com/quintetgo/quintet/orm/internal/compile"
	"github.com/quintetgo/quintet/orm/schema"
)

// Number is what columns with arithmetic hold.
type Number interface {
	~int | ~int8 | ~int16 | ~int32 | ~int64 | ~uint | ~uint8 | ~uint16 | ~uint32 | ~uint64 | ~float32 | ~float64
}

// Col is a column with values of type V at a path from the query's root model T. Generated code makes columns with
// [ColAt]; their methods make conditions, orders, assignments and expressions.
type Col[T, V any] struct{ at, name string }

// ColAt makes the column called name at a path from T.
func ColAt[T, V any](path, name string) Col[T, V] { return Col[T, V]{path, name} }

func joinPath(at, name string) string {
	if at == "" {
		return name
	}
	return at + "__" + name
}

func (c Col[T, V]) path() string { return joinPath(c.at, c.name) }

func (c Col[T, V]) is(lookup string, v any) Cond[T] {
	return Cond[T]{compile.Node{Op: compile.Lookup, Path: joinPath(c.path(), lookup), Value: v}}
}

func (c Col[T, V]) not(lookup string, v any) Cond[T] {
	return Cond[T]{compile.Node{Op: compile.Lookup, Path: joinPath(c.path(), lookup), Value: v, Negate: true}}
}

// Eq holds where the value is v.
func (c Col[T, V]) Eq(v V) Cond[T] { return c.is(schema.Exact, v) }

// Ne holds where the value is not v, NULL included. On a to-many path it holds where there is a row with another value.
func (c Col[T, V]) Ne(v V) Cond[T] { return c.not(schema.Exact, v) }

// In holds where the value is one of vs.
func (c Col[T, V]) In(vs ...V) Cond[T] { return c.is(schema.In, vs) }

// NotIn holds where the value is none of vs, NULL included.
func (c Col[T, V]) NotIn(vs ...V) Cond[T] { return c.not(schema.In, vs) }

// Gt holds where the value is greater than v.
func (c Col[T, V]) Gt(v V) Cond[T] { return c.is(schema.Gt, v) }

// Gte holds where the value is v or greater.
func (c Col[T, V]) Gte(v V) Cond[T] { return c.is(schema.Gte, v) }

// Lt holds where the value is less than v.
func (c Col[T, V]) Lt(v V) Cond[T] { return c.is(schema.Lt, v) }

// Lte holds where the value is v or less.
func (c Col[T, V]) Lte(v V) Cond[T] { return c.is(schema.Lte, v) }

// Between holds where the value is low, high or between them.
func (c Col[T, V]) Between(low, high V) Cond[T] { return c.is(schema.Range, []V{low, high}) }

// IsNull holds where the value is NULL, or is not with false. A value beyond an empty relation is NULL.
func (c Col[T, V]) IsNull(null bool) Cond[T] { return c.is(schema.IsNull, null) }

// EqF holds where the value equals that of an expression.
func (c Col[T, V]) EqF(e Expr[T, V]) Cond[T] { return c.is(schema.Exact, e.expr) }

// NeF holds where the value differs from that of an expression.
func (c Col[T, V]) NeF(e Expr[T, V]) Cond[T] { return c.not(schema.Exact, e.expr) }

// GtF holds where the value is greater than that of an expression.
func (c Col[T, V]) GtF(e Expr[T, V]) Cond[T] { return c.is(schema.Gt, e.expr) }

// GteF holds where the value is that of an expression or greater.
func (c Col[T, V]) GteF(e Expr[T, V]) Cond[T] { return c.is(schema.Gte, e.expr) }

// LtF holds where the value is less than that of an expression.
func (c Col[T, V]) LtF(e Expr[T, V]) Cond[T] { return c.is(schema.Lt, e.expr) }

// LteF holds where the value is that of an expression or less.
func (c Col[T, V]) LteF(e Expr[T, V]) Cond[T] { return c.is(schema.Lte, e.expr) }

// EqOuter holds where the value equals that of a column of the query around this one.
func (c Col[T, V]) EqOuter(outer interface{ path() string }) Cond[T] {
	return c.is(schema.Exact, compile.Expr{Kind: compile.OuterRef, Path: outer.path()})
}

// InQuery holds where the value is a key of the rows that a query selects.
func (c Col[T, V]) InQuery(q AnyQuery) Cond[T] { return c.is(schema.In, q.compiled()) }

// Asc orders by the value, least first.
func (c Col[T, V]) Asc() Order[T] { return Order[T]{compile.Order{Path: c.path()}} }

// Desc orders by the value, greatest first.
func (c Col[T, V]) Desc() Order[T] { return Order[T]{compile.Order{Path: c.path(), Desc: true}} }

// Set gives the column the value v.
func (c Col[T, V]) Set(v V) Assign[T] { return Assign[T]{compile.Set{Name: c.path(), Value: v}} }

// SetF gives the column the value of an expression.
func (c Col[T, V]) SetF(e Expr[T, V]) Assign[T] {
	return Assign[T]{compile.Set{Name: c.path(), Value: e.expr}}
}

// F is the column's value in an expression.
func (c Col[T, V]) F() Expr[T, V] {
	return Expr[T, V]{compile.Expr{Kind: compile.Ref, Path: c.path()}}
}

// Min is the least value of several rows.
func (c Col[T, V]) Min() Agg[T, V] { return Agg[T, V](Min(c.path())) }

// Max is the greatest value of several rows.
func (c Col[T, V]) Max() Agg[T, V] { return Agg[T, V](Max(c.path())) }

// Count counts the values of several rows that are not NULL.
func (c Col[T, V]) Count() Agg[T, int64] { return Agg[T, int64](Count(c.path())) }

func (c Col[T, V]) selects(*T) string { return c.path() }

// Num is a column of numbers.
type Num[T any, V Number] struct{ Col[T, V] }

// NumAt makes the number column called name at a path from T.
func NumAt[T any, V Number](path, name string) Num[T, V] { return Num[T, V]{ColAt[T, V](path, name)} }

// Plus is the value and v.
func (n Num[T, V]) Plus(v V) Expr[T, V] { return n.F().Plus(v) }

// Minus is the value less v.
func (n Num[T, V]) Minus(v V) Expr[T, V] { return n.F().Minus(v) }

// Times is the value times v.
func (n Num[T, V]) Times(v V) Expr[T, V] { return n.F().Times(v) }

// Div is the value divided by v.
func (n Num[T, V]) Div(v V) Expr[T, V] { return n.F().Div(v) }

// Sum adds up the values of several rows.
func (n Num[T, V]) Sum() Agg[T, V] { return Agg[T, V](Sum(n.path())) }

// Avg is the mean of the values of several rows.
func (n Num[T, V]) Avg() Agg[T, float64] { return Agg[T, float64](Avg(n.path())) }

// Str is a column of text. Contains, StartsWith and EndsWith tell capitals from small letters; those that begin with I do not,
// in any script.
type Str[T any] struct{ Col[T, string] }

// StrAt makes the text column called name at a path from T.
func StrAt[T any](path, name string) Str[T] { return Str[T]{ColAt[T, string](path, name)} }

// IEq holds where the value is s, without regard to case.
func (c Str[T]) IEq(s string) Cond[T] { return c.is(schema.IExact, s) }

// Contains holds where s occurs in the value.
func (c Str[T]) Contains(s string) Cond[T] { return c.is(schema.Contains, s) }

// IContains holds where s occurs in the value, without regard to case.
func (c Str[T]) IContains(s string) Cond[T] { return c.is(schema.IContains, s) }

// StartsWith holds where the value begins with s.
func (c Str[T]) StartsWith(s string) Cond[T] { return c.is(schema.StartsWith, s) }

// IStartsWith holds where the value begins with s, without regard to case.
func (c Str[T]) IStartsWith(s string) Cond[T] { return c.is(schema.IStartsWith, s) }

// EndsWith holds where the value ends with s.
func (c Str[T]) EndsWith(s string) Cond[T] { return c.is(schema.EndsWith, s) }

// IEndsWith holds where the value ends with s, without regard to case.
func (c Str[T]) IEndsWith(s string) Cond[T] { return c.is(schema.IEndsWith, s) }

// Regex holds where the value matches a regular expression in Go's syntax.
func (c Str[T]) Regex(pattern string) Cond[T] { return c.is(schema.Regex, pattern) }

// IRegex holds where the value matches a regular expression, without regard to case.
func (c Str[T]) IRegex(pattern string) Cond[T] { return c.is(schema.IRegex, pattern) }

// Bool is a column of true and false.
type Bool[T any] struct{ Col[T, bool] }

// BoolAt makes the bool column called name at a path from T.
func BoolAt[T any](path, name string) Bool[T] { return Bool[T]{ColAt[T, bool](path, name)} }

// Time is a column of dates or moments. Their parts are those of UTC.
type Time[T any] struct{ Col[T, time.Time] }

// TimeAt makes the time column called name at a path from T.
func TimeAt[T any](path, name string) Time[T] { return Time[T]{ColAt[T, time.Time](path, name)} }

func (c Time[T]) part(name string) Num[T, int] { return NumAt[T, int](c.path(), name) }

// Year is the year.
func (c Time[T]) Year() Num[T, int] { return c.part("year") }

// Quarter is the quarter of the year, from 1 to 4.
func (c Time[T]) Quarter() Num[T, int] { return c.part("quarter") }

// Month is the month, from 1 to 12.
func (c Time[T]) Month() Num[T, int] { return c.part("month") }

// Week is the ISO week of the year.
func (c Time[T]) Week() Num[T, int] { return c.part("week") }

// Day is the day of the month.
func (c Time[T]) Day() Num[T, int] { return c.part("day") }

// WeekDay is the day of the week, from 1 for Sunday to 7 for Saturday.
func (c Time[T]) WeekDay() Num[T, int] { return c.part("week_day") }

// Hour is the hour, from 0 to 23.
func (c Time[T]) Hour() Num[T, int] { return c.part("hour") }

// Date is the day, without the time. Only the date of values compared with it counts.
func (c Time[T]) Date() Col[T, time.Time] { return ColAt[T, time.Time](c.path(), "date") }
