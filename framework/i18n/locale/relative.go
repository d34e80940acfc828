package locale

import (
	"encoding/json"
	"strings"

	"golang.org/x/text/feature/plural"
)

// Unit is a length of time in words.
type Unit string

// The units, from the longest to the shortest.
const (
	Year   Unit = "year"
	Month  Unit = "month"
	Week   Unit = "week"
	Day    Unit = "day"
	Hour   Unit = "hour"
	Minute Unit = "minute"
	Second Unit = "second"
)

// relative has the patterns of a unit: "in {0} days", and words for some numbers, such as "yesterday" for -1.
type relative struct {
	Past, Future counts
	Words        map[string]string
}

func (r *relative) UnmarshalJSON(text []byte) error {
	entries := map[string]json.RawMessage{}
	if err := json.Unmarshal(text, &entries); err != nil {
		return err
	}
	r.Words = map[string]string{}
	for key, value := range entries {
		var err error
		switch key {
		case "past":
			err = json.Unmarshal(value, &r.Past)
		case "future":
			err = json.Unmarshal(value, &r.Future)
		default:
			var word string
			err = json.Unmarshal(value, &word)
			r.Words[key] = word
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Relative returns a distance from now: "in 3 days" for 3, "2 days ago" for -2. For zero it is the word for the current one,
// such as "today" or "now".
func (l *Locale) Relative(n int64, unit Unit) string {
	r := l.data.Relative[string(unit)]
	if n == 0 {
		return r.Words["0"]
	}
	c := r.Future
	if n < 0 {
		c = r.Past
	}
	return strings.ReplaceAll(l.pick(c, n), "{0}", l.Int(max(n, -n)))
}

// RelativeWord returns the word that a language has for a distance from now, such as "yesterday" for -1 and [Day]; "" if
// it has none.
func (l *Locale) RelativeWord(n int, unit Unit) string {
	key := map[int]string{-1: "-1", 0: "0", 1: "1"}[n]
	return l.data.Relative[string(unit)].Words[key]
}

// Duration returns a length of time: "3 days".
func (l *Locale) Duration(n int64, unit Unit) string {
	return strings.ReplaceAll(l.pick(l.data.Durations[string(unit)], n), "{0}", l.Int(n))
}

// Size returns a number of bytes in the largest of the units byte, kB, MB, GB, TB and PB, of 1,024 each, of which it has at
// least one, with one digit after the decimal separator: "1.5 MB".
func (l *Locale) Size(bytes int64) string {
	units := []string{"byte", "kilobyte", "megabyte", "gigabyte", "terabyte", "petabyte"}
	unit, size := 0, float64(max(bytes, -bytes))
	for size >= 1024 && unit < len(units)-1 {
		size /= 1024
		unit++
	}
	if unit == 0 {
		return strings.ReplaceAll(l.pick(l.data.Sizes["byte"], bytes), "{0}", l.Int(bytes))
	}
	text := rounded(size, 1)
	if bytes < 0 {
		text = "-" + text
	}
	return strings.ReplaceAll(l.pickDecimal(l.data.Sizes[units[unit]], text), "{0}", l.Number(text))
}

// pickDecimal returns the pattern for a number in neutral form with a fraction: "1.5" is not the singular.
func (l *Locale) pickDecimal(c counts, neutral string) string {
	whole, fraction, _ := strings.Cut(strings.TrimPrefix(neutral, "-"), ".")
	i, f := small(whole), small(fraction)
	trimmed := strings.TrimRight(fraction, "0")
	return l.choose(c, plural.Cardinal.MatchPlural(l.tag, i, len(fraction), len(trimmed), f, small(trimmed)))
}
