package forms

import (
	"strings"
	"time"

	"github.com/quintetgo/quintet/framework/message"
)

// The layouts of fields without Layouts. The first is the one that inputs of browsers send.
var (
	dateLayouts = []string{
		time.DateOnly, "2006/1/2", "2006-1-2", "2.1.2006", "2 Jan 2006", "2 January 2006", "Jan 2, 2006", "January 2, 2006",
	}
	timeLayouts     = []string{"15:04", "15:04:05", "15:04:05.999999", "3:04 PM", "3:04PM"}
	dateTimeLayouts = []string{
		"2006-01-02T15:04", "2006-01-02T15:04:05.999999", "2006-01-02 15:04", "2006-01-02 15:04:05.999999", time.DateOnly,
	}
)

// maxTime is the length in bytes of the longest text that is parsed as a date or time.
const maxTime = 64

// LocationOf returns the time zone in which the times of a field are shown, and parsed if they are sent without one: that of the
// field, of the form, or of the request, or UTC.
func (f *Form) LocationOf(field *Field) *time.Location {
	switch {
	case field.Location != nil:
		return field.Location
	case f.Location != nil:
		return f.Location
	case f.inherited != nil:
		return f.inherited
	}
	return time.UTC
}

// UseLocation sets the time zone of a form without a Location. web.Render calls it with the zone of the request for the forms in
// its data; Parse uses that of its request.
func (f *Form) UseLocation(location *time.Location) { f.inherited = location }

// parseTime parses a date, a time of day, or a date with time in a zone.
func (f *Field) parseTime(value string, location *time.Location) (any, error) {
	layouts, example := dateTimeLayouts, "2026-01-31 15:30"
	switch f.kind() {
	case Date:
		layouts, example, location = dateLayouts, "2026-01-31", time.UTC
	case Time:
		layouts, example, location = timeLayouts, "15:30", time.UTC
	default:
		if len(f.Layouts) == 0 && len(value) <= maxTime {
			if t, err := time.Parse(time.RFC3339Nano, value); err == nil {
				return f.checkTime(t.In(location))
			}
		}
	}
	if len(f.Layouts) > 0 {
		layouts = f.Layouts
		example = time.Date(2026, time.January, 31, 15, 30, 0, 0, time.UTC).Format(layouts[0])
	}
	if len(value) <= maxTime {
		value = strings.Join(strings.Fields(value), " ")
		for _, layout := range layouts {
			t, err := time.ParseInLocation(layout, value, location)
			if err != nil {
				continue
			}
			if f.kind() == DateTime && t.Location() == location {
				wall, _ := time.Parse(layout, value)
				first, exists := firstAt(wall, location)
				if !exists {
					return nil, f.invalid(message.New("nonexistent_time",
						"The clocks in {zone} are put forward over this time, so it does not exist. Please enter another.",
						message.Args{"zone": location.String()}))
				}
				t = first
			}
			return f.checkTime(t)
		}
	}
	text := "Please enter a date and time, like {example}."
	switch f.kind() {
	case Date:
		text = "Please enter a date, like {example}."
	case Time:
		text = "Please enter a time, like {example}."
	}
	return nil, f.invalid(message.New("invalid", text, message.Args{"example": example}))
}

// firstAt returns the time at which clocks in a zone show the time that wall has in UTC: the earlier one of two when they are
// put back. It does not exist when they are put forward.
func firstAt(wall time.Time, location *time.Location) (first time.Time, exists bool) {
	for _, shift := range []time.Duration{-24 * time.Hour, 0, 24 * time.Hour} {
		_, offset := wall.Add(shift).In(location).Zone()
		t := wall.Add(-time.Duration(offset) * time.Second).In(location)
		if _, is := t.Zone(); is == offset && (!exists || t.Before(first)) {
			first, exists = t, true
		}
	}
	return first, exists
}

// checkTime requires a year of four digits, also in UTC, in which times are stored.
func (f *Field) checkTime(t time.Time) (any, error) {
	for _, year := range []int{t.Year(), t.UTC().Year()} {
		if f.kind() != Time && (year < 1 || year > 9999) {
			return nil, f.invalidText("Please enter a year from 1 to 9999.")
		}
	}
	if f.kind() != Time && t.IsZero() {
		return nil, f.invalidText("Please enter a later time: the first second of the year 1 means no time.")
	}
	return t, f.checkBounds(t)
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
