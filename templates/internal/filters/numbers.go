package filters

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
)

// number is a whole number, or a real one.
type number struct {
	float bool
	whole int64
	real  float64
}

// toNumber accepts every kind of number, and text that is one, because query strings are text.
func toNumber(v any) (number, error) {
	r := indirect(reflect.ValueOf(v))
	switch {
	case r.CanInt():
		return number{whole: r.Int()}, nil
	case r.CanUint() && r.Uint() <= math.MaxInt64:
		return number{whole: int64(r.Uint())}, nil
	case r.CanFloat():
		return number{float: true, real: r.Float()}, nil
	}
	if r.Kind() == reflect.String && len(r.String()) <= 40 {
		if n, err := strconv.ParseInt(strings.TrimSpace(r.String()), 10, 64); err == nil {
			return number{whole: n}, nil
		}
		if f, err := strconv.ParseFloat(strings.TrimSpace(r.String()), 64); err == nil {
			return number{float: true, real: f}, nil
		}
	}
	if !r.IsValid() {
		return number{}, errors.New("want a number, got nothing")
	}
	return number{}, fmt.Errorf("want a number, got %T", v)
}

func (n number) asFloat() float64 {
	if n.float {
		return n.real
	}
	return float64(n.whole)
}

func (n number) compare(m number) int {
	if !n.float && !m.float {
		return cmp.Compare(n.whole, m.whole)
	}
	return cmp.Compare(n.asFloat(), m.asFloat())
}

func calculate(a, b any, whole func(a, b int64) (int64, error), float func(a, b float64) float64) (any, error) {
	m, err := toNumber(a)
	if err != nil {
		return nil, err
	}
	n, err := toNumber(b)
	if err != nil {
		return nil, err
	}
	if m.float || n.float {
		return float(m.asFloat(), n.asFloat()), nil
	}
	result, err := whole(m.whole, n.whole)
	if err != nil {
		return nil, err
	}
	return int(result), nil
}

var errRange = errors.New("the result is too large for a whole number")

// add adds numbers. Texts and lists are joined, the value before what is added: {{ .name | add "!" }}.
func add(what, v any) (any, error) {
	sum, err := calculate(v, what, func(a, b int64) (int64, error) {
		if c := a + b; (c > a) == (b > 0) {
			return c, nil
		}
		return 0, errRange
	}, func(a, b float64) float64 { return a + b })
	if err == nil || errors.Is(err, errRange) {
		return sum, err
	}
	x, y := indirect(reflect.ValueOf(v)), indirect(reflect.ValueOf(what))
	switch {
	case !x.IsValid() || !y.IsValid():
	case x.Kind() == reflect.String && y.Kind() == reflect.String:
		return x.String() + y.String(), nil
	case (x.Kind() == reflect.Slice || x.Kind() == reflect.Array) && (y.Kind() == reflect.Slice || y.Kind() == reflect.Array):
		joined := make([]any, 0, x.Len()+y.Len())
		for _, list := range []reflect.Value{x, y} {
			for i := range list.Len() {
				joined = append(joined, list.Index(i).Interface())
			}
		}
		return joined, nil
	}
	return nil, err
}

// sub is a - b.
func sub(a, b any) (any, error) {
	return calculate(a, b, func(a, b int64) (int64, error) {
		if c := a - b; (c < a) == (b > 0) {
			return c, nil
		}
		return 0, errRange
	}, func(a, b float64) float64 { return a - b })
}

func mul(a, b any) (any, error) {
	return calculate(a, b, func(a, b int64) (int64, error) {
		c := a * b
		if a != 0 && (c/a != b || a == -1 && b == math.MinInt64) {
			return 0, errRange
		}
		return c, nil
	}, func(a, b float64) float64 { return a * b })
}

var errZero = errors.New("division by zero")

// div of whole numbers drops the rest, as in Go.
func div(a, b any) (any, error) {
	return calculate(a, b, func(a, b int64) (int64, error) {
		if b == 0 {
			return 0, errZero
		}
		if a == math.MinInt64 && b == -1 {
			return 0, errRange
		}
		return a / b, nil
	}, func(a, b float64) float64 { return a / b })
}

func mod(a, b any) (any, error) {
	return calculate(a, b, func(a, b int64) (int64, error) {
		if b == 0 {
			return 0, errZero
		}
		return a % b, nil
	}, math.Mod)
}

// intComma groups the digits before the point by thousands. Of text that is no number, those at its beginning.
func intComma(v any) string {
	if d, err := toDecimal(v); err == nil {
		if r := indirect(reflect.ValueOf(v)); r.CanFloat() || r.CanInt() || r.CanUint() {
			return d.text(true)
		}
	}
	s := Text(v)
	sign := ""
	if strings.HasPrefix(s, "-") {
		sign = "-"
	}
	digits := len(s)
	for i := len(sign); i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			digits = i
			break
		}
	}
	return sign + group(s[len(sign):digits]) + s[digits:]
}

// noBreak separates a number and its unit without allowing a line break.
const noBreak = "\u00a0"

// fileSize writes a number of bytes with a unit of 1024.
func fileSize(v any) (string, error) {
	n, err := toNumber(v)
	if err != nil {
		return "", err
	}
	size := n.asFloat()
	sign := ""
	if size < 0 {
		sign, size = "-", -size
	}
	switch {
	case math.IsNaN(size) || math.IsInf(size, 0):
		return "", fmt.Errorf("want a number of bytes, got %v", size)
	case size < 1024:
		unit := "bytes"
		if size = math.Trunc(size); size == 1 {
			unit = "byte"
		} else if size == 0 {
			sign = ""
		}
		return sign + strconv.FormatFloat(size, 'f', 0, 64) + noBreak + unit, nil
	}
	unit := 0
	units := [...]string{"KB", "MB", "GB", "TB", "PB"}
	for size /= 1024; size >= 1024 && unit < len(units)-1; size /= 1024 {
		unit++
	}
	return sign + strconv.FormatFloat(size, 'f', 1, 64) + noBreak + units[unit], nil
}

// maxPlaces is how many digits after the point can be asked for.
const maxPlaces = 30

// floatFormat rounds to a number of digits after the point, halves away from zero: {{ .price | floatformat 2 }}.
// With a negative number whole values have none; -1 if it is left out. A "g" after it, in text, groups by
// thousands: {{ .price | floatformat "2g" }}.
func floatFormat(args ...any) (string, error) {
	places, grouped := -1, false
	switch len(args) {
	case 1:
	case 2:
		var err error
		if places, grouped, err = formatPlaces(args[0]); err != nil {
			return "", err
		}
	default:
		return "", fmt.Errorf("floatformat takes a number of digits and a value, got %d arguments", len(args))
	}
	v := args[len(args)-1]
	if r := indirect(reflect.ValueOf(v)); !r.IsValid() || r.Kind() == reflect.String && r.Len() == 0 {
		return "", nil
	} else if r.CanFloat() && (math.IsNaN(r.Float()) || math.IsInf(r.Float(), 0)) {
		return strings.ToLower(strings.TrimPrefix(strconv.FormatFloat(r.Float(), 'g', -1, 64), "+")), nil
	}
	d, err := toDecimal(v)
	if err != nil {
		return "", err
	}
	switch {
	case places >= 0:
		return d.round(places).text(grouped), nil
	case d.isWhole():
		return d.round(0).text(grouped), nil
	}
	return d.round(-places).text(grouped), nil
}

// formatPlaces reads the argument of floatformat: a number, or text with one and the suffixes g and u.
func formatPlaces(v any) (places int, grouped bool, err error) {
	digits, isText := v.(string)
	if isText {
		before := len(digits)
		digits = strings.ReplaceAll(digits, "g", "")
		grouped = len(digits) < before
		if digits = strings.ReplaceAll(digits, "u", ""); digits == "" {
			return -1, grouped, nil
		}
		v = digits
	}
	n, err := toNumber(v)
	if err != nil || n.float {
		return 0, false, fmt.Errorf("want a number of digits, got %v", v)
	}
	if n.whole < -maxPlaces || n.whole > maxPlaces {
		return 0, false, fmt.Errorf("%d decimals, want %d to %d", n.whole, -maxPlaces, maxPlaces)
	}
	return int(n.whole), grouped, nil
}
