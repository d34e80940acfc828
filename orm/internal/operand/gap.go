package operand

import (
	"errors"
	"math"
	"math/big"
	"reflect"
	"strconv"
	"strings"

	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/internal/decimal"
	"github.com/quintetgo/quintet/orm/schema"
)

// Gap represents a value that no row can have, such as 70000 for a small integer, by the nearest values that rows can have; nil
// if there is none on that side.
type Gap struct{ Above, Below any }

// gapOf returns the gap of a number, or of a text that no database stores. It returns false for values that rows can have.
func (k *Target) gapOf(v any) (Gap, bool) {
	switch {
	case k.Kind.IsText(), k.Kind == schema.KindJSON:
		text := reflect.ValueOf(v)
		return Gap{}, text.Kind() == reflect.String && !schema.StorableText(text.String())
	case k.Kind.IsInteger():
		return k.gapOfInteger(v)
	case k.Kind == schema.KindDecimal:
		n, ok := numberOf(v)
		if !ok || n.Significant() <= decimal.MaxExact || k.Dialect != nil && dialect.Has(k.Dialect, dialect.ExactDecimals) {
			return Gap{}, false
		}
		return aroundDecimal(n), true
	case k.Kind == schema.KindFloat:
		text, isText := v.(string)
		if !isText {
			return Gap{}, false
		}
		if f, err := strconv.ParseFloat(strings.TrimSpace(text), 64); errors.Is(err, strconv.ErrRange) {
			return aroundInfinity(f), true
		}
	}
	return Gap{}, false
}

func (k *Target) gapOfInteger(v any) (Gap, bool) {
	lo, hi := int64(math.MinInt64), int64(math.MaxInt64)
	if k.Field != nil {
		lo, hi, _ = k.Field.Limits()
	}
	n, ok := numberOf(v)
	if !ok || n.Scale() > 0 {
		return Gap{}, false
	}
	whole, fits := n.Int64()
	switch {
	case fits && whole >= lo && whole <= hi:
		return Gap{}, false
	case fits && whole < lo, !fits && strings.HasPrefix(n.String(), "-"):
		return Gap{Above: lo}, true
	}
	return Gap{Below: hi}, true
}

// aroundDecimal returns the floats next to a number with more digits than rows have.
func aroundDecimal(n decimal.Number) Gap {
	f := n.Float64()
	if math.IsInf(f, 0) {
		return aroundInfinity(f)
	}
	near, _ := decimal.FromFloat(f)
	stored := near.RoundSignificant(decimal.MaxExact) // the value of a row with this float
	if stored.Float64() != f {
		return Gap{f, f}
	}
	row, _ := new(big.Rat).SetString(stored.String())
	exact, _ := new(big.Rat).SetString(n.String())
	if row.Cmp(exact) > 0 {
		return Gap{Above: f, Below: math.Nextafter(f, math.Inf(-1))}
	}
	return Gap{Above: math.Nextafter(f, math.Inf(1)), Below: f}
}

func aroundInfinity(f float64) Gap {
	if f > 0 {
		return Gap{Below: math.MaxFloat64}
	}
	return Gap{Above: -math.MaxFloat64}
}

// numberOf returns a number of any Go type, or of a text.
func numberOf(v any) (decimal.Number, bool) {
	if b, ok := v.(big.Int); ok {
		return decimal.Parse(b.String())
	}
	rv := reflect.ValueOf(v)
	switch {
	case !rv.IsValid():
	case rv.CanInt():
		return decimal.Parse(strconv.FormatInt(rv.Int(), 10))
	case rv.CanUint():
		return decimal.Parse(strconv.FormatUint(rv.Uint(), 10))
	case rv.CanFloat():
		return decimal.FromFloat(rv.Float())
	case rv.Kind() == reflect.String:
		return decimal.Parse(rv.String())
	}
	return decimal.Number{}, false
}
