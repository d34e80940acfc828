package compile

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"github.com/quintetgo/quintet/orm/schema"
)

// shapes is the SQL that differs between databases.
type shapes interface {
	// text writes a lookup that searches text: contains, istartswith, regex and so on.
	text(c *compiler, k *comparison, value string) error
	// transform takes a part out of a date or time.
	transform(c *compiler, left []byte, name string) error
	// key takes a value out of JSON; hasKeys tests for all or any of some keys; jsonMatches for a part of the structure, the whole, or
	// in reverse whether the value is a part.
	key(c *compiler, left []byte, keys []string) error
	hasKeys(c *compiler, k *comparison, names []string, all bool)
	jsonMatches(c *compiler, k *comparison, value any, match int)
	// unpack makes a subquery of the values in a list.
	unpack(c *compiler, p packed)
	// column writes a selected column in the form that every driver gives as it is stored; untyped reports whether that is
	// the value with a plus sign.
	column(c *compiler, alias string, f *schema.Field)
	untyped(f *schema.Field) bool
	// decimal begins and ends an expression that is assigned to a decimal column.
	decimal(c *compiler, f *schema.Field, write func() error) error
	// within writes a number that a column is set to, and makes one outside of its range an error of the statement.
	within(c *compiler, f *schema.Field, lo, hi int64, write func() error) error
	// remainder is the function for the remainder of a division of numbers that are not whole.
	remainder() string
	// limits are the most values and bytes of one statement.
	limits() (values, bytes int)
	// mark is the quotation mark around names.
	mark() byte
	// limit writes LIMIT and OFFSET; zero means none.
	limit(c *compiler, limit, offset int)
}

// sqlite has LIKE and lower for ASCII only, so text is compared with its own functions and with quintet_fold and
// regexp, which the driver package registers.
type sqlite struct{}

func (d sqlite) text(c *compiler, k *comparison, value string) error {
	switch k.lookup {
	case schema.Regex, schema.IRegex:
		if k.lookup == schema.IRegex {
			value = "(?i)" + value
		}
		if _, err := regexp.Compile(value); err != nil {
			return k.problem("%s", strings.TrimPrefix(err.Error(), "error parsing regexp: "))
		}
		c.buf = append(c.buf, k.left...)
		c.text(" REGEXP ")
		c.bind(value)
		return nil
	}
	if strings.IndexByte(value, 0) >= 0 { // no text has a NUL in it; functions would see what stands before it
		c.text("1 = 0")
		return nil
	}
	lookup, fold := strings.CutPrefix(k.lookup, "i")
	if value == "" && lookup != schema.Exact { // every text contains it
		c.buf = append(c.buf, k.left...)
		c.text(" IS NOT NULL")
		return nil
	}
	if fold && k.plain && len(value) <= maxPattern {
		d.insensitive(c, k, lookup, value)
		return nil
	}
	return d.compareText(c, k, lookup, value, fold)
}

// maxPattern is the longest text searched for with LIKE, whose patterns SQLite limits.
const maxPattern = 1000

// notASCII writes a condition that is true of texts with characters outside of ASCII, which SQLite's LIKE and
// quintet_fold may treat differently. It runs in C, where quintet_fold is a call of Go for each row.
func notASCII(c *compiler, left []byte) {
	c.text("octet_length(")
	c.buf = append(c.buf, left...)
	c.text(") <> length(")
	c.buf = append(c.buf, left...)
	c.text(")")
}

// insensitive compares without regard to case, and calls quintet_fold only for rows where that makes a difference.
func (d sqlite) insensitive(c *compiler, k *comparison, lookup, value string) {
	folded := cases.Fold().String(norm.NFC.String(value))
	switch {
	case isASCII(value):
		c.text("CASE WHEN ")
		notASCII(c, k.left)
		c.text(" THEN ")
		_ = d.compareText(c, k, lookup, value, true)
		c.text(" ELSE ")
		c.buf = append(c.buf, k.left...)
		c.text(" LIKE ")
		c.bind(likePattern(lookup, value))
		c.text(` ESCAPE '\' END`)
	case isASCII(folded): // "ſ" is an s: rows in ASCII may match
		_ = d.compareText(c, k, lookup, value, true)
	default:
		c.text("(")
		notASCII(c, k.left)
		c.text(" AND ")
		_ = d.compareText(c, k, lookup, value, true)
		c.text(")")
	}
}

var likeEscapes = strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`)

func likePattern(lookup, value string) string {
	pattern := likeEscapes.Replace(value)
	switch lookup {
	case schema.Contains:
		return "%" + pattern + "%"
	case schema.StartsWith:
		return pattern + "%"
	case schema.EndsWith:
		return "%" + pattern
	}
	return pattern
}

// isASCII reports whether notASCII would not be true of a text.
func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// compareText writes exact, contains, startswith or endswith, of folded texts if fold is set.
func (sqlite) compareText(c *compiler, k *comparison, lookup, value string, fold bool) error {
	before, after := "", ""
	if fold {
		before, after = "quintet_fold(", ")"
	}
	left := func() {
		c.text(before)
		c.buf = append(c.buf, k.left...)
		c.text(after)
	}
	right := func() {
		c.text(before)
		c.bind(value)
		c.text(after)
	}
	switch lookup {
	case schema.Exact:
		left()
		c.text(" = ")
		right()
	case schema.Contains, schema.StartsWith:
		c.text("instr(")
		left()
		c.text(", ")
		right()
		if lookup == schema.Contains {
			c.text(") > 0")
		} else {
			c.text(") = 1")
		}
	case schema.EndsWith:
		c.text("substr(")
		left()
		if fold {
			c.text(", -length(")
			right()
			c.text(")")
		} else {
			c.text(", ")
			c.bind(int64(-utf8.RuneCountInString(value)))
		}
		c.text(") = ")
		right()
	default:
		return k.problem("SQLite has no %s", k.lookup)
	}
	return nil
}

var sqliteParts = map[string]string{
	"year": "CAST(strftime('%%Y', %s) AS INTEGER)", "month": "CAST(strftime('%%m', %s) AS INTEGER)",
	"day": "CAST(strftime('%%d', %s) AS INTEGER)", "hour": "CAST(strftime('%%H', %s) AS INTEGER)",
	"minute": "CAST(strftime('%%M', %s) AS INTEGER)", "second": "CAST(strftime('%%S', %s) AS INTEGER)",
	"week": "CAST(strftime('%%V', %s) AS INTEGER)", "week_day": "CAST(strftime('%%w', %s) AS INTEGER) + 1",
	"iso_year": "CAST(strftime('%%G', %s) AS INTEGER)", "iso_week_day": "CAST(strftime('%%u', %s) AS INTEGER)",
	"quarter": "(CAST(strftime('%%m', %s) AS INTEGER) + 2) / 3", "date": "strftime('%%Y-%%m-%%d', %s)",
	"time": "strftime('%%H:%%M:%%S', %s)",
}

func (sqlite) transform(c *compiler, left []byte, name string) error {
	part, ok := sqliteParts[name]
	if !ok {
		return fmt.Errorf("orm: SQLite has no %s of a date", name)
	}
	c.text(fmt.Sprintf(part, left))
	return nil
}

func (sqlite) mark() byte { return '"' }

func (sqlite) limit(c *compiler, limit, offset int) {
	if limit <= 0 && offset <= 0 {
		return
	}
	c.text(" LIMIT ")
	if limit <= 0 {
		limit = -1
	}
	c.bind(int64(limit))
	if offset > 0 {
		c.text(" OFFSET ")
		c.bind(int64(offset))
	}
}

func (sqlite) column(c *compiler, alias string, f *schema.Field) {
	if untyped(f) {
		c.text("+")
	}
	c.column(alias, f.Column)
}

// Column is how a statement for one table reads a column.
func Column(d Dialect, f *schema.Field) string {
	if d.Name() == "sqlite" && untyped(f) {
		return "+" + d.Quote(f.Column)
	}
	return d.Quote(f.Column)
}

// untyped reports whether SQLite's drivers would convert the column because of its type. One of them takes a text
// that is no time for the year 1; a plus sign in front makes it an expression without a type, which comes as it is stored.
func untyped(f *schema.Field) bool {
	kind := f.ColumnKind()
	return kind == schema.KindDate || kind == schema.KindDateTime || kind == schema.KindTime
}

// decimal rounds to the places that the column declares, and refuses what it has no room for, as other databases do.
func (sqlite) within(c *compiler, f *schema.Field, lo, hi int64, write func() error) error {
	c.text("quintet_within(")
	if err := write(); err != nil {
		return err
	}
	whole := 1
	if f.ColumnKind() == schema.KindFloat {
		whole = 0
	}
	c.text(fmt.Sprintf(", %d, ", whole))
	c.bind(lo)
	c.text(", ")
	c.bind(hi)
	c.text(", ")
	c.bind(f.Model.Table + "." + f.Column)
	c.text(")")
	return nil
}

func (sqlite) decimal(c *compiler, f *schema.Field, write func() error) error {
	c.text("quintet_decimal(")
	if err := write(); err != nil {
		return err
	}
	c.text(fmt.Sprintf(", %d, %d, ", f.Precision, f.Scale))
	c.bind(f.Model.Table + "." + f.Column)
	c.text(")")
	return nil
}

func (sqlite) untyped(f *schema.Field) bool { return untyped(f) }

func (sqlite) remainder() string { return "quintet_mod(" }

func (sqlite) limits() (values, bytes int) { return 32766, 1_000_000 }
