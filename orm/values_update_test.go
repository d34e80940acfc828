package orm_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/dynamic"
	"github.com/quintetgo/quintet/orm/ormtest"
	"github.com/quintetgo/quintet/orm/schema"
)

// Tool has a field of each kind that Update writes in another way.
type Tool struct {
	ID       int64
	Name     string `gorm:"size:10"`
	Small    int16
	Byte     uint8
	Whole    int64
	F        float64
	Null     *float64
	On       bool
	At       *time.Time
	Day      *time.Time `gorm:"type:date"`
	Took     time.Duration
	Price    float64        `gorm:"type:decimal(6,2)"`
	Discount *float32       `gorm:"type:decimal(4,1)"`
	Count    int            `gorm:"type:decimal(3,0)"`
	Map      map[string]any `gorm:"serializer:json"`
	Texts    []string       `gorm:"serializer:json"`
	Unix     int64          `gorm:"serializer:unixtime;type:datetime"`
	Gob      []string       `gorm:"serializer:gob"`
	Typed    orm.JSON[[]int]
	Raw      json.RawMessage
}

func (t *Tool) Fields(f *orm.Fields) {
	orm.Describe(f, &t.Gob).Blank()
	orm.Describe(f, &t.Unix).Blank()
}

type workshop struct{}

func (workshop) Name() string  { return "workshop" }
func (workshop) Models() []any { return []any{&Tool{}} }

// encoded is JSON in a type of the caller's.
type encoded []byte

// newTool stores a tool, and returns the query for it.
func newTool(t *testing.T) (*orm.DB, dynamic.Query) {
	t.Helper()
	db := ormtest.Open(t, workshop{})
	at := time.Date(2026, 7, 1, 10, 20, 30, 0, time.UTC)
	mustCreate(t, db, &Tool{
		Name: "saw", Small: 300, Byte: 200, Whole: math.MaxInt64, F: 1e300, At: &at, Day: &at, Took: time.Hour, Price: 2, Count: 5, Unix: 5, Gob: []string{"a"}, Texts: []string{"x"},
		Map: map[string]any{"k": 1.0}, Raw: json.RawMessage(`{"k": 1}`),
	})
	return db, dynamic.From(db, "workshop.Tool")
}

// What Update stores, every query of the table must be able to read.
func TestUpdateStoresNothingUnreadable(t *testing.T) {
	t.Parallel()
	db, q := newTool(t)
	before, err := q.Values(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		field string
		value any
	}{
		{"small", dynamic.F("small").Mul(1000)},
		{"small", dynamic.F("whole")},
		{"small", dynamic.Value(70000)},
		{"byte", dynamic.F("byte").Sub(201)},
		{"byte", dynamic.F("small")},
		{"byte", -1},
		{"whole", dynamic.F("whole").Add(1)},
		{"whole", dynamic.F("whole").Mul(-2)},
		{"whole", dynamic.F("f")},
		{"f", dynamic.F("f").Mul(1e300)},
		{"null", dynamic.F("f").Mul(-1e300)},
		{"f", dynamic.Value(math.Inf(1))},
		{"took", dynamic.F("took").Mul(int64(1e15))},
		{"took", dynamic.F("name")},
		{"at", dynamic.F("name")},
		{"at", dynamic.F("whole")},
		{"at", dynamic.Value("tomorrow")},
		{"day", dynamic.F("at")},
		{"at", dynamic.Value(time.Date(12000, 1, 1, 0, 0, 0, 0, time.UTC))},
		{"on", dynamic.F("small")},
		{"whole", dynamic.F("name")},
		{"raw", dynamic.F("name")},
		{"raw", dynamic.F("small")},
		{"name", dynamic.F("at")},
		{"raw", []byte("{")},
		{"raw", json.RawMessage("[")},
		{"map", "text"},
		{"map", 5},
		{"map", []int{1}},
		{"map", json.RawMessage("[]")},
		{"texts", "x"},
		{"texts", map[string]int{}},
		{"typed", "x"},
		{"typed", map[string]any{"a": 1}},
		{"unix", "x"},
		{"gob", "x"},
		{"price", 12345.678},
		{"price", 1e9},
		{"price", math.NaN()},
		{"price", dynamic.F("f")},
		{"price", "1e9"},
		{"discount", 1234.5},
		{"count", 1234},
		{"count", dynamic.F("count").Mul(1000)},
		{"name", "longer than ten"},
		{"name", dynamic.Value("longer than ten")},
		{"name", "a\x00b"},
		{"name", "\xff"},
	} {
		var invalid *orm.ValidationError
		var lookup *schema.LookupError
		var broken *orm.IntegrityError
		_, err := q.Update(t.Context(), map[string]any{tt.field: tt.value})
		if !errors.As(err, &invalid) && !errors.As(err, &lookup) && !errors.As(err, &broken) {
			t.Errorf("%s = %.60v: got %v, want a refusal", tt.field, tt.value, err)
		}
		if _, err := orm.Objects[Tool](db).Get(t.Context()); err != nil {
			t.Fatalf("%s = %.60v: the row cannot be read: %v", tt.field, tt.value, err)
		}
	}
	if after, err := q.Values(t.Context()); err != nil || fmt.Sprint(after) != fmt.Sprint(before) {
		t.Errorf("refusals changed the row:\n%v, %v\nwas %v", after, err, before)
	}
}

func TestUpdateStoresValidValues(t *testing.T) {
	t.Parallel()
	db, q := newTool(t)
	for _, tt := range []struct {
		field string
		value any
		want  string
	}{
		{"small", dynamic.F("small").Add(1), "301"},
		{"whole", dynamic.F("whole").Sub(1), "9223372036854775806"},
		{"f", dynamic.F("f").Div(1e300), "1"},
		{"f", dynamic.F("small"), "301"},
		{"null", dynamic.F("f").Div(0), "<nil>"},
		{"took", dynamic.F("took").Mul(2), "2h0m0s"},
		{"name", dynamic.F("small"), "301"},
		{"name", dynamic.Value("axe"), "axe"},
		{"name", "äöüäöüäöüä", "äöüäöüäöüä"},
		{"price", 1.005, "1.01"},
		{"price", 9999.994, "9999.99"},
		{"price", dynamic.F("price").Div(7), "1428.57"},
		{"price", "2.5", "2.5"},
		{"discount", 12.25, "12.3"},
		{"count", dynamic.F("count").Div(2), "3"},
		{"map", map[string]any{"a": 1}, "map[a:1]"},
		{"map", `{"a": 2}`, "map[a:2]"},
		{"map", []byte(`{"a": 3}`), "map[a:3]"},
		{"texts", []string{"y"}, "[y]"},
		{"typed", []int{1}, "{[1]}"},
		{"typed", orm.NewJSON([]int{2}), "{[2]}"},
		{"unix", int64(7), "7"},
		{"gob", []string{"b", "c"}, "[b c]"},
		{"raw", []byte(`{"b":1}`), `{"b":1}`},
		{"raw", encoded(`{"c":1}`), `{"c":1}`},
		{"raw", "text", `"text"`},
		{"raw", dynamic.Value("text"), `"text"`},
		{"raw", dynamic.F("map"), `{"a":3}`},
	} {
		if _, err := q.Update(t.Context(), map[string]any{tt.field: tt.value}); err != nil {
			t.Errorf("%s = %v: %v", tt.field, tt.value, err)
			continue
		}
		values, err := q.Values(t.Context(), tt.field)
		if err != nil {
			t.Fatal(err)
		}
		got := values[0][tt.field]
		if p, ok := got.(*float32); ok {
			got = *p
		}
		if raw, ok := got.(json.RawMessage); ok {
			got = string(raw)
		}
		if fmt.Sprint(got) != tt.want {
			t.Errorf("%s = %v: stored %v, want %s", tt.field, tt.value, got, tt.want)
		}
		tool, err := orm.Objects[Tool](db).Get(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if err := db.Save(t.Context(), tool); err != nil {
			t.Errorf("%s = %v: what was stored cannot be saved: %v", tt.field, tt.value, err)
		}
	}
}

// Go's floats and whole numbers in decimal columns are kept with the places and digits that the column declares.
func TestNumbersInDecimalColumns(t *testing.T) {
	t.Parallel()
	db := ormtest.Open(t, workshop{})
	for price, want := range map[float64]float64{0.1 + 0.2: 0.3, 1.005: 1.01, 2: 2, -0.125: -0.13, 9999.99: 9999.99, 0.001: 0} {
		tool := &Tool{Name: "x", Price: price, Discount: new(float32), Gob: []string{}}
		*tool.Discount = 0.1
		mustCreate(t, db, tool)
		got, err := orm.Objects[Tool](db).Where("pk", tool.ID).Get(t.Context())
		if err != nil || got.Price != want || *got.Discount != 0.1 {
			t.Errorf("%v: came back as %+v, %v, want %v", price, got, err, want)
		}
		wantCount(t, dynamic.From(db, "workshop.Tool").Where("pk", tool.ID).Where("price", want), 1, fmt.Sprint(want))
	}
	wantInvalid(t, db.Create(t.Context(), &Tool{Name: "x", Price: 12345}), "price", "more digits than the column")
	wantInvalid(t, db.Create(t.Context(), &Tool{Name: "x", Price: 9999.999}), "price", "more digits once it is rounded")
	wantInvalid(t, db.SkipValidation().Create(t.Context(), &Tool{Name: "x", Price: 1e300}), "price", "without validation")
	wantInvalid(t, db.CreateAll(t.Context(), []*Tool{{Name: "x", Count: 1234}}), "count", "a whole number")
	large := float32(1234.5)
	wantInvalid(t, db.Create(t.Context(), &Tool{Name: "x", Discount: &large}), "discount", "*float32")
}

// Documents are compared as JSON: spaces, the order of keys and the form of numbers do not count.
func TestJSONDocuments(t *testing.T) {
	t.Parallel()
	db := openVault(t)
	mustCreate(t, db, &Paper{Title: "object", Raw: json.RawMessage(`{"b": [1, {"c": 2.0}],  "a": "x"}`), Map: map[string]any{"a": 1}, Text: `{"t": 1}`},
		&Paper{Title: "list", Raw: json.RawMessage(`[1, 1]`), Text: `"x"`}, &Paper{Title: "null", Text: `1`})
	q := dynamic.From(db, "vault.Paper")
	for i, tt := range []struct {
		lookup string
		value  any
		want   int64
	}{
		{"raw", json.RawMessage(`{"b": [1, {"c": 2.0}],  "a": "x"}`), 1},
		{"raw", json.RawMessage(`{"a":"x","b":[1,{"c":2}]}`), 1},
		{"raw", map[string]any{"a": "x", "b": []any{1, map[string]int{"c": 2}}}, 1},
		{"raw", json.RawMessage(`{"a":"x"}`), 0},
		{"raw", json.RawMessage(`{"a":"x","b":[{"c":2},1]}`), 0},
		{"raw", []int{1, 1}, 1},
		{"raw", encoded(`[1,1]`), 1},
		{"raw", []byte(`[1,1]`), 1},
		{"raw", []int{1}, 0},
		{"raw", json.RawMessage("null"), 1},
		{"raw", "x", 0},
		{"map", map[string]any{"a": 1}, 1},
		{"text", `{"t":1}`, 1},
		{"text", `"x"`, 1},
		{"raw__b", []any{1, map[string]any{"c": 2}}, 1},
		{"raw__b__1", map[string]any{"c": 2}, 1},
		{"raw__b__1", json.RawMessage(`{"c": 3}`), 0},
		{"raw__a__regex", "^x$", 1},
		{"raw__a__iregex", "^X$", 1},
		{"raw__a__regex", "^y", 0},
	} {
		wantCount(t, q.Where(tt.lookup, tt.value), tt.want, fmt.Sprint(i, " ", tt.lookup))
		wantCount(t, q.WhereNot(tt.lookup, tt.value), 3-tt.want, fmt.Sprint(i, " not ", tt.lookup))
	}
	wantLookup(t, q.Where("raw", json.RawMessage("{")), "broken JSON")
	wantLookup(t, q.Where("text", "no JSON"), "a text that is no JSON")
	wantLookup(t, q.Where("raw__a__regex", "("), "a broken pattern")
}
