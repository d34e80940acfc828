package orm

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"reflect"
	"strings"

	"github.com/quintetgo/quintet/orm/internal/compile"
)

// AnyQuery is a query on a model that is known at run time only; [Query] is its typed twin. It is a value: every method
// answers a changed copy, so that queries can be kept, shared between goroutines and built upon. Mistakes such as an
// unknown name are reported by the method that runs the query, as [*LookupError].
type AnyQuery struct {
	db       *DB
	query    compile.Query
	ordered  bool // the caller gave an order; else the model's own applies
	empty    bool // the limit is zero
	prefetch []prefetch
	err      error
}

// Objects begins a query on a model, given as a *Model or by name: "blog.Post" in any case, or an alias.
func (db *DB) Objects(model any) AnyQuery {
	q := AnyQuery{db: db}
	if db == nil {
		q.err = fmt.Errorf("orm: a query on %v got no database; set the DB of the app it belongs to", model)
		return q
	}
	switch m := model.(type) {
	case *Model:
		q.query.Model = m
		if m == nil {
			q.err = fmt.Errorf("orm: Objects got a nil model")
		}
	case string:
		q.query.Model, q.err = db.Model(m)
	default:
		q.query.Model, q.err = db.ModelOf(model)
	}
	return q
}

// Model is the model that the query selects; nil if it is not known.
func (q AnyQuery) Model() *Model { return q.query.Model }

// FilterQ keeps rows for which all conditions hold. Those on one to-many relation in one call hold for the same related
// row; another call may find another row.
func (q AnyQuery) FilterQ(qs ...Q) AnyQuery { return q.filter(QAnd(qs...)) }

// ExcludeQ drops rows for which all conditions hold. Without any it drops none.
func (q AnyQuery) ExcludeQ(qs ...Q) AnyQuery {
	if len(qs) == 0 {
		return q
	}
	return q.filter(QNot(qs...))
}

// Where keeps rows for which a lookup holds: Where("author__name__icontains", "x").
func (q AnyQuery) Where(lookup string, value any) AnyQuery { return q.FilterQ(QL(lookup, value)) }

// WhereNot drops rows for which a lookup holds.
func (q AnyQuery) WhereNot(lookup string, value any) AnyQuery { return q.ExcludeQ(QL(lookup, value)) }

// WhereAny keeps rows for which any of the conditions holds.
func (q AnyQuery) WhereAny(qs ...Q) AnyQuery { return q.FilterQ(QOr(qs...)) }

func (q AnyQuery) filter(condition Q) AnyQuery {
	q.query.Where = extend(q.query.Where, condition.node)
	return q
}

// OrderByNames orders by fields, relations or annotations; "-" before a name turns it round and "?" is random. No names at
// all means no order, not even the model's own.
func (q AnyQuery) OrderByNames(names ...string) AnyQuery {
	orders := make([]compile.Order, len(names))
	for i, name := range names {
		orders[i] = compile.ParseOrder(name)
	}
	return q.orderBy(orders)
}

func (q AnyQuery) orderBy(orders []compile.Order) AnyQuery {
	q.query.Order, q.ordered = orders, true
	return q
}

// Reverse turns the order round; without any it orders by falling key.
func (q AnyQuery) Reverse() AnyQuery {
	orders := q.orders()
	if len(orders) == 0 {
		orders = []compile.Order{{Path: "pk"}}
	}
	reversed := make([]compile.Order, len(orders))
	for i, o := range orders {
		reversed[i] = compile.Order{Path: o.Path, Desc: !o.Desc}
	}
	return q.orderBy(reversed)
}

// orders is the order that applies: the caller's, else the model's own.
func (q AnyQuery) orders() []compile.Order {
	if q.ordered || q.query.Model == nil || q.query.Groups != nil {
		return q.query.Order
	}
	orders := make([]compile.Order, len(q.query.Model.Ordering))
	for i, name := range q.query.Model.Ordering {
		orders[i] = compile.ParseOrder(name)
	}
	return orders
}

// Limit keeps at most n rows; zero keeps none.
func (q AnyQuery) Limit(n int) AnyQuery {
	if n < 0 {
		q = q.failing(fmt.Errorf("orm: Limit(%d): a limit cannot be negative", n))
	}
	q.query.Limit, q.empty = n, n == 0
	return q
}

// none reports whether the query selects nothing, whatever the database holds.
func (q AnyQuery) none() bool { return q.query.None || q.empty }

// Limited reports whether the query is narrowed by Limit, Offset or None, so that another limit or order would select other rows.
func (q AnyQuery) Limited() bool { return q.none() || q.query.Limit > 0 || q.query.Offset > 0 }

// Offset skips the first n rows.
func (q AnyQuery) Offset(n int) AnyQuery {
	if n < 0 {
		q = q.failing(fmt.Errorf("orm: Offset(%d): an offset cannot be negative", n))
	}
	q.query.Offset = n
	return q
}

// SelectRelatedNames loads related objects to one along with each row: "author", "author__company".
func (q AnyQuery) SelectRelatedNames(names ...string) AnyQuery {
	q.query.Related = extend(q.query.Related, names...)
	return q
}

// PrefetchNames loads related objects with one more statement for each relation: "tags", "comments__author".
func (q AnyQuery) PrefetchNames(names ...string) AnyQuery {
	for _, name := range names {
		q.prefetch = extend(q.prefetch, prefetch{path: name})
	}
	return q
}

// PrefetchQuery is PrefetchNames for one relation whose objects come from a query: filtered, ordered, with prefetches of
// its own.
func (q AnyQuery) PrefetchQuery(name string, related AnyQuery) AnyQuery {
	q.prefetch = extend(q.prefetch, prefetch{path: name, query: &related})
	return q
}

// Annotate gives an [Expression] or [Aggregation] a name that lookups, orders and values can use.
func (q AnyQuery) Annotate(name string, value any) AnyQuery {
	e, ok := unwrap(value).(compile.Expr)
	switch {
	case !ok:
		q = q.failing(fmt.Errorf("orm: Annotate(%q) wants an expression or aggregate such as orm.Count(\"comments\"), not %T", name, value))
	case name == "" || strings.Contains(name, "__"):
		q = q.failing(fmt.Errorf("orm: Annotate(%q): the name of an annotation cannot be empty or contain \"__\"", name))
	case q.query.Model != nil && (q.query.Model.Lookup(name) != nil || q.query.Model.ReverseBy(name) != nil):
		q = q.failing(fmt.Errorf("orm: Annotate(%q): %s has a field or relation of that name", name, q.query.Model))
	default:
		q = q.failing(compile.CheckRoots(q.query.Model, e))
	}
	q.query.Annotations = extend(q.query.Annotations, compile.Annotation{Name: name, Expr: e})
	return q
}

// GroupByNames groups rows by the values of paths: annotations become aggregates of the groups, and conditions on them
// choose among groups. Read groups with Values.
func (q AnyQuery) GroupByNames(names ...string) AnyQuery {
	q.query.Groups = append(make([]string, 0, len(names)), names...)
	if !q.ordered {
		q.query.Order = nil
	}
	return q
}

// None selects nothing, without asking the database.
func (q AnyQuery) None() AnyQuery {
	q.query.None = true
	return q
}

// Distinct drops equal rows. To-many conditions never multiply rows, so it is for Values only.
func (q AnyQuery) Distinct() AnyQuery {
	q.query.Distinct = true
	return q
}

// Using returns the query on another handle of the same database, such as that of db.SkipValidation(). A handle of another
// database is an error: its models may be others; begin a query there with its Objects.
func (q AnyQuery) Using(db *DB) AnyQuery {
	switch {
	case db == nil:
		return q.failing(errors.New("orm: Using got no database"))
	case q.db != nil && !q.db.session.SameDatabase(db.session):
		return q.failing(fmt.Errorf("orm: Using got a handle of another database; begin a query on %s there, with its Objects", q.query.Model))
	}
	q.db = db
	return q
}

// failing notes an error, which the method that runs the query reports. The first one stays.
func (q AnyQuery) failing(err error) AnyQuery {
	if q.err == nil {
		q.err = err
	}
	return q
}

// compiled is the query as compile takes it.
func (q AnyQuery) compiled() *compile.Query {
	c := q.query
	c.Order, c.None, c.Err = q.orders(), q.none(), q.err
	if c.Model == nil {
		c.Model = &Model{Name: "unknown"}
	}
	return &c
}

// All gives every row: pointers to structs of the model.
func (q AnyQuery) All(ctx context.Context) ([]any, error) {
	var all []any
	err := q.each(ctx, func(obj any) error {
		all = append(all, obj)
		return nil
	})
	return all, err
}

// Get gives the only row. None is [ErrNotFound], which answers 404; several are [ErrMultiple].
func (q AnyQuery) Get(ctx context.Context) (any, error) {
	all, err := q.two().All(ctx)
	return only(q, all, err)
}

// two is enough of the query to tell one row from several.
func (q AnyQuery) two() AnyQuery {
	if q.none() || q.query.Limit == 1 {
		return q
	}
	return q.Limit(2)
}

func only[E any](q AnyQuery, all []E, err error) (E, error) {
	var none E
	switch {
	case err != nil:
		return none, err
	case len(all) == 0:
		return none, &NotFoundError{Model: q.query.Model}
	case len(all) > 1:
		return none, fmt.Errorf("%w: %s", ErrMultiple, q.query.Model)
	}
	return all[0], nil
}

// First gives the first row, by key if there is no order. None is [ErrNotFound].
func (q AnyQuery) First(ctx context.Context) (any, error) {
	all, err := q.first().All(ctx)
	return only(q, all, err)
}

func (q AnyQuery) first() AnyQuery {
	if len(q.orders()) == 0 {
		q = q.OrderByNames("pk")
	}
	if q.none() {
		return q
	}
	return q.Limit(1)
}

// Last gives the last row, by key if there is no order. None is [ErrNotFound].
func (q AnyQuery) Last(ctx context.Context) (any, error) {
	if q.query.Limit > 0 || q.query.Offset > 0 {
		return nil, fmt.Errorf("orm: Last of a query with Limit or Offset has no meaning; use Reverse and First")
	}
	return q.Reverse().First(ctx)
}

// Iter gives rows one by one as they are read, holding a connection meanwhile. With prefetches everything is read first.
func (q AnyQuery) Iter(ctx context.Context) iter.Seq2[any, error] {
	return func(yield func(any, error) bool) {
		err := q.each(ctx, func(obj any) error {
			if !yield(obj, nil) {
				return errStop
			}
			return nil
		})
		if err != nil && err != errStop {
			yield(nil, err)
		}
	}
}

// PKs gives the keys of the rows.
func (q AnyQuery) PKs(ctx context.Context) ([]any, error) {
	rows, err := q.cells(ctx, []string{"pk"})
	if err != nil {
		return nil, err
	}
	keys := make([]any, len(rows))
	for i, row := range rows {
		keys[i] = row[0]
	}
	return keys, nil
}

// ByKey gives the rows with these keys, by key. Keys without a row are absent.
func (q AnyQuery) ByKey(ctx context.Context, keys ...any) (map[any]any, error) {
	all, err := q.Where("pk__in", keys).All(ctx)
	if err != nil {
		return nil, err
	}
	found := make(map[any]any, len(all))
	for _, obj := range all {
		found[q.query.Model.PK.Value(obj)] = obj
	}
	return found, nil
}

// Update changes fields of every row: Go values, or expressions over the row's own fields. It answers how many rows there
// were. Validators, hooks and automatic times do not take part; Save does all that.
func (q AnyQuery) Update(ctx context.Context, values map[string]any) (int64, error) {
	sets := make([]compile.Set, 0, len(values))
	for _, name := range sortedKeys(values) {
		sets = append(sets, compile.Set{Name: name, Value: unwrap(values[name])})
	}
	return q.update(ctx, sets)
}

// SQL is the statement that All runs, and the values bound in it.
func (q AnyQuery) SQL() (string, []any, error) {
	if q.err != nil {
		return "", nil, q.err
	}
	if q.query.Groups != nil {
		c, err := compile.Values(q.db.Dialect(), q.compiled(), q.valueNames(nil))
		if err != nil {
			return "", nil, err
		}
		return c.SQL, c.Args, nil
	}
	c, err := compile.Select(q.db.Dialect(), q.compiled())
	if err != nil {
		return "", nil, err
	}
	return c.SQL, c.Args, nil
}

// structType is the Go type of the query's model.
func (q AnyQuery) structType() reflect.Type { return q.query.Model.Type }
