// Package decimal parses, rounds and formats decimal numbers by their digits, without converting them to binary
// fractions.
package decimal

import (
	"math"
	"strconv"
	"strings"
)

// MaxExact is the number of significant digits that an 8-byte float preserves. SQLite stores fractions in such floats.
const MaxExact = 15

// maxExponent limits exponents, so that a short text cannot become a long number.
const maxExponent = 400

// Number is a decimal number. The zero value is 0.
type Number struct {
	neg    bool
	digits string // without leading zeros
	scale  int    // how many of the digits are behind the point
}

// Parse parses a number in plain notation: an optional sign, digits, and optionally a point with more digits, such as
// -12.50. It reports false for anything else.
func Parse(text string) (Number, bool) {
	if strings.ContainsAny(text, "eE") {
		return Number{}, false
	}
	return ParseScientific(text)
}

// ParseScientific is [Parse] that also accepts an exponent, as in 1.5E+3.
func ParseScientific(text string) (Number, bool) {
	text = strings.TrimSpace(text)
	exponent := 0
	if i := strings.IndexAny(text, "eE"); i >= 0 {
		n, err := strconv.Atoi(text[i+1:])
		if err != nil || n > maxExponent || n < -maxExponent {
			return Number{}, false
		}
		text, exponent = text[:i], n
	}
	neg := strings.HasPrefix(text, "-")
	if neg || strings.HasPrefix(text, "+") {
		text = text[1:]
	}
	whole, fraction, _ := strings.Cut(text, ".")
	digits := whole + fraction
	if digits == "" {
		return Number{}, false
	}
	for i := range len(digits) {
		if digits[i] < '0' || digits[i] > '9' {
			return Number{}, false
		}
	}
	scale := len(fraction) - exponent
	if scale < 0 {
		digits += strings.Repeat("0", -scale)
		scale = 0
	}
	digits = strings.TrimLeft(digits, "0")
	return Number{neg && digits != "", digits, scale}, true
}

// FromFloat returns the shortest number that parses as f. It reports false for NaN and infinities.
func FromFloat(f float64) (Number, bool) {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return Number{}, false
	}
	return ParseScientific(strconv.FormatFloat(f, 'e', -1, 64))
}

// Scale returns the number of digits behind the point, without trailing zeros.
func (n Number) Scale() int { return n.trim().scale }

// Whole returns the number of digits before the point.
func (n Number) Whole() int { return max(0, len(n.digits)-n.scale) }

// Significant returns the number of digits without zeros at both ends.
func (n Number) Significant() int { return len(strings.TrimRight(n.digits, "0")) }

// trim returns the number without trailing zeros behind the point.
func (n Number) trim() Number {
	for n.scale > 0 && strings.HasSuffix(n.digits, "0") {
		n.digits, n.scale = n.digits[:len(n.digits)-1], n.scale-1
	}
	if n.digits == "" {
		n.scale = 0
	}
	return n
}

// Round returns the number rounded to at most scale digits behind the point, halves away from zero.
func (n Number) Round(scale int) Number {
	if n.scale <= scale {
		return n
	}
	return n.drop(n.scale - scale)
}

// RoundSignificant returns the number rounded to at most count significant digits.
func (n Number) RoundSignificant(count int) Number {
	n = n.trim()
	if len(n.digits) <= count {
		return n
	}
	return n.drop(len(n.digits) - count)
}

// drop returns the number without its last count digits, rounded.
func (n Number) drop(count int) Number {
	if count > len(n.digits) {
		return Number{}
	}
	kept, dropped := n.digits[:len(n.digits)-count], n.digits[len(n.digits)-count:]
	if dropped[0] >= '5' {
		kept = increment(kept)
	}
	digits := strings.TrimLeft(kept+strings.Repeat("0", max(0, count-n.scale)), "0")
	return Number{n.neg && digits != "", digits, max(0, n.scale-count)}
}

// increment adds one to a number of digits.
func increment(digits string) string {
	b := []byte(digits)
	for i := len(b) - 1; i >= 0; i-- {
		if b[i] < '9' {
			b[i]++
			return string(b)
		}
		b[i] = '0'
	}
	return "1" + string(b)
}

// Text returns the number with at least scale digits behind the point.
func (n Number) Text(scale int) string {
	n = n.trim()
	digits := n.digits + strings.Repeat("0", max(0, scale-n.scale))
	scale = max(scale, n.scale)
	if len(digits) <= scale {
		digits = strings.Repeat("0", scale-len(digits)+1) + digits
	}
	text := digits[:len(digits)-scale]
	if scale > 0 {
		text += "." + digits[len(digits)-scale:]
	}
	if n.neg {
		return "-" + text
	}
	return text
}

// String returns the number in its shortest form.
func (n Number) String() string { return n.Text(0) }

// Int64 returns the number, and false if it is not a whole number or does not fit.
func (n Number) Int64() (int64, bool) {
	if n.Scale() > 0 {
		return 0, false
	}
	i, err := strconv.ParseInt(n.Text(0), 10, 64)
	return i, err == nil
}

// Float64 returns the nearest float.
func (n Number) Float64() float64 {
	f, _ := strconv.ParseFloat(n.Text(0), 64) // an infinity for larger numbers
	return f
}
