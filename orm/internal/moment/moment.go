// Package moment reads dates and times as databases, forms and fixtures write them, and knows which of them every
// database can hold.
package moment

import (
	"strings"
	"time"
)

// The years that every database and every form of writing can hold.
const (
	MinYear = 1
	MaxYear = 9999
)

// Fits reports whether a time's year, in the time's own zone, can be stored.
func Fits(t time.Time) bool { return t.Year() >= MinYear && t.Year() <= MaxYear }

// layouts are what is read besides the form that [Parse] knows by heart, the most exact first.
//
//nolint:gochecknoglobals // a constant list
var layouts = []string{
	time.RFC3339Nano, "2006-01-02 15:04:05.999999999-07:00", "2006-01-02 15:04:05.999999999Z07:00", "2006-01-02 15:04:05.999999999 -0700 MST",
	"2006-01-02T15:04:05.999999999", "2006-01-02 15:04:05.999999999", "2006-01-02T15:04", "2006-01-02 15:04", "2006-01-02",
	"15:04:05.999999999", "15:04",
}

// Parse reads a date, a date and time, or a time of day; without a zone it is in UTC. The result is in UTC.
func Parse(text string) (time.Time, bool) {
	if t, ok := parseStored(text); ok {
		return t, true
	}
	text = strings.TrimSpace(text)
	for _, layout := range layouts {
		if t, err := time.Parse(layout, text); err == nil {
			return t.UTC(), true
		}
	}
	return time.Time{}, false
}

// parseStored reads 2026-07-01 and 2026-07-01 10:20:30.123456+00:00, which is what this package's users write.
func parseStored(s string) (time.Time, bool) {
	var t time.Time
	if len(s) < len("2006-01-02") || s[4] != '-' || s[7] != '-' {
		return t, false
	}
	year, ok1 := number(s[:4])
	month, ok2 := number(s[5:7])
	day, ok3 := number(s[8:10])
	if !ok1 || !ok2 || !ok3 {
		return t, false
	}
	var hour, minute, second, nano int
	if rest := s[10:]; rest != "" {
		if len(rest) < len(" 15:04:05") || rest[0] != ' ' || rest[3] != ':' || rest[6] != ':' {
			return t, false
		}
		var ok4, ok5, ok6 bool
		hour, ok4 = number(rest[1:3])
		minute, ok5 = number(rest[4:6])
		second, ok6 = number(rest[7:9])
		if !ok4 || !ok5 || !ok6 || hour > 23 || minute > 59 || second > 59 {
			return t, false
		}
		rest = strings.TrimSuffix(rest[9:], "+00:00")
		if rest != "" {
			digits := len(rest) - 1
			if rest[0] != '.' || digits < 1 || digits > 9 {
				return t, false
			}
			var ok bool
			if nano, ok = number(rest[1:]); !ok {
				return t, false
			}
			for ; digits < 9; digits++ {
				nano *= 10
			}
		}
	}
	t = time.Date(year, time.Month(month), day, hour, minute, second, nano, time.UTC)
	return t, t.Day() == day && int(t.Month()) == month // 30 February would be in March
}

func number(s string) (int, bool) {
	n := 0
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		n = n*10 + int(s[i]-'0')
	}
	return n, true
}
