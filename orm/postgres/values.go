package postgres

import (
	"strconv"

	"github.com/quintetgo/quintet/orm/dialect"
)

// typeNames are the types of arguments.
var typeNames = map[dialect.Type]string{
	dialect.TypeBigInt: "bigint", dialect.TypeInt: "bigint", dialect.TypeSmallInt: "bigint", dialect.TypeUint: "bigint",
	dialect.TypeDuration: "bigint", dialect.TypeBool: "boolean", dialect.TypeFloat: "double precision", dialect.TypeDecimal: "numeric",
	dialect.TypeChar: "text", dialect.TypeText: "text", dialect.TypeDate: "date", dialect.TypeTime: "time",
	dialect.TypeDateTime: "timestamptz", dialect.TypeUUID: "uuid", dialect.TypeJSON: "jsonb", dialect.TypeBinary: "bytea",
}

// TypeParameter implements [dialect.ParameterTyper].
func (postgresDialect) TypeParameter(t dialect.Type) (before, after string) {
	if name, ok := typeNames[t]; ok {
		return "", "::" + name
	}
	return "", ""
}

// Calculate implements [dialect.Calculator]. Both operands get the type of the result, as PostgreSQL would compute two
// small numbers as small numbers. A division by zero is NULL, as on other databases.
func (d postgresDialect) Calculate(w *dialect.Writer, c dialect.Calculation) {
	before, after := "", ""
	if c.Type == dialect.TypeDecimal && c.Scale >= 0 && c.Operator != "%" {
		before, after = d.Rounded(c.Scale)
	}
	operand := typeNames[c.Type]
	if c.Operator == "%" && c.Type == dialect.TypeFloat { // which has no remainder
		operand, before, after = "numeric", "CAST(", " AS double precision)"
	}
	w.Text(before)
	w.Text("(")
	writeAs(w, c.Left, operand)
	w.Text(" " + c.Operator + " ")
	if c.Operator == "/" || c.Operator == "%" {
		w.Text("NULLIF(")
		writeAs(w, c.Right, operand)
		w.Text(", 0)")
	} else {
		writeAs(w, c.Right, operand)
	}
	w.Text(")")
	w.Text(after)
}

// writeAs writes an operand, converted to a type unless that is unknown.
func writeAs(w *dialect.Writer, sql []byte, name string) {
	if name == "" {
		w.Put(sql)
		return
	}
	w.Text("CAST(")
	w.Put(sql)
	w.Text(" AS " + name + ")")
}

// Rounded implements [dialect.Calculator].
func (postgresDialect) Rounded(scale int) (before, after string) {
	return "ROUND(", ", " + strconv.Itoa(scale) + ")"
}
