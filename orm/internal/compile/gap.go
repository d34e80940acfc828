package compile

import (
	"errors"
	"math"
	"math/big"
	"reflect"
	"strconv"
	"strings"

	"github.com/quintetgo/quintet/orm/internal/decimal"
	"github.com/quintetgo/quintet/orm/schema"
)

// gap represents a value that no row can have, such as 70000 for a small integer, by the nearest values that rows can have; nil
// if there is none on that side.
type gap struct{ above, below any }

// gapOf returns the gap of a number. It returns false for values that rows can have, and for values that are not numbers.
func (k *comparison) gapOf(v any) (gap, bool) {
	switch {
	case k.kind.IsInteger():
		return k.gapOfInteger(v)
	case k.kind == schema.KindDecimal:
		n, ok := numberOf(v)
		if !ok || n.Significant() <= decimal.MaxExact {
			return gap{}, false
		}
		return aroundDecimal(n), true
	case k.kind == schema.KindFloat:
		text, isText := v.(string)
		if !isText {
			return gap{}, false
		}
		if f, err := strconv.ParseFloat(strings.TrimSpace(text), 64); errors.Is(err, strconv.ErrRange) {
			return aroundInfinity(f), true
		}
	}
	return gap{}, false
}

func (k *comparison) gapOfInteger(v any) (gap, bool) {
	lo, hi := int64(math.MinInt64), int64(math.MaxInt64)
	if k.field != nil {
		lo, hi, _ = k.field.Limits()
	}
	n, ok := numberOf(v)
	if !ok || n.Scale() > 0 {
		return gap{}, false
	}
	whole, fits := n.Int64()
	switch {
	case fits && whole >= lo && whole <= hi:
		return gap{}, false
	case fits && whole < lo, !fits && strings.HasPrefix(n.String(), "-"):
		return gap{above: lo}, true
	}
	return gap{below: hi}, true
}

// aroundDecimal returns the floats next to a number with more digits than rows have.
func aroundDecimal(n decimal.Number) gap {
	f := n.Float64()
	if math.IsInf(f, 0) {
		return aroundInfinity(f)
	}
	near, _ := decimal.FromFloat(f)
	stored := near.RoundSignificant(decimal.MaxExact) // the value of a row with this float
	if stored.Float64() != f {
		return gap{f, f}
	}
	row, _ := new(big.Rat).SetString(stored.String())
	exact, _ := new(big.Rat).SetString(n.String())
	if row.Cmp(exact) > 0 {
		return gap{above: f, below: math.Nextafter(f, math.Inf(-1))}
	}
	return gap{above: math.Nextafter(f, math.Inf(1)), below: f}
}

func aroundInfinity(f float64) gap {
	if f > 0 {
		return gap{below: math.MaxFloat64}
	}
	return gap{above: -math.MaxFloat64}
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

// compareGap writes a comparison with a value that no row can have, as one with the nearest value. It returns whether its value may
// be NULL.
func (c *compiler) compareGap(k *comparison, g gap) bool {
	operator, neighbour := "", any(nil)
	switch k.lookup {
	case schema.Gt, schema.Gte:
		operator, neighbour = " >= ", g.above
	case schema.Lt, schema.Lte:
		operator, neighbour = " <= ", g.below
	}
	if neighbour == nil {
		c.Text("1 = 0")
		return false
	}
	c.Raw(k.left)
	c.Text(operator)
	c.Bind(neighbour)
	return k.null
}
