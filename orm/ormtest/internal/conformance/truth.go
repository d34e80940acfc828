package conformance

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/quintetgo/quintet/orm"
)

// Sample is a row of the truth table: a value of one kind in one of its columns, and NULL in the others.
type Sample struct {
	ID       int64
	SampleID int64   // the number of the value
	Char     *string `gorm:"size:2000"`
	Whole    *int64
	Small    *int16
	Ratio    *float64
	Price    *string `gorm:"type:decimal(14,4)"`
	Active   *bool
	Day      *time.Time `gorm:"type:date"`
	At       *time.Time
	Took     *time.Duration
	ShelfID  int64
	Shelf    *Shelf
}

// Fields implements orm's Fielder.
func (s *Sample) Fields(f *orm.Fields) { orm.FK(f, &s.Shelf).OnDelete(orm.Cascade).Related("samples") }

// Shelf has several samples, or none.
type Shelf struct {
	ID int64
	No int64
}

type truthApp struct{}

func (truthApp) Name() string  { return "truth" }
func (truthApp) Models() []any { return []any{&Shelf{}, &Sample{}} }

// subject is a kind of field with the values that it stores, the values that lookups compare them with, and the lookups.
type subject struct {
	field   string
	stored  []any // nil is NULL
	values  []any
	lookups []string
}

var (
	comparisons = []string{"exact", "gt", "gte", "lt", "lte"}
	dateLookups = []string{
		"year", "iso_year", "quarter", "month", "week", "day", "week_day", "iso_week_day", "year__gte", "month__lt", "week__in",
	}
	timeLookups = []string{"hour", "minute", "second", "hour__gt", "minute__lte"}
)

// moreTexts are characters that databases are known to fold, compare or store in ways of their own.
var moreTexts = []string{
	"a ", "ab", "a\u00a0", "\t", "\r\n", "ΑΣ", "ας", "ασ", "İ", "i\u0307", "ı", "I", "i", "ﬁ", "fi", "Ǆ", "ǅ", "ǆ", "K", "k", "Å", "å",
	"A\u030a", "a\u0323\u0302", "ậ", "é", "e", "e\u0301", "É", "ẞ", "ŉ", "n", "\u0301", "क्षि", "한", "\u1112\u1161\u11ab", "😀", "\U0010FFFF", "\uFFFD",
	"\u200b", "a\u200bb", "!", "!%", "{}", "[a]", "(", "*", "$1", "\\%", "\\\\_",
}

func subjects() []subject {
	list := []subject{
		{"char", anys(append(slices.Clone(texts), moreTexts...)), anys(append(slices.Clone(values), moreTexts...)), []string{
			"exact", "gt", "gte", "lt", "lte", "iexact", "contains", "icontains", "startswith", "istartswith", "endswith", "iendswith",
		}},
		{"whole", []any{int64(0), int64(-1), int64(1), int64(math.MaxInt64), int64(math.MinInt64), int64(1 << 53), int64(1<<53 + 1)}, nil, comparisons},
		{"small", []any{int16(0), int16(-1), int16(7), int16(math.MaxInt16), int16(math.MinInt16)}, []any{int64(7), int64(1 << 40), int64(-1 << 40)}, comparisons},
		{"ratio", []any{0.0, 0.1, -0.1, 1.5, 1e300, -1e300, math.MaxFloat64, math.SmallestNonzeroFloat64}, nil, comparisons},
		{"price", []any{
			decimalText("0"), decimalText("0.1"), decimalText("0.3"), decimalText("-0.3"), decimalText("1234567890.1234"), decimalText("-999999999.9999"),
			decimalText("12.5"),
		}, nil, comparisons},
		{"active", []any{true, false}, nil, []string{"exact"}},
		{"day", []any{day(2024, 2, 29), day(1, 1, 1), day(9998, 12, 31), day(1969, 12, 31), day(2021, 1, 3)}, nil, comparisons},
		{"at", anys(times), nil, comparisons},
		{"took", []any{time.Duration(0), time.Nanosecond, -time.Hour, 90 * time.Minute, time.Duration(math.MaxInt64)}, nil, comparisons},
	}
	for i := range list {
		if list[i].values == nil {
			list[i].values = list[i].stored
		}
		list[i].stored = append([]any{nil}, list[i].stored...)
	}
	return list
}

func day(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

func anys[T any](list []T) []any {
	out := make([]any, len(list))
	for i, v := range list {
		out[i] = v
	}
	return out
}

// testTruth compares every lookup on every kind of value with an evaluation in Go: as a filter and as an exclusion, of the
// rows themselves and of rows that they belong to.
func testTruth(t *testing.T, s suite) {
	for _, subject := range subjects() {
		t.Run(subject.field, func(t *testing.T) { newTruth(t, s, subject).run() })
	}
}

// truth is the table of one subject. Shelf 0 is empty, shelf n has the samples n-1 and n, the last one all.
type truth struct {
	*testing.T
	db      *orm.DB
	subject subject
	shelves [][]int
}

func newTruth(t *testing.T, s suite, subject subject) *truth {
	t.Helper()
	x := &truth{T: t, db: s.tables(t, truthApp{}), subject: subject, shelves: [][]int{{}}}
	all := []int{}
	for i := range subject.stored {
		if i > 0 {
			x.shelves = append(x.shelves, []int{i - 1, i})
		}
		all = append(all, i)
	}
	x.shelves = append(x.shelves, all)
	for no, samples := range x.shelves {
		shelf := &Shelf{No: int64(no)}
		if err := x.db.Create(t.Context(), shelf); err != nil {
			t.Fatal(err)
		}
		for _, i := range samples {
			sample := &Sample{SampleID: int64(i), ShelfID: shelf.ID}
			sample.set(subject.field, subject.stored[i])
			if err := x.db.SkipValidation().Create(t.Context(), sample); err != nil {
				t.Fatalf("%v: %v", subject.stored[i], err)
			}
		}
	}
	return x
}

// set stores a value in the column of a field.
func (s *Sample) set(field string, value any) {
	switch v := value.(type) {
	case string:
		s.Char = &v
	case int64:
		s.Whole = &v
	case int16:
		s.Small = &v
	case float64:
		s.Ratio = &v
	case decimalText:
		s.Price = ptr(string(v))
	case bool:
		s.Active = &v
	case time.Duration:
		s.Took = &v
	case time.Time:
		if field == "day" {
			s.Day = &v
		} else {
			s.At = &v
		}
	}
}

func (x *truth) run() {
	for _, lookup := range x.subject.lookups {
		for _, value := range x.subject.values {
			x.compare(lookup, value)
		}
	}
	x.compare("isnull", true)
	x.compare("isnull", false)
	x.compare("exact", nil)
	if x.subject.field == "active" {
		return
	}
	v := x.subject.values
	for i := range v {
		x.compare("in", []any{v[i], v[(i+1)%len(v)], nil})
		x.compare("range", []any{v[i], v[(i+2)%len(v)]})
	}
	x.compare("in", []any{})
	switch x.subject.field {
	case "char":
		x.patterns()
	case "at":
		x.parts(timeLookups)
		x.parts(dateLookups)
	case "day":
		x.parts(dateLookups)
	}
}

// parts compares the parts of dates and times with those of every value.
func (x *truth) parts(lookups []string) {
	for _, lookup := range lookups {
		part, rest, _ := strings.Cut(lookup, "__")
		for _, value := range x.subject.values {
			of := timeParts[part](value.(time.Time))
			if rest == "in" {
				of = []any{of, 1}
			}
			x.compare(lookup, of)
		}
	}
}

// patterns are regular expressions with everything that databases write in different ways.
var patterns = []string{
	"^a", "c$", "[0-9]+", "^a.c$", `\\`, "x|y", "^$", "", `\d`, `\D`, `\w`, `^\W`, `\s`, `\bend\b`, `[[:upper:]]`, `[^a-z]`, `\pL`, `\p{Greek}|\p{Han}`,
	"a(b|X)?c", "l{1}o{1,2}", "(long ){3}", "a*?c", "(?i)ABC", "(?i:s)s", "(?s)a.", ".", "^.$", `\.`, `[\]\\^-]`, "(?m)^a$", `\x{E4}`, `\Qa_c\E`,
	"ß", "日.語", "^[^a]", `\Aa`, `a\z`, "'", `"`, "!", "#", " a ", `\n`, "(?:)", "é|ä",
}

func (x *truth) patterns() {
	for _, pattern := range patterns {
		x.compare("regex", pattern)
		x.compare("iregex", pattern)
	}
}

// compare runs one lookup in its four forms.
func (x *truth) compare(lookup string, value any) {
	x.Helper()
	path, argument := x.subject.field+"__"+lookup, queryValue(value)
	var samples, others []string
	found := make([]bool, len(x.subject.stored))
	for i, stored := range x.subject.stored {
		found[i] = holds(lookup, plain(stored), plain(value))
		n := x.copies(i)
		for range n {
			if found[i] {
				samples = append(samples, strconv.Itoa(i))
			} else {
				others = append(others, strconv.Itoa(i))
			}
		}
	}
	var shelves, rest []string
	for no, list := range x.shelves {
		if slices.ContainsFunc(list, func(i int) bool { return found[i] }) {
			shelves = append(shelves, strconv.Itoa(no))
		} else {
			rest = append(rest, strconv.Itoa(no))
		}
	}
	q, s := orm.Objects[Sample](x.db), orm.Objects[Shelf](x.db)
	number := func(v *Sample) int64 { return v.SampleID }
	no := func(v *Shelf) int64 { return v.No }
	compareRows(x, "filter", path, value, q.Where(path, argument), number, samples)
	compareRows(x, "exclude", path, value, q.WhereNot(path, argument), number, others)
	compareRows(x, "filter to many", path, value, s.Where("samples__"+path, argument), no, shelves)
	compareRows(x, "exclude to many", path, value, s.WhereNot("samples__"+path, argument), no, rest)
}

// copies is the number of rows with a value.
func (x *truth) copies(i int) (n int) {
	for _, list := range x.shelves {
		if slices.Contains(list, i) {
			n++
		}
	}
	return n
}

// queryValue returns a value as a program writes it in a lookup.
func queryValue(v any) any {
	switch x := v.(type) {
	case decimalText:
		return string(x)
	case []any:
		list := make([]any, len(x))
		for i, v := range x {
			list[i] = queryValue(v)
		}
		return list
	}
	return v
}

func compareRows[T any](x *truth, form, path string, value any, q orm.Query[T], number func(*T) int64, want []string) {
	x.Helper()
	all, err := q.All(x.Context())
	if err != nil {
		x.Errorf("%s %s=%.60q: %v", form, path, fmt.Sprint(value), err)
		return
	}
	got := make([]string, len(all))
	for i, v := range all {
		got[i] = strconv.FormatInt(number(v), 10)
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		text, args, _ := q.SQL()
		x.Errorf("%s %s=%.60q: got %v, want %v\n%s %.200q", form, path, fmt.Sprint(value), got, want, text, fmt.Sprint(args))
	}
}
