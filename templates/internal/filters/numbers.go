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

func calculate(a, b any, whole func(a, b int64) (int64, error), real func(a, b float64) float64) (any, error) {
	m, err := toNumber(a)
	if err != nil {
		return nil, err
	}
	n, err := toNumber(b)
	if err != nil {
		return nil, err
	}
	if m.float || n.float {
		return real(m.asFloat(), n.asFloat()), nil
	}
	result, err := whole(m.whole, n.whole)
	if err != nil {
		return nil, err
	}
	return int(result), nil
}

func add(a, b any) (any, error) {
	return calculate(a, b, func(a, b int64) (int64, error) { return a + b, nil }, func(a, b float64) float64 { return a + b })
}

// sub is a - b.
func sub(a, b any) (any, error) {
	return calculate(a, b, func(a, b int64) (int64, error) { return a - b, nil }, func(a, b float64) float64 { return a - b })
}

func mul(a, b any) (any, error) {
	return calculate(a, b, func(a, b int64) (int64, error) { return a * b, nil }, func(a, b float64) float64 { return a * b })
}

var errZero = errors.New("division by zero")

// div of whole numbers drops the rest, as in Go.
func div(a, b any) (any, error) {
	return calculate(a, b, func(a, b int64) (int64, error) {
		if b == 0 {
			return 0, errZero
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

// intComma groups digits by thousands. What is no number stays as it is.
func intComma(v any) string {
	s := Text(v)
	whole, fraction, _ := strings.Cut(s, ".")
	sign := ""
	if strings.HasPrefix(whole, "-") {
		sign, whole = "-", whole[1:]
	}
	if len(whole) < 4 || strings.Trim(whole, "0123456789") != "" {
		return s
	}
	var b strings.Builder
	b.WriteString(sign)
	for i, digit := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(digit)
	}
	if fraction != "" {
		b.WriteString("." + fraction)
	}
	return b.String()
}

// fileSize writes a number of bytes with a unit of 1024.
func fileSize(v any) (string, error) {
	n, err := toNumber(v)
	if err != nil {
		return "", err
	}
	size := n.asFloat()
	if math.Abs(size) < 1024 {
		return strconv.FormatFloat(size, 'f', 0, 64) + " B", nil
	}
	unit := 0
	units := [...]string{"KB", "MB", "GB", "TB", "PB"}
	for size /= 1024; math.Abs(size) >= 1024 && unit < len(units)-1; size /= 1024 {
		unit++
	}
	return strconv.FormatFloat(size, 'f', 1, 64) + " " + units[unit], nil
}

// floatFormat rounds to a number of decimals: {{ .price | floatformat 2 }}.
func floatFormat(decimals int, v any) (string, error) {
	if v == nil {
		return "", nil
	}
	n, err := toNumber(v)
	if err != nil {
		return "", err
	}
	if decimals < 0 || decimals > 30 {
		return "", fmt.Errorf("%d decimals, want 0 to 30", decimals)
	}
	return strconv.FormatFloat(n.asFloat(), 'f', decimals, 64), nil
}
