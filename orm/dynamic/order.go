package dynamic

import "github.com/quintetgo/quintet/orm/internal/compile"

// Order is one term of a query's order, as the methods Asc and Desc of expressions and generated columns return it.
type Order struct{ order compile.Order }

// NewOrder returns an order of its internal form, for the generated columns of package columns.
func NewOrder(order compile.Order) Order { return Order{order} }

// NullsFirst puts NULL before all values.
func (o Order) NullsFirst() Order {
	o.order.Nulls = compile.NullsFirst
	return o
}

// NullsLast puts NULL after all values.
func (o Order) NullsLast() Order {
	o.order.Nulls = compile.NullsLast
	return o
}

// Terms returns orders as package compile takes them. Their type is internal to this module.
func Terms(orders []Order) []compile.Order {
	terms := make([]compile.Order, len(orders))
	for i, o := range orders {
		terms[i] = o.order
	}
	return terms
}
