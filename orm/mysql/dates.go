package mysql

import "github.com/quintetgo/quintet/orm/dialect"

var dateParts = map[dialect.DatePart][2]string{
	dialect.PartYear:       {"YEAR(", ")"},
	dialect.PartISOYear:    {"(YEARWEEK(", ", 3) DIV 100)"},
	dialect.PartQuarter:    {"QUARTER(", ")"},
	dialect.PartMonth:      {"MONTH(", ")"},
	dialect.PartWeek:       {"WEEK(", ", 3)"},
	dialect.PartDay:        {"DAYOFMONTH(", ")"},
	dialect.PartWeekDay:    {"DAYOFWEEK(", ")"},
	dialect.PartISOWeekDay: {"(WEEKDAY(", ") + 1)"},
	dialect.PartHour:       {"HOUR(", ")"},
	dialect.PartMinute:     {"MINUTE(", ")"},
	dialect.PartSecond:     {"SECOND(", ")"},
	dialect.PartDate:       {"DATE_FORMAT(", ", '%Y-%m-%d')"},
	dialect.PartTime:       {"TIME_FORMAT(", ", '%H:%i:%s')"},
}

// ExtractDate implements [dialect.DateExtractor]. Sessions have the time zone UTC.
func (d mysqlDialect) ExtractDate(w *dialect.Writer, left []byte, part dialect.DatePart) error {
	sql, ok := dateParts[part]
	if !ok {
		return dialect.Unsupported(d, string(part)+" of a date")
	}
	w.Text(sql[0])
	w.Raw(left)
	w.Text(sql[1])
	return nil
}
