package sqlite

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"github.com/quintetgo/quintet/orm/dialect"
)

// maxPattern is the longest text searched for with LIKE, whose patterns SQLite limits.
const maxPattern = 1000

// MatchText implements [dialect.TextMatcher]. SQLite has LIKE and lower for ASCII only, so text is compared with its
// functions instr and substr, and with quintet_fold and regexp of this package.
func (d sqliteDialect) MatchText(w *dialect.Writer, m dialect.TextMatch) error {
	switch {
	case m.Operation == dialect.TextMatches:
		value := m.Value
		if m.IgnoreCase {
			value = "(?i)" + value
		}
		w.Raw(m.Left)
		w.Text(" REGEXP ")
		w.Bind(value)
	case m.IgnoreCase && m.Repeatable && len(m.Value) <= maxPattern:
		matchFolded(w, m)
	default:
		compareText(w, m)
	}
	return nil
}

// notASCII writes a condition that is true of texts with characters outside of ASCII, for which SQLite's LIKE and
// quintet_fold may differ. It runs in C, whereas quintet_fold calls Go for each row.
func notASCII(w *dialect.Writer, left []byte) {
	w.Text("octet_length(")
	w.Raw(left)
	w.Text(") <> length(")
	w.Raw(left)
	w.Text(")")
}

// matchFolded compares case-insensitively, and calls quintet_fold only for rows where LIKE could differ.
func matchFolded(w *dialect.Writer, m dialect.TextMatch) {
	folded := cases.Fold().String(norm.NFC.String(m.Value))
	switch {
	case isASCII(m.Value):
		w.Text("CASE WHEN ")
		notASCII(w, m.Left)
		w.Text(" THEN ")
		compareText(w, m)
		w.Text(" ELSE ")
		w.Raw(m.Left)
		w.Text(" LIKE ")
		w.Bind(likePattern(m.Operation, m.Value))
		w.Text(` ESCAPE '\' END`)
	case isASCII(folded): // "ſ" is an s: rows in ASCII may match
		compareText(w, m)
	default:
		w.Text("(")
		notASCII(w, m.Left)
		w.Text(" AND ")
		compareText(w, m)
		w.Text(")")
	}
}

var likeEscapes = strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`)

func likePattern(operation dialect.TextOperation, value string) string {
	pattern := likeEscapes.Replace(value)
	switch operation {
	case dialect.TextContains:
		return "%" + pattern + "%"
	case dialect.TextStartsWith:
		return pattern + "%"
	case dialect.TextEndsWith:
		return "%" + pattern
	}
	return pattern
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// compareText writes a comparison of the texts, or of the folded texts.
func compareText(w *dialect.Writer, m dialect.TextMatch) {
	before, after := "", ""
	if m.IgnoreCase {
		before, after = "quintet_fold(", ")"
	}
	left := func() {
		w.Text(before)
		w.Raw(m.Left)
		w.Text(after)
	}
	right := func() {
		w.Text(before)
		w.Bind(m.Value)
		w.Text(after)
	}
	switch m.Operation {
	case dialect.TextContains, dialect.TextStartsWith:
		w.Text("instr(")
		left()
		w.Text(", ")
		right()
		if m.Operation == dialect.TextContains {
			w.Text(") > 0")
		} else {
			w.Text(") = 1")
		}
	case dialect.TextEndsWith:
		w.Text("substr(")
		left()
		if m.IgnoreCase {
			w.Text(", -length(")
			right()
			w.Text(")")
		} else {
			w.Text(", ")
			w.Bind(int64(-utf8.RuneCountInString(m.Value)))
		}
		w.Text(") = ")
		right()
	default:
		left()
		w.Text(" = ")
		right()
	}
}

var dateParts = map[dialect.DatePart][2]string{
	dialect.PartYear:       {"CAST(strftime('%Y', ", ") AS INTEGER)"},
	dialect.PartMonth:      {"CAST(strftime('%m', ", ") AS INTEGER)"},
	dialect.PartDay:        {"CAST(strftime('%d', ", ") AS INTEGER)"},
	dialect.PartHour:       {"CAST(strftime('%H', ", ") AS INTEGER)"},
	dialect.PartMinute:     {"CAST(strftime('%M', ", ") AS INTEGER)"},
	dialect.PartSecond:     {"CAST(strftime('%S', ", ") AS INTEGER)"},
	dialect.PartWeek:       {"CAST(strftime('%V', ", ") AS INTEGER)"},
	dialect.PartWeekDay:    {"CAST(strftime('%w', ", ") AS INTEGER) + 1"},
	dialect.PartISOYear:    {"CAST(strftime('%G', ", ") AS INTEGER)"},
	dialect.PartISOWeekDay: {"CAST(strftime('%u', ", ") AS INTEGER)"},
	dialect.PartQuarter:    {"(CAST(strftime('%m', ", ") AS INTEGER) + 2) / 3"},
	dialect.PartDate:       {"strftime('%Y-%m-%d', ", ")"},
	dialect.PartTime:       {"strftime('%H:%M:%S', ", ")"},
}

// ExtractDate implements [dialect.DateExtractor].
func (d sqliteDialect) ExtractDate(w *dialect.Writer, left []byte, part dialect.DatePart) error {
	sql, ok := dateParts[part]
	if !ok {
		return dialect.Unsupported(d, string(part)+" of a date")
	}
	w.Text(sql[0])
	w.Raw(left)
	w.Text(sql[1])
	return nil
}
