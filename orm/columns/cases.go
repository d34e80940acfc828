package columns

import (
	"slices"

	"github.com/quintetgo/quintet/orm/dynamic"
	"github.com/quintetgo/quintet/orm/internal/compile"
)

// Case is a value that depends on conditions: that of the first condition that holds. Create one with orm.When.
type Case[V any] struct{ cases []compile.Case }

// When adds a condition, and the value for rows for which it is the first to hold.
//
//go:noinline
func (c Case[V]) When(cond dynamic.Condition, v V) Case[V] {
	return c.when(cond, compile.Constant(v))
}

// WhenExpr is When with the value of an expression.
//
//go:noinline
func (c Case[V]) WhenExpr(cond dynamic.Condition, v Operand[V]) Case[V] {
	return c.when(cond, v.Expr().expr)
}

func (c Case[V]) when(cond dynamic.Condition, v *compile.Expr) Case[V] {
	return Case[V]{append(slices.Clip(c.cases), compile.Case{When: cond.Compiled(), Then: v})}
}

// Else returns the expression whose value is v where no condition holds.
//
//go:noinline
func (c Case[V]) Else(v V) Expr[V] { return Expr[V]{compile.Choice(c.cases, compile.Constant(v))} }

// ElseExpr is Else with the value of an expression.
//
//go:noinline
func (c Case[V]) ElseExpr(v Operand[V]) Expr[V] {
	return Expr[V]{compile.Choice(c.cases, v.Expr().expr)}
}

// Expr returns the expression whose value is NULL where no condition holds.
//
//go:noinline
func (c Case[V]) Expr() Expr[V] { return Expr[V]{compile.Choice(c.cases, nil)} }

// WindowFunction is a function that needs a window, such as functions.RowNumber.
type WindowFunction[V any] struct{ expr *compile.Expr }

// NewWindowFunction returns a window function of its internal form.
//
//go:noinline
func NewWindowFunction[V any](e *compile.Expr) WindowFunction[V] { return WindowFunction[V]{e} }

// Over returns the function over the rows of a window, a value of each row.
//
//go:noinline
func (f WindowFunction[V]) Over(w dynamic.Window) Expr[V] { return Expr[V]{w.Apply(f.expr)} }

// Scalar returns the value of a query's first row, NULL if it selects none.
//
//go:noinline
func Scalar[V any](q dynamic.Subquery, value Operand[V]) Expr[V] {
	return Expr[V]{&compile.Expr{Kind: compile.Scalar, Query: q.Compiled().Select, Left: value.Expr().expr}}
}

// Outer returns the value of a column in the query around the one that it is used in.
//
//go:noinline
func Outer[V any](value Operand[V]) Expr[V] {
	outer := *value.Expr().expr
	outer.Kind = compile.OuterRef
	return Expr[V]{&outer}
}

// Is returns the condition that a lookup holds for the value of a column or the key of a relation.
func Is(s Selection, lookup string, v any) dynamic.Condition {
	root, path := s.reference()
	node := dynamic.Is(path+"__"+lookup, v).Compiled()
	node.Root = root
	return dynamic.NewCondition(node)
}
