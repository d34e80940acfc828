package locale

import (
	"strconv"
	"strings"
)

// Compact returns a number in words that show its size, with at most the given count of digits after the decimal separator:
// "1.2 million". Numbers below a thousand, and above what the language has a word for, are written in digits.
func (l *Locale) Compact(n int64, places int) string {
	absolute := strconv.FormatUint(magnitude(n), 10)
	power := "1" + strings.Repeat("0", len(absolute)-1)
	pattern, ok := l.data.Compact[power]
	if !ok || len(absolute) < 4 {
		return l.Int(n)
	}
	zeros := strings.Count(strings.SplitN(pattern["other"], "'", 2)[0], "0")
	if zeros == 0 {
		return l.Int(n)
	}
	value, err := strconv.ParseFloat(absolute, 64)
	if err != nil {
		return l.Int(n)
	}
	for range len(absolute) - zeros {
		value /= 10
	}
	text := rounded(value, places)
	if len(text) > zeros && small(strings.SplitN(text, ".", 2)[0]) >= pow10(zeros) {
		return l.next(n, len(absolute))
	}
	if n < 0 {
		text = "-" + text
	}
	return strings.Replace(l.pickDecimal(pattern, text), strings.Repeat("0", zeros), l.Number(text), 1)
}

// next writes a number that rounding brought to the next power of ten: 999,999 is one million.
func (l *Locale) next(n int64, length int) string {
	up := int64(1)
	for range length {
		up *= 10
	}
	if n < 0 {
		up = -up
	}
	return l.Compact(up, 0)
}

func pow10(n int) int {
	p := 1
	for range n {
		p *= 10
	}
	return p
}

func magnitude(n int64) uint64 {
	if n < 0 {
		return uint64(-(n + 1)) + 1
	}
	return uint64(n)
}

// rounded returns a number with at most places digits after the point, and no zeros at their end.
func rounded(v float64, places int) string {
	text := strconv.FormatFloat(v, 'f', places, 64)
	if strings.Contains(text, ".") {
		text = strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
	}
	return text
}

// small returns digits as a number, of which the last seven are enough to choose a form of the plural.
func small(digits string) int {
	if len(digits) > 7 {
		digits = digits[len(digits)-7:]
	}
	n, err := strconv.Atoi(digits)
	if err != nil {
		return 0
	}
	return n
}
