package orm

import (
	"github.com/quintetgo/quintet/orm/internal/compile"
	"github.com/quintetgo/quintet/orm/schema"
)

// Rel is a path of relations from the query's root model T, the empty one for T itself. Generated columns embed it.
type Rel[T any] struct{ at string }

// RelAt makes the relation at a path from T.
func RelAt[T any](path string) Rel[T] { return Rel[T]{path} }

// Sub is the path of a relation of the model at r, for generated code.
func (r Rel[T]) Sub(name string) string { return joinPath(r.at, name) }

// Eq holds where the related object is this one: an object, or its key.
func (r Rel[T]) Eq(object any) Cond[T] { return r.is(schema.Exact, object, false) }

// Ne holds where the related object is not this one, and where there is none.
func (r Rel[T]) Ne(object any) Cond[T] { return r.is(schema.Exact, object, true) }

// In holds where the related object is one of these: objects, or keys.
func (r Rel[T]) In(objects ...any) Cond[T] { return r.is(schema.In, objects, false) }

// InQuery holds where a query selects the related object.
func (r Rel[T]) InQuery(q AnyQuery) Cond[T] { return r.is(schema.In, q.compiled(), false) }

// IsNull holds where there is no related object, or where there is one with false.
func (r Rel[T]) IsNull(null bool) Cond[T] { return r.is(schema.IsNull, null, false) }

func (r Rel[T]) is(lookup string, v any, negate bool) Cond[T] {
	return Cond[T]{compile.Node{Op: compile.Lookup, Path: joinPath(r.name(), lookup), Value: v, Negate: negate}}
}

func (r Rel[T]) name() string {
	if r.at == "" {
		return "pk"
	}
	return r.at
}

// Count counts the related rows.
func (r Rel[T]) Count() Agg[T, int64] { return Agg[T, int64](Count(r.at)) }

// CountIf counts the related rows for which the conditions hold.
func (r Rel[T]) CountIf(conds ...Cond[T]) Agg[T, int64] { return r.Count().Where(conds...) }

// Asc orders by the related model's own order.
func (r Rel[T]) Asc() Order[T] { return Order[T]{compile.Order{Path: r.name()}} }

// Desc orders by the related model's own order, the other way round.
func (r Rel[T]) Desc() Order[T] { return Order[T]{compile.Order{Path: r.name(), Desc: true}} }

func (r Rel[T]) path() string       { return r.at }
func (r Rel[T]) relation(*T) string { return r.at }
func (r Rel[T]) root(*T) string     { return r.at }
func (r Rel[T]) selects(*T) string  { return r.name() }

// Relation is a relation of T, made by the methods of generated columns. Columns are none.
type Relation[T any] interface{ relation(*T) string }

// Root is where queries on T start: the generated PostQ for Post.
type Root[T any] interface{ root(*T) string }

// Selection is what Values and GroupBy take: a column or a relation of T.
type Selection[T any] interface{ selects(*T) string }
