package conformance

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/quintetgo/quintet/framework/message"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/migrate"
)

type eventApp struct{}

func (eventApp) Name() string  { return "event" }
func (eventApp) Models() []any { return []any{&Event{}} }

// Event has constraints of every kind that all databases share.
type Event struct {
	ID    int64
	Slug  string    `gorm:"size:40"`
	Title string    `gorm:"size:40"`
	Room  string    `gorm:"size:40"`
	Code  *string   `gorm:"size:40;unique"`
	Day   time.Time `gorm:"type:date"`
	Seats int64
	Sold  uint32
	At    time.Time
}

// Fields implements orm's Fielder.
func (e *Event) Fields(f *orm.Fields) {
	orm.Describe(f, &e.Slug).UniqueForMonth("day")
	orm.Describe(f, &e.Title).UniqueForDate("at").Blank()
}

// Meta implements orm's Metaer.
func (Event) Meta() orm.Meta {
	return orm.Meta{
		Unique: []orm.Unique{{Fields: []string{"room", "day"}, Message: "The room is taken on that day."}},
		Checks: []orm.Check{
			{Name: "event_sold_max", SQL: `"sold" <= seats`, Message: "There are not enough seats."},
			{Name: "event_seats_min", SQL: "event_event.seats > 0"},
		},
	}
}

func event(slug, room string, day int) *Event {
	at := time.Date(2026, 3, day, 20, 0, 0, 0, time.UTC)
	return &Event{Slug: slug, Room: room, Day: at.Truncate(24 * time.Hour), Seats: 10, At: at, Title: slug}
}

// said returns the messages of an error by field, sorted.
func said(err error) string {
	byField, ok := errors.AsType[interface {
		error
		FieldErrors() map[string][]message.Message
	}](err)
	if !ok {
		return fmt.Sprint(err)
	}
	var lines []string
	for _, name := range slices.Sorted(maps.Keys(byField.FieldErrors())) {
		for _, m := range byField.FieldErrors()[name] {
			lines = append(lines, name+": "+m.String())
		}
	}
	return strings.Join(lines, "\n")
}

// testConstraints compares what is reported about an object before and while it is written.
func testConstraints(t *testing.T, s suite) {
	db := s.open(t)
	if err := errors.Join(migrate.Register(db, eventApp{}), migrate.CreateTables(t.Context(), db)); err != nil {
		t.Fatal(err)
	}
	first := event("talk", "A", 5)
	first.Code = ptr("x")
	if err := db.Create(t.Context(), first); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		change func(e *Event)
		want   string
		kind   orm.IntegrityKind
	}{
		"nothing":         {func(*Event) {}, "<nil>", 0},
		"a unique field":  {func(e *Event) { e.Code = ptr("x") }, "code: A event with this code already exists.", orm.IntegrityUnique},
		"unique together": {func(e *Event) { e.Room, e.Day = "A", first.Day }, ": The room is taken on that day.", orm.IntegrityUnique},
		"a check":         {func(e *Event) { e.Sold = 11 }, ": There are not enough seats.", orm.IntegrityCheck},
		"a check of one field": {
			func(e *Event) { e.Seats = -1 }, ": There are not enough seats.\nseats: This value is not allowed.", orm.IntegrityCheck,
		},
		"several": {
			func(e *Event) { e.Code, e.Sold = ptr("x"), 11 },
			": There are not enough seats.\ncode: A event with this code already exists.", orm.IntegrityOther,
		},
		"the same month": {func(e *Event) { e.Slug = "talk" }, "slug: A event in the same month of Day already has this Slug.", 0},
		"another month":  {func(e *Event) { e.Slug, e.Day = "talk", first.Day.AddDate(0, 1, 0) }, "<nil>", 0},
		"the same month of another year": {
			func(e *Event) { e.Slug, e.Day = "talk", first.Day.AddDate(1, 0, 0) }, "<nil>", 0,
		},
		"the same date": {
			func(e *Event) { e.Title, e.At = "talk", first.At.Add(3*time.Hour) },
			"title: A event with the same At already has this Title.", 0,
		},
	} {
		t.Run(name, func(t *testing.T) {
			e := event("other", "B", 9)
			test.change(e)
			if got := said(db.Validate(t.Context(), e)); got != test.want {
				t.Errorf("Validate: got %s, want %s", got, test.want)
			}
			err := db.Create(t.Context(), e)
			if got := said(err); got != test.want {
				t.Errorf("Create: got %s, want %s", got, test.want)
			}
			broken, ok := errors.AsType[*orm.IntegrityError](err)
			if ok != (test.kind != 0 || name == "several") || ok && name != "several" && broken.Kind != test.kind {
				t.Errorf("Create: got the error %v", err)
			}
			if e.ID != 0 && test.want == "<nil>" {
				if err := db.Save(t.Context(), e); err != nil {
					t.Errorf("Save of the same object: %v", err)
				}
				if _, err := db.Delete(t.Context(), e); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

// testConstraintsInTransactions goes on with a transaction after a constraint was reported.
func testConstraintsInTransactions(t *testing.T, s suite) {
	db := s.open(t)
	if err := errors.Join(migrate.Register(db, eventApp{}), migrate.CreateTables(t.Context(), db)); err != nil {
		t.Fatal(err)
	}
	err := db.Atomic(t.Context(), func(ctx context.Context) error {
		if err := db.Create(ctx, event("a", "A", 1)); err != nil {
			return err
		}
		wrong := event("b", "A", 1)
		if got := said(db.Create(ctx, wrong)); got != ": The room is taken on that day." {
			t.Errorf("got %s", got)
		}
		wrong.Room = "B"
		return db.Create(ctx, wrong)
	})
	if n, count := orm.Objects[Event](db).Count(t.Context()); err != nil || n != 2 || count != nil {
		t.Errorf("%d rows, errors %v, %v", n, err, count)
	}
	wrong := event("c", "A", 1)
	unchecked := db.SkipValidation().Create(t.Context(), wrong)
	if broken, ok := errors.AsType[*orm.IntegrityError](unchecked); !ok || broken.Invalid != nil {
		t.Errorf("SkipValidation evaluates the constraints: %v", unchecked)
	}
	if got := said(db.ValidateConstraints(t.Context(), wrong, "seats")); got != "<nil>" {
		t.Errorf("the constraints of one field: %s", got)
	}
	if _, ok := errors.AsType[*orm.LookupError](db.ValidateConstraints(t.Context(), wrong, "seat")); !ok {
		t.Error("an unknown field is no error")
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
