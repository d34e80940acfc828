package conformance

import (
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/dynamic"
	"github.com/quintetgo/quintet/orm/dynamic/functions"
	"github.com/quintetgo/quintet/orm/schema"
)

// functionRecord is the record whose values functions are computed of; another one has NULL.
func functionRecord() *Record {
	at := time.Date(2024, 8, 17, 13, 45, 59, 123456000, time.UTC) // a Saturday
	return &Record{
		Code: "Ünï", Text: ptr(" aBc日本 "), Count: 7, Small: -3, Price: ptr("12.35"), Ratio: 2.5, Active: true, At: &at,
		Day: ptr(time.Date(2024, 8, 17, 0, 0, 0, 0, time.UTC)), Data: ptr(json.RawMessage(`{"a": [1, true]}`)),
	}
}

func utc(year int, month time.Month, day, hour, minute, second int) time.Time {
	return time.Date(year, month, day, hour, minute, second, 0, time.UTC)
}

// computed is an expression with its value for [functionRecord].
type computed struct {
	name string
	expr dynamic.Annotation
	want any
}

func text(s string) dynamic.Expression { return dynamic.Value(s) }

func textFunctions() []computed {
	long := text("Grün & Blau")
	return []computed{
		{"Lower", functions.Lower("code"), "ünï"},
		{"Lower", functions.Lower(text("ÀÉÎ ŠŽ ΑΩ ДЯ")), "àéî šž αω дя"},
		{"Upper", functions.Upper("code"), "ÜNÏ"},
		{"Trim", functions.Trim("text"), "aBc日本"},
		{"LTrim", functions.LTrim("text"), "aBc日本 "},
		{"RTrim", functions.RTrim("text"), " aBc日本"},
		{"Trim of other white space", functions.Trim(text("\t x \n")), "\t x \n"},
		{"Reverse", functions.Reverse("text"), " 本日cBa "},
		{"Left", functions.Left(long, 4), "Grün"},
		{"Left of fewer", functions.Left(text("ab"), 4), "ab"},
		{"Left of none", functions.Left(long, -1), ""},
		{"Right", functions.Right(long, 4), "Blau"},
		{"Right of none", functions.Right(long, -1), ""},
		{"Right of fewer", functions.Right(text("ab"), 4), "ab"},
		{"Substr", functions.Substr(long, 3, 2), "ün"},
		{"Substr from 0", functions.Substr(long, 0, 2), "Gr"},
		{"Substr beyond", functions.Substr(long, 30, 2), ""},
		{"Repeat", functions.Repeat(text("ab"), 3), "ababab"},
		{"Repeat 0", functions.Repeat(text("ab"), 0), ""},
		{"Repeat -1", functions.Repeat(text("ab"), -1), ""},
		{"Replace", functions.Replace(text("aAa"), "a", "bb"), "bbAbb"},
		{"Replace nothing", functions.Replace(text("aAa"), "", "bb"), "aAa"},
		{"Replace special", functions.Replace(text("a%_'b"), "%_'", "?"), "a?b"},
		{"LPad", functions.LPad(text("ö"), 4, "xy"), "xyxö"},
		{"LPad cut", functions.LPad(long, 3, "x"), "Grü"},
		{"LPad with nothing", functions.LPad(text("ab"), 4, ""), "ab"},
		{"RPad", functions.RPad(text("ö"), 4, "xy"), "öxyx"},
		{"RPad cut", functions.RPad(long, 3, "x"), "Grü"},
		{"RPad -1", functions.RPad(long, -1, "x"), ""},
		{"Length", functions.Length("text"), 7},
		{"Length of nothing", functions.Length(text("")), 0},
		{"Ord", functions.Ord("code"), 220},
		{"Ord of nothing", functions.Ord(text("")), 0},
		{"Ord beyond the basic plane", functions.Ord(text("😀")), 128512},
		{"Ord of a space", functions.Ord(text(" ")), 32},
		{"Chr", functions.Chr(dynamic.Value(26085)), "日"},
		{"Chr ASCII", functions.Chr(dynamic.Value(65)), "A"},
		{"Chr emoji", functions.Chr(dynamic.Value(128512)), "😀"},
		{"Chr of none", functions.Chr(dynamic.Value(0)), nil},
		{"Chr of a surrogate", functions.Chr(dynamic.Value(55296)), nil},
		{"StrIndex", functions.StrIndex("text", text("日")), 5},
		{"StrIndex of another case", functions.StrIndex("text", text("b")), 0},
		{"StrIndex of a field", functions.StrIndex("code", functions.Right("code", 1)), 3},
		{"Concat", functions.Concat("code", text("-"), "count"), "Ünï-7"},
		{"Concat with NULL", functions.Concat("owner__name", text("x")), "x"},
		{"MD5", functions.MD5("code"), "4d0f201bd997eaf4ab8a93531b0cf6cf"},
		{"SHA224", functions.SHA224(text("abc")), "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7"},
		{"SHA256", functions.SHA256(text("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
		{"SHA384", functions.SHA384(text("abc")), "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7"},
		{"SHA512", functions.SHA512(text("")), "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e"},
		{"Collate", functions.Length(functions.Trim("text")), 5},
	}
}

func numberFunctions() []computed {
	f := func(x float64) dynamic.Expression { return dynamic.Value(x) }
	return []computed{
		{"Abs", functions.Abs("small"), 3},
		{"Abs of a float", functions.Abs(f(-2.5)), 2.5},
		{"Abs of a decimal", functions.Abs(dynamic.F("price").Mul(-1)), 12.35},
		{"Ceil", functions.Ceil("ratio"), 3.0},
		{"Ceil below zero", functions.Ceil(f(-2.5)), -2.0},
		{"Ceil of a decimal", functions.Ceil("price"), 13.0},
		{"Floor", functions.Floor("ratio"), 2.0},
		{"Floor below zero", functions.Floor(f(-2.5)), -3.0},
		{"Floor of a whole number", functions.Floor("count"), 7},
		{"Sign", functions.Sign("small"), -1},
		{"Sign of a float", functions.Sign("ratio"), 1},
		{"Round", functions.Round("ratio", 0), 3.0},
		{"Round below zero", functions.Round(f(-2.5), 0), -3.0},
		{"Round to places", functions.Round(f(1.005), 2), 1.01},
		{"Round to tens", functions.Round(dynamic.Value(1250), -2), 1300},
		{"Round of a decimal", functions.Round("price", 1), 12.4},
		{"Mod", functions.Mod("count", dynamic.Value(4)), 3},
		{"Mod below zero", functions.Mod("small", dynamic.Value(2)), -1},
		{"Mod of floats", functions.Mod(f(5.5), f(2)), 1.5},
		{"Mod by zero", functions.Mod("count", dynamic.Value(0)), nil},
		{"Power", functions.Power("ratio", dynamic.Value(2)), 6.25},
		{"Power of zero", functions.Power(f(0), f(-1)), nil},
		{"Power not defined", functions.Power("small", f(0.5)), nil},
		{"Sqrt", functions.Sqrt(dynamic.Value(16)), 4.0},
		{"Sqrt not defined", functions.Sqrt("small"), nil},
		{"Exp", functions.Exp(dynamic.Value(1)), math.E},
		{"Ln", functions.Ln("ratio"), math.Log(2.5)},
		{"Ln not defined", functions.Ln(f(0)), nil},
		{"Log", functions.Log(dynamic.Value(2), dynamic.Value(8)), 3.0},
		{"Log not defined", functions.Log(dynamic.Value(1), dynamic.Value(8)), nil},
		{"Sin", functions.Sin("ratio"), math.Sin(2.5)},
		{"Cos", functions.Cos("ratio"), math.Cos(2.5)},
		{"Tan", functions.Tan("ratio"), math.Tan(2.5)},
		{"Cot", functions.Cot("ratio"), 1 / math.Tan(2.5)},
		{"Cot not defined", functions.Cot(f(0)), nil},
		{"Asin", functions.Asin(f(0.5)), math.Asin(0.5)},
		{"Asin not defined", functions.Asin("ratio"), nil},
		{"Acos", functions.Acos(f(0.5)), math.Acos(0.5)},
		{"Acos not defined", functions.Acos("ratio"), nil},
		{"Atan", functions.Atan("ratio"), math.Atan(2.5)},
		{"Atan2", functions.Atan2("small", "ratio"), math.Atan2(-3, 2.5)},
		{"Degrees", functions.Degrees("ratio"), 2.5 * 180 / math.Pi},
		{"Radians", functions.Radians(dynamic.Value(180)), math.Pi},
		{"Pi", functions.Pi(), math.Pi},
	}
}

func timeFunctions() []computed {
	return []computed{
		{"ExtractYear", functions.ExtractYear("at"), 2024},
		{"ExtractISOYear", functions.ExtractISOYear("day"), 2024},
		{"ExtractQuarter", functions.ExtractQuarter("at"), 3},
		{"ExtractMonth", functions.ExtractMonth("day"), 8},
		{"ExtractWeek", functions.ExtractWeek("at"), 33},
		{"ExtractDay", functions.ExtractDay("at"), 17},
		{"ExtractWeekDay", functions.ExtractWeekDay("at"), 7},
		{"ExtractISOWeekDay", functions.ExtractISOWeekDay("at"), 6},
		{"ExtractHour", functions.ExtractHour("at"), 13},
		{"ExtractMinute", functions.ExtractMinute("at"), 45},
		{"ExtractSecond", functions.ExtractSecond("at"), 59},
		{"TruncYear", functions.TruncYear("at"), utc(2024, 1, 1, 0, 0, 0)},
		{"TruncQuarter", functions.TruncQuarter("at"), utc(2024, 7, 1, 0, 0, 0)},
		{"TruncMonth", functions.TruncMonth("at"), utc(2024, 8, 1, 0, 0, 0)},
		{"TruncWeek", functions.TruncWeek("at"), utc(2024, 8, 12, 0, 0, 0)},
		{"TruncDay", functions.TruncDay("at"), utc(2024, 8, 17, 0, 0, 0)},
		{"TruncHour", functions.TruncHour("at"), utc(2024, 8, 17, 13, 0, 0)},
		{"TruncMinute", functions.TruncMinute("at"), utc(2024, 8, 17, 13, 45, 0)},
		{"TruncSecond", functions.TruncSecond("at"), utc(2024, 8, 17, 13, 45, 59)},
		{"TruncMonth of a date", functions.TruncMonth("day"), utc(2024, 8, 1, 0, 0, 0)},
		{"TruncWeek of a date", functions.TruncWeek("day"), utc(2024, 8, 12, 0, 0, 0)},
		{"TruncQuarter of a date", functions.TruncQuarter("day"), utc(2024, 7, 1, 0, 0, 0)},
		{"TruncDate", functions.TruncDate("at"), utc(2024, 8, 17, 0, 0, 0)},
	}
}

func valueFunctions() []computed {
	one, two := dynamic.Value(1), dynamic.Value(2)
	positive := dynamic.Is("count__gt", 0)
	return []computed{
		{"Coalesce", functions.Coalesce("owner__name", "code"), "Ünï"},
		{"Coalesce with a constant", functions.Coalesce("owner__name", text("x")), "x"},
		{"Coalesce of a decimal", functions.Coalesce("price", dynamic.Value("0")), "12.35"},
		{"Greatest", functions.Greatest("count", "small", dynamic.Value(5)), 7},
		{"Greatest of texts", functions.Greatest(text("a"), text("b")), "b"},
		{"Greatest with NULL", functions.Greatest("count", functions.NullIf("count", dynamic.Value(7))), nil},
		{"Least", functions.Least("count", "small", dynamic.Value(5)), -3},
		{"Least with NULL", functions.Least("owner__id", "count"), nil},
		{"NullIf", functions.NullIf("count", dynamic.Value(7)), nil},
		{"NullIf of others", functions.NullIf("count", dynamic.Value(8)), 7},
		{"When", dynamic.When(dynamic.Is("count", 1), "one").When(positive, "many").Else("none"), "many"},
		{"When without Else", dynamic.When(dynamic.Is("count", 1), "one"), nil},
		{"When of fields", dynamic.When(positive, dynamic.F("small")).Else(dynamic.F("count")), -3},
		{"Else", dynamic.When(dynamic.Is("count", 1), one).Else(two), 2},
		{"Bool", dynamic.Bool(positive), true},
		{"Bool of NULL", dynamic.Bool(dynamic.Is("owner__name", "x")), false},
		{"Xor", dynamic.Bool(dynamic.Xor(positive, dynamic.Is("active", true))), false},
		{"Xor of one", dynamic.Bool(dynamic.Xor(positive, dynamic.Is("active", false))), true},
		{"Xor of NULL", dynamic.Bool(dynamic.Xor(positive, dynamic.Is("owner__name", "x"))), true},
		{"Cast to text", functions.Cast("count", schema.KindText), "7"},
		{"Cast to an integer", functions.Cast(text("42"), schema.KindBigInt), 42},
		{"Cast of a float to an integer", functions.Cast(dynamic.Value(2.7), schema.KindBigInt), 2},
		{"Cast to a float", functions.Cast("count", schema.KindFloat), 7.0},
		{"Cast to a bool", functions.Cast("count", schema.KindBool), true},
		{"Cast of a bool", functions.Cast("active", schema.KindText), "1"},
		{"Cast to a date", functions.Cast("at", schema.KindDate), utc(2024, 8, 17, 0, 0, 0)},
		{"Cast of a time to text", functions.Cast("at", schema.KindText), "2024-08-17 13:45:59"},
		{"CastDecimal", functions.CastDecimal("ratio", 5, 1), "2.5"},
		{"JSONArray", functions.JSONArray("count", text("x"), "owner__name", "active", "data"), `[7,"x",null,true,{"a":[1,true]}]`},
		{
			"JSONObject", functions.JSONObject(functions.JSONPair{Name: "n", Value: "count"}, functions.JSONPair{Name: "it's", Value: "active"}),
			`{"it's":true,"n":7}`,
		},
		{"Scalar", dynamic.F("count").Add(dynamic.Value(0)), 7},
	}
}

// testFunctions compares the functions' values with those that every database must have.
func testFunctions(t *testing.T, s suite) {
	db := s.models(t)
	create(t, db, functionRecord())
	q := dynamic.From(db, "driver.Record")
	for _, list := range [][]computed{textFunctions(), numberFunctions(), timeFunctions(), valueFunctions()} {
		for _, c := range list {
			rows, err := q.Annotate("computed", c.expr).Values(t.Context(), "computed")
			if err != nil || len(rows) != 1 {
				t.Errorf("%s: %v (%d rows)", c.name, err, len(rows))
				continue
			}
			if got := rows[0]["computed"]; !sameValue(got, c.want) {
				text, args, _ := q.Annotate("computed", c.expr).GroupBy("pk").SQL()
				t.Errorf("%s: got %v (%T), want %v\n%s %v", c.name, got, got, c.want, text, args)
				continue
			}
			testComputedLookup(t, db, c)
		}
	}
	testRandom(t, db)
}

// testComputedLookup checks that a computed value is found by itself, and NULL by isnull.
func testComputedLookup(t *testing.T, db *orm.DB, c computed) {
	t.Helper()
	lookup, value := "computed", c.want
	switch want := c.want.(type) {
	case nil:
		lookup, value = "computed__isnull", true
	case float64:
		lookup, value = "computed__range", []float64{want - 1e-9, want + 1e-9}
	case string:
		if strings.HasPrefix(want, "[") || strings.HasPrefix(want, "{") {
			return
		}
	}
	found, err := dynamic.From(db, "driver.Record").Annotate("computed", c.expr).Where(lookup, value).Count(t.Context())
	if err != nil || found != 1 {
		t.Errorf("%s: %d rows with the value %v (%v)", c.name, found, c.want, err)
	}
}

// sameValue compares a value with the expected one: numbers by value, JSON by structure.
func sameValue(got, want any) bool {
	switch want := want.(type) {
	case nil:
		return got == nil
	case float64:
		f, ok := asFloat(got)
		return ok && math.Abs(f-want) <= 1e-9*max(1, math.Abs(want))
	case time.Time:
		at, ok := got.(time.Time)
		return ok && at.Equal(want)
	case string:
		if strings.HasPrefix(want, "[") || strings.HasPrefix(want, "{") {
			var a, b any
			return json.Unmarshal([]byte(want), &a) == nil && json.Unmarshal([]byte(fmt.Sprintf("%s", got)), &b) == nil && reflect.DeepEqual(a, b)
		}
	}
	return fmt.Sprint(got) == fmt.Sprint(want)
}

func asFloat(v any) (float64, bool) {
	rv := reflect.ValueOf(v)
	switch {
	case !rv.IsValid():
		return 0, false
	case rv.CanFloat():
		return rv.Float(), true
	case rv.CanInt():
		return float64(rv.Int()), true
	}
	var f float64
	_, err := fmt.Sscan(fmt.Sprint(v), &f)
	return f, err == nil
}

var uuidPattern = regexp.MustCompile("^[0-9a-f]{8}-[0-9a-f]{4}-([47])[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")

// testRandom checks the functions whose values nobody knows.
func testRandom(t *testing.T, db *orm.DB) {
	t.Helper()
	create(t, db, &Record{Code: "second", Count: 1, Small: 1})
	rows, err := dynamic.From(db, "driver.Record").Annotate("random", functions.Random()).Annotate("four", functions.UUID4()).
		Annotate("seven", functions.UUID7()).Annotate("now", functions.Now()).Values(t.Context(), "random", "four", "seven", "now")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"random", "four", "seven"} {
		if rows[0][name] == rows[1][name] {
			t.Errorf("%s is %v in both rows", name, rows[0][name])
		}
	}
	for _, row := range rows {
		if f, ok := asFloat(row["random"]); !ok || f < 0 || f >= 1 {
			t.Errorf("a random number is %v", row["random"])
		}
		for name, version := range map[string]string{"four": "4", "seven": "7"} {
			if found := uuidPattern.FindStringSubmatch(fmt.Sprint(row[name])); found == nil || found[1] != version {
				t.Errorf("UUID%s is %v", version, row[name])
			}
		}
		if now, ok := row["now"].(time.Time); !ok || time.Since(now).Abs() > time.Minute {
			t.Errorf("now is %v", row["now"])
		}
	}
}

// testNullFunctions checks that functions of NULL are NULL.
func testNullFunctions(t *testing.T, s suite) {
	db := s.models(t)
	create(t, db, &Record{Code: "null", Count: 1})
	q := dynamic.From(db, "driver.Record")
	null, number := "text", dynamic.F("price")
	for name, expr := range map[string]dynamic.Annotation{
		"Lower": functions.Lower(null), "Upper": functions.Upper(null), "Trim": functions.Trim(null), "Reverse": functions.Reverse(null),
		"Left": functions.Left(null, 1), "Right": functions.Right(null, 1), "Substr": functions.Substr(null, 1, 1),
		"Repeat": functions.Repeat(null, 2), "Replace": functions.Replace(null, "a", "b"), "LPad": functions.LPad(null, 2, "x"),
		"Length": functions.Length(null), "Ord": functions.Ord(null), "StrIndex": functions.StrIndex(null, text("a")),
		"StrIndex of NULL": functions.StrIndex("code", null), "MD5": functions.MD5(null), "SHA256": functions.SHA256(null),
		"Abs": functions.Abs(number), "Ceil": functions.Ceil(number), "Round": functions.Round(number, 1), "Sqrt": functions.Sqrt(number),
		"Power": functions.Power("count", number), "Atan2": functions.Atan2(number, "count"), "Mod": functions.Mod(number, dynamic.Value(2)),
		"ExtractYear": functions.ExtractYear("at"), "TruncMonth": functions.TruncMonth("at"), "TruncDate": functions.TruncDate("at"),
		"Cast": functions.Cast(null, schema.KindText), "Coalesce": functions.Coalesce(null, null), "Chr": functions.Chr("owner__id"),
	} {
		rows, err := q.Annotate("computed", expr).Values(t.Context(), "computed")
		if err != nil || rows[0]["computed"] != nil {
			t.Errorf("%s of NULL is %v (%v)", name, rows, err)
		}
	}
}
