package compile

import (
	"iter"
	"slices"
)

// operands returns the expressions that an expression is computed from. Those of a query inside it are not among them.
func (e *Expr) operands() iter.Seq[*Expr] {
	return func(yield func(*Expr) bool) {
		list := []*Expr{e.Left, e.Right, e.Else}
		if e.Kind == Scalar { // whose Left belongs to its query
			list = nil
		}
		list = append(list, e.Args...)
		for _, when := range e.Cases {
			list = append(list, when.Then)
		}
		if e.Window != nil {
			list = append(list, e.Window.Partition...)
		}
		for _, o := range e.orders() {
			list = append(list, o.Expr)
		}
		for _, operand := range list {
			if operand != nil && !yield(operand) {
				return
			}
		}
	}
}

// orders returns the orders in an expression: of an aggregate, or of a window.
func (e *Expr) orders() []Order {
	if e.Window != nil {
		return slices.Concat(e.Order, e.Window.Order)
	}
	return e.Order
}

// conditions returns the conditions in an expression.
func (e *Expr) conditions() iter.Seq[Node] {
	return func(yield func(Node) bool) {
		for _, n := range e.Where {
			if !yield(n) {
				return
			}
		}
		for _, when := range e.Cases {
			if !yield(when.When) {
				return
			}
		}
	}
}

// references calls fn with every reference to a field in an expression, but those in aggregates, which have rows of their own,
// and in conditions.
func (e *Expr) references(fn func(ref *Expr) error) error {
	if e == nil || e.Kind == Aggregate {
		return nil
	}
	if e.Kind == Ref {
		return fn(e)
	}
	for operand := range e.operands() {
		if err := operand.references(fn); err != nil {
			return err
		}
	}
	return nil
}

// aggregates reports whether an expression has an aggregate in it, itself or by an annotation of q.
func (e *Expr) aggregates(q *Query) bool {
	switch e.Kind {
	case Aggregate:
		return true
	case OverWindow:
		return false
	case Ref:
		annotation, _ := q.annotation(e.Path)
		return annotation != nil && annotation.Expr != nil && annotation.Expr.aggregates(q)
	}
	for operand := range e.operands() {
		if operand.aggregates(q) {
			return true
		}
	}
	return false
}
