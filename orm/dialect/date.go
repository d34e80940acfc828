package dialect

// DatePart is a part of a date or time; its value is the name of the transform in a lookup.
type DatePart string

// The parts of dates and times. All but PartDate and PartTime are whole numbers.
const (
	PartYear       DatePart = "year"
	PartISOYear    DatePart = "iso_year"     // the year that the ISO week belongs to
	PartQuarter    DatePart = "quarter"      // 1 to 4
	PartMonth      DatePart = "month"        // 1 to 12
	PartWeek       DatePart = "week"         // the ISO week, 1 to 53
	PartDay        DatePart = "day"          // 1 to 31
	PartWeekDay    DatePart = "week_day"     // 1 for Sunday to 7 for Saturday
	PartISOWeekDay DatePart = "iso_week_day" // 1 for Monday to 7 for Sunday
	PartHour       DatePart = "hour"         // 0 to 23
	PartMinute     DatePart = "minute"       // 0 to 59
	PartSecond     DatePart = "second"       // 0 to 59, without fractions
	PartDate       DatePart = "date"         // the day, comparable with text such as "2006-01-02"
	PartTime       DatePart = "time"         // the time of day, comparable with text such as "15:04:05"
)

// DateParts returns every part, for tests of drivers.
func DateParts() []DatePart {
	return []DatePart{
		PartYear, PartISOYear, PartQuarter, PartMonth, PartWeek, PartDay, PartWeekDay, PartISOWeekDay, PartHour, PartMinute,
		PartSecond, PartDate, PartTime,
	}
}

// DateExtractor is implemented by dialects that can take dates and times apart.
type DateExtractor interface {
	// ExtractDate writes a part of the value left, in UTC, which is NULL where the value is NULL. It returns an
	// [UnsupportedError] for a part that it does not know.
	ExtractDate(w *Writer, left []byte, part DatePart) error
}

// ExtractDate writes a part of a date or time. It returns an [UnsupportedError] if the dialect is no [DateExtractor].
func (w *Writer) ExtractDate(left []byte, part DatePart) error {
	if extractor, ok := w.dialect.(DateExtractor); ok {
		return extractor.ExtractDate(w, left, part)
	}
	return Unsupported(w.dialect, "parts of dates")
}
