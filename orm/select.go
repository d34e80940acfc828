package orm

import (
	"context"
	"fmt"

	"github.com/quintetgo/quintet/orm/columns"
	"github.com/quintetgo/quintet/orm/dynamic"
	"github.com/quintetgo/quintet/orm/schema"
)

// Select reads each row of a query, or each group, into a struct. An exported field of Row receives the path or annotation
// in its tag orm:"author__name", or the one called like the field in snake case. Fields tagged orm:"-" are left as they are.
//
//	type line struct {
//		Author string `orm:"author__name"`
//		Posts  int64
//	}
//	lines, err := orm.Select[line](ctx, orm.From(db, Posts).GroupBy(Posts.Author().Name).Annotate("posts", Posts.ID.Count()))
//
// An embedded struct of the query's model, or a pointer to one, receives the object of the row, with its selected and
// prefetched relations, so that annotations can be read beside it:
//
//	type entry struct {
//		*Post
//		Replies int64
//	}
//	entries, err := orm.Select[entry](ctx, orm.From(db, Posts).Annotate("replies", Posts.Comments().Count()))
func Select[Row, T any](ctx context.Context, q Query[T]) ([]Row, error) {
	return dynamic.Select[Row](ctx, q)
}

// SelectPage is [Select] for page n, from 1, of pages with size rows, as [Paginate] divides them. Groups whose order leaves them
// equal are ordered by what they are grouped by.
func SelectPage[Row, T any](ctx context.Context, q Query[T], n, size int) (*dynamic.Page[Row], error) {
	return dynamic.SelectPage[Row](ctx, q.untyped, n, size)
}

// SelectPageWith is [SelectPage] with options.
func SelectPageWith[Row, T any](ctx context.Context, q Query[T], n int, options PageOptions) (*dynamic.Page[Row], error) {
	return dynamic.SelectPageWith[Row](ctx, q.untyped, n, options)
}

// ByKey returns the rows of a query with these primary keys, by key. Keys without a row are not in the map. K is the Go type of the
// model's primary key.
func ByKey[K comparable, T any](ctx context.Context, q Query[T], keys ...K) (map[K]*T, error) {
	found, err := q.untyped.ByKey(ctx, anys(keys)...)
	if err != nil {
		return nil, err
	}
	return typedMap[K, T](q.untyped.Model().PK, found)
}

// UniqueColumn is a column with values of type V, as [ByUnique] takes it.
type UniqueColumn[V any] interface {
	Selection
	Expr() Expr[V]
}

// ByUnique is [ByKey] by a unique column: orm.ByUnique(ctx, orm.From(db, Posts), Posts.Slug, "first", "second").
func ByUnique[V comparable, T any](ctx context.Context, q Query[T], column UniqueColumn[V], values ...V) (map[V]*T, error) {
	root, path := columns.ReferenceOf(column)
	if err := q.checkRoot(root, path); err != nil {
		return nil, err
	}
	found, err := q.untyped.ByUnique(ctx, path, anys(values)...)
	if err != nil {
		return nil, err
	}
	return typedMap[V, T](q.untyped.Model().Lookup(path), found)
}

func anys[V any](values []V) []any {
	list := make([]any, len(values))
	for i, v := range values {
		list[i] = v
	}
	return list
}

// typedMap returns objects by the value of a field, with their types.
func typedMap[V comparable, T any](f *schema.Field, found map[any]any) (map[V]*T, error) {
	typed := make(map[V]*T, len(found))
	for value, object := range found {
		v, ok := value.(V)
		if !ok {
			return nil, fmt.Errorf("orm: the values of %s are %T, not %T", f, value, v)
		}
		typed[v] = object.(*T)
	}
	return typed, nil
}
