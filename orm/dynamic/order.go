package dynamic

import "github.com/quintetgo/quintet/orm/internal/compile"

// Order is one term of a query's order, as the methods Asc and Desc of generated columns return it.
type Order struct{ order compile.Order }

// NewOrder returns an order of its internal form, for the generated columns of package columns.
func NewOrder(order compile.Order) Order { return Order{order} }
