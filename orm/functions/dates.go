package functions

import (
	"time"

	"github.com/quintetgo/quintet/orm/columns"
)

// ExtractYear returns the year of a date or time, in UTC.
func ExtractYear(t columns.Operand[time.Time]) columns.Expr[int] {
	return exprOf[int]("extract_year", arg(t))
}

// ExtractISOYear returns the year that the ISO week belongs to of a date or time, in UTC.
func ExtractISOYear(t columns.Operand[time.Time]) columns.Expr[int] {
	return exprOf[int]("extract_iso_year", arg(t))
}

// ExtractQuarter returns the quarter of the year, from 1 to 4 of a date or time, in UTC.
func ExtractQuarter(t columns.Operand[time.Time]) columns.Expr[int] {
	return exprOf[int]("extract_quarter", arg(t))
}

// ExtractMonth returns the month, from 1 to 12 of a date or time, in UTC.
func ExtractMonth(t columns.Operand[time.Time]) columns.Expr[int] {
	return exprOf[int]("extract_month", arg(t))
}

// ExtractWeek returns the ISO week of the year, from 1 to 53 of a date or time, in UTC.
func ExtractWeek(t columns.Operand[time.Time]) columns.Expr[int] {
	return exprOf[int]("extract_week", arg(t))
}

// ExtractDay returns the day of the month of a date or time, in UTC.
func ExtractDay(t columns.Operand[time.Time]) columns.Expr[int] {
	return exprOf[int]("extract_day", arg(t))
}

// ExtractWeekDay returns the day of the week, from 1 for Sunday to 7 for Saturday of a date or time, in UTC.
func ExtractWeekDay(t columns.Operand[time.Time]) columns.Expr[int] {
	return exprOf[int]("extract_week_day", arg(t))
}

// ExtractISOWeekDay returns the day of the week, from 1 for Monday to 7 for Sunday of a date or time, in UTC.
func ExtractISOWeekDay(t columns.Operand[time.Time]) columns.Expr[int] {
	return exprOf[int]("extract_iso_week_day", arg(t))
}

// ExtractHour returns the hour, from 0 to 23 of a date or time, in UTC.
func ExtractHour(t columns.Operand[time.Time]) columns.Expr[int] {
	return exprOf[int]("extract_hour", arg(t))
}

// ExtractMinute returns the minute, from 0 to 59 of a date or time, in UTC.
func ExtractMinute(t columns.Operand[time.Time]) columns.Expr[int] {
	return exprOf[int]("extract_minute", arg(t))
}

// ExtractSecond returns the second, from 0 to 59, without fractions of a date or time, in UTC.
func ExtractSecond(t columns.Operand[time.Time]) columns.Expr[int] {
	return exprOf[int]("extract_second", arg(t))
}

// TruncYear returns the start of the year of a date or time, in UTC.
func TruncYear(t columns.Operand[time.Time]) columns.Expr[time.Time] {
	return exprOf[time.Time]("trunc_year", arg(t))
}

// TruncQuarter returns the start of the quarter of a date or time, in UTC.
func TruncQuarter(t columns.Operand[time.Time]) columns.Expr[time.Time] {
	return exprOf[time.Time]("trunc_quarter", arg(t))
}

// TruncMonth returns the start of the month of a date or time, in UTC.
func TruncMonth(t columns.Operand[time.Time]) columns.Expr[time.Time] {
	return exprOf[time.Time]("trunc_month", arg(t))
}

// TruncWeek returns the Monday that the week begins with of a date or time, in UTC.
func TruncWeek(t columns.Operand[time.Time]) columns.Expr[time.Time] {
	return exprOf[time.Time]("trunc_week", arg(t))
}

// TruncDay returns the start of the day of a date or time, in UTC.
func TruncDay(t columns.Operand[time.Time]) columns.Expr[time.Time] {
	return exprOf[time.Time]("trunc_day", arg(t))
}

// TruncHour returns the start of the hour of a date or time, in UTC.
func TruncHour(t columns.Operand[time.Time]) columns.Expr[time.Time] {
	return exprOf[time.Time]("trunc_hour", arg(t))
}

// TruncMinute returns the start of the minute of a date or time, in UTC.
func TruncMinute(t columns.Operand[time.Time]) columns.Expr[time.Time] {
	return exprOf[time.Time]("trunc_minute", arg(t))
}

// TruncSecond returns the second, without fractions of a date or time, in UTC.
func TruncSecond(t columns.Operand[time.Time]) columns.Expr[time.Time] {
	return exprOf[time.Time]("trunc_second", arg(t))
}

// TruncDate returns the day of a point in time, in UTC, as a date.
func TruncDate(t columns.Operand[time.Time]) columns.Expr[time.Time] {
	return exprOf[time.Time]("trunc_date", arg(t))
}

// TruncTime returns the time of day of a point in time, in UTC, without fractions of a second.
func TruncTime(t columns.Operand[time.Time]) columns.Expr[time.Time] {
	return exprOf[time.Time]("trunc_time", arg(t))
}

// Now returns the time of the statement.
func Now() columns.Expr[time.Time] {
	return exprOf[time.Time]("now")
}
