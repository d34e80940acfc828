package sqlite

import (
	"fmt"
	"math"

	"github.com/quintetgo/quintet/orm/internal/decimal"
)

// overflow is the beginning of the error of a number that a decimal column has no room for.
const overflow = "decimal out of range: "

// round is quintet_decimal(number, precision, scale, column) in SQL: the number as a decimal column takes it, rounded half
// away from zero. A precision of 0 is that of a column that declares none.
func round(number, precision, scale, column any) (any, error) {
	var n decimal.Number
	ok := true
	switch x := number.(type) {
	case nil:
		return nil, nil
	case int64:
		n, ok = decimal.Parse(fmt.Sprint(x))
	case float64:
		if n, ok = decimal.FromFloat(x); ok {
			n = n.RoundSignificant(decimal.MaxExact)
		}
	default:
		if isNull(number) {
			return nil, nil
		}
		n, ok = decimal.Parse(asText(x))
	}
	digits, _ := precision.(int64)
	places, _ := scale.(int64)
	if digits > 0 {
		n = n.Round(int(places))
	}
	switch {
	case !ok:
		return nil, fmt.Errorf("%s%s: %v is not a number", overflow, asText(column), number)
	case digits > 0 && n.Whole() > int(digits-places):
		return nil, fmt.Errorf("%s%s: %s does not fit decimal(%d,%d)", overflow, asText(column), n, digits, places)
	case digits > 0 && n.Whole()+int(places) > decimal.MaxExact && n.Significant() >= decimal.MaxExact:
		return nil, fmt.Errorf("%s%s: SQLite cannot compute %s with more than %d exact digits", overflow, asText(column), n, decimal.MaxExact)
	}
	if whole, ok := n.Int64(); ok {
		return whole, nil
	}
	return n.Float64(), nil
}

// remainder is quintet_mod(a, b): the remainder of a division of numbers that are not whole, which SQLite's % cuts. It is
// NULL for a division by zero.
func remainder(a, b any) any {
	x, ok1 := asFloat(a)
	y, ok2 := asFloat(b)
	if !ok1 || !ok2 || y == 0 {
		return nil
	}
	n, ok := decimal.FromFloat(math.Mod(x, y))
	if !ok {
		return nil
	}
	return n.RoundSignificant(decimal.MaxExact).Float64()
}

func asFloat(v any) (float64, bool) {
	switch x := v.(type) {
	case int64:
		return float64(x), true
	case float64:
		return x, true
	}
	if isNull(v) {
		return 0, false
	}
	n, ok := decimal.Parse(asText(v))
	return n.Float64(), ok
}
