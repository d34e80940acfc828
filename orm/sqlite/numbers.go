package sqlite

import (
	"fmt"
	"math"
	"math/big"
	"strconv"

	"github.com/quintetgo/quintet/orm/internal/decimal"
)

// overflow begins the error of a number that does not fit its column.
const overflow = "number out of range: "

// round is quintet_decimal(number, precision, scale, column) in SQL: the number as it is stored in a decimal column, rounded
// half away from zero. A precision of 0 is a column that declares none.
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
		return nil, fmt.Errorf("%s%s: SQLite cannot compute %s with more than %d exact digits", overflow, asText(column), n,
			decimal.MaxExact)
	}
	if integer, ok := n.Int64(); ok {
		return integer, nil
	}
	return n.Float64(), nil
}

// within is quintet_within(number, integer, least, greatest, column) in SQL: the number as it is stored in a column of
// numbers. integer is 1 for a column of integers, where fractions are cut. SQLite continues with floats where integers
// overflow.
func within(number, integer, least, greatest, column any) (any, error) {
	lo, _ := least.(int64)
	hi, _ := greatest.(int64)
	switch x := number.(type) {
	case nil:
		return nil, nil
	case int64:
		if integer != int64(1) {
			return float64(x), nil
		}
		if x >= lo && x <= hi {
			return x, nil
		}
		return nil, fmt.Errorf("%s%s: %d is outside of %d to %d", overflow, asText(column), x, lo, hi)
	case float64:
		if integer != int64(1) && !math.IsInf(x, 0) && !math.IsNaN(x) {
			return x, nil
		}
		if x = math.Trunc(x); integer == int64(1) && x >= -1<<63 && x < 1<<63 {
			return within(int64(x), integer, least, greatest, column)
		}
		return nil, fmt.Errorf("%s%s: %v is too large", overflow, asText(column), x)
	}
	if isNull(number) {
		return nil, nil
	}
	return nil, fmt.Errorf("%s%s: %q is not a number", overflow, asText(column), asText(number))
}

// remainder is quintet_mod(a, b) in SQL: the remainder of a division of fractions, which SQLite's % cuts to integers. It has
// the sign of a, and is NULL for a division by zero.
func remainder(a, b any) any {
	x, ok1 := exact(a)
	y, ok2 := exact(b)
	if !ok1 || !ok2 || y.Sign() == 0 {
		return nil
	}
	quotient := new(big.Rat).Quo(x, y)
	integer := new(big.Int).Quo(quotient.Num(), quotient.Denom())
	f, _ := x.Sub(x, y.Mul(y, new(big.Rat).SetInt(integer))).Float64()
	return f
}

// exact returns a number by its decimal digits, and false for NULL and for text that is no number.
func exact(v any) (*big.Rat, bool) {
	var n decimal.Number
	ok := false
	switch x := v.(type) {
	case int64:
		return new(big.Rat).SetInt64(x), true
	case float64:
		n, ok = decimal.FromFloat(x)
	default:
		if isNull(v) {
			return nil, false
		}
		n, ok = decimal.Parse(asText(v))
	}
	if !ok {
		return nil, false
	}
	return new(big.Rat).SetString(n.String())
}

// parseFloat is quintet_float(text) in SQL: the text as a float, exact to the last bit, which SQLite's own conversion is not.
func parseFloat(v any) any {
	f, err := strconv.ParseFloat(asText(v), 64)
	if err != nil {
		return nil
	}
	return f
}
