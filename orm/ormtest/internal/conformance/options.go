package conformance

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/dynamic"
	"github.com/quintetgo/quintet/orm/migrate"
)

// optionApp has the models with options of columns and constraints.
type optionApp struct{}

func (optionApp) Name() string  { return "option" }
func (optionApp) Models() []any { return []any{&Probe{}, &Tiny{}, &Short{}} }

// Probe has columns that the database fills, computes or checks.
type Probe struct {
	ID      int64
	Host    netip.Addr
	Gateway string
	Hits    uint32
	Price   string  `gorm:"type:decimal(8,2)"`
	Count   int64   `gorm:"comment:how many"`
	Total   string  `gorm:"type:decimal(12,2)"`
	Label   string  `gorm:"size:40"`
	Folded  string  `gorm:"size:40"`
	Digest  []byte  `gorm:"size:4"`
	Level   string  `gorm:"size:10"`
	Weight  float64 `gorm:"<-:create"`
	Seen    time.Time
}

// Fields implements orm's Fielder.
func (p *Probe) Fields(f *orm.Fields) {
	orm.Describe(f, &p.Gateway).IPv4().Blank()
	orm.Describe(f, &p.Total).Generated("price * count", true)
	orm.Describe(f, &p.Folded).Generated("lower(label)", true)
	orm.Describe(f, &p.Digest).Blank()
	orm.Describe(f, &p.Level).DBDefault("'normal'").Comment("low, normal or high")
	orm.Describe(f, &p.Seen).DBDefault("CURRENT_TIMESTAMP")
}

// Tiny has a key of 16 bits.
type Tiny struct {
	ID   int16
	Name string `gorm:"size:10"`
}

// Short has a key of 32 bits and a reference to one of 16.
type Short struct {
	ID     int32
	TinyID int16
	Tiny   *Tiny
}

// Fields implements orm's Fielder.
func (s *Short) Fields(f *orm.Fields) { orm.FK(f, &s.Tiny).OnDelete(orm.Cascade) }

func (s suite) options(t *testing.T) *orm.DB {
	t.Helper()
	db := s.open(t)
	if err := migrate.Register(db, optionApp{}); err != nil {
		t.Fatal(err)
	}
	if err := migrate.CreateTables(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	return db
}

func probe(label string) *Probe {
	return &Probe{Host: netip.MustParseAddr("2001:DB8::1"), Price: "2.50", Count: 3, Label: label, Weight: 1.5}
}

func testGenerated(t *testing.T, s suite) {
	db := s.options(t)
	p := probe("Up")
	if err := db.Create(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	if p.Total != "7.50" || p.Folded != "up" {
		t.Errorf("after Create the generated fields are %q and %q", p.Total, p.Folded)
	}
	p.Count, p.Label = 4, "DOWN"
	if err := db.Save(t.Context(), p); err != nil || p.Total != "10.00" || p.Folded != "down" {
		t.Errorf("after Save the generated fields are %q and %q, error %v", p.Total, p.Folded, err)
	}
	p.Price = "1.00"
	if err := db.SaveFields(t.Context(), p, "price"); err != nil || p.Total != "4.00" {
		t.Errorf("after SaveFields the total is %q, error %v", p.Total, err)
	}
	others := []*Probe{probe("A"), probe("B")}
	if err := db.CreateAll(t.Context(), others); err != nil || others[1].Folded != "b" || others[0].Total != "7.50" {
		t.Errorf("after CreateAll: %+v, error %v", *others[1], err)
	}
	if n, err := orm.Objects[Probe](db).Where("total__gt", "7.00").Count(t.Context()); n != 2 || err != nil {
		t.Errorf("%d rows have a total above 7, error %v", n, err)
	}
	_, err := dynamic.From(db, "option.Probe").Update(t.Context(), map[string]any{"total": "1.00"})
	if err == nil || !strings.Contains(err.Error(), "the database computes it") {
		t.Errorf("Update of a generated field: %v", err)
	}
}

func testDatabaseDefaults(t *testing.T, s suite) {
	db := s.options(t)
	p, given := probe("a"), probe("b")
	given.Level = "high"
	if err := db.CreateAll(t.Context(), []*Probe{p, given}); err != nil {
		t.Fatal(err)
	}
	if p.Level != "normal" || given.Level != "high" || time.Since(p.Seen).Abs() > time.Hour || p.Seen.Location() != time.UTC {
		t.Errorf("got %q, %q, %v", p.Level, given.Level, p.Seen)
	}
}

// testPermissions writes a column only when its row is inserted.
func testPermissions(t *testing.T, s suite) {
	db := s.options(t)
	p := probe("a")
	if err := db.Create(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	p.Weight, p.Label = 9, "b"
	if err := db.Save(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	if err := db.Refresh(t.Context(), p); err != nil || p.Weight != 1.5 || p.Label != "b" {
		t.Errorf("got %v and %q, error %v", p.Weight, p.Label, err)
	}
	if err := db.SaveFields(t.Context(), p, "weight"); err == nil || !strings.Contains(err.Error(), "cannot be changed") {
		t.Errorf("SaveFields: %v", err)
	}
}

func testUnsigned(t *testing.T, s suite) {
	db := s.options(t)
	p := probe("a")
	if err := db.Create(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	w := dialect.NewWriter(db.Dialect())
	w.Text("UPDATE ")
	w.Name("option_probe")
	w.Text(" SET ")
	w.Name("hits")
	w.Text(" = -1")
	_, err := db.Exec(t.Context(), w.SQL())
	broken, ok := errors.AsType[*orm.IntegrityError](err)
	if !ok || broken.Kind != orm.IntegrityCheck {
		t.Errorf("a negative number in an unsigned column: %v", err)
	}
}

func testAddresses(t *testing.T, s suite) {
	db := s.options(t)
	p := probe("a")
	p.Gateway = "192.168.0.1"
	if err := db.Create(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	for lookup, value := range map[string]any{
		"host": "2001:0db8:0:0::1", "host__exact": netip.MustParseAddr("2001:db8::1"), "host__startswith": "2001:db8:",
		"gateway__in": []string{"192.168.0.1", "::1"}, "gateway__endswith": ".1",
	} {
		found, err := orm.Objects[Probe](db).Where(lookup, value).First(t.Context())
		if err != nil || found.Host != p.Host || found.Gateway != p.Gateway {
			t.Errorf("%s: got %+v, error %v", lookup, found, err)
		}
	}
	for _, bad := range []string{"::1", "192.168.0", "192.168.0.1/24", "fe80::1%eth0", "localhost"} {
		wrong := probe("b")
		wrong.Gateway = bad
		invalid, ok := errors.AsType[*orm.ValidationError](db.Create(t.Context(), wrong))
		if !ok || len(invalid.Fields["gateway"]) != 1 {
			t.Errorf("%s: %v", bad, invalid)
		}
	}
	if _, err := orm.Objects[Probe](db).Where("host", "nowhere").Count(t.Context()); err == nil {
		t.Error("a text that is no address was compared with one")
	}
}

func testBinarySize(t *testing.T, s suite) {
	db := s.options(t)
	p := probe("a")
	p.Digest = []byte{0, 255, 1, 2}
	if err := db.Create(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	if found, err := orm.Objects[Probe](db).Where("digest", p.Digest).Get(t.Context()); err != nil || !slices.Equal(found.Digest, p.Digest) {
		t.Errorf("got %v, error %v", found, err)
	}
	p.Digest = append(p.Digest, 3)
	if invalid, ok := errors.AsType[*orm.ValidationError](db.Save(t.Context(), p)); !ok || len(invalid.Fields["digest"]) != 1 {
		t.Errorf("5 bytes in a column of 4: %v", invalid)
	}
}

func testSmallKeys(t *testing.T, s suite) {
	db := s.options(t)
	tiny := &Tiny{Name: "a"}
	if err := db.Create(t.Context(), tiny); err != nil {
		t.Fatal(err)
	}
	list := []*Short{{Tiny: tiny}, {Tiny: tiny}}
	if err := db.CreateAll(t.Context(), list); err != nil || tiny.ID == 0 || list[1].ID == list[0].ID {
		t.Fatalf("keys %d, %d and %d, error %v", tiny.ID, list[0].ID, list[1].ID, err)
	}
	if n, err := orm.Objects[Short](db).Where("tiny__name", "a").Count(t.Context()); n != 2 || err != nil {
		t.Errorf("%d rows, error %v", n, err)
	}
}

type accountApp struct{ model any }

func (accountApp) Name() string    { return "account" }
func (a accountApp) Models() []any { return []any{a.model} }

type (
	// Partial has a constraint of some rows.
	Partial struct {
		ID     int64
		Email  string `gorm:"size:40"`
		Active bool
	}
	// Folded has a constraint of an expression.
	Folded struct {
		ID    int64
		Email string `gorm:"size:40"`
		Team  string `gorm:"size:40"`
	}
	// Distinct has a constraint in which NULL equals NULL.
	Distinct struct {
		ID    int64
		Email *string `gorm:"size:40"`
	}
	// Late has a constraint that is checked when the transaction ends.
	Late struct {
		ID    int64
		Place int64
	}
	// Covered has an index with a further column.
	Covered struct {
		ID    int64
		Email string `gorm:"size:40"`
		Team  string `gorm:"size:40"`
	}
)

// Meta implements orm's Metaer.
func (Partial) Meta() orm.Meta {
	return orm.Meta{Unique: []orm.Unique{{Fields: []string{"email"}, Where: `"active"`}}}
}

// Meta implements orm's Metaer.
func (Folded) Meta() orm.Meta {
	return orm.Meta{Unique: []orm.Unique{{Fields: []string{"team"}, Expressions: []string{`lower("email")`}}}}
}

// Meta implements orm's Metaer.
func (Distinct) Meta() orm.Meta {
	return orm.Meta{Unique: []orm.Unique{{Fields: []string{"email"}, NullsNotDistinct: true}}}
}

// Meta implements orm's Metaer.
func (Late) Meta() orm.Meta {
	return orm.Meta{Unique: []orm.Unique{{Fields: []string{"place"}, Deferrable: orm.InitiallyDeferred}}}
}

// Meta implements orm's Metaer.
func (Covered) Meta() orm.Meta {
	return orm.Meta{
		Indexes: []orm.Index{{Fields: []string{"email"}, Include: []string{"team"}, OperatorClasses: []string{"varchar_pattern_ops"}, Method: "btree"}},
	}
}

// testOptionalConstraints uses what only some databases have, and expects an error of a check from the others.
func testOptionalConstraints(t *testing.T, s suite) {
	text := func(s string) *string { return &s }
	for _, test := range []struct {
		model    any
		features []dialect.Feature
		good     []any
		bad      any
	}{
		{
			&Partial{},
			[]dialect.Feature{dialect.PartialIndexes},
			[]any{&Partial{Email: "a", Active: true}, &Partial{Email: "a"}, &Partial{Email: "a"}},
			&Partial{Email: "a", Active: true},
		},
		{
			&Folded{},
			[]dialect.Feature{dialect.ExpressionIndexes},
			[]any{&Folded{Email: "a", Team: "x"}, &Folded{Email: "A", Team: "y"}, &Folded{Email: "b", Team: "x"}},
			&Folded{Email: "A", Team: "x"},
		},
		{&Distinct{}, []dialect.Feature{dialect.NullsNotDistinct}, []any{&Distinct{}, &Distinct{Email: text("a")}}, &Distinct{}},
		{&Late{}, []dialect.Feature{dialect.DeferrableUnique}, []any{&Late{Place: 1}, &Late{Place: 2}}, &Late{Place: 1}},
		{&Covered{}, []dialect.Feature{dialect.CoveringIndexes, dialect.OperatorClasses, dialect.IndexMethods}, []any{&Covered{Email: "a", Team: "b"}, &Covered{Email: "a", Team: "b"}}, nil},
	} {
		t.Run(fmt.Sprintf("%T", test.model), func(t *testing.T) {
			db := s.open(t)
			if err := migrate.Register(db, accountApp{test.model}); err != nil {
				t.Fatal(err)
			}
			lacking := 0
			for _, f := range test.features {
				if !dialect.Has(db.Dialect(), f) {
					lacking++
				}
			}
			found := 0
			for _, p := range db.Check() {
				if p.ID == "orm.E055" {
					found++
				}
			}
			if found != lacking {
				t.Errorf("%d problems for %d features that the database lacks: %v", found, lacking, db.Check())
			}
			if lacking > 0 {
				return
			}
			if err := migrate.CreateTables(t.Context(), db); err != nil {
				t.Fatal(err)
			}
			for _, obj := range test.good {
				if err := db.Create(t.Context(), obj); err != nil {
					t.Fatal(err)
				}
			}
			if test.bad == nil {
				return
			}
			if _, ok := errors.AsType[*orm.ValidationError](db.Validate(t.Context(), test.bad)); !ok {
				t.Error("Validate finds nothing wrong")
			}
			if _, ok := errors.AsType[*orm.IntegrityError](db.SkipValidation().Create(t.Context(), test.bad)); !ok {
				t.Error("the database takes it")
			}
		})
	}
}
