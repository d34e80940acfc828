package orm

import (
	"context"
	"iter"
	"reflect"
	"unsafe"

	"github.com/quintetgo/quintet/orm/columns"
	"github.com/quintetgo/quintet/orm/dynamic"
	"github.com/quintetgo/quintet/orm/internal/compile"
	"github.com/quintetgo/quintet/orm/internal/load"
	"github.com/quintetgo/quintet/orm/schema"
)

// Query selects rows of T. It is a value: every method returns a modified copy, so that queries can be kept, shared between
// goroutines and extended. It runs when a method with a context is called. An error found while the query is built, such
// as an unknown name or a column of another model, is returned by that method.
type Query[T any] struct{ untyped dynamic.Query }

// From returns a query for all rows of T, ordered by the model's default ordering. The columns are the generated variable of
// the model: orm.From(db, blog.Posts).
func From[T any](db *DB, cols Columns[T]) Query[T] {
	q := Objects[T](db)
	m := q.untyped.Model()
	if _, path := columns.PathOf(cols); path != "" && m != nil {
		if _, err := m.Resolve(path); err != nil {
			return Query[T]{q.untyped.WithError(err)}
		}
		return Query[T]{q.untyped.WithError(&schema.LookupError{
			Model: m, Path: path, Part: path, Problem: "a query starts at the model itself; use the model's own columns",
		})}
	}
	return q
}

// Objects returns a query for all rows of T without generated columns.
func Objects[T any](db *DB) Query[T] { return Query[T]{dynamic.From(db, reflect.TypeFor[T]())} }

// Dynamic returns the same query without its type.
func (q Query[T]) Dynamic() dynamic.Query { return q.untyped }

// Compiled returns the query as the packages below this one take it. Its type is internal to this module.
func (q Query[T]) Compiled() load.Query { return q.untyped.Compiled() }

// Filter keeps rows for which all conditions hold. Conditions across the same relation to many objects hold for the same
// related object within one call; a further call may match another one. Without conditions it keeps every row.
func (q Query[T]) Filter(conds ...Condition) Query[T] { return Query[T]{q.untyped.Filter(conds...)} }

// Exclude removes rows for which all conditions hold. Without conditions it removes none.
func (q Query[T]) Exclude(conds ...Condition) Query[T] { return Query[T]{q.untyped.Exclude(conds...)} }

// Where keeps rows for which a lookup holds: Where("author__name__icontains", "x"). See package dynamic for lookups.
func (q Query[T]) Where(lookup string, value any) Query[T] {
	return Query[T]{q.untyped.Where(lookup, value)}
}

// WhereNot removes rows for which a lookup holds.
func (q Query[T]) WhereNot(lookup string, value any) Query[T] {
	return Query[T]{q.untyped.WhereNot(lookup, value)}
}

// OrderBy orders by columns. Without arguments the rows have no order, not even the model's default.
func (q Query[T]) OrderBy(orders ...Order) Query[T] {
	return Query[T]{q.untyped.OrderByExpressions(orders...)}
}

// OrderByNames orders by fields, relations or annotations. A "-" before a name sorts in descending order, and "?" sorts randomly.
func (q Query[T]) OrderByNames(names ...string) Query[T] {
	return Query[T]{q.untyped.OrderBy(names...)}
}

// Reverse reverses the order. Without an order it orders by descending primary key.
func (q Query[T]) Reverse() Query[T] { return Query[T]{q.untyped.Reverse()} }

// Limit keeps at most n rows. Zero keeps none; a negative n is an error.
func (q Query[T]) Limit(n int) Query[T] { return Query[T]{q.untyped.Limit(n)} }

// Offset skips the first n rows. A negative n is an error.
func (q Query[T]) Offset(n int) Query[T] { return Query[T]{q.untyped.Offset(n)} }

// Limited reports whether Limit, Offset or None apply, so that another limit or order would select other rows.
func (q Query[T]) Limited() bool { return q.untyped.Limited() }

// SelectRelated loads related objects to one in the same statement: SelectRelated(Posts.Author()).
func (q Query[T]) SelectRelated(relations ...Relation) Query[T] {
	names, err := q.names(relations)
	return Query[T]{q.untyped.WithError(err).SelectRelated(names...)}
}

// SelectRelatedNames is SelectRelated by name: "author", "author__company".
func (q Query[T]) SelectRelatedNames(names ...string) Query[T] {
	return Query[T]{q.untyped.SelectRelated(names...)}
}

// Prefetch loads related objects with one additional statement for each relation: Prefetch(Posts.Tags(),
// Posts.Comments().Author()).
func (q Query[T]) Prefetch(relations ...Relation) Query[T] {
	names, err := q.names(relations)
	return Query[T]{q.untyped.WithError(err).Prefetch(names...)}
}

// PrefetchNames is Prefetch by name: "tags", "comments__author".
func (q Query[T]) PrefetchNames(names ...string) Query[T] {
	return Query[T]{q.untyped.Prefetch(names...)}
}

// FetchPeers loads relations when a template reads them: the first object whose relation is missing loads it, with one
// statement, for all objects of the query, and so on for the objects that it leads to. In Go code a missing relation
// stays nil; load it by [Load]. The statements use the context of the query.
func (q Query[T]) FetchPeers() Query[T] { return Query[T]{q.untyped.FetchPeers()} }

// PrefetchQuery is Prefetch for one relation whose objects come from a query, which may filter, order, and prefetch further
// relations. It must be on the related model and have no Limit or Offset.
func (q Query[T]) PrefetchQuery(relation Relation, related dynamic.Subquery) Query[T] {
	names, err := q.names([]Relation{relation})
	if err != nil {
		return Query[T]{q.untyped.WithError(err)}
	}
	return Query[T]{q.untyped.PrefetchQuery(names[0], related)}
}

// names returns the paths of relations, or an error if one starts at another model than the query's.
func (q Query[T]) names(relations []Relation) ([]string, error) {
	names := make([]string, len(relations))
	for i, r := range relations {
		root, path := columns.PathOf(r)
		if err := q.checkRoot(root, path); err != nil {
			return nil, err
		}
		names[i] = path
	}
	return names, nil
}

// checkRoot returns an error if a path starts at another model than the query's.
func (q Query[T]) checkRoot(root reflect.Type, path string) error {
	if m := q.untyped.Model(); m != nil {
		return compile.CheckRoot(m, root, path)
	}
	return nil // the query has an error already
}

// Annotate adds a computed value to each row under a name that lookups, OrderByNames and [Select] can use. The name must not be
// one of the model's fields or relations.
func (q Query[T]) Annotate(name string, value dynamic.Annotation) Query[T] {
	return Query[T]{q.untyped.Annotate(name, value)}
}

// Alias is [Query.Annotate] for a value that lookups, orders and other annotations use, and that is not selected unless it is
// named.
func (q Query[T]) Alias(name string, value dynamic.Annotation) Query[T] {
	return Query[T]{q.untyped.Alias(name, value)}
}

// FilteredRelation names those rows of a relation for which conditions hold. Lookups by name, aggregates and orders may begin
// with the name. The conditions lead through the relation:
//
//	posts.FilteredRelation("approved", Posts.Comments(), Posts.Comments().Approved.Eq(true)).OrderByNames("-approved__created_at")
func (q Query[T]) FilteredRelation(name string, relation Relation, conds ...Condition) Query[T] {
	names, err := q.names([]Relation{relation})
	if err != nil {
		return Query[T]{q.untyped.WithError(err)}
	}
	return Query[T]{q.untyped.FilteredRelation(name, names[0], conds...)}
}

// GroupByNames is GroupBy by name: "author__name", or the name of an annotation.
func (q Query[T]) GroupByNames(names ...string) Query[T] {
	return Query[T]{q.untyped.GroupBy(names...)}
}

// GroupBy groups rows by the values of columns. Annotations become aggregates of the groups, and conditions on annotations
// select groups. Read groups with [Select]. Without arguments all rows are one group.
func (q Query[T]) GroupBy(selections ...Selection) Query[T] {
	names, err := q.paths(selections)
	return Query[T]{q.untyped.WithError(err).GroupBy(names...)}
}

// None selects no rows, without a statement to the database.
func (q Query[T]) None() Query[T] { return Query[T]{q.untyped.None()} }

// Distinct removes equal rows from the result of [Select]. Objects are never duplicated, so it does not change them.
func (q Query[T]) Distinct() Query[T] { return Query[T]{q.untyped.Distinct()} }

// Using returns the query on the database with an alias, instead of the one that the router chooses for its model:
// orm.From(db, Posts).Using("archive"). An alias that no database has, and a database without the model's table, are errors.
func (q Query[T]) Using(alias string) Query[T] { return Query[T]{q.untyped.Using(alias)} }

// All returns every row.
func (q Query[T]) All(ctx context.Context) ([]*T, error) {
	c := q.Compiled()
	var all []*T
	if n := c.Select.Limit; n > 0 {
		all = make([]*T, 0, min(n, 1000))
	}
	err := c.Each(ctx, func(p unsafe.Pointer) bool {
		all = append(all, (*T)(p))
		return true
	})
	if err != nil || !c.Fills() {
		return all, err
	}
	objects := make([]any, len(all))
	for i, obj := range all {
		objects[i] = obj
	}
	return all, c.Fill(ctx, objects)
}

// Get returns the only row. If there is none the error is [ErrNotFound], which responds with 404 if a view returns it; if there
// are several it is [ErrMultiple].
func (q Query[T]) Get(ctx context.Context) (*T, error) { return typed[T](q.untyped.Get(ctx)) }

// First returns the first row, by primary key if there is no order. If there is none the error is [ErrNotFound].
func (q Query[T]) First(ctx context.Context) (*T, error) { return typed[T](q.untyped.First(ctx)) }

// Last returns the last row, by primary key if there is no order. If there is none the error is [ErrNotFound]. A query with
// Limit or Offset is an error; use Reverse and First.
func (q Query[T]) Last(ctx context.Context) (*T, error) { return typed[T](q.untyped.Last(ctx)) }

// Latest returns the row with the greatest value of the named fields, or of the field in [Meta].Latest if none is named. A "-"
// before a name reverses its order. Rows with equal values are ordered by primary key. The query's own order has no
// effect. If there is no row the error is [ErrNotFound]; a query with Limit or Offset is an error.
func (q Query[T]) Latest(ctx context.Context, fields ...string) (*T, error) {
	return typed[T](q.untyped.Latest(ctx, fields...))
}

// Earliest returns the row with the least value of the named fields; see [Query.Latest].
func (q Query[T]) Earliest(ctx context.Context, fields ...string) (*T, error) {
	return typed[T](q.untyped.Earliest(ctx, fields...))
}

func typed[T any](obj any, err error) (*T, error) {
	if err != nil {
		return nil, err
	}
	return obj.(*T), nil
}

// Count returns the number of rows; with a limit, at most that many.
func (q Query[T]) Count(ctx context.Context) (int64, error) { return q.untyped.Count(ctx) }

// EstimatedCount returns about how many rows the query selects, without counting them where the database has statistics: those of
// the table if the query has no conditions. It is Count for other queries, and for a table that was never analyzed.
func (q Query[T]) EstimatedCount(ctx context.Context) (int64, error) {
	return q.untyped.EstimatedCount(ctx)
}

// Exists reports whether the query selects a row.
func (q Query[T]) Exists(ctx context.Context) (bool, error) { return q.untyped.Exists(ctx) }

// Iter returns the rows one by one as they are read. It holds a connection until the loop ends. With prefetches every row is read
// before the first is returned.
func (q Query[T]) Iter(ctx context.Context) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		for obj, err := range q.untyped.Iter(ctx) {
			row, _ := obj.(*T)
			if !yield(row, err) {
				return
			}
		}
	}
}

// InChunks returns the rows in slices of at most size, in the order of the primary key. No connection is held between chunks, so
// the loop may write, and take as long as it needs; rows that are added or deleted meanwhile do not shift the others. A size
// of 0 means 1,000. A query with an order of its own, or with Limit or Offset, is an error.
//
//	for posts, err := range orm.From(db, Posts).InChunks(ctx, 500) {
func (q Query[T]) InChunks(ctx context.Context, size int) iter.Seq2[[]*T, error] {
	return func(yield func([]*T, error) bool) {
		for chunk, err := range q.untyped.InChunks(ctx, size) {
			if !yield(objects[T](chunk), err) {
				return
			}
		}
	}
}

// Contains reports whether the query selects the row of an object, which has a primary key.
func (q Query[T]) Contains(ctx context.Context, object *T) (bool, error) {
	return q.untyped.Contains(ctx, object)
}

// PKs returns the primary keys of the rows.
func (q Query[T]) PKs(ctx context.Context) ([]any, error) { return q.untyped.PKs(ctx) }

// Update assigns values to columns of every row and returns the number of rows. Validators, hooks and automatic times do not
// run, unlike in Save. A value that a column cannot store is a [*ValidationError].
func (q Query[T]) Update(ctx context.Context, assigns ...Assign) (int64, error) {
	return q.Compiled().Update(ctx, setsOf(assigns))
}

// UpdateReturning is [Query.Update] and returns the objects as they are stored then, in the query's order before the update, with
// the relations that the query loads. It runs in a transaction, which locks the rows, updates them by their keys, and reads them.
// A row is returned even if it no longer satisfies the query's conditions. It cannot set the primary key.
func (q Query[T]) UpdateReturning(ctx context.Context, assigns ...Assign) ([]*T, error) {
	found, err := q.Compiled().UpdateReturning(ctx, setsOf(assigns))
	if err != nil {
		return nil, err
	}
	objects := make([]*T, len(found))
	for i, obj := range found {
		objects[i] = obj.(*T)
	}
	return objects, nil
}

// CreateFrom inserts a row for every row of another query, by one statement, and returns the number of rows. Assignments set columns
// of q to values that are computed from the row of the other query, also across its relations to one object:
//
//	n, err := orm.From(db, Archive).CreateFrom(ctx, old, Archive.Title.SetTo(Posts.Title), Archive.Year.Set(2026))
//
// Like Update it does not validate or run hooks. Times that Create sets, the first version and the tenant are set too; other columns
// that are not assigned have the database's default. The query q itself must have no conditions.
func (q Query[T]) CreateFrom(ctx context.Context, from dynamic.Subquery, assigns ...Assign) (int64, error) {
	return q.Compiled().CreateFrom(ctx, from.Compiled(), setsOf(assigns))
}

func setsOf(assigns []Assign) []compile.Set {
	sets := make([]compile.Set, len(assigns))
	for i, a := range assigns {
		sets[i] = a.Compiled()
	}
	return sets
}

// Delete deletes every row and the rows that depend on them, by the rules of [DB.Delete]: protected rows are a
// [*ProtectedError], and hooks run. It returns the number of rows of T. It runs in a transaction.
func (q Query[T]) Delete(ctx context.Context) (int64, error) { return q.untyped.Delete(ctx) }

// SQL returns the statement that All runs, and the values bound in it.
func (q Query[T]) SQL() (string, []any, error) { return q.untyped.SQL() }
