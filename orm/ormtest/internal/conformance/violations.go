package conformance

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/quintetgo/quintet/framework/check"
	"github.com/quintetgo/quintet/framework/message"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/dynamic"
	"github.com/quintetgo/quintet/orm/migrate"
	"github.com/quintetgo/quintet/orm/migrate/operations"
)

// testViolations checks that every kind of broken constraint is recognized, with the fields or the name of the constraint.
func testViolations(t *testing.T, s suite) {
	db := s.models(t)
	create(t, db, &Record{Code: "a", Small: 1, Count: 1})
	sql := func(text string) error { _, err := db.Exec(t.Context(), text); return err }
	blind := db.SkipValidation()
	for name, test := range map[string]struct {
		err    error
		kind   orm.IntegrityKind
		fields []string // that the error names, where the database reports them
	}{
		"unique": {blind.Create(t.Context(), &Record{Code: "a"}), orm.IntegrityUnique, []string{"code"}},
		"unique together": {
			blind.Create(t.Context(), &Record{Code: "b", Small: 1, Count: 1}), orm.IntegrityUnique,
			[]string{"small", "count"},
		},
		"primary key": {blind.Create(t.Context(), &Record{ID: 1, Code: "c"}), orm.IntegrityUnique, []string{"id"}},
		"foreign key": {blind.Create(t.Context(), &Record{Code: "d", OwnerID: ptr(int64(99))}), orm.IntegrityForeignKey, nil},
		"check":       {blind.Create(t.Context(), &Record{Code: "e", Count: -5000}), orm.IntegrityCheck, nil},
		"not null":    {sql("UPDATE driver_record SET code = NULL"), orm.IntegrityNotNull, []string{"code"}},
	} {
		e, ok := errors.AsType[*orm.IntegrityError](test.err)
		if !ok {
			t.Errorf("%s: got %v, want an IntegrityError", name, test.err)
			continue
		}
		slices.Sort(e.Fields)
		slices.Sort(test.fields)
		if e.Kind != test.kind || test.fields != nil && !slices.Equal(e.Fields, test.fields) || e.Err == nil {
			t.Errorf("%s: got %s of %v (%v), want %s of %v", name, e.Kind, e.Fields, e.Err, test.kind, test.fields)
		}
		if e.Kind == orm.IntegrityCheck && e.Constraint != "driver_record_count_min" {
			t.Errorf("%s: the constraint is called %q", name, e.Constraint)
		}
		if test.fields != nil && (e.Model == nil || e.Model.Name != "Record") {
			t.Errorf("%s: the model is %v", name, e.Model)
		}
	}
	wantCodes(t, "records", records(db), []string{"a"})
}

func testOtherErrors(t *testing.T, s suite) {
	db := s.models(t)
	for _, text := range []string{
		"INSERT INTO nowhere VALUES (1)", "SELECT no_column FROM driver_record", "INSERT INTO driver_record",
		"nonsense",
	} {
		_, err := db.Exec(t.Context(), text)
		if _, ok := errors.AsType[*orm.IntegrityError](err); err == nil || ok {
			t.Errorf("%s: got %v", text, err)
		}
	}
}

// unstorable are values that no database stores, with the field that they are for.
func unstorable() map[string]struct {
	field string
	value any
	set   func(r *Record)
} {
	type refusal = struct {
		field string
		value any
		set   func(r *Record)
	}
	text := func(s string) refusal { return refusal{"text", s, func(r *Record) { r.Text = ptr(s) }} }
	price := func(s string) refusal { return refusal{"price", s, func(r *Record) { r.Price = ptr(s) }} }
	ratio := func(f float64) refusal { return refusal{"ratio", f, func(r *Record) { r.Ratio = f }} }
	at := func(v time.Time) refusal { return refusal{"at", v, func(r *Record) { r.At = &v }} }
	data := func(s string) refusal {
		return refusal{"data", json.RawMessage(s), func(r *Record) { r.Data = ptr(json.RawMessage(s)) }}
	}
	long := strings.Repeat("ä", 41)
	return map[string]refusal{
		"NUL in text":             text("a\x00b"),
		"invalid UTF-8":           text("a\xffb"),
		"half a character":        text("日"[:2]),
		"a long text":             {"code", long, func(r *Record) { r.Code = long }},
		"a long text of spaces":   {"code", "a" + strings.Repeat(" ", 60), func(r *Record) { r.Code = "a" + strings.Repeat(" ", 60) }},
		"a large decimal":         price("123456789.00"),
		"a decimal with exponent": price("1e99"),
		"a decimal that is text":  price("twelve"),
		"an infinite float":       ratio(math.Inf(1)),
		"no number":               ratio(math.NaN()),
		"the year 10000":          at(time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)),
		"the year 0":              at(time.Date(0, 12, 31, 0, 0, 0, 0, time.UTC)),
		"broken JSON":             data(`{"a":`),
		"NUL in JSON":             data(`"\u0000"`),
		"half a pair in JSON":     data(`"\ud83d"`),
		"JSON in invalid UTF-8":   data("\"\xff\""),
	}
}

// testRefused checks that values that a database could not return are refused in every kind of write, also without
// validation, and that nothing is stored in their place.
func testRefused(t *testing.T, s suite) {
	db := s.models(t)
	blind := db.SkipValidation()
	kept := &Record{Code: "kept", Text: ptr("as it was")}
	create(t, db, kept)
	for name, test := range unstorable() {
		r := &Record{Code: "new"}
		test.set(r)
		if err := blind.Create(t.Context(), r); err == nil {
			t.Errorf("%s: Create stored it", name)
			if _, err := records(db).Where("id", r.ID).Delete(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		many := []*Record{{Code: "first"}, {Code: "second"}}
		test.set(many[1])
		if err := blind.CreateAll(t.Context(), many); err == nil {
			t.Errorf("%s: CreateAll stored it", name)
			if _, err := records(db).WhereNot("id", kept.ID).Delete(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		changed := *kept
		test.set(&changed)
		if err := blind.Save(t.Context(), &changed); err == nil {
			t.Errorf("%s: Save stored it", name)
		}
		_, err := dynamic.From(db, "driver.Record").Update(t.Context(), map[string]any{test.field: test.value})
		if err == nil {
			t.Errorf("%s: Update stored it", name)
		}
		found, err := records(db).Get(t.Context())
		if err != nil || found.Code != "kept" || *found.Text != "as it was" || found.Price != nil || found.Data != nil {
			t.Errorf("%s: afterwards there is %+v, %v", name, found, err)
			if err := blind.Save(t.Context(), kept); err != nil {
				t.Fatal(err)
			}
		}
	}
}

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

func testComments(t *testing.T, s suite) {
	db := s.options(t)
	if !dialect.Has(db.Dialect(), dialect.Comments) {
		if problems := db.Check(); !slices.ContainsFunc(problems, func(p check.Problem) bool { return p.ID == "orm.W020" }) {
			t.Errorf("no check reports that the comments are not stored: %v", problems)
		}
		return
	}
	comments := map[string]string{}
	for _, c := range table(t, db, "option_probe").Columns {
		comments[c.Name] = c.Comment
	}
	if comments["count"] != "how many" || comments["level"] != "low, normal or high" || comments["label"] != "" {
		t.Errorf("got %v", comments)
	}
}

// testColumnChanges adds and changes columns with options, and undoes it.
func testColumnChanges(t *testing.T, s suite) {
	for name, op := range map[string]operations.Operation{
		"add a generated column":    operations.AddField{Model: "Book", Field: operations.Char("short", 40).Null().Generated("lower(title)")},
		"add an unsigned column":    operations.AddField{Model: "Book", Field: operations.Uint("copies").Backfill(1)},
		"become unsigned":           operations.AlterField{Model: "Book", Field: operations.Uint("pages").Null()},
		"comment":                   operations.AlterField{Model: "Book", Field: operations.Char("title", 40).Comment("it's \"the\" title")},
		"add bytes of limited size": operations.AddField{Model: "Book", Field: operations.Binary("digest").Size(16).Null()},
	} {
		t.Run(name, func(t *testing.T) {
			db := s.open(t)
			history := steps(start(), []operations.Operation{op})
			if err := migrate.Up(t.Context(), db, history); err != nil {
				t.Fatal(err)
			}
			rows := table(t, db, "lib_book")
			if err := migrate.To(t.Context(), db, "lib", "0001", history); err != nil {
				t.Fatal(err)
			}
			if err := migrate.Up(t.Context(), db, history); err != nil {
				t.Fatal(err)
			}
			if again := table(t, db, "lib_book"); shape(again) != shape(rows) {
				t.Errorf("got %s, want %s", shape(again), shape(rows))
			}
		})
	}
}
