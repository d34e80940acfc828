package filters

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// dateStyles are the names that date takes instead of a layout, as layouts of Go or letters of Django.
var dateStyles = map[string]string{
	"short": "2 Jan 2006", "medium": "2 January 2006", "long": "Monday, 2 January 2006", "month": "January 2006", "year": "2006",
	"iso": "2006-01-02", "datetime": "2 January 2006, 15:04", "datetimeshort": "2 Jan 2006 15:04", "time": "15:04", "seconds": "15:04:05",
	"rfc3339": time.RFC3339, "rfc822": time.RFC1123Z, "http": "Mon, 02 Jan 2006 15:04:05 GMT",
	"DATE_FORMAT": dateFormat, "DATETIME_FORMAT": dateTimeFormat, "TIME_FORMAT": timeFormat,
	"YEAR_MONTH_FORMAT": "F Y", "MONTH_DAY_FORMAT": "F j",
	"SHORT_DATE_FORMAT": "m/d/Y", "SHORT_DATETIME_FORMAT": "m/d/Y P",
}

// The formats of times that a page writes without a filter.
const (
	dateFormat     = "N j, Y"
	timeFormat     = "P"
	dateTimeFormat = "N j, Y, P"
)

// Styles returns the names that dates take instead of a layout, sorted.
func Styles() []string { return slices.Sorted(maps.Keys(dateStyles)) }

// letters are those that a format of Django has a meaning for.
const letters = "aAbcdDeEfFgGhHiIjlLmMnNoOPrsStTuUwWyYzZ"

// clockLetters are those that depend on more than the day.
const clockLetters = "aAcefgGhHiIOPrsTuUZ"

// layout is a way to write times.
type layout struct {
	text   string
	django bool // letters of Django instead of a layout of Go
}

// checkedLayout is a layout with what depends on nothing else.
type checkedLayout struct {
	layout
	clock bool // it shows more than the day
	err   error
}

// maxLayouts bounds how many layouts are remembered: a layout may come from data.
const maxLayouts = 500

var (
	layouts     sync.Map // of checkedLayout by text
	layoutCount atomic.Int64
)

// checked returns what a text means.
func checked(text string) checkedLayout {
	if known, ok := layouts.Load(text); ok {
		return known.(checkedLayout)
	}
	c := checkedLayout{layout: layoutOf(text), err: CheckLayout(text)}
	c.clock = c.dependsOnClock()
	if len(text) < 100 && layoutCount.Add(1) <= maxLayouts {
		layouts.Store(text, c)
	}
	return c
}

// layoutOf decides what a text means: the name of a style; with a backslash, letters of Django; if it has a
// part that layouts of Go know, such as 2006, 01, Jan, Monday, 15 or PM, a layout of Go; otherwise letters.
func layoutOf(text string) layout {
	if style, named := dateStyles[text]; named {
		return layoutOf(style)
	}
	if strings.Contains(text, `\`) || !isGoLayout(text) {
		return layout{text, true}
	}
	return layout{text, false}
}

// isGoLayout reports whether package time finds a part of a date in a text.
func isGoLayout(text string) bool {
	one := time.Date(1999, time.November, 21, 22, 33, 44, 555, time.UTC)
	other := time.Date(2001, time.March, 9, 8, 7, 6, 5, time.FixedZone("", 3600))
	return one.Format(text) != text || other.Format(text) != text
}

// CheckLayout reports texts that are no layout: those without any part of a date, and those of other
// languages, such as YYYY-MM-DD and %Y-%m-%d.
func CheckLayout(text string) error {
	l := layoutOf(text)
	if !l.django {
		return nil
	}
	known, before := false, rune(0)
	for _, r := range l.text {
		isLetter := r < 0x80 && strings.ContainsRune(letters, r)
		switch {
		case before == '\\':
			r = 0
		case !isLetter:
		case before == '%':
			return fmt.Errorf("layout %q has a percent sign before the letter %q", text, string(r))
		case r == before:
			return fmt.Errorf("layout %q has the letter %q twice in a row", text, string(r))
		default:
			known = true
		}
		before = r
	}
	if !known {
		return fmt.Errorf("layout %q has no part of a date", text)
	}
	return nil
}

// dependsOnClock reports whether a layout shows more than the day, so that the zone of a plain date matters.
func (l layout) dependsOnClock() bool {
	if l.django {
		escaped := false
		for _, r := range l.text {
			if !escaped && r < 0x80 && strings.ContainsRune(clockLetters, r) {
				return true
			}
			escaped = !escaped && r == '\\'
		}
		return false
	}
	midnight := time.Date(2001, time.February, 4, 0, 0, 0, 0, time.UTC)
	later := time.Date(2001, time.February, 4, 21, 22, 23, 456_789_123, time.FixedZone("X", 3600))
	return midnight.Format(l.text) != later.Format(l.text)
}

func (l layout) format(t time.Time) string {
	if !l.django {
		return t.Format(l.text)
	}
	var b strings.Builder
	escaped := false
	for _, r := range l.text {
		switch {
		case escaped:
			escaped = false
			b.WriteRune(r)
		case r == '\\':
			escaped = true
		case r < 0x80 && strings.ContainsRune(letters, r):
			b.WriteString(letter(byte(r), t))
		default:
			b.WriteRune(r)
		}
	}
	if escaped {
		b.WriteByte('\\')
	}
	return b.String()
}

// goLetters are the letters of Django that a layout of Go writes.
var goLetters = map[byte]string{
	'A': "PM", 'd': "02", 'D': "Mon", 'E': "January", 'F': "January", 'g': "3", 'h': "03", 'H': "15", 'i': "04", 'j': "2", 'l': "Monday",
	'm': "01", 'M': "Jan", 'n': "1", 'O': "-0700", 'r': "Mon, 02 Jan 2006 15:04:05 -0700", 's': "05", 'y': "06",
}

// months are as the Associated Press abbreviates them.
var months = [...]string{"Jan.", "Feb.", "March", "April", "May", "June", "July", "Aug.", "Sept.", "Oct.", "Nov.", "Dec."}

// letter writes the value of one letter of a Django layout.
func letter(c byte, t time.Time) string {
	if layout := goLetters[c]; layout != "" {
		return t.Format(layout)
	}
	number := func(n int) string { return strconv.Itoa(n) }
	switch c {
	case 'a':
		if t.Hour() < 12 {
			return "a.m."
		}
		return "p.m."
	case 'b':
		return strings.ToLower(t.Format("Jan"))
	case 'c':
		if t.Nanosecond()/1000 != 0 {
			return t.Format("2006-01-02T15:04:05.000000-07:00")
		}
		return t.Format("2006-01-02T15:04:05-07:00")
	case 'e', 'T':
		return t.Format("MST")
	case 'f':
		if t.Minute() == 0 {
			return t.Format("3")
		}
		return t.Format("3:04")
	case 'G':
		return number(t.Hour())
	case 'I':
		return number(truth(t.IsDST()))
	case 'L':
		if time.Date(t.Year(), time.February, 29, 0, 0, 0, 0, time.UTC).Day() == 29 {
			return "True"
		}
		return "False"
	case 'N':
		return months[t.Month()-1]
	case 'o':
		year, _ := t.ISOWeek()
		return number(year)
	case 'P':
		switch {
		case t.Minute() == 0 && t.Hour() == 0:
			return "midnight"
		case t.Minute() == 0 && t.Hour() == 12:
			return "noon"
		}
		return letter('f', t) + " " + letter('a', t)
	case 'S':
		return ordinal(t.Day())
	case 't':
		return number(time.Date(t.Year(), t.Month()+1, 0, 0, 0, 0, 0, time.UTC).Day())
	case 'u':
		return fmt.Sprintf("%06d", t.Nanosecond()/1000)
	case 'U':
		return strconv.FormatInt(t.Unix(), 10)
	case 'w':
		return number(int(t.Weekday()))
	case 'W':
		_, week := t.ISOWeek()
		return number(week)
	case 'Y':
		return fmt.Sprintf("%04d", t.Year())
	case 'z':
		return number(t.YearDay())
	case 'Z':
		_, offset := t.Zone()
		return number(offset)
	}
	return string(c)
}

func truth(b bool) int {
	if b {
		return 1
	}
	return 0
}

// ordinal is the ending of a day of the month.
func ordinal(day int) string {
	switch {
	case day >= 11 && day <= 13:
	case day%10 == 1:
		return "st"
	case day%10 == 2:
		return "nd"
	case day%10 == 3:
		return "rd"
	}
	return "th"
}
