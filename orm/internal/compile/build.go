package compile

// Constant returns the expression of a bound value.
func Constant(v any) Expr { return Expr{Kind: Literal, Value: v} }

// Operation returns the expression of an arithmetic operator, one of + - * / and %.
func Operation(left Expr, op string, right Expr) Expr {
	return Expr{Kind: Binary, Op: op, Left: &left, Right: &right}
}
