package locale

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// ErrNumber is the error of text that is not a number in the locale's form.
var ErrNumber = errors.New("not a number")

// Number writes a number that is given in neutral form, such as "-1234.50", with the locale's separators. All digits are
// kept. Text that is not a number in that form is returned as it is.
func (l *Locale) Number(neutral string) string { return l.number(neutral, true) }

// NumberInput is [Locale.Number] without separators between groups of digits, as number fields of forms show it.
func (l *Locale) NumberInput(neutral string) string { return l.number(neutral, false) }

// Int writes a whole number with the locale's separators.
func (l *Locale) Int(n int64) string { return l.Number(strconv.FormatInt(n, 10)) }

// Percent writes a percentage, given in neutral form: "12.5" is written as "12,5 %" in German.
func (l *Locale) Percent(neutral string) string {
	start := strings.IndexAny(l.data.Percent, "#0")
	end := strings.LastIndexAny(l.data.Percent, "#0")
	if start < 0 {
		return l.Number(neutral) + "%"
	}
	return l.data.Percent[:start] + l.Number(neutral) + l.data.Percent[end+1:]
}

func (l *Locale) number(neutral string, grouped bool) string {
	unsigned, negative := strings.CutPrefix(neutral, "-")
	whole, fraction, hasFraction := strings.Cut(unsigned, ".")
	if whole == "" || !onlyDigits(whole) || !onlyDigits(fraction) || hasFraction && fraction == "" {
		return neutral
	}
	var out strings.Builder
	if negative {
		out.WriteString(l.data.Minus)
	}
	if grouped {
		l.writeGroups(&out, whole)
	} else {
		out.WriteString(whole)
	}
	if hasFraction {
		out.WriteString(l.data.Decimal)
		out.WriteString(fraction)
	}
	return out.String()
}

// writeGroups writes digits with separators: after each three, or in India after three and then after each two.
func (l *Locale) writeGroups(out *strings.Builder, whole string) {
	last, others := l.groups()
	if last == 0 || len(whole) < last+max(l.data.MinGrouping, 1) {
		out.WriteString(whole)
		return
	}
	head, tail := whole[:len(whole)-last], whole[len(whole)-last:]
	for i, c := range []byte(head) {
		if i > 0 && (len(head)-i)%others == 0 {
			out.WriteString(l.data.Group)
		}
		out.WriteByte(c)
	}
	out.WriteString(l.data.Group + tail)
}

// groups returns the sizes of the last group of digits, 0 for no grouping, and of those before it.
func (l *Locale) groups() (last, others int) {
	pattern, _, _ := strings.Cut(l.data.NumberForm, ".")
	parts := strings.Split(pattern, ",")
	if len(parts) < 2 {
		return 0, 0
	}
	last = len(parts[len(parts)-1])
	if len(parts) > 2 {
		return last, len(parts[len(parts)-2])
	}
	return last, last
}

// ParseNumber reads a number as people write it in the locale and returns it in neutral form: "1.234,5" is "1234.5" in
// German. Separators of groups are optional, but must be in their places, so that "1.5" is an error in German instead of
// fifteen. Space in numbers may be of any kind, an apostrophe straight or curly, and digits those of any script. Errors match
// [ErrNumber].
func (l *Locale) ParseNumber(input string) (string, error) {
	text := strings.Map(uniform, clean(input))
	sign := ""
	for _, minus := range []string{"-", "\u2212"} {
		if rest, ok := strings.CutPrefix(text, minus); ok {
			sign, text = "-", strings.TrimSpace(rest)
		}
	}
	if sign == "" {
		text = strings.TrimPrefix(text, "+")
	}
	decimal, group := strings.Map(uniform, l.data.Decimal), strings.Map(uniform, l.data.Group)
	if strings.ContainsRune(text, '\u066b') { // the separators of Arabic digits
		decimal, group = "\u066b", "\u066c"
	}
	whole, fraction, hasFraction := strings.Cut(text, decimal)
	whole, ok := l.ungroup(whole, group)
	if !ok || whole == "" && fraction == "" || !onlyDigits(fraction) || hasFraction && fraction == "" {
		return "", fmt.Errorf("%w: want the form %s", ErrNumber, l.Number("1234.5"))
	}
	if whole == "" {
		whole = "0"
	}
	if hasFraction {
		return sign + whole + "." + fraction, nil
	}
	return sign + whole, nil
}

// ungroup returns digits without the separators of groups, and false if one is out of place.
func (l *Locale) ungroup(whole, separator string) (string, bool) {
	if separator == "" || !strings.Contains(whole, separator) {
		return whole, onlyDigits(whole)
	}
	last, others := l.groups()
	parts := strings.Split(whole, separator)
	for i, part := range parts {
		switch {
		case !onlyDigits(part) || part == "":
			return "", false
		case i == 0 && len(part) > max(others, 1), i == len(parts)-1 && len(part) != last, i > 0 && i < len(parts)-1 && len(part) != others:
			return "", false
		}
	}
	return strings.Join(parts, ""), true
}

// uniform maps the spaces and the apostrophes in numbers to one of each.
func uniform(r rune) rune {
	switch r {
	case '\u00a0', '\u202f', '\u2009':
		return ' '
	case '\u2019':
		return '\''
	}
	return r
}

func onlyDigits(text string) bool {
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			return false
		}
	}
	return true
}
