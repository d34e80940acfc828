package filters

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"time"
)

// dateStyles are the names date takes instead of a layout.
var dateStyles = map[string]string{
	"short": "2 Jan 2006", "medium": "2 January 2006", "long": "Monday, 2 January 2006", "month": "January 2006", "year": "2006",
	"iso": "2006-01-02", "datetime": "2 January 2006, 15:04", "datetimeshort": "2 Jan 2006 15:04", "time": "15:04", "seconds": "15:04:05",
	"rfc3339": time.RFC3339, "rfc822": time.RFC1123Z, "http": "Mon, 02 Jan 2006 15:04:05 GMT",
}

// Styles returns the names that dates take instead of a layout, sorted.
func Styles() []string { return slices.Sorted(maps.Keys(dateStyles)) }

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
	if holder, ok := v.(interface{ Time() time.Time }); ok {
		return holder.Time(), !holder.Time().IsZero(), nil
	}
	return t, false, fmt.Errorf("want a time, got %T", v)
}

// date: {{ .created }} in a named style or Go layout, "medium" without one.
func date(args ...any) (string, error) { return format("date", "medium", args) }

// clockTime is date with the style "time" for default.
func clockTime(args ...any) (string, error) { return format("time", "time", args) }

func format(name, style string, args []any) (string, error) {
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
	if style == "http" {
		t = t.UTC()
	}
	layout, err := Layout(style)
	if err != nil {
		return "", err
	}
	return t.Format(layout), nil
}

// Layout returns the layout of Go that a style means, or that it is itself.
func Layout(style string) (string, error) {
	if layout, named := dateStyles[style]; named {
		return layout, nil
	}
	one := time.Date(1999, time.November, 21, 22, 33, 44, 555, time.UTC)
	other := time.Date(2001, time.March, 9, 8, 7, 6, 5, time.FixedZone("", 3600))
	if one.Format(style) == style && other.Format(style) == style {
		return "", fmt.Errorf("layout %q has no part of a date", style)
	}
	return style, nil
}

// clock tells the time to the functions that compare with it.
type clock struct{ now func() time.Time }

// current is the function now: {{ now }} is the time, {{ now "year" }} text.
func (c clock) current(layout ...string) (any, error) {
	if len(layout) == 0 {
		return c.now(), nil
	}
	return format("now", "", []any{layout[0], c.now()})
}

// since says how long ago a time was, in its two largest units: "3 days, 4 hours".
func (c clock) since(v any) (string, error) {
	t, ok, err := toTime(v)
	if !ok || err != nil {
		return "", err
	}
	return between(t, c.now()), nil
}

// until says how long it is to a time.
func (c clock) until(v any) (string, error) {
	t, ok, err := toTime(v)
	if !ok || err != nil {
		return "", err
	}
	return between(c.now(), t), nil
}

// between counts calendar years and months, then the rest in fixed units.
func between(from, to time.Time) string {
	to = to.In(from.Location())
	if !to.After(from) {
		return "0 minutes"
	}
	months := 12*(to.Year()-from.Year()) + int(to.Month()) - int(from.Month())
	for months > 0 && addMonths(from, months).After(to) {
		months--
	}
	rest := to.Sub(addMonths(from, months))
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
		if count.n == 0 {
			continue
		}
		out := quantity(count.n, count.unit)
		if i+1 < len(counts) && counts[i+1].n > 0 {
			out += ", " + quantity(counts[i+1].n, counts[i+1].unit)
		}
		return out
	}
	return "0 minutes"
}

// addMonths keeps the 31st within shorter months.
func addMonths(t time.Time, months int) time.Time {
	first := time.Date(t.Year(), t.Month(), 1, t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), t.Location()).AddDate(0, months, 0)
	day := min(t.Day(), first.AddDate(0, 1, -1).Day())
	return first.AddDate(0, 0, day-1)
}

func quantity(n int64, unit string) string {
	if n != 1 {
		unit += "s"
	}
	return strconv.FormatInt(n, 10) + " " + unit
}
