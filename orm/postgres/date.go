package postgres

import "github.com/quintetgo/quintet/orm/dialect"

// dateParts are what is written before and after a date. Sessions are in UTC.
var dateParts = map[dialect.DatePart][2]string{
	dialect.PartYear:       {"CAST(EXTRACT(YEAR FROM ", ") AS bigint)"},
	dialect.PartISOYear:    {"CAST(EXTRACT(ISOYEAR FROM ", ") AS bigint)"},
	dialect.PartQuarter:    {"CAST(EXTRACT(QUARTER FROM ", ") AS bigint)"},
	dialect.PartMonth:      {"CAST(EXTRACT(MONTH FROM ", ") AS bigint)"},
	dialect.PartWeek:       {"CAST(EXTRACT(WEEK FROM ", ") AS bigint)"},
	dialect.PartDay:        {"CAST(EXTRACT(DAY FROM ", ") AS bigint)"},
	dialect.PartWeekDay:    {"CAST(EXTRACT(DOW FROM ", ") + 1 AS bigint)"},
	dialect.PartISOWeekDay: {"CAST(EXTRACT(ISODOW FROM ", ") AS bigint)"},
	dialect.PartHour:       {"CAST(EXTRACT(HOUR FROM ", ") AS bigint)"},
	dialect.PartMinute:     {"CAST(EXTRACT(MINUTE FROM ", ") AS bigint)"},
	dialect.PartSecond:     {"CAST(FLOOR(EXTRACT(SECOND FROM ", ")) AS bigint)"}, // which has fractions
	dialect.PartDate:       {"to_char(", ", 'YYYY-MM-DD')"},
	dialect.PartTime:       {"to_char(", ", 'HH24:MI:SS')"},
}

// ExtractDate implements [dialect.DateExtractor].
func (d postgresDialect) ExtractDate(w *dialect.Writer, left []byte, part dialect.DatePart) error {
	sql, ok := dateParts[part]
	if !ok {
		return dialect.Unsupported(d, string(part)+" of a date")
	}
	w.Text(sql[0])
	w.Raw(left)
	w.Text(sql[1])
	return nil
}
