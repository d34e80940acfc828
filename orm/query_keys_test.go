package orm_test

import (
	"crypto/rand"
	"database/sql"
	"database/sql/driver"
	"encoding/hex"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/ormtest"
)

// token is a 16-byte key that converts itself.
type token [16]byte

func (k token) Value() (driver.Value, error) { return hex.EncodeToString(k[:]), nil }

func (k *token) Scan(src any) error {
	text, ok := src.(string)
	if b, isBytes := src.([]byte); isBytes {
		text, ok = string(b), true
	}
	raw, err := hex.DecodeString(text)
	if !ok || err != nil || len(raw) != 16 {
		return fmt.Errorf("%v is no token", src)
	}
	copy(k[:], raw)
	return nil
}

func fresh() token {
	var k token
	_, _ = rand.Read(k[:])
	return k
}

// Country has a text key, Trip one that converts itself; both have relations of every kind.
type Country struct {
	Code   string `gorm:"primaryKey;size:2"`
	Name   string `gorm:"size:40"`
	Cities []City
}

type City struct {
	ID        int64
	Name      string `gorm:"size:40"`
	CountryID string `gorm:"size:2"`
	Country   *Country
}

func (c *City) Fields(f *orm.Fields) {
	orm.FK(f, &c.Country).OnDelete(orm.Cascade).Related("cities")
}

type Trip struct {
	ID        token `gorm:"primaryKey;type:char(32)"`
	Name      string
	Countries []Country `gorm:"many2many:keyed_trip_countries"`
}

func (t *Trip) Fields(f *orm.Fields) { orm.M2M(f, &t.Countries).Related("trips") }

type keyed struct{}

func (keyed) Name() string  { return "keyed" }
func (keyed) Models() []any { return []any{&Country{}, &City{}, &Trip{}} }

func TestKeysOfOtherTypes(t *testing.T) {
	t.Parallel()
	db := ormtest.Open(t, keyed{})
	first, second := fresh(), fresh()
	for _, obj := range []any{
		&Country{Code: "fi", Name: "Suomi"}, &Country{Code: "se", Name: "Sverige"}, &City{Name: "Turku", CountryID: "fi"}, &City{Name: "Umeå", CountryID: "se"},
		&City{Name: "Vasa", CountryID: "fi"}, &Trip{ID: first, Name: "north"}, &Trip{ID: second, Name: "east"},
	} {
		if err := db.SkipValidation().Create(t.Context(), obj); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Related(&Trip{ID: first}, "countries").Add(t.Context(), "fi", "se"); err != nil {
		t.Fatal(err)
	}
	if err := db.Related(&Trip{ID: second}, "countries").Add(t.Context(), &Country{Code: "fi"}); err != nil {
		t.Fatal(err)
	}
	countries, err := orm.Objects[Country](db).OrderByNames("code").PrefetchNames("cities").All(t.Context())
	if err != nil || len(countries) != 2 || len(countries[0].Cities) != 2 || countries[1].Cities[0].Name != "Umeå" {
		t.Errorf("countries: %+v, %v", countries, err)
	}
	cities, err := orm.Objects[City](db).OrderByNames("name").PrefetchNames("country").All(t.Context())
	if err != nil || cities[0].Country == nil || cities[0].Country.Name != "Suomi" || cities[0].Country != cities[2].Country {
		t.Errorf("cities: %+v, %v", cities, err)
	}
	trips, err := orm.Objects[Trip](db).OrderByNames("name").PrefetchNames("countries__cities").All(t.Context())
	if err != nil || len(trips) != 2 || trips[1].ID != first || len(trips[1].Countries) != 2 || len(trips[0].Countries) != 1 || len(trips[0].Countries[0].Cities) != 2 {
		t.Errorf("trips: %+v, %v", trips, err)
	}
	for lookup, tt := range map[string]struct {
		value any
		want  []string
	}{
		"code": {"fi", []string{"fi"}}, "pk__in": {[]string{"fi", "se"}, []string{"fi", "se"}}, "trips": {second, []string{"fi"}},
		"trips__id": {second, []string{"fi"}}, "trips__in": {[]token{first, second}, []string{"fi", "se"}}, "cities__name": {"Vasa", []string{"fi"}},
		"code__startswith": {"s", []string{"se"}}, "cities__country__trips__name": {"east", []string{"fi"}},
	} {
		found, err := orm.Objects[Country](db).Where(lookup, tt.value).OrderByNames("pk").PKs(t.Context())
		var got []string
		for _, key := range found {
			got = append(got, key.(string))
		}
		if err != nil || !slices.Equal(got, tt.want) {
			t.Errorf("%s: %v, %v; want %v", lookup, got, err, tt.want)
		}
	}
	bulk, err := orm.ByKey(t.Context(), orm.Objects[Trip](db), first, fresh())
	if err != nil || len(bulk) != 1 || bulk[first].Name != "north" {
		t.Errorf("in bulk: %v, %v", bulk, err)
	}
	if _, err := orm.Objects[Trip](db).Where("pk", "not hexadecimal").All(t.Context()); err == nil {
		t.Error("an invalid key was accepted")
	}
}

// inner is embedded by value and by pointer.
type inner struct {
	Small int8
	Note  *string
}

type Outer struct {
	B bool
}

// Wide has a column of every type that rows are scanned into in a way of its own.
type Wide struct {
	ID int64
	inner
	*Outer
	I8   int8
	I16  int16
	I32  int32
	U8   uint8
	U16  uint16
	U32  uint32
	U64  uint64
	F32  float32
	F64  float64
	Raw  []byte
	Text sql.NullString
	Num  sql.Null[int64]
	Took time.Duration
	PI   *int
	PB   *bool
	PF   *float64
	PT   *time.Time
	Key  token `gorm:"type:char(32)"`
	Kind kind
	List []string `gorm:"serializer:json"`
}

type kind string

type wideApp struct{}

func (wideApp) Name() string  { return "wide" }
func (wideApp) Models() []any { return []any{&Wide{}} }

func TestScanOfEveryType(t *testing.T) {
	t.Parallel()
	db := ormtest.Open(t, wideApp{})
	i, b, f, note := 7, true, 2.5, "n"
	at := time.Date(2026, 5, 6, 7, 8, 9, 0, time.UTC)
	full := &Wide{
		Outer: &Outer{B: true}, I8: -8, I16: -16, I32: -32, U8: 8, U16: 16, U32: 1 << 31, U64: 1 << 62, F32: 1.5, F64: 3, Raw: []byte{0, 1},
		Text: sql.NullString{String: "x", Valid: true}, Num: sql.Null[int64]{V: 5, Valid: true}, Took: time.Minute, PI: &i, PB: &b, PF: &f, PT: &at,
		Key: fresh(), Kind: "k", List: []string{"a"},
	}
	full.Small, full.Note = 3, &note
	empty := &Wide{Key: fresh()}
	for _, obj := range []*Wide{full, empty} {
		if err := db.SkipValidation().Create(t.Context(), obj); err != nil {
			t.Fatal(err)
		}
	}
	rows, err := orm.Objects[Wide](db).OrderByNames("id").All(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	show := func(w *Wide) string {
		return fmt.Sprint(w.ID, w.I8, w.I16, w.I32, w.U8, w.U16, w.U32, w.U64, w.F32, w.F64, w.Raw, w.Text, w.Num, w.Took, w.Key, w.Kind, w.List, w.PI == nil, w.PB == nil, w.PF == nil, w.PT == nil)
	}
	if got, want := show(rows[0]), show(full); got != want || *rows[0].PI != 7 || !*rows[0].PB || *rows[0].PF != 2.5 || !rows[0].PT.Equal(at) || rows[0].Outer == nil || !rows[0].B {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got, want := show(rows[1]), show(empty); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if _, err := db.Exec(t.Context(), "UPDATE wide_wide SET i8 = 300"); err != nil {
		t.Fatal(err)
	}
	if _, err := orm.Objects[Wide](db).All(t.Context()); err == nil {
		t.Error("300 was read into an int8")
	}
}
