package dynamic

import (
	"errors"
	"fmt"
	"slices"

	"github.com/quintetgo/quintet/orm/internal/compile"
	"github.com/quintetgo/quintet/orm/internal/load"
	"github.com/quintetgo/quintet/orm/internal/session"
	"github.com/quintetgo/quintet/orm/schema"
)

// DB is an open database: an *orm.DB.
type DB interface{ Session() *session.Session }

// Query selects rows of one model. It is a value: every method returns a modified copy, so that queries can be kept, shared
// between goroutines and extended. It runs when a method with a context is called. An error found while the query is
// built, such as an unknown name, is returned by that method; if there are several it is the first one.
type Query struct {
	session  *session.Session
	query    compile.Query
	ordered  bool // OrderBy was called; otherwise the model's default ordering applies
	empty    bool // the limit is zero
	prefetch []load.Prefetch
	peers    bool
	err      error
}

// From returns a query for all rows of a model, ordered by its default ordering. The model is a name such as "blog.Post", in
// any case, an alias, a *schema.Model, a reflect.Type, or a pointer to a struct.
func From(db DB, model any) Query {
	var q Query
	if db != nil {
		q.session = db.Session()
	}
	if q.session == nil {
		q.err = fmt.Errorf("orm: a query on %v received no database; set the DB of the app it belongs to", model)
		return q
	}
	switch m := model.(type) {
	case *schema.Model:
		q.query.Model = m
		if m == nil {
			q.err = errors.New("orm: dynamic.From received a nil model")
		}
	case string:
		q.query.Model, q.err = q.session.Model(m)
	default:
		q.query.Model, q.err = q.session.ModelOf(model)
	}
	q.session = q.session.Of(q.query.Model)
	return q
}

// Model returns the model that the query selects, or nil if it is not known.
func (q Query) Model() *schema.Model { return q.query.Model }

// Filter keeps rows for which all conditions hold. Conditions across the same relation to many objects hold for the same
// related object within one call; a further call may match another one. Without conditions it keeps every row.
func (q Query) Filter(conds ...Condition) Query {
	if len(conds) == 1 {
		return q.where(conds[0].node)
	}
	return q.where(combine(compile.And, conds))
}

// Exclude removes rows for which all conditions hold. Without conditions it removes none.
func (q Query) Exclude(conds ...Condition) Query {
	if len(conds) == 0 {
		return q
	}
	return q.where(combine(compile.Not, conds))
}

// Where keeps rows for which a lookup holds: Where("author__name__icontains", "x"). It is Filter with [Is].
func (q Query) Where(lookup string, value any) Query { return q.Filter(Is(lookup, value)) }

// WhereNot removes rows for which a lookup holds.
func (q Query) WhereNot(lookup string, value any) Query { return q.Exclude(Is(lookup, value)) }

func (q Query) where(node compile.Node) Query {
	q.query.Where = extend(q.query.Where, node)
	return q
}

// OrderBy orders by fields, relations or annotations. A "-" before a name sorts in descending order, and "?" sorts randomly. A
// relation means the default ordering of its model. Without names the rows have no order, not even the model's default.
func (q Query) OrderBy(names ...string) Query {
	orders := make([]compile.Order, len(names))
	for i, name := range names {
		orders[i] = compile.ParseOrder(name)
	}
	return q.orderBy(orders)
}

// OrderByExpressions orders by terms, such as those that the methods Asc and Desc of generated columns return. Without
// arguments the rows have no order, not even the model's default.
func (q Query) OrderByExpressions(orders ...Order) Query {
	return q.orderBy(Terms(orders))
}

func (q Query) orderBy(orders []compile.Order) Query {
	q.query.Order, q.ordered = orders, true
	return q
}

// Reverse reverses the order. Without an order it orders by descending primary key.
func (q Query) Reverse() Query {
	orders := q.orders()
	if len(orders) == 0 {
		orders = []compile.Order{{Path: "pk"}}
	}
	reversed := make([]compile.Order, len(orders))
	for i, o := range orders {
		reversed[i] = o.Reversed()
	}
	return q.orderBy(reversed)
}

// orders returns the order that applies: the one of OrderBy, or the model's default.
func (q Query) orders() []compile.Order {
	if q.ordered || q.query.Model == nil || q.query.Groups != nil {
		return q.query.Order
	}
	return load.Ordering(q.query.Model)
}

// Limit keeps at most n rows. Zero keeps none; a negative n is an error.
func (q Query) Limit(n int) Query {
	if n < 0 {
		q = q.WithError(fmt.Errorf("orm: Limit(%d): a limit cannot be negative", n))
	}
	q.query.Limit, q.empty = n, n == 0
	return q
}

// Offset skips the first n rows. A negative n is an error.
func (q Query) Offset(n int) Query {
	if n < 0 {
		q = q.WithError(fmt.Errorf("orm: Offset(%d): an offset cannot be negative", n))
	}
	q.query.Offset = n
	return q
}

// Limited reports whether Limit, Offset or None apply, so that another limit or order would select other rows.
func (q Query) Limited() bool { return q.none() || q.query.Limit > 0 || q.query.Offset > 0 }

// None selects no rows, without a statement to the database.
func (q Query) None() Query {
	q.query.None = true
	return q
}

// none reports whether the query selects nothing, whatever the database contains.
func (q Query) none() bool { return q.query.None || q.empty }

// Distinct removes equal rows from the result of Values. Objects are never duplicated, so it does not change them.
func (q Query) Distinct() Query {
	q.query.Distinct = true
	return q
}

// Using returns the query on the database with an alias, instead of the one that the router chooses for its model. An alias
// that no database has, and a database without the model's table, are errors. Queries in its conditions must be Using the
// same database.
func (q Query) Using(alias string) Query {
	if q.session == nil || q.query.Model == nil {
		return q
	}
	other := q.session.Using(alias).Of(q.query.Model)
	if err := other.Err(); err != nil {
		return q.WithError(err)
	}
	q.session = other
	return q
}

// WithError returns the query with an error that the method that runs it returns. The first error is kept, and nil is ignored.
// It lets code that builds queries report errors where they are handled.
func (q Query) WithError(err error) Query {
	if q.err == nil {
		q.err = err
	}
	return q
}

// Compiled returns the query as the packages below this one take it. Its type is internal to this module.
func (q Query) Compiled() load.Query {
	c := q.query
	c.Order, c.None, c.Err = q.orders(), q.none(), q.err
	if c.Model == nil {
		c.Model = &schema.Model{Name: "unknown"}
	}
	if q.session != nil {
		c.Database = q.session.Identity()
	}
	return load.Query{Session: q.session, Select: &c, Prefetch: q.prefetch, Peers: q.peers}
}

// extend appends to a copy of list, which another query may share.
func extend[E any](list []E, elements ...E) []E { return append(slices.Clip(list), elements...) }
