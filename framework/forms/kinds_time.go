package forms

import (
	"strings"
	"time"
)

// The layouts that are read when a field has no Layouts. The first is what inputs of browsers send.
var (
	dateLayouts     = []string{time.DateOnly, "2006/1/2", "2006-1-2", "2.1.2006", "2 Jan 2006", "2 January 2006", "Jan 2, 2006", "January 2, 2006"}
	timeLayouts     = []string{"15:04", "15:04:05", "15:04:05.999999", "3:04 PM", "3:04PM"}
	dateTimeLayouts = []string{"2006-01-02T15:04", "2006-01-02T15:04:05.999999", "2006-01-02 15:04", "2006-01-02 15:04:05.999999", time.DateOnly}
)

// maxTime is the longest text that is read as a date or time.
const maxTime = 64

func (f *Form) location(field *Field) *time.Location {
	switch {
	case field.Location != nil:
		return field.Location
	case f.Location != nil:
		return f.Location
	}
	return time.UTC
}

func (f *Form) parseTime(field *Field, value string) (any, error) {
	layouts, example := dateTimeLayouts, "2026-01-31 15:30"
	location := f.location(field)
	switch field.kind() {
	case Date:
		layouts, example, location = dateLayouts, "2026-01-31", time.UTC
	case Time:
		layouts, example, location = timeLayouts, "15:30", time.UTC
	default:
		if t, err := time.Parse(time.RFC3339Nano, value); err == nil && len(field.Layouts) == 0 && len(value) <= maxTime {
			return t.In(location), field.checkBounds(t)
		}
	}
	if len(field.Layouts) > 0 {
		layouts = field.Layouts
		example = time.Date(2026, time.January, 31, 15, 30, 0, 0, time.UTC).Format(layouts[0])
	}
	if len(value) <= maxTime {
		value = strings.Join(strings.Fields(value), " ")
		for _, layout := range layouts {
			t, err := time.ParseInLocation(layout, value, location)
			if err != nil || t.Year() > 9999 {
				continue
			}
			return t, field.checkBounds(t)
		}
	}
	what := map[Kind]string{Date: "a date", Time: "a time"}[field.kind()]
	if what == "" {
		what = "a date and time"
	}
	return nil, field.message("invalid", "Please enter %s, like %s.", what, example)
}

func formatTime(kind Kind, t time.Time, location *time.Location) string {
	if kind == Date {
		if t.IsZero() {
			return ""
		}
		return t.Format(time.DateOnly)
	}
	layout := "15:04"
	if kind != Time {
		if t.IsZero() {
			return ""
		}
		if location != nil {
			t = t.In(location)
		}
		layout = "2006-01-02T15:04"
	}
	if t.Nanosecond() != 0 {
		return t.Format(layout + ":05.999")
	}
	if t.Second() != 0 {
		return t.Format(layout + ":05")
	}
	return t.Format(layout)
}
