package conformance

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/schema"
	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// texts are the values that text lookups search, besides NULL.
var texts = []string{
	"", "a", "A", "abc", "ABC", "aXc", "a_c", "100%", "100x", "%", "_", `\`, `c\d`, `c\\d`, "'", `"`, "straße", "STRASSE", "Straße",
	"ärger", "ÄRGER", "a\u0308rger", "ſ", "s", "日本語", "日本", " a ", "\na\n", strings.Repeat("long ", 300) + "end",
}

// values are searched for.
var values = []string{
	"", "a", "A", "bc", "BC", "%", "_", `\`, `\d`, `\\`, "'", "ß", "ss", "SS", "ä", "Ä", "s", "日本", "語", " ", "\n", "end",
	strings.Repeat("long ", 250),
}

func fold(s string) string { return cases.Fold().String(norm.NFC.String(s)) }

// textLookups are the lookups on text with what they mean.
var textLookups = map[string]func(text, value string) bool{
	"exact":       func(a, b string) bool { return a == b },
	"contains":    strings.Contains,
	"startswith":  strings.HasPrefix,
	"endswith":    strings.HasSuffix,
	"iexact":      func(a, b string) bool { return fold(a) == fold(b) },
	"icontains":   func(a, b string) bool { return strings.Contains(fold(a), fold(b)) },
	"istartswith": func(a, b string) bool { return strings.HasPrefix(fold(a), fold(b)) },
	"iendswith":   func(a, b string) bool { return strings.HasSuffix(fold(a), fold(b)) },
}

// textDB returns a database with a record for each text, and one without; the codes are numbers.
func (s suite) textDB(t *testing.T) *orm.DB {
	t.Helper()
	db := s.models(t)
	list := []*Record{{Code: "null"}}
	for i, text := range texts {
		list = append(list, &Record{Code: strconv.Itoa(i), Text: ptr(text)})
	}
	create(t, db, list...)
	return db
}

// testText checks every lookup on text, and its negation, against a comparison in Go.
func testText(t *testing.T, s suite) {
	db := s.textDB(t)
	for lookup, holds := range textLookups {
		for _, value := range values {
			var want []string
			without := []string{"null"}
			for i, text := range texts {
				if holds(text, value) {
					want = append(want, strconv.Itoa(i))
				} else {
					without = append(without, strconv.Itoa(i))
				}
			}
			name := fmt.Sprintf("%s %.20q", lookup, value)
			wantCodes(t, name, records(db).Where("text__"+lookup, value), want)
			wantCodes(t, "not "+name, records(db).WhereNot("text__"+lookup, value), without)
		}
	}
	wantCodes(t, "isnull", records(db).Where("text__isnull", true), []string{"null"})
}

func testRegex(t *testing.T, s suite) {
	db := s.textDB(t)
	for _, pattern := range []string{"^a", "c$", "[0-9]+", "^a.c$", `\\`, "x|y", "^$"} {
		for _, fold := range []bool{false, true} {
			lookup, compiled := "regex", regexp.MustCompile(pattern)
			if fold {
				lookup, compiled = "iregex", regexp.MustCompile("(?i)"+pattern)
			}
			var want []string
			for i, text := range texts {
				if !strings.ContainsAny(text, "\n") && compiled.MatchString(text) { // databases differ about lines
					want = append(want, strconv.Itoa(i))
				}
			}
			q := records(db).Where("text__"+lookup, pattern).WhereNot("text__contains", "\n")
			wantCodes(t, lookup+" "+pattern, q, want)
		}
	}
	if _, err := records(db).Where("text__regex", "(").Count(t.Context()); err == nil {
		t.Error("a pattern that does not compile was sent to the database")
	}
}

// testSpecialText checks that no text ends a statement or changes its meaning.
func testSpecialText(t *testing.T, s suite) {
	db := s.models(t)
	for i, text := range []string{"'; DELETE FROM driver_record; --", `\'`, "?", "$1", ":a", "@a", "\\", "/* */", "%s", "\u2028", "👩‍👩‍👧"} {
		code := strconv.Itoa(i)
		create(t, db, &Record{Code: code, Text: ptr(text)})
		for lookup := range textLookups {
			wantCodes(t, lookup+" "+text, records(db).Where("text__"+lookup, text).Where("code", code), []string{code})
		}
		r, err := records(db).Where("code", code).Get(t.Context())
		if err != nil || r.Text == nil || *r.Text != text {
			t.Errorf("%q came back as %v (%v)", text, r, err)
		}
	}
}

var times = []time.Time{
	time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2024, 12, 30, 12, 0, 0, 0, time.UTC),
	time.Date(1999, 12, 31, 23, 59, 59, 999999000, time.UTC), time.Date(2000, 2, 29, 12, 30, 45, 123456000, time.UTC),
	time.Date(2021, 1, 3, 6, 7, 8, 0, time.UTC), time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(1600, 7, 14, 1, 2, 3, 0, time.UTC),
}

// timeParts are the transforms of dates and times with what they mean.
var timeParts = map[string]func(at time.Time) any{
	"year":         func(at time.Time) any { return at.Year() },
	"iso_year":     func(at time.Time) any { y, _ := at.ISOWeek(); return y },
	"quarter":      func(at time.Time) any { return (int(at.Month()) + 2) / 3 },
	"month":        func(at time.Time) any { return int(at.Month()) },
	"week":         func(at time.Time) any { _, w := at.ISOWeek(); return w },
	"day":          func(at time.Time) any { return at.Day() },
	"week_day":     func(at time.Time) any { return int(at.Weekday()) + 1 },
	"iso_week_day": func(at time.Time) any { return (int(at.Weekday())+6)%7 + 1 },
	"hour":         func(at time.Time) any { return at.Hour() },
	"minute":       func(at time.Time) any { return at.Minute() },
	"second":       func(at time.Time) any { return at.Second() },
	"date":         func(at time.Time) any { return at.Format(time.DateOnly) },
	"time":         func(at time.Time) any { return at.Format(time.TimeOnly) },
}

func testDates(t *testing.T, s suite) {
	db := s.models(t)
	create(t, db, &Record{Code: "null"})
	for i, at := range times {
		create(t, db, &Record{Code: strconv.Itoa(i), At: ptr(at), Day: ptr(at)})
	}
	for part, of := range timeParts {
		for _, at := range times {
			var want []string
			for i, other := range times {
				if of(other) == of(at) {
					want = append(want, strconv.Itoa(i))
				}
			}
			wantCodes(t, fmt.Sprintf("at__%s=%v", part, of(at)), records(db).Where("at__"+part, of(at)), want)
			switch part {
			case "hour", "minute", "second", "date", "time":
			default:
				wantCodes(t, fmt.Sprintf("day__%s=%v", part, of(at)), records(db).Where("day__"+part, of(at)), want)
			}
		}
	}
	for i, at := range times {
		r, err := records(db).Where("code", strconv.Itoa(i)).Get(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if !r.At.Equal(at) || r.Day.Format(time.DateOnly) != at.Format(time.DateOnly) {
			t.Errorf("%v came back as %v and the day %v", at, r.At, r.Day)
		}
	}
}

func testPeriods(t *testing.T, s suite) {
	db := s.models(t)
	for i, at := range times {
		create(t, db, &Record{Code: strconv.Itoa(i), At: ptr(at), Day: ptr(at)})
	}
	for operator, holds := range map[string]func(a, b int) bool{
		"gt": func(a, b int) bool { return a > b }, "gte": func(a, b int) bool { return a >= b },
		"lt": func(a, b int) bool { return a < b }, "lte": func(a, b int) bool { return a <= b },
	} {
		var want []string
		for i, at := range times {
			if holds(at.Year(), 2000) {
				want = append(want, strconv.Itoa(i))
			}
		}
		wantCodes(t, "at__year__"+operator, records(db).Where("at__year__"+operator, 2000), want)
		wantCodes(t, "day__year__"+operator, records(db).Where("day__year__"+operator, 2000), want)
	}
	wantCodes(t, "at__range", records(db).Where("at__range", []time.Time{times[2], times[3]}), []string{"2", "3"})
}

func testJSON(t *testing.T, s suite) {
	db := s.models(t)
	create(t, db, &Record{Code: "null"})
	for code, text := range map[string]string{
		"object": `{"a": 1, "b": {"c": "x"}, "list": [1, 2, {"d": true}], "Ä key": "y", "1": "one"}`,
		"other":  `{"a": 2, "b": {"c": "X"}, "list": [], "s": "1"}`, "array": `[1, "two", null]`,
		"string": `"text"`, "number": `3.0`, "empty": `{}`, "literal": `null`,
	} {
		create(t, db, &Record{Code: code, Data: ptr(json.RawMessage(text))})
	}
	for _, test := range []struct {
		lookup string
		value  any
		want   []string
	}{
		{"data__a", 1, []string{"object"}},
		{"data__a__gt", 1, []string{"other"}},
		{"data__b__c", "x", []string{"object"}},
		{"data__b__c__icontains", "x", []string{"object", "other"}},
		{"data__list__2__d", true, []string{"object"}},
		{"data__s", "1", []string{"other"}},
		{"data__has_key", "a", []string{"object", "other"}},
		{"data__has_key", "Ä key", []string{"object"}},
		{"data__has_keys", []string{"a", "s"}, []string{"other"}},
		{"data__has_any_keys", []string{"s", "1"}, []string{"object", "other"}},
		{"data__contains", map[string]any{"b": map[string]any{"c": "x"}}, []string{"object"}},
		{"data__list__contains", []int{2, 1}, []string{"object"}},
		{
			"data__contained_by",
			map[string]any{"a": 2, "b": map[string]any{"c": "X"}, "list": []int{}, "s": "1", "more": 0},
			[]string{"empty", "other"},
		},
		{"data", json.RawMessage(`3`), []string{"number"}},
		{"data", map[string]any{}, []string{"empty"}},
		{"data__isnull", true, []string{"null"}},
	} {
		wantCodes(t, fmt.Sprintf("%s=%v", test.lookup, test.value), records(db).Where(test.lookup, test.value), test.want)
	}
}

func testLists(t *testing.T, s suite) {
	db := s.models(t)
	list := make([]*Record, 600)
	wanted := make([]any, 0, 2*len(list))
	var want []string
	for i := range list {
		list[i] = &Record{Code: strconv.Itoa(i), Count: int64(i), Text: ptr("t" + strconv.Itoa(i))}
		if i%2 == 0 {
			wanted, want = append(wanted, i), append(want, strconv.Itoa(i))
		}
	}
	create(t, db, list...)
	for i := range 500 { // long lists of values that no row has
		wanted = append(wanted, -1-i)
	}
	wantCodes(t, "numbers", records(db).Where("count__in", wanted), want)
	wantCodes(t, "few numbers", records(db).Where("count__in", []int{1, 2, 999}), []string{"1", "2"})
	wantCodes(t, "texts", records(db).Where("text__in", []string{"t1", "T2", "t3'"}), []string{"1"})
	wantCodes(t, "none", records(db).Where("count__in", []int{}), nil)
	many := make([]string, 1000)
	for i := range many {
		many[i] = "t" + strconv.Itoa(i+599)
	}
	wantCodes(t, "many texts", records(db).Where("text__in", many), []string{"599"})
}

func testLimits(t *testing.T, s suite) {
	db := s.models(t)
	for i := range 5 {
		create(t, db, &Record{Code: strconv.Itoa(i)})
	}
	q := records(db).OrderByNames("code")
	wantCodes(t, "limit", q.Limit(2), []string{"0", "1"})
	wantCodes(t, "offset", q.Offset(3), []string{"3", "4"})
	wantCodes(t, "limit and offset", q.Limit(2).Offset(1), []string{"1", "2"})
	wantCodes(t, "random order", records(db).OrderByNames("?"), []string{"0", "1", "2", "3", "4"})
	if n, err := q.Limit(2).Offset(4).Count(t.Context()); err != nil || n != 1 {
		t.Errorf("count of a part: %d, %v", n, err)
	}
}

// testUnstorable checks that what some database cannot store is refused by all, and that no row is found by it.
func testUnstorable(t *testing.T, s suite) {
	db := s.models(t)
	create(t, db, &Record{Code: "a", Text: ptr("a"), Data: ptr(json.RawMessage(`{"a": "b"}`))})
	blind := db.SkipValidation()
	for _, text := range []string{"a\x00b", "\x00", "\xff", "a\xc3"} {
		for name, r := range map[string]*Record{"text": {Code: "x", Text: ptr(text)}, "code": {Code: text}} {
			if err := blind.Create(t.Context(), r); err == nil {
				t.Errorf("%s: %q was stored", name, text)
			}
		}
		for lookup := range textLookups {
			wantCodes(t, fmt.Sprintf("%s %q", lookup, text), records(db).Where("text__"+lookup, text), nil)
		}
		wantCodes(t, fmt.Sprintf("in %q", text), records(db).Where("text__in", []string{text, "a"}), []string{"a"})
		wantCodes(t, fmt.Sprintf("not %q", text), records(db).WhereNot("text", text), []string{"a"})
		wantCodes(t, fmt.Sprintf("JSON %q", text), records(db).Where("data__a", text), nil)
		for _, q := range []orm.Query[Record]{records(db).Where("data__has_key", text), records(db).Where("data__"+text, 1)} {
			var e *schema.LookupError
			if _, err := q.All(t.Context()); !errors.As(err, &e) {
				t.Errorf("the JSON key %q: %v", text, err)
			}
		}
	}
	for _, document := range []string{`"\u0000"`, `{"a\u0000": 1}`, `["\ud800"]`, `"\udc00\ud800"`, `"\ud800x"`} {
		if err := blind.Create(t.Context(), &Record{Code: "x", Data: ptr(json.RawMessage(document))}); err == nil {
			t.Errorf("%s was stored", document)
		}
		var e *schema.LookupError
		if _, err := records(db).Where("data__contains", json.RawMessage(document)).All(t.Context()); !errors.As(err, &e) {
			t.Errorf("contains %s: %v", document, err)
		}
	}
	for i, document := range []string{`"\ud83d\ude00"`, `"\\u0000"`, `"\\\\"`, `"\n\u00e4"`} {
		create(t, db, &Record{Code: strconv.Itoa(i), Data: ptr(json.RawMessage(document))})
		wantCodes(t, document, records(db).Where("data", json.RawMessage(document)), []string{strconv.Itoa(i)})
	}
}
