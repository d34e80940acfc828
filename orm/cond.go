package orm

import (
	"reflect"
	"slices"

	"github.com/quintetgo/quintet/orm/internal/compile"
)

// Q is a condition by name, for code that learns the model at run time. The zero Q is always true. Conditions are
// values: combining them changes none.
type Q struct{ node compile.Node }

// QL is a lookup: QL("author__name__icontains", "x"). The value may be an [Expression] or a query.
func QL(lookup string, value any) Q {
	return Q{compile.Node{Op: compile.Lookup, Path: lookup, Value: unwrap(value)}}
}

// QAnd holds where all of its conditions hold; those on one to-many relation hold for the same related row.
func QAnd(qs ...Q) Q { return Q{combine(compile.And, qs)} }

// QOr holds where any of its conditions holds. QOr of nothing holds nowhere.
func QOr(qs ...Q) Q { return Q{combine(compile.Or, qs)} }

// QNot holds where its conditions do not all hold, NULL counting as not holding.
func QNot(qs ...Q) Q { return Q{combine(compile.Not, qs)} }

// QExists holds where a query selects something. Inside the query, OuterRef names fields of the one around it.
func QExists(q AnyQuery) Q { return Q{compile.Node{Op: compile.Exists, Query: q.compiled()}} }

// And holds where q and all others hold.
func (q Q) And(others ...Q) Q { return QAnd(append([]Q{q}, others...)...) }

// Or holds where q or any other holds.
func (q Q) Or(others ...Q) Q { return QOr(append([]Q{q}, others...)...) }

// Not holds where q does not.
func (q Q) Not() Q { return QNot(q) }

func (q Q) condition() compile.Node { return q.node }

// Cond is a condition, as typed columns return it. It knows the model that its paths start at: a query on another model
// reports an error. The zero Cond is always true.
type Cond struct{ node compile.Node }

// Lookup is a condition on rows of T by name: orm.Lookup[Post]("title__icontains", "x").
func Lookup[T any](lookup string, value any) Cond {
	return Cond{compile.Node{Op: compile.Lookup, Root: reflect.TypeFor[T](), Path: lookup, Value: unwrap(value)}}
}

// And holds where all of its conditions hold.
func And(conds ...Cond) Cond { return Cond{combine(compile.And, conds)} }

// Or holds where any of its conditions holds. Or of nothing holds nowhere.
func Or(conds ...Cond) Cond { return Cond{combine(compile.Or, conds)} }

// Not holds where its conditions do not all hold, NULL counting as not holding.
func Not(conds ...Cond) Cond { return Cond{combine(compile.Not, conds)} }

// ExistsIn holds where a query selects something; EqOuter compares its columns with those of the query around it.
func ExistsIn[T any](q Query[T]) Cond { return Cond(QExists(q.untyped)) }

// And holds where c and all others hold.
func (c Cond) And(others ...Cond) Cond { return And(append([]Cond{c}, others...)...) }

// Or holds where c or any other holds.
func (c Cond) Or(others ...Cond) Cond { return Or(append([]Cond{c}, others...)...) }

// Not holds where c does not.
func (c Cond) Not() Cond { return Not(c) }

// Q returns the same condition for an untyped query.
func (c Cond) Q() Q { return Q(c) }

func (c Cond) condition() compile.Node { return c.node }

func combine[C interface{ condition() compile.Node }](op compile.Op, conds []C) compile.Node {
	n := compile.Node{Op: op, Nodes: make([]compile.Node, len(conds))}
	for i, c := range conds {
		n.Nodes[i] = c.condition()
	}
	return n
}

// Order is one term of a query's order.
type Order struct{ order compile.Order }

// Assign assigns a new value to a column, in Update.
type Assign struct{ set compile.Set }

// unwrap turns the values of this package that a lookup may be compared with into what compile knows.
func unwrap(v any) any {
	switch v := v.(type) {
	case interface{ expression() compile.Expr }:
		return v.expression()
	case interface{ compiled() *compile.Query }:
		return v.compiled()
	}
	return v
}

// extend appends without ever writing into memory that another query shares.
func extend[E any](list []E, more ...E) []E { return append(slices.Clip(list), more...) }
