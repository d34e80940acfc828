package conformance

import (
	"errors"
	"slices"
	"testing"

	"github.com/quintetgo/quintet/orm"
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
