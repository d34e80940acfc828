package conformance

import (
	"encoding/json"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/dynamic"
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
