package forms_test

import (
	"context"
	"errors"
	"math"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/quintetgo/quintet/framework/forms"
)

var berlin = time.FixedZone("CET", 3600)

func TestKindsParse(t *testing.T) {
	t.Parallel()
	date := func(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, time.UTC) }
	tests := map[string]struct {
		field forms.Field
		valid map[string]any
		wrong []string
	}{
		"text":    {forms.Field{}, map[string]any{" a b ": "a b", "": "", "ÿ€😀": "ÿ€😀", "a\r\nb": "a\nb"}, []string{"\x00", "a\x00b", "\xff"}},
		"integer": {forms.Field{Kind: forms.Integer}, map[string]any{"7": int64(7), "-7": int64(-7), "+7": int64(7), "": nil, "007": int64(7)}, []string{"1.5", "1e3", "x", "9223372036854775808", "0x10", "1_000", "+-1", "--1", "１２", "١٢", "1 2", strings.Repeat("1", 1<<20)}},
		"float": {
			forms.Field{Kind: forms.Float},
			map[string]any{"7": 7.0, "1.5": 1.5, "-.5": -.5, "1e3": 1000.0, "": nil},
			[]string{"NaN", "inf", "-Infinity", "0x1p-2", "1e999", "1e-400", "1,5", "1_0", "１２", "١٢", "e5", strings.Repeat("1", 61), strings.Repeat("9", 1<<20)},
		},
		"bounds": {forms.Field{Kind: forms.Integer, Min: 1, Max: uint8(9)}, map[string]any{"1": int64(1), "9": int64(9)}, []string{"0", "10", "-1"}},
		"decimal": {
			forms.Field{Kind: forms.Decimal, Digits: 5, Decimals: 2},
			map[string]any{"1": "1", "001.50": "1.50", "-0.5": "-0.5", ".5": "0.5", "999.99": "999.99", "+1": "1"},
			[]string{"1000", "1.234", "1.", ".", "-", "1e2", "x", "1..2", "--1", "１２", "NaN", "Infinity", strings.Repeat("9", 100), strings.Repeat("9", 1<<20)},
		},
		"bool": {forms.Field{Kind: forms.Bool}, map[string]any{"on": true, "true": true, "1": true, "": false, "false": false, "0": false, "off": false}, nil},
		"date": {
			forms.Field{Kind: forms.Date},
			map[string]any{"2026-01-31": date(2026, 1, 31), "31.1.2026": date(2026, 1, 31), "31 Jan 2026": date(2026, 1, 31), "January  31, 2026": date(2026, 1, 31), "2024-2-29": date(2024, 2, 29)},
			[]string{"2026-02-29", "31-01-2026", "tomorrow", "2026-01-31T10:00", "99999-01-01", "10000-01-01", "0000-01-01", "0000-12-31", "-001-01-01", strings.Repeat("1", 1000), strings.Repeat("1", 1<<20)},
		},
		"date layouts": {forms.Field{Kind: forms.Date, Layouts: []string{"01/02/2006"}}, map[string]any{"01/31/2026": date(2026, 1, 31)}, []string{"2026-01-31"}},
		"time":         {forms.Field{Kind: forms.Time}, map[string]any{"15:04": time.Date(0, 1, 1, 15, 4, 0, 0, time.UTC), "3:04 PM": time.Date(0, 1, 1, 15, 4, 0, 0, time.UTC)}, []string{"25:00", "15", "15:4:5:6"}},
		"datetime": {
			forms.Field{Kind: forms.DateTime, Location: berlin},
			map[string]any{
				"2026-01-31T15:04": time.Date(2026, 1, 31, 15, 4, 0, 0, berlin), "2026-01-31 15:04:05": time.Date(2026, 1, 31, 15, 4, 5, 0, berlin),
				"2026-01-31T15:04:05Z": time.Date(2026, 1, 31, 16, 4, 5, 0, berlin),
			},
			[]string{"now", "2026-13-01T00:00", "10000-01-01T00:00", "0000-01-01T00:00", "0000-12-31T23:59:59Z", "12026-01-01T00:00:00Z"},
		},
		"time bounds": {forms.Field{Kind: forms.Date, Min: date(2026, 1, 1), Max: date(2026, 12, 31)}, map[string]any{"2026-01-01": date(2026, 1, 1)}, []string{"2025-12-31", "2027-01-01"}},
		"duration":    {forms.Field{Kind: forms.Duration}, map[string]any{"1h30m": 90 * time.Minute, "1:30": 90 * time.Second, "1:30:00": 90 * time.Minute, "0:00:05": 5 * time.Second, "1h 30m": 90 * time.Minute, "30": 30 * time.Second, "4 days, 15:30:01": 111*time.Hour + 30*time.Minute + time.Second, "P1DT2H": 26 * time.Hour, "-15:30": -15*time.Minute - 30*time.Second}, []string{"x", "1:2:3:4", "P1Y", "99999999999999999999", strings.Repeat("1", 1<<20)}},
		"email": {
			forms.Field{Kind: forms.Email},
			map[string]any{"a@b.co": "a@b.co", "a.b+c@x-y.example.org": "a.b+c@x-y.example.org", "jürgen@müller.de": "jürgen@müller.de", "a@[127.0.0.1]": "a@[127.0.0.1]"},
			[]string{"a", "a@b", "@b.co", "a@", "a@b..co", "a b@c.de", ".a@b.co", "a..b@c.de", "a@-b.co", "a@b.123", "a@b.co\nBcc: x@y.z", "<a@b.co>", strings.Repeat("a", 65) + "@b.co", "a@" + strings.Repeat("b.", 130) + "co"},
		},
		"url": {
			forms.Field{Kind: forms.URL},
			map[string]any{"https://a.de/x?y#z": "https://a.de/x?y#z", "a.de/x": "https://a.de/x", "http://localhost:8000/": "http://localhost:8000/", "http://[::1]/": "http://[::1]/", "a.de:8080": "https://a.de:8080"},
			[]string{"javascript:alert(1)", "javascript://a.de/%0aalert(1)", "ftp://a.de", "https://", "https:///x", "https://a b.de", "mailto:a@b.co", "//a.de", "https://a", "data:text/html,x", strings.Repeat("a", 3000) + ".de", "https://a.de/\x07"},
		},
		"slug":     {forms.Field{Kind: forms.Slug}, map[string]any{"a-B_9": "a-B_9"}, []string{"a b", "ä", "a/b", "a."}},
		"uuid":     {forms.Field{Kind: forms.UUID}, map[string]any{"123E4567-e89b-12d3-a456-426614174000": "123e4567-e89b-12d3-a456-426614174000", "123e4567e89b12d3a456426614174000": "123e4567-e89b-12d3-a456-426614174000"}, []string{"123", "123e4567-e89b-12d3-a456-42661417400g", "123e4567e-89b-12d3-a456-426614174000"}},
		"json":     {forms.Field{Kind: forms.JSON}, map[string]any{`{"a": [1, null]}`: `{"a": [1, null]}`, "1": "1", `"\"[[[["`: `"\"[[[["`, strings.Repeat("[", 500) + strings.Repeat("]", 500): strings.Repeat("[", 500) + strings.Repeat("]", 500)}, []string{"{", "{'a': 1}", "1 2", "NaN", strings.Repeat("[", 501) + strings.Repeat("]", 501), strings.Repeat(`{"a":`, 501) + "1" + strings.Repeat("}", 501), strings.Repeat("[", 1<<20), strings.Repeat(`"\\`, 1<<18)}},
		"choice":   {forms.Field{Kind: forms.Choose, Choices: []forms.Choice{{Value: "a"}, {Value: "b"}}}, map[string]any{"a": "a", "": nil}, []string{"c", "A"}},
		"length":   {forms.Field{MinLength: 2, MaxLength: 3}, map[string]any{"äö": "äö", "äöü": "äöü", "": ""}, []string{"ä", "äöüß"}},
		"too much": {forms.Field{}, nil, []string{strings.Repeat("a", 1<<20+1)}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for in, want := range test.valid {
				field := test.field
				field.Name = "x"
				form := forms.Dynamic(&field)
				if !form.ParseValues(url.Values{"x": {in}}) {
					t.Errorf("%q: %v", in, form.Errors())
					continue
				}
				got := form.Value("x")
				if at, ok := want.(time.Time); ok {
					if other, ok := got.(time.Time); !ok || !other.Equal(at) {
						t.Errorf("%q: got %v, want %v", in, got, want)
					}
				} else if !reflect.DeepEqual(got, want) {
					t.Errorf("%q: got %#v, want %#v", in, got, want)
				}
			}
			for _, in := range test.wrong {
				field := test.field
				field.Name = "x"
				form := forms.Dynamic(&field)
				if form.ParseValues(url.Values{"x": {in}}) {
					t.Errorf("%.60q was taken as %v", in, form.Value("x"))
				}
			}
		})
	}
}

func TestSingleFieldUsesLastValue(t *testing.T) {
	t.Parallel()
	form := forms.Dynamic(&forms.Field{Name: "x"})
	form.ParseValues(url.Values{"x": {"first", "last"}})
	if got := form.Value("x"); got != "last" {
		t.Errorf("got %v", got)
	}
}

func TestDisabledFieldsKeepInitial(t *testing.T) {
	t.Parallel()
	form := forms.Dynamic(&forms.Field{Name: "x", Initial: "kept", Disabled: true, Required: true})
	if !form.ParseValues(url.Values{"x": {"forged"}}) || form.Value("x") != "kept" || len(form.Changed()) > 0 {
		t.Errorf("got %v, changed %v", form.Value("x"), form.Changed())
	}
}

func TestChangedComparesWithInitial(t *testing.T) {
	t.Parallel()
	price := 1.50
	fields := func() []*forms.Field {
		return []*forms.Field{
			{Name: "same", Initial: "a"},
			{Name: "other", Initial: "a"},
			{Name: "price", Kind: forms.Float, Initial: &price},
			{Name: "day", Kind: forms.Date, Initial: time.Date(2026, 1, 31, 5, 0, 0, 0, time.UTC)},
			{Name: "none", Kind: forms.Integer},
			{Name: "list", Kind: forms.MultipleChoice, Choices: []forms.Choice{{Value: "1"}, {Value: "2"}}, Initial: []int{2, 1}},
			{Name: "on", Kind: forms.Bool, Initial: true},
		}
	}
	form := forms.Dynamic(fields()...)
	form.ParseValues(url.Values{"same": {"a"}, "other": {"b"}, "price": {"1.500"}, "day": {"2026-01-31"}, "none": {""}, "list": {"1", "2"}})
	if got := strings.Join(form.Changed(), ","); got != "other,on" {
		t.Errorf("changed: %s; errors %v", got, form.Errors())
	}
}

func TestLoadChoicesError(t *testing.T) {
	t.Parallel()
	broken := errors.New("database is down")
	form := forms.Dynamic(&forms.Field{Name: "x", Kind: forms.Choose, LoadChoices: func(context.Context) ([]forms.Choice, error) { return nil, broken }})
	if form.ParseValues(url.Values{"x": {"a"}}) || !errors.Is(form.Err(), broken) {
		t.Errorf("error %v", form.Err())
	}
	if text := form.Errors().Error(); strings.Contains(text, "database") {
		t.Errorf("the cause is shown: %s", text)
	}
}

func TestPrefix(t *testing.T) {
	t.Parallel()
	form := forms.Dynamic(&forms.Field{Name: "x", Required: true})
	form.Prefix = "a"
	if form.ParseValues(url.Values{"x": {"1"}}) || !form.ParseValues(url.Values{"a-x": {"1"}}) {
		t.Error("the prefix is not used")
	}
}

func TestAddErrorsByField(t *testing.T) {
	t.Parallel()
	form := forms.Dynamic(&forms.Field{Name: "x"})
	form.ParseValues(url.Values{"x": {"1"}})
	form.AddErrors(errors.Join(forms.Invalid("x", "bad"), errors.New("worse"), forms.Invalid("y", "unknown")))
	if got := form.Errors().Error(); got != "worse; y: unknown; x: bad" || form.IsValid() {
		t.Errorf("got %s", got)
	}
}

func TestUnknownFieldSuggestsNearest(t *testing.T) {
	t.Parallel()
	_, err := forms.Dynamic(&forms.Field{Name: "title"}).Field("titel")
	if err == nil || !strings.Contains(err.Error(), `did you mean "title"?`) {
		t.Errorf("got %v", err)
	}
}

func TestNumberOverflow(t *testing.T) {
	t.Parallel()
	type small struct {
		I int8
		U uint16
		F float32
	}
	for name, value := range map[string]string{"i": "128", "u": "-1", "f": "1e300"} {
		values := url.Values{"i": {"1"}, "u": {"1"}, "f": {"1"}}
		values.Set(name, value)
		var s small
		if forms.New(&s).ParseValues(values) {
			t.Errorf("%s=%s was taken: %+v", name, value, s)
		}
	}
	var s small
	if form := forms.New(&s); !form.ParseValues(url.Values{"i": {"-128"}, "u": {"65535"}, "f": {"1.5"}}) || s != (small{math.MinInt8, math.MaxUint16, 1.5}) {
		t.Errorf("got %+v, %v", s, form.Errors())
	}
}
