package columns

import (
	"reflect"

	"github.com/quintetgo/quintet/orm/dynamic"
	"github.com/quintetgo/quintet/orm/internal/compile"
	"github.com/quintetgo/quintet/orm/schema"
)

// Rel is a path of relations from the model that a query starts at; the zero value is the empty path. Generated columns embed
// it, so that its methods compare the related object itself: Posts.Author().Eq(user).
type Rel struct{ at *origin }

// RelOf returns the empty path from the model whose struct a pointer points to. Generated code calls it.
//
//go:noinline
func RelOf(model any) Rel { return Rel{&origin{model: reflect.TypeOf(model).Elem()}} }

// Follow returns the path of the relation called name of the model at r. Generated code calls it.
//
//go:noinline
func Follow(r Rel, name string) Rel { return Rel{&origin{r.at.root(), r.at.join(name)}} }

// Columns are the generated columns of T.
type Columns[T any] interface {
	ColumnsOf() *T
	relation() (reflect.Type, string)
}

// Relation is a path of relations, as the methods of generated columns return it: Posts.Author().
type Relation interface {
	relation() (reflect.Type, string)
}

// Selection is a column or a relation, as orm.Query.GroupBy and EqOuter take it.
type Selection interface{ reference() (reflect.Type, string) }

// Eq returns the condition that the related object is this one, given as an object or as its key.
//
//go:noinline
func (r Rel) Eq(object any) dynamic.Condition { return is(columnOf(r), schema.Exact, object, false) }

// Ne returns the condition that the related object is not this one, or there is none.
//
//go:noinline
func (r Rel) Ne(object any) dynamic.Condition { return is(columnOf(r), schema.Exact, object, true) }

// In returns the condition that the related object is one of these, given as objects or keys.
//
//go:noinline
func (r Rel) In(objects ...any) dynamic.Condition { return is(columnOf(r), schema.In, objects, false) }

// InQuery returns the condition that a query selects the related object.
//
//go:noinline
func (r Rel) InQuery(q dynamic.Subquery) dynamic.Condition {
	return is(columnOf(r), schema.In, q.Compiled().Select, false)
}

// IsNull returns the condition that there is no related object or, with false, that there is one.
//
//go:noinline
func (r Rel) IsNull(null bool) dynamic.Condition { return is(columnOf(r), schema.IsNull, null, false) }

// Count counts the related rows.
//
//go:noinline
func (r Rel) Count() AggregateExpr[int64] {
	root, path := r.relation()
	return AggregateExpr[int64]{&compile.Expr{Kind: compile.Aggregate, Func: "count", Root: root, Path: path}}
}

// CountIf counts the related rows for which all conditions hold.
//
//go:noinline
func (r Rel) CountIf(conds ...dynamic.Condition) AggregateExpr[int64] {
	return r.Count().Where(conds...)
}

// Asc sorts by the related model's default ordering.
//
//go:noinline
func (r Rel) Asc() dynamic.Order { return order(columnOf(r), false) }

// Desc sorts by the related model's default ordering, reversed.
//
//go:noinline
func (r Rel) Desc() dynamic.Order { return order(columnOf(r), true) }

// columnOf returns the column of the related object's key: the relation itself, or the primary key for the empty path.
func columnOf(r Rel) column {
	if path := r.at.join(""); path != "" {
		return column{&origin{model: r.at.root()}, path}
	}
	return column{r.at, "pk"}
}

// PathOf returns the model that a relation starts at, nil for any, and its path.
func PathOf(r Relation) (root reflect.Type, path string) { return r.relation() }

// ReferenceOf returns the model that the path of a column or relation starts at, nil for any, and the path.
func ReferenceOf(s Selection) (root reflect.Type, path string) { return s.reference() }

// Compiled returns the related object's key as package compile takes it. Its type is internal to this module.
func (r Rel) Compiled() *compile.Expr { return columnOf(r).Compiled() }

func (r Rel) relation() (reflect.Type, string)  { return r.at.root(), r.at.join("") }
func (r Rel) reference() (reflect.Type, string) { return columnOf(r).reference() }
