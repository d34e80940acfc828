package orm

import (
	"context"
	"time"

	"github.com/quintetgo/quintet/orm/columns"
	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/dynamic"
)

// Union returns a query for the rows that q or any other query selects, each once. The result has the order, prefetches and
// selected relations of q, but no limit; it can be filtered, ordered, limited, annotated, counted and combined like any query.
//
// All queries are on one database, have no groups and no locks, and have the same annotations.
func (q Query[T]) Union(others ...Query[T]) Query[T] {
	return Query[T]{q.untyped.Union(subqueries(others)...)}
}

// UnionAll is [Query.Union] with a row that several queries select repeated for each of them.
func (q Query[T]) UnionAll(others ...Query[T]) Query[T] {
	return Query[T]{q.untyped.UnionAll(subqueries(others)...)}
}

// Intersection returns a query for the rows that q and all other queries select; see [Query.Union].
func (q Query[T]) Intersection(others ...Query[T]) Query[T] {
	return Query[T]{q.untyped.Intersection(subqueries(others)...)}
}

// Difference returns a query for the rows that q selects and no other query does; see [Query.Union].
func (q Query[T]) Difference(others ...Query[T]) Query[T] {
	return Query[T]{q.untyped.Difference(subqueries(others)...)}
}

func subqueries[T any](queries []Query[T]) []dynamic.Subquery {
	list := make([]dynamic.Subquery, len(queries))
	for i, q := range queries {
		list[i] = q
	}
	return list
}

// DistinctOn keeps one row of those with equal values of columns: the first in the query's order. Conditions apply before, in
// whatever order the methods are called, and limits after. Use [Query.GroupBy] to compute values of each group.
func (q Query[T]) DistinctOn(selections ...Selection) Query[T] {
	names, err := q.paths(selections)
	return Query[T]{q.untyped.WithError(err).DistinctOn(names...)}
}

// DistinctOnNames is DistinctOn by name.
func (q Query[T]) DistinctOnNames(names ...string) Query[T] {
	return Query[T]{q.untyped.DistinctOn(names...)}
}

// Only reads only some columns of objects, so that a list does not read long texts: Posts.Title, or Posts.Author().Name for an
// object of SelectRelated, whose other columns are then left out too. Primary keys, foreign keys, and columns that foreign
// keys refer to are read in any case. A later Only replaces an earlier one; without columns it reads everything.
//
// The other fields of the objects have their zero values. [DeferredFields] returns their names; [DB.Save] leaves them as they are in
// the database, unless they have been assigned another value since, and [DB.Create] of such an object is an error.
// [DB.Refresh] reads them. This applies to the object that was read and not to copies of its struct.
func (q Query[T]) Only(selections ...Selection) Query[T] {
	names, err := q.paths(selections)
	return Query[T]{q.untyped.WithError(err).Only(names...)}
}

// Defer reads all columns of objects but some; see [Query.Only].
func (q Query[T]) Defer(selections ...Selection) Query[T] {
	names, err := q.paths(selections)
	return Query[T]{q.untyped.WithError(err).Defer(names...)}
}

// OnlyNames is Only by name: "title", "author__name".
func (q Query[T]) OnlyNames(names ...string) Query[T] { return Query[T]{q.untyped.Only(names...)} }

// DeferNames is Defer by name.
func (q Query[T]) DeferNames(names ...string) Query[T] { return Query[T]{q.untyped.Defer(names...)} }

// DeferredFields returns the names of the fields that an object, a pointer to a model's struct, was read without by Only, Defer or
// [Raw], and that have not been assigned a value since. It is empty for other objects.
func DeferredFields(object any) []string { return dynamic.DeferredFields(object) }

// Lock is how [Query.ForUpdateWith] locks rows. The zero value waits for rows that other transactions have locked.
type Lock struct {
	NoWait     bool       // fail with a fault.LockedError if a row is locked
	SkipLocked bool       // leave out rows that are locked
	NoKey      bool       // let others insert rows that refer to the locked ones, where the database can
	Of         []Relation // relations of SelectRelated whose rows are locked too
}

// ForUpdate locks the rows that the query reads until the transaction ends, so that no other transaction changes or locks them.
// Outside of a transaction the query is an error. Counts, and queries inside others, lock nothing. On a database with one
// writer at a time, such as SQLite, the transaction itself keeps all others from writing.
func (q Query[T]) ForUpdate() Query[T] { return Query[T]{q.untyped.ForUpdate()} }

// ForUpdateWith is [Query.ForUpdate] with options. One that the database lacks is an error.
func (q Query[T]) ForUpdateWith(lock Lock) Query[T] {
	names, err := q.names(lock.Of)
	return Query[T]{q.untyped.WithError(err).ForUpdateWith(dynamic.Lock{
		NoWait: lock.NoWait, SkipLocked: lock.SkipLocked, NoKey: lock.NoKey, Of: names,
	})}
}

// paths returns the paths of columns, or an error if one starts at another model than the query's.
func (q Query[T]) paths(selections []Selection) ([]string, error) {
	names := make([]string, len(selections))
	for i, s := range selections {
		root, path := columns.ReferenceOf(s)
		if err := q.checkRoot(root, path); err != nil {
			return nil, err
		}
		names[i] = path
	}
	return names, nil
}

// ExplainOptions is what [Query.ExplainWith] returns. Its fields are Analyze (run the statement and measure it), Verbose, and Format,
// a format of the database such as "json".
type ExplainOptions = dialect.ExplainOptions

// Explain returns how the database runs the statement of the query, as text of the database's own form.
func (q Query[T]) Explain(ctx context.Context) (string, error) { return q.untyped.Explain(ctx) }

// ExplainWith is [Query.Explain] with options. One that the database lacks is an error. With Analyze the statement runs.
func (q Query[T]) ExplainWith(ctx context.Context, options ExplainOptions) (string, error) {
	return q.untyped.ExplainWith(ctx, options)
}

// Dates returns the years, quarters, months, weeks, days, hours, minutes or seconds in which a date or time of any row lies, in UTC:
// the start of each, once, in ascending order. The unit is the word in singular: Dates(ctx, Posts.CreatedAt, "month"). Rows without a
// value are left out.
func (q Query[T]) Dates(ctx context.Context, column Selection, unit string) ([]time.Time, error) {
	return q.DatesIn(ctx, column, unit, time.UTC)
}

// DatesIn is [Query.Dates] in a time zone. A date without a time of day has no zone, and is returned as in UTC.
func (q Query[T]) DatesIn(ctx context.Context, column Selection, unit string, zone *time.Location) ([]time.Time, error) {
	names, err := q.paths([]Selection{column})
	if err != nil {
		return nil, err
	}
	return q.untyped.DatesIn(ctx, names[0], unit, zone)
}
