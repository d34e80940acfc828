package compile

import (
	"iter"
	"slices"
	"strings"
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

// filtered returns the filtered relation that a path begins with, or nil, and the path from the query's model.
func (q *Query) filtered(path string) (*FilteredRelation, string) {
	if len(q.Filtered) == 0 {
		return nil, path
	}
	name, rest, more := strings.Cut(path, "__")
	for i := range q.Filtered {
		if f := &q.Filtered[i]; f.Name == name {
			if more {
				return f, f.Path + "__" + rest
			}
			return f, f.Path
		}
	}
	return nil, path
}

// unfiltered returns a lookup with the conditions of the filtered relation that its path begins with.
func (q *Query) unfiltered(n Node) Node {
	f, path := q.filtered(n.Path)
	if f == nil {
		return n
	}
	n.Path = path
	if yes, isBool := n.Value.(bool); isBool && yes != n.Negate && path == f.Path+"__isnull" {
		n.Value, n.Negate = false, false
		return Node{Op: Not, Nodes: []Node{{Op: And, Nodes: append([]Node{n}, f.Where...)}}}
	}
	return Node{Op: And, Nodes: append([]Node{n}, f.Where...)}
}

// unfilteredExpr returns a reference or an aggregate with the conditions of the filtered relation that its path begins with.
func (q *Query) unfilteredExpr(e *Expr) *Expr {
	if e.Kind != Ref && e.Kind != Aggregate || e.Left != nil {
		return e
	}
	f, path := q.filtered(e.Path)
	if f == nil {
		return e
	}
	plain := *e
	plain.Path = path
	if e.Kind == Aggregate {
		plain.Where = slices.Concat(e.Where, f.Where)
		return &plain
	}
	return Choice([]Case{{When: Node{Op: And, Nodes: f.Where}, Then: &plain}}, nil)
}
