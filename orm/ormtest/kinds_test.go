package ormtest_test

import (
	"reflect"
	"testing"
	"time"

	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/ormtest"
)

// Everything has a field of every kind, with and without NULL.
type Everything struct {
	ID       int64
	Small    int16
	Int      int32
	Big      int64
	Unsigned uint32
	Bool     bool
	BoolNull *bool
	Float    float64
	Price    float64 `gorm:"type:decimal(8,2)"`
	Char     string  `gorm:"size:20"`
	CharNull *string `gorm:"size:20"`
	Text     string  `gorm:"type:text"`
	At       time.Time
	AtNull   *time.Time
	Day      time.Time `gorm:"type:date"`
	Took     time.Duration
	Raw      []byte
	Data     map[string]any `gorm:"serializer:json"`
	Digits   string         `gorm:"type:uuid"`
}

type Parent struct {
	Code string `gorm:"primaryKey;size:10"`
	Name string `gorm:"size:20;check:name <> ''"`
}

type Child struct {
	ID         int64
	ParentCode string
	Parent     *Parent `gorm:"foreignKey:ParentCode"`
	First      int     `gorm:"uniqueIndex:once"`
	Second     int     `gorm:"uniqueIndex:once;index:,sort:desc"`
	Friends    []Child `gorm:"many2many:kinds_child_friends"`
}

func (c *Child) Fields(f *orm.Fields) {
	orm.FK(f, &c.Parent).OnDelete(orm.Protect)
	orm.M2M(f, &c.Friends).OneWay()
}

type kinds struct{}

func (kinds) Name() string  { return "kinds" }
func (kinds) Models() []any { return []any{&Everything{}, &Parent{}, &Child{}} }

func TestValuesComeBackAsTheyWere(t *testing.T) {
	t.Parallel()
	db := ormtest.Open(t, kinds{})
	ctx := t.Context()
	yes, text := true, "123"
	at := time.Date(2026, 1, 2, 3, 4, 5, 678901000, time.FixedZone("", 3600)).UTC()
	full := &Everything{
		Small: -7, Int: 1 << 30, Big: 1 << 60, Unsigned: 1 << 31, Bool: true, BoolNull: &yes, Float: 0.1, Price: 12.34, Char: "007", CharNull: &text,
		Text: "1e5", At: at, AtNull: &at, Day: time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC), Took: 90 * time.Second, Raw: []byte{0, 255}, Data: map[string]any{"a": "1"},
		Digits: "12345678-1234-4234-8234-123456789012",
	}
	empty := &Everything{At: at, Day: full.Day, Raw: []byte{}, Digits: "00000000-0000-4000-8000-000000000000"}
	for _, want := range []*Everything{full, empty} {
		if err := db.SkipValidation().Create(ctx, want); err != nil {
			t.Fatal(err)
		}
		got, err := orm.Objects[Everything](db).Where("id", want.ID).Get(ctx)
		if err != nil {
			t.Fatal(err)
		}
		got.Raw = append([]byte{}, got.Raw...)
		if len(got.Data) == 0 {
			got.Data = want.Data
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("got  %+v\nwant %+v", got, want)
		}
	}
	for column, want := range map[string]string{"bool": "integer", "char": "text", "char_null": "text", "text": "text", "at": "text", "day": "text", "took": "integer", "price": "real", "digits": "text", "data": "text", "raw": "blob"} {
		rows, err := db.Query(ctx, `SELECT typeof(`+column+`) FROM kinds_everything WHERE id = 1`)
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			var got string
			if err := rows.Scan(&got); err != nil || got != want {
				t.Errorf("column %s is stored as %s, want %s (%v)", column, got, want, err)
			}
		}
		rows.Close()
	}
}

func TestConstraintsAreKept(t *testing.T) {
	t.Parallel()
	db := ormtest.Open(t, kinds{})
	for _, tc := range []struct {
		statement string
		works     bool
	}{
		{`INSERT INTO kinds_parent (code, name) VALUES ('a', 'A')`, true},
		{`INSERT INTO kinds_parent (code, name) VALUES ('a', 'B')`, false},
		{`INSERT INTO kinds_parent (code, name) VALUES ('b', '')`, false},
		{`INSERT INTO kinds_child (parent_code, first, second) VALUES ('a', 1, 1)`, true},
		{`INSERT INTO kinds_child (parent_code, first, second) VALUES ('a', 1, 1)`, false},
		{`INSERT INTO kinds_child (parent_code, first, second) VALUES ('a', 1, 2)`, true},
		{`INSERT INTO kinds_child (parent_code, first, second) VALUES ('x', 2, 2)`, false},
		{`INSERT INTO kinds_child (parent_code, first) VALUES ('a', 3)`, false},
	} {
		if _, err := db.Exec(t.Context(), tc.statement); (err == nil) != tc.works {
			t.Errorf("%s: %v", tc.statement, err)
		}
	}
}
