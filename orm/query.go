package orm

import (
	"context"
	"iter"
	"reflect"
	"unsafe"

	"github.com/quintetgo/quintet/orm/internal/compile"
)

// Query selects rows of T. It is a value: every method answers a changed copy, so that queries can be kept, shared between
// goroutines and built upon. Nothing runs before a method that takes a context; such a method also reports mistakes made
// earlier.
type Query[T any] struct{ untyped AnyQuery }

// From begins a query on T with generated columns: orm.From(db, blog.Posts).
func From[T any](db *DB, columns Columns[T]) Query[T] {
	q := Objects[T](db)
	if _, at := columns.relation(); at != "" && q.untyped.err == nil {
		_, q.untyped.err = q.untyped.query.Model.Resolve(at)
		if q.untyped.err == nil {
			q.untyped.err = &LookupError{Model: q.untyped.query.Model, Path: at, Part: at, Problem: "a query starts at the model itself; use the columns of its own"}
		}
	}
	return q
}

// Objects begins a query on T without generated columns.
func Objects[T any](db *DB) Query[T] {
	return Query[T]{db.Objects(reflect.TypeFor[T]())}
}

// Any is the same query without its type.
func (q Query[T]) Any() AnyQuery { return q.untyped }

func (q Query[T]) compiled() *compile.Query { return q.untyped.compiled() }

// Filter keeps rows for which all conditions hold. Those on one to-many relation in one call hold for the same related
// row; another call may find another row.
func (q Query[T]) Filter(conds ...Cond) Query[T] {
	return Query[T]{q.untyped.FilterQ(And(conds...).Q())}
}

// Exclude drops rows for which all conditions hold. Without any it drops none.
func (q Query[T]) Exclude(conds ...Cond) Query[T] {
	if len(conds) == 0 {
		return q
	}
	return Query[T]{q.untyped.FilterQ(Not(conds...).Q())}
}

// Where keeps rows for which a lookup holds: Where("author__name__icontains", "x").
func (q Query[T]) Where(lookup string, value any) Query[T] {
	return Query[T]{q.untyped.Where(lookup, value)}
}

// WhereNot drops rows for which a lookup holds.
func (q Query[T]) WhereNot(lookup string, value any) Query[T] {
	return Query[T]{q.untyped.WhereNot(lookup, value)}
}

// OrderBy orders by columns. No orders at all means no order, not even the model's own.
func (q Query[T]) OrderBy(orders ...Order) Query[T] {
	list := make([]compile.Order, len(orders))
	for i, o := range orders {
		list[i] = o.order
	}
	return Query[T]{q.untyped.orderBy(list)}
}

// OrderByNames orders by fields, relations or annotations; "-" before a name turns it round and "?" is random.
func (q Query[T]) OrderByNames(names ...string) Query[T] {
	return Query[T]{q.untyped.OrderByNames(names...)}
}

// Reverse turns the order round; without any it orders by falling key.
func (q Query[T]) Reverse() Query[T] { return Query[T]{q.untyped.Reverse()} }

// Limit keeps at most n rows; zero keeps none.
func (q Query[T]) Limit(n int) Query[T] { return Query[T]{q.untyped.Limit(n)} }

// Offset skips the first n rows.
func (q Query[T]) Offset(n int) Query[T] { return Query[T]{q.untyped.Offset(n)} }

// SelectRelated loads related objects to one along with each row: SelectRelated(q.Author()).
func (q Query[T]) SelectRelated(relations ...Relation) Query[T] {
	return q.withRelations(relations, q.untyped.SelectRelatedNames)
}

// SelectRelatedNames is SelectRelated by name: "author", "author__company".
func (q Query[T]) SelectRelatedNames(names ...string) Query[T] {
	return Query[T]{q.untyped.SelectRelatedNames(names...)}
}

// Prefetch loads related objects with one more statement for each relation: Prefetch(q.Tags(), q.Comments().Author()).
func (q Query[T]) Prefetch(relations ...Relation) Query[T] {
	return q.withRelations(relations, q.untyped.PrefetchNames)
}

// PrefetchNames is Prefetch by name: "tags", "comments__author".
func (q Query[T]) PrefetchNames(names ...string) Query[T] {
	return Query[T]{q.untyped.PrefetchNames(names...)}
}

// PrefetchQuery is Prefetch for one relation whose objects come from a query: filtered, ordered, with prefetches of its own.
func (q Query[T]) PrefetchQuery(relation Relation, related AnyQuery) Query[T] {
	return q.withRelations([]Relation{relation}, func(names ...string) AnyQuery { return q.untyped.PrefetchQuery(names[0], related) })
}

// startsAt reports an error if a typed path starts at another model than the query's.
func (q AnyQuery) startsAt(root reflect.Type, path string) error {
	if q.err != nil {
		return q.err
	}
	return compile.CheckRoot(q.query.Model, root, path)
}

// withRelations returns the query that apply makes with the names of relations, which must start at the query's model.
func (q Query[T]) withRelations(relations []Relation, apply func(names ...string) AnyQuery) Query[T] {
	names := make([]string, len(relations))
	for i, r := range relations {
		root, path := r.relation()
		if err := q.untyped.startsAt(root, path); err != nil {
			q.untyped.err = err
			return q
		}
		names[i] = path
	}
	return Query[T]{apply(names...)}
}

// Annotate gives an expression or aggregate a name that lookups, orders and Values can use.
func (q Query[T]) Annotate(name string, value Annotation) Query[T] {
	return Query[T]{q.untyped.Annotate(name, value)}
}

// GroupBy groups rows by values; see [AnyQuery.GroupByNames].
func (q Query[T]) GroupBy(selections ...Selection) Query[T] {
	names := make([]string, len(selections))
	for i, s := range selections {
		root, path := s.reference()
		if err := q.untyped.startsAt(root, path); err != nil {
			q.untyped.err = err
			return q
		}
		names[i] = path
	}
	return Query[T]{q.untyped.GroupByNames(names...)}
}

// None selects nothing, without asking the database.
func (q Query[T]) None() Query[T] { return Query[T]{q.untyped.None()} }

// Distinct drops equal rows. To-many conditions never multiply rows, so it is for Values only.
func (q Query[T]) Distinct() Query[T] { return Query[T]{q.untyped.Distinct()} }

// Using returns the query on another handle of the same database; see [AnyQuery.Using].
func (q Query[T]) Using(db *DB) Query[T] { return Query[T]{q.untyped.Using(db)} }

// All gives every row.
func (q Query[T]) All(ctx context.Context) ([]*T, error) {
	var all []*T
	if n := q.untyped.query.Limit; n > 0 {
		all = make([]*T, 0, min(n, 1000))
	}
	err := q.untyped.read(ctx, func(p unsafe.Pointer) error {
		all = append(all, (*T)(p))
		return nil
	})
	if err != nil {
		return nil, err
	}
	if len(q.untyped.prefetch) > 0 {
		objects := make([]any, len(all))
		for i, obj := range all {
			objects[i] = obj
		}
		err = q.untyped.db.fill(ctx, q.untyped.query.Model, objects, q.untyped.prefetch)
	}
	return all, err
}

// Get gives the only row. None is [ErrNotFound], which answers 404; several are [ErrMultiple].
func (q Query[T]) Get(ctx context.Context) (*T, error) {
	all, err := Query[T]{q.untyped.two()}.All(ctx)
	return only(q.untyped, all, err)
}

// First gives the first row, by key if there is no order. None is [ErrNotFound].
func (q Query[T]) First(ctx context.Context) (*T, error) {
	all, err := Query[T]{q.untyped.first()}.All(ctx)
	return only(q.untyped, all, err)
}

// Last gives the last row, by key if there is no order. None is [ErrNotFound].
func (q Query[T]) Last(ctx context.Context) (*T, error) {
	obj, err := q.untyped.Last(ctx)
	if err != nil {
		return nil, err
	}
	return obj.(*T), nil
}

// Count gives the number of rows; with a limit, at most that many.
func (q Query[T]) Count(ctx context.Context) (int64, error) { return q.untyped.Count(ctx) }

// Exists reports whether there is a row.
func (q Query[T]) Exists(ctx context.Context) (bool, error) { return q.untyped.Exists(ctx) }

// Iter gives rows one by one as they are read, holding a connection meanwhile. With prefetches everything is read first.
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

// PKs gives the keys of the rows.
func (q Query[T]) PKs(ctx context.Context) ([]any, error) { return q.untyped.PKs(ctx) }

// Update changes columns of every row and answers how many there were. Validators, hooks and automatic times do not take
// part; Save does all that.
func (q Query[T]) Update(ctx context.Context, assigns ...Assign) (int64, error) {
	sets := make([]compile.Set, len(assigns))
	for i, a := range assigns {
		sets[i] = a.set
	}
	return q.untyped.update(ctx, sets)
}

// Delete removes every row and what goes along with it, and answers how many rows of T there were.
func (q Query[T]) Delete(ctx context.Context) (int64, error) { return q.untyped.Delete(ctx) }

// SQL is the statement that All runs, and the values bound in it.
func (q Query[T]) SQL() (string, []any, error) { return q.untyped.SQL() }
