package orm_test

import (
	"database/sql"
	"database/sql/driver"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/schema"
	"github.com/quintetgo/quintet/orm/sqlite"
)

// UUID behaves like the well-known packages' type: sixteen bytes that store themselves as text.
type UUID [16]byte

func (u UUID) Value() (driver.Value, error) { return u.String(), nil }

func (u UUID) String() string {
	h := hex.EncodeToString(u[:])
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}

func (u *UUID) Scan(src any) error {
	text, ok := src.(string)
	if !ok {
		return fmt.Errorf("a UUID from a %T", src)
	}
	b, err := hex.DecodeString(strings.ReplaceAll(text, "-", ""))
	if err != nil || len(b) != 16 {
		return fmt.Errorf("bad UUID %q", text)
	}
	copy(u[:], b)
	return nil
}

// Decimal stores its digits as text.
type Decimal struct{ digits string }

func (d Decimal) Value() (driver.Value, error) { return d.digits, nil }

func (d *Decimal) Scan(src any) error {
	switch v := src.(type) {
	case string:
		d.digits = v
	case []byte:
		d.digits = string(v)
	case float64:
		d.digits = fmt.Sprint(v)
	case int64:
		d.digits = fmt.Sprint(v)
	default:
		return fmt.Errorf("a Decimal from a %T", src)
	}
	return nil
}

type (
	Level int8
	Name  string
	When  time.Time
	Inner struct {
		Street string
		Floor  *int
	}
	Base struct{ Note string }
)

type Everything struct {
	Key      UUID `gorm:"primaryKey"`
	Int      int
	Int8     int8
	Level    Level
	Uint     uint32
	Big      uint64
	Float32  float32
	Float64  float64
	Bool     bool
	Name     Name
	Text     *string
	Number   *int64
	Flag     *bool
	At       time.Time
	Maybe    *time.Time
	When     When
	Took     time.Duration
	Bytes    []byte
	Raw      json.RawMessage
	Tags     []string       `gorm:"serializer:json"`
	Map      map[string]any `gorm:"serializer:json"`
	Options  orm.JSON[map[string]int]
	Price    Decimal `gorm:"type:decimal(8,2)"`
	NullText sql.NullString
	NullInt  sql.Null[int64]
	NullAt   sql.NullTime
	Day      time.Time `gorm:"type:date"`
	Clock    time.Time `gorm:"type:time"`
	Unix     int64     `gorm:"autoCreateTime"`
	Inner    Inner     `gorm:"embedded;embeddedPrefix:inner_"`
	*Base
}

var everythingTable = `CREATE TABLE lab_everything (key char(36) PRIMARY KEY, int bigint NOT NULL, int8 smallint NOT NULL, level smallint NOT NULL,
	uint integer NOT NULL, big integer NOT NULL, float32 real NOT NULL, float64 real NOT NULL, bool numeric NOT NULL, name text NOT NULL, text text, number bigint,
	flag numeric, at datetime NOT NULL, maybe datetime, "when" datetime NOT NULL, took bigint NOT NULL, bytes blob NOT NULL, raw text NOT NULL, tags text NOT NULL, map text NOT NULL,
	options text NOT NULL, price decimal(8,2) NOT NULL, null_text text, null_int bigint, null_at datetime, day date NOT NULL, clock time NOT NULL,
	unix bigint NOT NULL, inner_street text NOT NULL, inner_floor bigint, note text)`

func lab(t *testing.T) *orm.DB {
	t.Helper()
	db, err := orm.Open("sqlite:///"+filepath.Join(t.TempDir(), "lab.sqlite3"), sqlite.Driver)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	if err := db.Register("lab", &Everything{}); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(t.Context(), everythingTable); err != nil {
		t.Fatal(err)
	}
	return db
}

func everything() *Everything {
	text, number, flag, floor := "t", int64(0), false, 3
	at := time.Date(2026, 7, 1, 12, 30, 45, 123456789, time.FixedZone("", 2*3600))
	return &Everything{
		Key: UUID{1, 2, 255}, Int: -5, Int8: 7, Level: 3, Uint: 4e9, Big: math.MaxInt64, Float32: 0.5, Float64: 0.1, Bool: true, Name: "näme",
		Text: &text, Number: &number, Flag: &flag, At: at, Maybe: &at, When: When(at), Took: time.Minute, Bytes: []byte{0, 255}, Raw: json.RawMessage(`{"a":1}`),
		Tags: []string{"x"}, Map: map[string]any{"k": "v"}, Options: orm.NewJSON(map[string]int{"o": 1}), Price: Decimal{"12.5"},
		NullText: sql.NullString{String: "", Valid: true}, NullInt: sql.Null[int64]{V: 4, Valid: true}, NullAt: sql.NullTime{Time: at, Valid: true},
		Day: at, Clock: at, Inner: Inner{"Rue", &floor}, Base: &Base{"note"},
	}
}

func TestEveryTypeRoundTrips(t *testing.T) {
	t.Parallel()
	db := lab(t)
	in := everything()
	if err := db.Create(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	out := &Everything{Key: in.Key}
	if err := db.Refresh(t.Context(), out); err != nil {
		t.Fatal(err)
	}
	at := in.At.UTC().Truncate(time.Microsecond)
	in.At, in.Maybe, in.When, in.NullAt.Time = at, &at, When(at), at
	in.Day = time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)
	in.Price = Decimal{"12.50"} // with the decimal places that the column declares
	in.Clock = time.Date(0, 1, 1, 12, 30, 45, 123456000, time.UTC)
	out.NullAt.Time, out.Clock = out.NullAt.Time.UTC(), out.Clock.UTC()
	a, b := reflect.ValueOf(*in), reflect.ValueOf(*out)
	for i := range a.NumField() {
		if !a.Type().Field(i).IsExported() {
			continue
		}
		if !reflect.DeepEqual(a.Field(i).Interface(), b.Field(i).Interface()) {
			t.Errorf("%s: stored %v, got %v", a.Type().Field(i).Name, a.Field(i), b.Field(i))
		}
	}
	if in.Unix < time.Now().Unix()-60 {
		t.Errorf("autoCreateTime of an integer is %d", in.Unix)
	}
}

func TestZeroValuesRoundTrip(t *testing.T) {
	t.Parallel()
	db := lab(t)
	in := &Everything{Key: UUID{9}, Unix: 1}
	if err := db.SkipValidation().Create(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	out := everything()
	out.Key = in.Key
	if err := db.Refresh(t.Context(), out); err != nil {
		t.Fatal(err)
	}
	if out.Text != nil || out.Number != nil || out.Flag != nil || out.Maybe != nil || out.NullText.Valid || out.NullInt.Valid || out.Inner.Floor != nil ||
		out.Tags != nil || out.Map != nil || !out.At.IsZero() || out.Name != "" || len(out.Bytes) != 0 || out.Base.Note != "" {
		t.Errorf("got %+v", out)
	}
}

func TestTooLargeNumbersAreRefused(t *testing.T) {
	t.Parallel()
	db := lab(t)
	in := everything()
	in.Big = math.MaxUint64
	if err := db.Create(t.Context(), in); err == nil || !strings.Contains(err.Error(), "big: Enter a number up to 9223372036854775807") {
		t.Errorf("got %v", err)
	}
}

func TestKinds(t *testing.T) {
	t.Parallel()
	db := lab(t)
	m, err := orm.ModelFor[Everything](db)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]schema.Kind{
		"key": schema.KindUUID, "int": schema.KindBigInt, "int8": schema.KindSmallInt, "level": schema.KindSmallInt, "uint": schema.KindUint, "float32": schema.KindFloat,
		"bool": schema.KindBool, "name": schema.KindChar, "text": schema.KindChar, "flag": schema.KindBool, "at": schema.KindDateTime, "when": schema.KindDateTime,
		"took": schema.KindDuration, "bytes": schema.KindBinary, "raw": schema.KindJSON, "tags": schema.KindJSON, "options": schema.KindJSON, "price": schema.KindDecimal,
		"null_text": schema.KindChar, "null_int": schema.KindBigInt, "null_at": schema.KindDateTime, "day": schema.KindDate, "clock": schema.KindTime,
		"inner_street": schema.KindChar, "note": schema.KindChar,
	} {
		f, err := m.Field(name)
		if err != nil {
			t.Error(err)
		} else if f.Kind != want {
			t.Errorf("%s is %v, want %v", name, f.Kind, want)
		}
	}
	if f := m.Lookup("price"); f.Precision != 8 || f.Scale != 2 {
		t.Errorf("price has %d, %d digits", f.Precision, f.Scale)
	}
}

func TestSetAcceptsFormValues(t *testing.T) {
	t.Parallel()
	db := lab(t)
	m, err := orm.ModelFor[Everything](db)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name string
		in   any
		want any // "error: …" for an error
	}{
		{"int", "42", 42},
		{"int", int64(7), 7},
		{"int", 3.0, 3},
		{"int", 3.5, "error: 3.5 is not a whole number"},
		{"int", " 5 ", 5},
		{"int", "x", `error: "x" is not a whole number`},
		{"int8", 300, "error: 300 is not a whole number"},
		{"uint", -1, "error: -1 is not"},
		{"level", "2", Level(2)},
		{"name", "n", Name("n")},
		{"bool", "on", true},
		{"bool", "", false},
		{"bool", int64(1), true},
		{"bool", "maybe", "error: "},
		{"float64", "1.5", 1.5},
		{"float64", "NaN", "error: "},
		{"number", "", nil},
		{"number", "9", int64(9)},
		{"text", "", ""},
		{"took", "90s", 90 * time.Second},
		{"at", "2026-07-01T10:20", time.Date(2026, 7, 1, 10, 20, 0, 0, time.UTC)},
		{"day", "2026-07-01", time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)},
		{"day", "yesterday", `error: "yesterday" is not a date`},
		{"key", "01020000-0000-0000-0000-000000000000", UUID{1, 2}},
		{"key", "x", `error: "x" is not a UUID`},
		{"price", "3.50", Decimal{"3.50"}},
		{"tags", `["a"]`, []string{"a"}},
		{"tags", `[`, "error: "},
		{"null_text", "s", sql.NullString{String: "s", Valid: true}},
		{"inner_floor", 2, 2},
		{"note", "n", "n"},
		{"bytes", "ab", []byte("ab")},
	} {
		f, obj := m.Lookup(test.name), &Everything{}
		err := f.Set(obj, test.in)
		if want, ok := test.want.(string); ok && strings.HasPrefix(want, "error: ") {
			if err == nil || !strings.Contains(err.Error(), strings.TrimPrefix(want, "error: ")) {
				t.Errorf("%s = %v: got error %v, want %s", test.name, test.in, err, want)
			}
			continue
		}
		got := f.Value(obj)
		if rv := reflect.ValueOf(got); rv.Kind() == reflect.Pointer {
			got = nil
			if !rv.IsNil() {
				got = rv.Elem().Interface()
			}
		}
		if err != nil || !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s = %v: got %v (%v), want %v", test.name, test.in, got, err, test.want)
		}
	}
	if err := m.Lookup("int").Set(Everything{}, 1); err == nil {
		t.Error("a struct that is no pointer was set")
	}
	if err := m.Lookup("int").Set(&Item{}, 1); err == nil {
		t.Error("a struct of another model was set")
	}
}

func TestUUIDKeysAreGenerated(t *testing.T) {
	t.Parallel()
	db := lab(t)
	a, b := everything(), everything()
	a.Key, b.Key = UUID{}, UUID{}
	if err := db.CreateAll(t.Context(), []*Everything{a, b}); err != nil {
		t.Fatal(err)
	}
	if a.Key == b.Key || a.Key[6]>>4 != 7 || a.Key[8]>>6 != 2 {
		t.Errorf("keys are %v and %v", a.Key, b.Key)
	}
	if err := db.Refresh(t.Context(), &Everything{Key: a.Key}); err != nil {
		t.Error(err)
	}
}

func FuzzConvert(f *testing.F) {
	db, err := orm.Open("sqlite::memory:", sqlite.Driver)
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = db.Close() })
	if err := db.Register("lab", &Everything{}); err != nil {
		f.Fatal(err)
	}
	m, err := orm.ModelFor[Everything](db)
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range []string{"", "1", "-1.5", "2026-07-01", "12:30", "on", "[1]", "{}", "é\x00", "99999999999999999999"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, field := range m.Fields {
			v, err := field.Convert(text)
			if err != nil {
				continue
			}
			var refused *schema.ValueError
			if _, err := field.Encode(v); err != nil && !field.Serialized() && !errors.As(err, &refused) {
				t.Errorf("%s took %q but cannot be written: %v", field, text, err)
			}
		}
	})
}
