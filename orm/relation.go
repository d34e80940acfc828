package orm

import (
	"reflect"

	"github.com/quintetgo/quintet/orm/internal/compile"
	"github.com/quintetgo/quintet/orm/schema"
)

// Rel is a path of relations from the model that a query starts at, the empty one for the model itself. Generated
// columns embed it.
type Rel struct{ at *origin }

// RelOf returns the empty path from the model that a pointer points to, for generated code.
//
//go:noinline
func RelOf(model any) Rel { return Rel{&origin{model: reflect.TypeOf(model).Elem()}} }

// Follow returns the path of the relation called name of the model at r, for generated code.
//
//go:noinline
func Follow(r Rel, name string) Rel { return Rel{&origin{r.at.root(), r.at.join(name)}} }

// Columns are the generated columns of T, such as Posts for Post.
type Columns[T any] interface {
	ColumnsOf() *T
	relation() (reflect.Type, string)
}

// Relation is a relation, as the methods of generated columns return it. Columns are none.
type Relation interface {
	relation() (reflect.Type, string)
}

// Eq holds where the related object is this one: an object, or its key.
//
//go:noinline
func (r Rel) Eq(object any) Cond { return is(columnOf(r), schema.Exact, object, false) }

// Ne holds where the related object is not this one, and where there is none.
//
//go:noinline
func (r Rel) Ne(object any) Cond { return is(columnOf(r), schema.Exact, object, true) }

// In holds where the related object is one of these: objects, or keys.
//
//go:noinline
func (r Rel) In(objects ...any) Cond { return is(columnOf(r), schema.In, objects, false) }

// InQuery holds where a query selects the related object.
//
//go:noinline
func (r Rel) InQuery(q AnyQuery) Cond { return is(columnOf(r), schema.In, q.compiled(), false) }

// IsNull holds where there is no related object, or where there is one with false.
//
//go:noinline
func (r Rel) IsNull(null bool) Cond { return is(columnOf(r), schema.IsNull, null, false) }

// Count counts the related rows.
//
//go:noinline
func (r Rel) Count() Agg[int64] {
	root, path := r.relation()
	return Agg[int64]{compile.Expr{Kind: compile.Aggregate, Func: "COUNT", Root: root, Path: path}}
}

// CountIf counts the related rows for which the conditions hold.
//
//go:noinline
func (r Rel) CountIf(conds ...Cond) Agg[int64] { return r.Count().Where(conds...) }

// Asc sorts by the related model's default ordering.
//
//go:noinline
func (r Rel) Asc() Order { return order(columnOf(r), false) }

// Desc sorts by the related model's default ordering, reversed.
//
//go:noinline
func (r Rel) Desc() Order { return order(columnOf(r), true) }

// columnOf is the column that stands for the related object: the relation itself, or the model's own key.
func columnOf(r Rel) column {
	if path := r.at.join(""); path != "" {
		return column{&origin{model: r.at.root()}, path}
	}
	return column{r.at, "pk"}
}

func (r Rel) relation() (reflect.Type, string)  { return r.at.root(), r.at.join("") }
func (r Rel) reference() (reflect.Type, string) { return columnOf(r).reference() }
