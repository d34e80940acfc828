package functions

import "github.com/quintetgo/quintet/orm/columns"

// Abs returns the absolute value of x.
func Abs[V any](x columns.Operand[V]) columns.Expr[V] {
	return exprOf[V]("abs", arg(x))
}

// Ceil returns the least whole number that is not less than x.
func Ceil[V any](x columns.Operand[V]) columns.Expr[V] {
	return exprOf[V]("ceil", arg(x))
}

// Floor returns the greatest whole number that is not greater than x.
func Floor[V any](x columns.Operand[V]) columns.Expr[V] {
	return exprOf[V]("floor", arg(x))
}

// Sign returns -1, 0 or 1 for a negative number, zero and a positive number.
func Sign[V any](x columns.Operand[V]) columns.Expr[int] {
	return exprOf[int]("sign", arg(x))
}

// Round returns x rounded to a number of decimal places, half away from zero. A negative number of places rounds to tens,
// hundreds and so on.
func Round[V any](x columns.Operand[V], places int) columns.Expr[V] {
	return exprOf[V]("round", arg(x), constant(places))
}

// Mod returns the remainder of x divided by y, with the sign of x. It is NULL if y is zero.
func Mod[V any](x, y columns.Operand[V]) columns.Expr[V] {
	return exprOf[V]("mod", arg(x), arg(y))
}

// Power returns x to the power of y.
func Power[X, Y any](x columns.Operand[X], y columns.Operand[Y]) columns.Expr[float64] {
	return exprOf[float64]("power", arg(x), arg(y))
}

// Sqrt returns the square root of x.
func Sqrt[V any](x columns.Operand[V]) columns.Expr[float64] {
	return exprOf[float64]("sqrt", arg(x))
}

// Exp returns e to the power of x.
func Exp[V any](x columns.Operand[V]) columns.Expr[float64] {
	return exprOf[float64]("exp", arg(x))
}

// Ln returns the natural logarithm of x.
func Ln[V any](x columns.Operand[V]) columns.Expr[float64] {
	return exprOf[float64]("ln", arg(x))
}

// Log returns the logarithm of x to a base.
func Log[B, X any](base columns.Operand[B], x columns.Operand[X]) columns.Expr[float64] {
	return exprOf[float64]("log", arg(base), arg(x))
}

// Sin returns the sine of x, an angle in radians.
func Sin[V any](x columns.Operand[V]) columns.Expr[float64] {
	return exprOf[float64]("sin", arg(x))
}

// Cos returns the cosine of x, an angle in radians.
func Cos[V any](x columns.Operand[V]) columns.Expr[float64] {
	return exprOf[float64]("cos", arg(x))
}

// Tan returns the tangent of x, an angle in radians.
func Tan[V any](x columns.Operand[V]) columns.Expr[float64] {
	return exprOf[float64]("tan", arg(x))
}

// Cot returns the cotangent of x, an angle in radians.
func Cot[V any](x columns.Operand[V]) columns.Expr[float64] {
	return exprOf[float64]("cot", arg(x))
}

// Asin returns the angle in radians whose sine is x.
func Asin[V any](x columns.Operand[V]) columns.Expr[float64] {
	return exprOf[float64]("asin", arg(x))
}

// Acos returns the angle in radians whose cosine is x.
func Acos[V any](x columns.Operand[V]) columns.Expr[float64] {
	return exprOf[float64]("acos", arg(x))
}

// Atan returns the angle in radians whose tangent is x.
func Atan[V any](x columns.Operand[V]) columns.Expr[float64] {
	return exprOf[float64]("atan", arg(x))
}

// Atan2 returns the angle in radians of the point (x, y), from the positive x axis.
func Atan2[Y, X any](y columns.Operand[Y], x columns.Operand[X]) columns.Expr[float64] {
	return exprOf[float64]("atan2", arg(y), arg(x))
}

// Degrees returns x, an angle in radians, in degrees.
func Degrees[V any](x columns.Operand[V]) columns.Expr[float64] {
	return exprOf[float64]("degrees", arg(x))
}

// Radians returns x, an angle in degrees, in radians.
func Radians[V any](x columns.Operand[V]) columns.Expr[float64] {
	return exprOf[float64]("radians", arg(x))
}

// Pi returns π.
func Pi() columns.Expr[float64] {
	return exprOf[float64]("pi")
}

// Random returns a random number from 0 up to but not including 1, another one for each row.
func Random() columns.Expr[float64] {
	return exprOf[float64]("random")
}
