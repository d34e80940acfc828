// Package functions has the functions that a database computes, for models that are known at run time only. They are those of
// package orm/functions, which describes their results.
//
// Operands are paths, as text, or a [dynamic.Annotation]; other Go values are constants. A constant text is a dynamic.Value:
//
//	functions.Concat("first_name", dynamic.Value(" "), "last_name")
package functions

import (
	"github.com/quintetgo/quintet/orm/dynamic"
	"github.com/quintetgo/quintet/orm/internal/compile"
	"github.com/quintetgo/quintet/orm/schema"
)

// arg returns an operand as package compile takes it.
func arg(v any) *compile.Expr {
	switch v := v.(type) {
	case string:
		return dynamic.F(v).Compiled()
	case dynamic.Annotation:
		return v.Compiled()
	}
	return compile.Constant(v)
}

// args returns operands as package compile takes them.
func args(vs []any) []*compile.Expr {
	list := make([]*compile.Expr, len(vs))
	for i, v := range vs {
		list[i] = arg(v)
	}
	return list
}

func constant(v any) *compile.Expr { return compile.Constant(v) }

func expression(name string, args ...*compile.Expr) dynamic.Expression {
	return dynamic.NewExpression(compile.Function(name, args...))
}

func window(name string, args ...*compile.Expr) dynamic.WindowFunction {
	return dynamic.NewWindowFunction(compile.Function(name, args...))
}

// Cast returns a value converted to a kind, such as schema.KindBigInt. What becomes of a value that cannot be converted, such as
// the text "x" to a number, is the database's choice: an error or zero.
func Cast(v any, to schema.Kind) dynamic.Expression {
	return dynamic.NewExpression(compile.ConvertedKind(arg(v), to))
}

// CastDecimal returns a number rounded to an exact decimal with a number of digits, of which scale are after the point.
func CastDecimal(v any, precision, scale int) dynamic.Expression {
	return dynamic.NewExpression(compile.ConvertedDecimal(arg(v), precision, scale))
}

// Collate returns the text with a collation, for comparisons and orders. The names of collations are the database's own.
func Collate(text any, collation string) dynamic.Expression {
	return dynamic.NewExpression(&compile.Expr{Kind: compile.Collate, Left: arg(text), Text: collation})
}

// JSONArray returns a JSON array of values. NULL is null in it.
func JSONArray(values ...any) dynamic.Expression { return expression("json_array", args(values)...) }

// JSONPair is a name and a value in a [JSONObject].
type JSONPair struct {
	Name  string
	Value any
}

// JSONObject returns a JSON object with the names and values of pairs. NULL is null in it.
func JSONObject(pairs ...JSONPair) dynamic.Expression {
	list := make([]*compile.Expr, 0, 2*len(pairs))
	for _, p := range pairs {
		list = append(list, constant(p.Name), arg(p.Value))
	}
	return expression("json_object", list...)
}
