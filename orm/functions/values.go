package functions

import (
	"encoding/json"
	"reflect"

	"github.com/quintetgo/quintet/orm/columns"
	"github.com/quintetgo/quintet/orm/dynamic"
	"github.com/quintetgo/quintet/orm/internal/compile"
)

// Coalesce returns the first of the values that is not NULL, or NULL.
func Coalesce[V any](values ...columns.Operand[V]) columns.Expr[V] {
	return exprOf[V]("coalesce", args(values)...)
}

// Greatest returns the greatest of the values, NULL if one of them is NULL.
func Greatest[V any](values ...columns.Operand[V]) columns.Expr[V] {
	return exprOf[V]("greatest", args(values)...)
}

// Least returns the least of the values, NULL if one of them is NULL.
func Least[V any](values ...columns.Operand[V]) columns.Expr[V] {
	return exprOf[V]("least", args(values)...)
}

// NullIf returns v, or NULL if v equals the other value.
func NullIf[V any](v, other columns.Operand[V]) columns.Expr[V] {
	return exprOf[V]("null_if", arg(v), arg(other))
}

// Cast returns a value converted to the type To: int64, int, float64, string, bool or time.Time. What becomes of a value that
// cannot be converted, such as the text "x" to a number, is the database's choice: an error or zero.
func Cast[To, V any](v columns.Operand[V]) columns.Expr[To] {
	return columns.NewExpr[To](compile.Converted(arg(v), reflect.TypeFor[To]()))
}

// CastDecimal returns a number rounded to an exact decimal with a number of digits, of which scale are after the point.
func CastDecimal[To, V any](v columns.Operand[V], precision, scale int) columns.Expr[To] {
	return columns.NewExpr[To](compile.ConvertedDecimal(arg(v), precision, scale))
}

// Collate returns the text with a collation, for comparisons and orders. The names of collations are the database's own: "C" and
// "und-x-icu" on PostgreSQL, "NOCASE" on SQLite, "utf8mb4_bin" on MariaDB.
func Collate[S ~string](text columns.Operand[S], collation string) columns.Text {
	return columns.TextOf(columns.NewExpr[string](&compile.Expr{Kind: compile.Collate, Left: arg(text), Text: collation}))
}

// JSONArray returns a JSON array of values. NULL is null in it.
func JSONArray(values ...dynamic.Annotation) columns.Expr[json.RawMessage] {
	return exprOf[json.RawMessage]("json_array", compiled(values)...)
}

// JSONPair is a name and a value in a [JSONObject].
type JSONPair struct {
	Name  string
	Value dynamic.Annotation
}

// JSONObject returns a JSON object with the names and values of pairs. NULL is null in it.
func JSONObject(pairs ...JSONPair) columns.Expr[json.RawMessage] {
	list := make([]*compile.Expr, 0, 2*len(pairs))
	for _, p := range pairs {
		list = append(list, constant(p.Name), p.Value.Compiled())
	}
	return exprOf[json.RawMessage]("json_object", list...)
}

func compiled(values []dynamic.Annotation) []*compile.Expr {
	list := make([]*compile.Expr, len(values))
	for i, v := range values {
		list[i] = v.Compiled()
	}
	return list
}

// UUID4 returns a random UUID, another one for each row, as the Go type of the column that it is for.
func UUID4[V any]() columns.Expr[V] {
	return exprOf[V]("uuid4")
}

// UUID7 returns a UUID that begins with the time, so that later ones are greater, another one for each row.
func UUID7[V any]() columns.Expr[V] {
	return exprOf[V]("uuid7")
}
