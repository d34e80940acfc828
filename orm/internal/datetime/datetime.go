// Package datetime parses dates and times as databases, forms and fixtures write them, and knows which of them every
// database can store.
package datetime

import (
	"strings"
	"time"
)

// The years that every database and every notation can represent.
const (
	MinYear = 1
	MaxYear = 9999
)

// Fits reports whether a time's year, in the time's own zone, can be stored.
func Fits(t time.Time) bool { return t.Year() >= MinYear && t.Year() <= MaxYear }

// layouts are the notations that parseStored does not read, the most exact first.
//
//nolint:gochecknoglobals // a constant list
var layouts = []string{
	time.RFC3339Nano, "2006-01-02 15:04:05.999999999-07:00", "2006-01-02 15:04:05.999999999Z07:00",
	"2006-01-02 15:04:05.999999999 -0700 MST",
	"2006-01-02T15:04:05.999999999", "2006-01-02 15:04:05.999999999", "2006-01-02T15:04", "2006-01-02 15:04", "2006-01-02",
	"15:04:05.999999999", "15:04",
}

// Parse parses a date, a date and time, or a time of day, and returns it in UTC. Text without a zone is in UTC. It
// reports false for text in no known notation and for days that do not exist.
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

// parseStored parses 2026-07-01 and 2026-07-01 10:20:30.123456+00:00, the forms in which values are stored, faster than
// time.Parse does.
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
	if tail := s[10:]; tail != "" {
		if len(tail) < len(" 15:04:05") || tail[0] != ' ' || tail[3] != ':' || tail[6] != ':' {
			return t, false
		}
		var ok4, ok5, ok6 bool
		hour, ok4 = number(tail[1:3])
		minute, ok5 = number(tail[4:6])
		second, ok6 = number(tail[7:9])
		if !ok4 || !ok5 || !ok6 || hour > 23 || minute > 59 || second > 59 {
			return t, false
		}
		tail = strings.TrimSuffix(tail[9:], "+00:00")
		if tail != "" {
			digits := len(tail) - 1
			if tail[0] != '.' || digits < 1 || digits > 9 {
				return t, false
			}
			var ok bool
			if nano, ok = number(tail[1:]); !ok {
				return t, false
			}
			for ; digits < 9; digits++ {
				nano *= 10
			}
		}
	}
	t = time.Date(year, time.Month(month), day, hour, minute, second, nano, time.UTC)
	return t, t.Day() == day && int(t.Month()) == month // 30 February would be a day in March
}

// number parses digits.
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
