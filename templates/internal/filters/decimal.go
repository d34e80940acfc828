package filters

import (
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
)

// decimal is a number in decimal digits, without the rounding of binary floats.
type decimal struct {
	negative        bool
	whole, fraction string // digits; whole has no leading zeros and may be empty
}

// maxExponent bounds the zeros that an exponent adds. It covers every float64.
const maxExponent = 400

var errNoNumber = errors.New("want a number")

// toDecimal reads numbers of every kind, and whatever is written as one. Floats have the digits that they are
// printed with.
func toDecimal(v any) (decimal, error) {
	r := indirect(reflect.ValueOf(v))
	switch {
	case !r.IsValid():
		return decimal{}, errors.New("want a number, got nothing")
	case r.CanFloat():
		return parseDecimal(strconv.FormatFloat(r.Float(), 'e', -1, r.Type().Bits()))
	case r.CanInt():
		return parseDecimal(strconv.FormatInt(r.Int(), 10))
	case r.CanUint():
		return parseDecimal(strconv.FormatUint(r.Uint(), 10))
	}
	d, err := parseDecimal(strings.TrimSpace(Text(v)))
	if err != nil {
		return d, fmt.Errorf("%w, got %T", err, v)
	}
	return d, nil
}

// parseDecimal reads digits with at most one point, and an exponent.
func parseDecimal(s string) (d decimal, err error) {
	mantissa, exponent := s, 0
	if i := strings.IndexAny(s, "eE"); i >= 0 {
		mantissa = s[:i]
		if exponent, err = strconv.Atoi(s[i+1:]); err != nil || exponent > maxExponent || exponent < -maxExponent {
			return d, errNoNumber
		}
	}
	digits := strings.TrimPrefix(mantissa, "+")
	if rest, negative := strings.CutPrefix(digits, "-"); negative && digits == mantissa {
		digits, d.negative = rest, true
	}
	whole, fraction, _ := strings.Cut(digits, ".")
	if whole+fraction == "" || strings.Trim(whole+fraction, "0123456789") != "" {
		return d, errNoNumber
	}
	if exponent > 0 {
		fraction += strings.Repeat("0", max(0, exponent-len(fraction)))
		whole, fraction = whole+fraction[:exponent], fraction[exponent:]
	} else if exponent < 0 {
		whole = strings.Repeat("0", max(0, -exponent-len(whole))) + whole
		whole, fraction = whole[:len(whole)+exponent], whole[len(whole)+exponent:]+fraction
	}
	d.whole, d.fraction = strings.TrimLeft(whole, "0"), fraction
	return d, nil
}

// round returns the number with so many digits after the point; halves are rounded away from zero.
func (d decimal) round(places int) decimal {
	if len(d.fraction) <= places {
		d.fraction += strings.Repeat("0", places-len(d.fraction))
		return d
	}
	up := d.fraction[places] >= '5'
	digits := []byte("0" + d.whole + d.fraction[:places])
	for i := len(digits) - 1; up && i >= 0; i-- {
		if up = digits[i] == '9'; up {
			digits[i] = '0'
		} else {
			digits[i]++
		}
	}
	end := len(digits) - places
	d.whole, d.fraction = strings.TrimLeft(string(digits[:end]), "0"), string(digits[end:])
	return d
}

// isWhole reports whether only zeros follow the decimal point.
func (d decimal) isWhole() bool { return strings.Trim(d.fraction, "0") == "" }

// text writes the number; zero has no sign.
func (d decimal) text(grouped bool) string {
	whole := d.whole
	if whole == "" {
		whole = "0"
	}
	if grouped {
		whole = group(whole)
	}
	if d.fraction != "" {
		whole += "." + d.fraction
	}
	if d.negative && strings.Trim(d.whole+d.fraction, "0") != "" {
		return "-" + whole
	}
	return whole
}

// group puts commas between thousands.
func group(digits string) string {
	var b strings.Builder
	for i := range len(digits) {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteByte(digits[i])
	}
	return b.String()
}
