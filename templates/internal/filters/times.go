package filters

import (
	"database/sql/driver"
	"fmt"
	"reflect"
	"strconv"
	"time"

	"github.com/quintetgo/quintet/templates/internal/render"
)

// toTime accepts a time, a pointer to one, and text in RFC 3339 or as a plain date. The zero time
// and nil are nothing.
func toTime(v any) (t time.Time, ok bool, err error) {
	switch v := v.(type) {
	case time.Time:
		return v, !v.IsZero(), nil
	case *time.Time:
		if v == nil {
			return t, false, nil
		}
		return *v, !v.IsZero(), nil
	}
	r := indirect(reflect.ValueOf(v))
	if !r.IsValid() || r.Kind() == reflect.String && r.String() == "" {
		return t, false, nil
	}
	if r.Kind() == reflect.String {
		for _, layout := range []string{time.RFC3339Nano, time.DateTime, time.DateOnly} {
			if t, err := time.Parse(layout, r.String()); err == nil {
				return t, true, nil
			}
		}
	}
	if r.Type().ConvertibleTo(reflect.TypeFor[time.Time]()) {
		t = r.Convert(reflect.TypeFor[time.Time]()).Interface().(time.Time)
		return t, !t.IsZero(), nil
	}
	switch holder := v.(type) {
	case interface{ Time() time.Time }:
		return holder.Time(), !holder.Time().IsZero(), nil
	case driver.Valuer: // such as sql.NullTime
		inner, err := holder.Value()
		if inner == nil && err == nil {
			return t, false, nil
		}
		if t, ok := inner.(time.Time); ok && err == nil {
			return t, !t.IsZero(), nil
		}
	}
	return t, false, fmt.Errorf("want a time, got %T", v)
}

// inZone returns a time as the page shows it: in the zone of the rendering. Days and times of day are the same
// everywhere: a day is stored as midnight in UTC, a time of day in the year 0. Midnight in UTC that is shown with
// its time is a time like any other.
func inZone(state *render.State, t time.Time, withClock bool) time.Time {
	if state == nil || state.Location == nil || isTimeOfDay(t) || !withClock && isDay(t) {
		return t
	}
	return t.In(state.Location)
}

func isDay(t time.Time) bool {
	_, offset := t.Zone()
	return offset == 0 && t.Hour() == 0 && t.Minute() == 0 && t.Second() == 0 && t.Nanosecond() == 0
}

func isTimeOfDay(t time.Time) bool { return t.Year() == 0 }

// TimeText returns how a page writes a time without a filter, in the zone of the rendering: "Feb. 29, 2024, 1:30 p.m.",
// "Feb. 29, 2024" for midnight in UTC, as which days are stored, and "1:30 p.m." for times of day. ok is false for
// what is no time. The zero time is nothing.
func TimeText(state *render.State, v any) (text string, ok bool) {
	var t time.Time
	switch v := v.(type) {
	case time.Time:
		t = v
	case *time.Time:
		if v == nil {
			return "", true
		}
		t = *v
	default:
		return "", false
	}
	switch {
	case t.IsZero():
		return "", true
	case isTimeOfDay(t):
		return styled(state, "TIME_FORMAT", t, layout{timeFormat, true}), true
	case isDay(t):
		return styled(state, "DATE_FORMAT", t, layout{dateFormat, true}), true
	}
	return styled(state, "DATETIME_FORMAT", inZone(state, t, true), layout{dateTimeFormat, true}), true
}

// date: {{ .created }} in a named style, with letters of Django or in a layout of Go, "medium" without one.
func date(state *render.State, args ...any) (string, error) {
	return format(state, "date", "medium", args)
}

// clockTime is date with the style "time" for default.
func clockTime(state *render.State, args ...any) (string, error) {
	return format(state, "time", "time", args)
}

func format(state *render.State, name, style string, args []any) (string, error) {
	switch len(args) {
	case 1:
	case 2:
		style = Text(args[0])
	default:
		return "", fmt.Errorf("%s takes a layout and a time, got %d arguments", name, len(args))
	}
	t, ok, err := toTime(args[len(args)-1])
	if !ok || err != nil {
		return "", err
	}
	l := checked(style)
	if l.err != nil {
		return "", l.err
	}
	if t = inZone(state, t, l.clock); style == "http" {
		t = t.UTC()
	}
	return styled(state, style, t, l.layout), nil
}

// styled writes a time as the language of the rendering does, if it has a form for the style, and else by the layout.
func styled(state *render.State, style string, t time.Time, l layout) string {
	if state != nil && state.Language != nil {
		if _, named := dateStyles[style]; named {
			if text, ok := state.Language.FormatTime(style, t); ok {
				return text
			}
		}
	}
	return l.format(t)
}

// clock tells the time to the functions that compare with it.
type clock struct{ now func() time.Time }

// current is the function now: {{ now }} is the time, {{ now "year" }} text.
func (c clock) current(state *render.State, layout ...any) (any, error) {
	now := c.now()
	if state.Location != nil {
		now = now.In(state.Location)
	}
	switch len(layout) {
	case 0:
		return now, nil
	case 1:
		return format(state, "now", "", []any{layout[0], now})
	}
	return nil, fmt.Errorf("now takes a layout, got %d arguments", len(layout))
}

// since returns how long ago a time was, in its two largest units: "3 days, 4 hours". Another time before it is
// what it is compared with: {{ .posted | timesince .answered }}.
func (c clock) since(state *render.State, args ...any) (string, error) {
	from, to, ok, err := c.both(state, "timesince", args)
	if !ok || err != nil {
		return "", err
	}
	return between(from, to), nil
}

// until returns how long it is until a time, from now or another time.
func (c clock) until(state *render.State, args ...any) (string, error) {
	to, from, ok, err := c.both(state, "timeuntil", args)
	if !ok || err != nil {
		return "", err
	}
	return between(from, to), nil
}

// both returns the time that timesince and timeuntil are asked about, and the one to compare with.
func (c clock) both(state *render.State, name string, args []any) (t, other time.Time, ok bool, err error) {
	if len(args) != 1 && len(args) != 2 {
		return t, other, false, fmt.Errorf("%s takes a time, and one to compare with, got %d arguments", name, len(args))
	}
	t, ok, err = toTime(args[len(args)-1])
	if other = c.now(); len(args) == 2 && ok && err == nil {
		other, ok, err = toTime(args[0])
	}
	if state.Location != nil {
		t, other = t.In(state.Location), other.In(state.Location)
	}
	return t, other, ok, err
}

// between counts calendar years and months, then the rest in fixed units, and names the first two units next to
// each other.
func between(from, to time.Time) string {
	to = to.In(from.Location())
	if !to.After(from) {
		return quantity(0, "minute")
	}
	months := 12*(to.Year()-from.Year()) + int(to.Month()) - int(from.Month())
	if from.Day() > to.Day() || from.Day() == to.Day() && timeOfDay(from) > timeOfDay(to) {
		months--
	}
	pivot := from
	if months > 0 {
		first := time.Date(from.Year(), from.Month()+time.Month(months), 1, 0, 0, 0, 0, time.UTC)
		day := min(from.Day(), first.AddDate(0, 1, -1).Day())
		if first.Month() == time.February {
			day = min(day, 28) // in each year, as Django counts
		}
		pivot = time.Date(first.Year(), first.Month(), day, from.Hour(), from.Minute(), from.Second(), 0, from.Location())
	}
	rest := to.Sub(pivot)
	counts := [...]struct {
		unit string
		n    int64
	}{
		{"year", int64(months / 12)},
		{"month", int64(months % 12)},
		{"week", int64(rest / (7 * 24 * time.Hour))},
		{"day", int64(rest % (7 * 24 * time.Hour) / (24 * time.Hour))},
		{"hour", int64(rest % (24 * time.Hour) / time.Hour)},
		{"minute", int64(rest % time.Hour / time.Minute)},
	}
	for i, count := range counts {
		if count.n <= 0 {
			continue
		}
		out := quantity(count.n, count.unit)
		if i+1 < len(counts) && counts[i+1].n > 0 {
			out += ", " + quantity(counts[i+1].n, counts[i+1].unit)
		}
		return out
	}
	return quantity(0, "minute")
}

// timeOfDay returns what a clock shows, without the change to another zone in between.
func timeOfDay(t time.Time) time.Duration {
	return time.Duration(
		t.Hour(),
	)*time.Hour + time.Duration(
		t.Minute(),
	)*time.Minute + time.Duration(
		t.Second(),
	)*time.Second + time.Duration(
		t.Nanosecond(),
	)
}

func quantity(n int64, unit string) string {
	if n != 1 {
		unit += "s"
	}
	return strconv.FormatInt(n, 10) + noBreak + unit
}
