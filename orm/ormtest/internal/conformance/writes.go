package conformance

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strconv"
	"testing"
	"time"

	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/dynamic"
)

// testArithmetic checks that decimals are exact to 15 digits and whole numbers are divided as such.
func testArithmetic(t *testing.T, s suite) {
	db := s.models(t)
	create(t, db, &Record{Code: "a", Count: 7, Small: 2, Price: ptr("0.10"), Ratio: 7.5})
	for name, test := range map[string]struct {
		expression dynamic.Expression
		want       any
	}{
		"sum of decimals":      {dynamic.F("price").Add("0.20"), "0.30"},
		"product of decimals":  {dynamic.F("price").Mul(3), "0.30"},
		"whole division":       {dynamic.F("count").Div(dynamic.F("small")), int64(3)},
		"remainder":            {dynamic.F("count").Mod(dynamic.F("small")), int64(1)},
		"difference":           {dynamic.F("count").Sub(10), int64(-3)},
		"floats":               {dynamic.F("ratio").Mul(2), 15.0},
		"remainder of a float": {dynamic.F("ratio").Mod(2), 1.5},
	} {
		rows, err := dynamic.From(db, "driver.Record").Annotate("result", test.expression).Values(t.Context(), "result")
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := rows[0]["result"]; fmt.Sprint(got) != fmt.Sprint(test.want) {
			t.Errorf("%s: got %v (%T), want %v", name, got, got, test.want)
		}
	}
}

// testBoundaries checks that the least and greatest values of each type come back as they were.
func testBoundaries(t *testing.T, s suite) {
	db := s.models(t)
	for i, want := range []Record{
		{Count: math.MaxInt64, Small: math.MaxInt16, Price: ptr("99999999.99"), Ratio: math.MaxFloat64, Active: true},
		{Count: -999, Small: math.MinInt16, Price: ptr("-99999999.99"), Ratio: -math.MaxFloat64},
		{Ratio: math.SmallestNonzeroFloat64, Price: ptr("0.00"), Blob: []byte{}, Text: ptr("")},
		{
			Ratio: 0.1, Price: ptr("0.01"), Blob: []byte{0, 1, 127, 128, 255},
			At: ptr(time.Date(9998, 12, 31, 23, 59, 59, 999999000, time.UTC)),
		},
		{At: ptr(time.Date(1, 1, 2, 0, 0, 0, 1000, time.UTC)), Day: ptr(time.Date(9998, 12, 31, 0, 0, 0, 0, time.UTC))},
	} {
		want.Code = strconv.Itoa(i)
		r := want
		create(t, db, &r)
		got, err := records(db).Where("code", want.Code).Get(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if got.Count != want.Count || got.Small != want.Small || got.Ratio != want.Ratio || got.Active != want.Active ||
			string(got.Blob) != string(want.Blob) ||
			!same(got.Price, want.Price) || !same(got.Text, want.Text) || !sameTime(got.At, want.At) || !sameTime(got.Day, want.Day) {
			t.Errorf("got %+v\nwant %+v", got, want)
		}
	}
	wantCodes(t, "a number beyond the column", records(db).Where("small__gt", 1<<40), nil)
	wantCodes(t, "the greatest number", records(db).Where("count", int64(math.MaxInt64)), []string{"0"})
}

func same(a, b *string) bool { return (a == nil) == (b == nil) && (a == nil || *a == *b) }

func sameTime(a, b *time.Time) bool { return (a == nil) == (b == nil) && (a == nil || a.Equal(*b)) }

// testAssignments checks that a computed value that the column cannot hold is refused, and changes nothing.
func testAssignments(t *testing.T, s suite) {
	db := s.models(t)
	create(t, db, &Record{Code: "a", Count: 5, Small: 30000, Price: ptr("99999999.50")})
	all := dynamic.From(db, "driver.Record")
	if _, err := all.Update(t.Context(), map[string]any{
		"count": dynamic.F("count").Add(1),
		"price": dynamic.F("price").Sub("0.25"),
	}); err != nil {
		t.Fatal(err)
	}
	for name, set := range map[string]map[string]any{
		"a small number":         {"small": dynamic.F("small").Add(30000)},
		"a decimal":              {"price": dynamic.F("price").Add("1.00")},
		"more than a big number": {"count": dynamic.F("count").Add(math.MaxInt64)},
	} {
		if _, err := all.Update(t.Context(), set); err == nil {
			t.Errorf("%s out of range was stored", name)
		}
	}
	r, err := records(db).Get(t.Context())
	if err != nil || r.Count != 6 || r.Small != 30000 || *r.Price != "99999999.25" {
		t.Errorf("got %+v, %v", r, err)
	}
}

// testInsertedKeys checks that objects get the keys that the database assigned, one by one and in bulk.
func testInsertedKeys(t *testing.T, s suite) {
	db := s.models(t)
	one := &Record{Code: "one"}
	if err := db.Create(t.Context(), one); err != nil || one.ID == 0 {
		t.Fatalf("key %d, error %v", one.ID, err)
	}
	list := make([]*Record, 300)
	for i := range list {
		list[i] = &Record{Code: strconv.Itoa(i)}
	}
	create(t, db, list...)
	for _, r := range list {
		found, err := records(db).Where("pk", r.ID).Get(t.Context())
		if err != nil || found.Code != r.Code {
			t.Fatalf("key %d of %s leads to %v (%v)", r.ID, r.Code, found, err)
		}
	}
	chosen := &Record{ID: one.ID + 10_000, Code: "chosen"}
	if err := db.Create(t.Context(), chosen); err != nil || chosen.ID != one.ID+10_000 {
		t.Errorf("a key of the program: %d, %v", chosen.ID, err)
	}
}

func testDefaultValues(t *testing.T, s suite) {
	db := s.open(t)
	w := dialect.NewWriter(db.Dialect())
	w.Text("CREATE TABLE ")
	w.Name("plain")
	w.Text(" (n integer DEFAULT 7)")
	exec(t, db, w)
	w = dialect.NewWriter(db.Dialect())
	w.Text("INSERT INTO ")
	w.Name("plain")
	w.DefaultValues()
	exec(t, db, w)
	if got := number(t, db, "SELECT n FROM plain"); got != 7 {
		t.Errorf("got %d", got)
	}
}

func testConflicts(t *testing.T, s suite) {
	db := s.open(t)
	w := dialect.NewWriter(db.Dialect())
	w.Text("CREATE TABLE pair (a integer NOT NULL PRIMARY KEY, b integer NOT NULL)")
	exec(t, db, w)
	insert := func(a, b int, c dialect.Conflict) {
		w := dialect.NewWriter(db.Dialect())
		w.Text("INSERT INTO pair (a, b) VALUES (")
		w.Bind(a)
		w.Text(", ")
		w.Bind(b)
		w.Text(")")
		w.OnConflict(c)
		exec(t, db, w)
	}
	insert(1, 1, dialect.Conflict{})
	insert(1, 2, dialect.Conflict{})
	if got := number(t, db, "SELECT b FROM pair"); got != 1 {
		t.Errorf("skipped: got %d", got)
	}
	insert(1, 3, dialect.Conflict{Columns: []string{"a"}, Update: []string{"b"}})
	if got := number(t, db, "SELECT b FROM pair"); got != 3 {
		t.Errorf("updated: got %d", got)
	}
}

// testMatchedRows checks that RowsAffected counts the rows that an UPDATE matches, also those that it does not change.
func testMatchedRows(t *testing.T, s suite) {
	db := s.models(t)
	create(t, db, &Record{Code: "a", Count: 1}, &Record{Code: "b", Count: 2})
	n, err := dynamic.From(db, "driver.Record").Update(t.Context(), map[string]any{"count": 1})
	if err != nil || n != 2 {
		t.Errorf("%d rows, error %v", n, err)
	}
}

func testTransactions(t *testing.T, s suite) {
	db := s.models(t)
	stop := errors.New("stop")
	err := db.Atomic(t.Context(), func(ctx context.Context) error {
		if err := db.Create(ctx, &Record{Code: "lost"}); err != nil {
			return err
		}
		if n, err := records(db).Count(ctx); err != nil || n != 1 {
			t.Errorf("inside: %d rows, error %v", n, err)
		}
		if n, err := records(db).Count(t.Context()); err != nil || n != 0 {
			t.Errorf("outside: %d rows, error %v", n, err)
		}
		return stop
	})
	if !errors.Is(err, stop) {
		t.Errorf("got %v", err)
	}
	if err := db.Atomic(t.Context(), func(ctx context.Context) error { return db.Create(ctx, &Record{Code: "kept"}) }); err != nil {
		t.Error(err)
	}
	wantCodes(t, "kept", records(db), []string{"kept"})
}

// testSavepoints checks that a statement that fails inside a nested Atomic leaves the outer transaction usable.
func testSavepoints(t *testing.T, s suite) {
	db := s.models(t)
	err := db.Atomic(t.Context(), func(ctx context.Context) error {
		if err := db.Create(ctx, &Record{Code: "outer"}); err != nil {
			return err
		}
		inner := db.Atomic(ctx, func(ctx context.Context) error {
			if err := db.Create(ctx, &Record{Code: "inner"}); err != nil {
				return err
			}
			return db.SkipValidation().Create(ctx, &Record{Code: "outer"})
		})
		if _, ok := errors.AsType[*orm.IntegrityError](inner); !ok {
			t.Errorf("the nested transaction: %v", inner)
		}
		return db.Create(ctx, &Record{Code: "after"})
	})
	if err != nil {
		t.Fatal(err)
	}
	wantCodes(t, "records", records(db), []string{"after", "outer"})
}
