// Package functions has the functions that a database computes, as expressions on typed columns:
//
//	orm.From(db, Posts).Filter(functions.Length(Posts.Title).Gt(80)).OrderBy(functions.Lower(Posts.Title).Asc())
//
// They take columns, expressions and aggregates alike, and return expressions, which have conditions, orders and aggregates of
// their own. Package dynamic/functions has the same functions for models that are known at run time only.
//
// The results are the same on all databases, whose own functions differ. A function is NULL if an argument is NULL, unless its
// comment describes another result, and where its result is not defined, such as the square root of a negative number.
package functions

//go:generate go run ./internal/functiongen

import (
	"github.com/quintetgo/quintet/orm/columns"
	"github.com/quintetgo/quintet/orm/internal/compile"
)

// arg returns an operand as package compile takes it.
func arg[V any](v columns.Operand[V]) *compile.Expr { return v.Expr().Compiled() }

// args returns operands as package compile takes them.
func args[V any](vs []columns.Operand[V]) []*compile.Expr {
	list := make([]*compile.Expr, len(vs))
	for i, v := range vs {
		list[i] = arg(v)
	}
	return list
}

func constant(v any) *compile.Expr { return compile.Constant(v) }

func exprOf[V any](name string, args ...*compile.Expr) columns.Expr[V] {
	return columns.NewExpr[V](compile.Function(name, args...))
}

func textOf(name string, args ...*compile.Expr) columns.Text {
	return columns.TextOf(exprOf[string](name, args...))
}

func windowOf[V any](name string, args ...*compile.Expr) columns.WindowFunction[V] {
	return columns.NewWindowFunction[V](compile.Function(name, args...))
}
