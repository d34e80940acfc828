package display

import (
	"fmt"
	"time"

	"github.com/quintetgo/quintet/orm/schema"
)

func (p Printer) now() time.Time {
	if p.Now != nil {
		return p.Now()
	}
	return time.Now()
}

func (p Printer) location() *time.Location {
	if p.Location != nil {
		return p.Location
	}
	return time.UTC
}

func (p Printer) time(kind schema.Kind, t time.Time) Cell {
	switch kind {
	case schema.KindDate:
		return Cell{Kind: Time, Text: t.Format("2 Jan 2006"), Title: t.Format("Monday, 2 January 2006"), ISO: t.Format(time.DateOnly)}
	case schema.KindTime:
		return Cell{Kind: Text, Text: t.Format("15:04:05")}
	}
	t = t.In(p.location())
	return Cell{Kind: Time, Text: p.Ago(t), Title: t.Format("Monday, 2 January 2006, 15:04 MST"), ISO: t.Format(time.RFC3339)}
}

// Ago returns how long ago t was for the last day ("3 hours ago", "yesterday, 19:30"), else its date ("20 Nov, 07:30").
func (p Printer) Ago(t time.Time) string {
	t = t.In(p.location())
	now := p.now().In(p.location())
	since := now.Sub(t)
	switch {
	case since < -24*time.Hour:
		return p.date(t, now)
	case since < -time.Minute:
		return "in " + count(-since)
	case since < time.Minute:
		return "just now"
	case since < 24*time.Hour && t.Day() == now.Day() || since < 6*time.Hour:
		return count(since) + " ago"
	case sameDay(t, now.AddDate(0, 0, -1)):
		return "yesterday, " + t.Format("15:04")
	}
	return p.date(t, now)
}

// Exact returns t to the second: "2 January 2006, 15:04:05 UTC".
func (p Printer) Exact(t time.Time) string {
	return t.In(p.location()).Format("2 January 2006, 15:04:05 MST")
}

func (p Printer) date(t, now time.Time) string {
	if t.Year() == now.Year() {
		return t.Format("2 Jan, 15:04")
	}
	return t.Format("2 Jan 2006")
}

func count(d time.Duration) string {
	if d < time.Hour {
		return plural(int(d/time.Minute), "minute")
	}
	return plural(int(d/time.Hour), "hour")
}

func plural(n int, unit string) string {
	if n == 1 {
		return "1 " + unit
	}
	return fmt.Sprintf("%d %ss", n, unit)
}

func sameDay(a, b time.Time) bool {
	return a.Year() == b.Year() && a.YearDay() == b.YearDay()
}
