package locale

import (
	"strconv"
	"strings"
	"time"
)

// Style selects one of the forms in which a language writes dates and times.
type Style int

// The styles, as in British English on the last day of 2026.
const (
	Medium    Style = iota // "31 Dec 2026", "17:05:00"; the zero value
	Short                  // "31/12/2026", "17:05"
	Long                   // "31 December 2026", "17:05"
	Full                   // "Thursday, 31 December 2026", "17:05:00"
	MonthDay               // "31 December"; dates only
	YearMonth              // "December 2026"; dates only
	Input                  // "31/12/2026": digits and the whole year, as date fields of forms show it; dates only
)

// Date returns the day of t, in the zone of t.
func (l *Locale) Date(t time.Time, style Style) string { return l.format(t, l.datePattern(style)) }

// Time returns the time of day of t, in the zone of t.
func (l *Locale) Time(t time.Time, style Style) string {
	if style == Medium || style == Full {
		return l.format(t, l.data.TimeMedium)
	}
	return l.format(t, l.data.TimeShort)
}

// DateTime returns the day and the time of day, without seconds.
func (l *Locale) DateTime(t time.Time, style Style) string {
	join := l.data.JoinMedium
	switch style {
	case Short, Input:
		join = l.data.JoinShort
	case Long:
		join = l.data.JoinLong
	case Full:
		join = l.data.JoinFull
	}
	pattern := strings.NewReplacer("{1}", l.datePattern(style), "{0}", l.data.TimeShort).Replace(join)
	return l.format(t, pattern)
}

// Month returns the name of a month as it is written without a day, such as in the title of a calendar; "" if there is no such month.
func (l *Locale) Month(m time.Month) string { return at(l.data.MonthsAlone, int(m)-1) }

// MonthShort is the abbreviated form of [Locale.Month].
func (l *Locale) MonthShort(m time.Month) string { return at(l.data.AloneShort, int(m)-1) }

// MonthInDate returns the name of a month as it follows the day, which differs from [Locale.Month] in many languages.
func (l *Locale) MonthInDate(m time.Month) string { return at(l.data.Months, int(m)-1) }

// MonthShortInDate is the abbreviated form of [Locale.MonthInDate].
func (l *Locale) MonthShortInDate(m time.Month) string { return at(l.data.MonthsShort, int(m)-1) }

// Weekday returns the name of a day; "" if there is no such day.
func (l *Locale) Weekday(d time.Weekday) string { return at(l.data.Days, int(d)) }

// WeekdayShort returns the abbreviated name of a day.
func (l *Locale) WeekdayShort(d time.Weekday) string { return at(l.data.DaysShort, int(d)) }

// WeekdayNarrow returns the letter or two for the head of a column in a calendar.
func (l *Locale) WeekdayNarrow(d time.Weekday) string { return at(l.data.DaysNarrow, int(d)) }

// DayPeriod returns the text for the half of the day that an hour from 0 to 23 is in: AM or PM.
func (l *Locale) DayPeriod(hour int) string {
	if hour < 12 {
		return l.data.AM
	}
	return l.data.PM
}

func at(names []string, i int) string {
	if i < 0 || i >= len(names) {
		return ""
	}
	return names[i]
}

func (l *Locale) datePattern(style Style) string {
	switch style {
	case Short, Input:
		return l.data.DateInput // the short form of CLDR has two digits of the year, which are ambiguous
	case Long:
		return l.data.DateLong
	case Full:
		return l.data.DateFull
	case MonthDay:
		return l.data.MonthDay
	case YearMonth:
		return l.data.YearMonth
	}
	return l.data.DateMedium
}

// format writes t by a pattern of CLDR: letters are fields, text in quotes is literal.
func (l *Locale) format(t time.Time, pattern string) string {
	var out strings.Builder
	for _, part := range split(pattern) {
		if part.letter == 0 {
			out.WriteString(part.text)
			continue
		}
		out.WriteString(l.field(t, part.letter, part.width))
	}
	return out.String()
}

// part is a field of a pattern, or text between fields.
type part struct {
	letter byte // 0 for text
	width  int  // how often the letter is repeated
	text   string
}

func split(pattern string) []part {
	var parts []part
	for i := 0; i < len(pattern); {
		c := pattern[i]
		switch {
		case c == '\'':
			end := strings.IndexByte(pattern[i+1:], '\'')
			switch {
			case end == 0: // two quotes are one
				parts = append(parts, part{text: "'"})
			case end > 0:
				parts = append(parts, part{text: pattern[i+1 : i+1+end]})
			default:
				end = len(pattern) - i - 2
			}
			i += end + 2
		case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z':
			width := 1
			for i+width < len(pattern) && pattern[i+width] == c {
				width++
			}
			parts = append(parts, part{letter: c, width: width})
			i += width
		default:
			end := i + 1
			for end < len(pattern) && pattern[end] != '\'' && !isLetter(pattern[end]) {
				end++
			}
			parts = append(parts, part{text: pattern[i:end]})
			i = end
		}
	}
	return parts
}

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

// field returns one field of UTS #35, "Date Field Symbol Table". Fields that no pattern in use has are left out.
func (l *Locale) field(t time.Time, letter byte, width int) string {
	names := func(number int, short, wide []string, i int) string {
		switch width {
		case 1, 2:
			return digits(number, width)
		case 3:
			return at(short, i)
		}
		return at(wide, i)
	}
	month := int(t.Month())
	switch letter {
	case 'y', 'u':
		if width == 2 {
			return digits(t.Year()%100, 2)
		}
		return digits(t.Year(), width)
	case 'M':
		return names(month, l.data.MonthsShort, l.data.Months, month-1)
	case 'L':
		return names(month, l.data.AloneShort, l.data.MonthsAlone, month-1)
	case 'd':
		return digits(t.Day(), width)
	case 'E', 'c', 'e':
		if width < 4 {
			return l.WeekdayShort(t.Weekday())
		}
		return l.Weekday(t.Weekday())
	case 'a', 'b', 'B':
		return l.DayPeriod(t.Hour())
	case 'H':
		return digits(t.Hour(), width)
	case 'K':
		return digits(t.Hour()%12, width)
	case 'h':
		return digits((t.Hour()+11)%12+1, width)
	case 'k':
		return digits((t.Hour()+23)%24+1, width)
	case 'm':
		return digits(t.Minute(), width)
	case 's':
		return digits(t.Second(), width)
	}
	return ""
}

// digits returns a number with at least width digits.
func digits(n, width int) string {
	text := strconv.Itoa(max(n, -n))
	for len(text) < width {
		text = "0" + text
	}
	if n < 0 {
		return "-" + text
	}
	return text
}
