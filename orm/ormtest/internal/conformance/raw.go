package conformance

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/dynamic"
)

// testRaw checks statements written by hand: their placeholders, the columns that objects get, and what is refused.
func testRaw(t *testing.T, s suite) {
	db := s.shelf(t)
	ctx := t.Context()
	all, err := orm.Raw[Record](db, "SELECT * FROM driver_record WHERE count BETWEEN ? AND ? AND code <> '?' ORDER BY count DESC -- ?", 2, int16(4)).All(ctx)
	if err != nil || len(all) != 3 || all[0].Code != "d" || all[0].Text == nil || *all[0].Price != "1.50" || orm.DeferredFields(all[0]) != nil {
		t.Fatalf("every column: %+v, %v", all, err)
	}
	first, err := orm.Raw[Record](db, "SELECT count, code, id FROM driver_record WHERE code = ?", "b").First(ctx)
	if err != nil || first.Code != "b" || first.Count != 2 || first.ID == 0 || !slices.Contains(orm.DeferredFields(first), "text") {
		t.Errorf("some columns: %+v, %v", first, err)
	}
	first.Count = 20
	if err := db.Save(ctx, first); err != nil {
		t.Error(err)
	}
	if r, err := records(db).Where("code", "b").Get(ctx); err != nil || r.Text == nil || r.Count != 20 {
		t.Errorf("after Save: %+v, %v", r, err)
	}
	related, err := dynamic.Raw(db, "driver.Record", "SELECT * FROM driver_record WHERE code = ?", "a").Prefetch("owner").All(ctx)
	if err != nil || len(related) != 1 || related[0].(*Record).Owner == nil {
		t.Errorf("prefetched: %v", err)
	}
	type line struct {
		Code   string
		Double int64 `orm:"twice"`
		Price  *string
		Active bool
	}
	lines, err := orm.RawSelect[line](ctx, db, "SELECT count * 2 AS twice, active, code, price FROM driver_record WHERE code IN (?, ?) ORDER BY code", "a", "c")
	if err != nil || len(lines) != 2 || lines[0].Double != 2 || lines[1].Code != "c" || lines[0].Price == nil || lines[1].Price != nil {
		t.Errorf("rows: %+v, %v", lines, err)
	}
	type counted struct {
		*Owner
		Records int64
	}
	owners, err := orm.RawSelect[counted](ctx, db, "SELECT o.id, o.name, (SELECT count(*) FROM driver_record r WHERE r.owner_id = o.id) AS records "+
		"FROM driver_owner o ORDER BY o.id")
	if err != nil || len(owners) != 2 || owners[0].Name != "x" || owners[0].Records != 3 || owners[1].Records != 2 {
		t.Errorf("objects with values: %+v, %v", owners, err)
	}
	values, err := dynamic.Raw(db, "driver.Record", "SELECT code, count AS n FROM driver_record WHERE code = ?", "c").Values(ctx)
	if err != nil || len(values) != 1 || values[0]["code"] != "c" || values[0]["n"] != int64(3) {
		t.Errorf("values: %v, %v", values, err)
	}
	refused(t, db, `1 placeholders "?" and 2 arguments`, func() error {
		_, err := orm.Raw[Record](db, "SELECT * FROM driver_record WHERE id = ?", 1, 2).All(ctx)
		return err
	})
	refused(t, db, `driver.Recrd`, func() error { _, err := dynamic.Raw(db, "driver.Recrd", "SELECT 1").All(ctx); return err })
	for want, run := range map[string]func() error{
		`does not select "id", the primary key of driver.Record`: func() error {
			_, err := orm.Raw[Record](db, "SELECT code FROM driver_record").All(ctx)
			return err
		},
		`which is no column of driver.Record; did you mean "code"?`: func() error {
			_, err := orm.Raw[Record](db, "SELECT id, code AS cde FROM driver_record").All(ctx)
			return err
		},
		`selects "id" twice`: func() error {
			_, err := orm.Raw[Record](db, "SELECT r.id, o.id FROM driver_record r JOIN driver_owner o ON o.id = r.owner_id").All(ctx)
			return err
		},
		`selects no column "twice"`: func() error {
			_, err := orm.RawSelect[line](ctx, db, "SELECT code, price, active FROM driver_record")
			return err
		},
		"which is no field of the row": func() error {
			_, err := orm.RawSelect[line](ctx, db, "SELECT 2 AS twice, code, price, active, count FROM driver_record")
			return err
		},
		"driver_nowhere": func() error {
			_, err := orm.Raw[Record](db, "SELECT * FROM driver_nowhere").All(ctx)
			return err
		},
	} {
		if err := run(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got the error %v, want one with %q", err, want)
		}
	}
}

// testExplain checks that every query can be explained, and estimated counts.
func testExplain(t *testing.T, s suite) {
	db := s.shelf(t)
	ctx := t.Context()
	q := records(db).Where("owner__name", "x").OrderByNames("code")
	for name, q := range map[string]orm.Query[Record]{
		"a filter": q, "a union": q.Union(records(db)), "rows that are distinct": q.DistinctOnNames("small"), "a limit": q.Limit(3),
	} {
		text, err := q.Explain(ctx)
		if err != nil || !strings.Contains(text, "driver_record") && !strings.Contains(text, "t0") {
			t.Errorf("%s: %s, %v", name, text, err)
		}
	}
	if _, err := q.Dynamic().OrderBy().GroupBy("owner").Annotate("n", dynamic.Count("")).Explain(ctx); err != nil {
		t.Errorf("groups: %v", err)
	}
	for _, options := range []orm.ExplainOptions{{Analyze: true}, {Verbose: true}, {Format: "json"}, {Analyze: true, Format: "json"}} {
		text, err := q.ExplainWith(ctx, options)
		_, lacking := errors.AsType[*dialect.UnsupportedError](err)
		unknown := err != nil && strings.Contains(err.Error(), "in the format")
		if !lacking && !unknown && (err != nil || text == "") {
			t.Errorf("%+v: %q, %v", options, text, err)
		}
	}
	if _, err := q.ExplainWith(ctx, orm.ExplainOptions{Format: "poem"}); err == nil || !strings.Contains(err.Error(), `in the format "poem"`) {
		t.Errorf("an unknown format: %v", err)
	}
	for want, q := range map[int64]orm.Query[Record]{6: records(db), 3: records(db).Where("owner__name", "x"), 2: records(db).Limit(2), 0: records(db).None()} {
		if n, err := q.EstimatedCount(ctx); err != nil || n != want {
			t.Errorf("estimated: got %d, want %d, %v", n, want, err)
		}
	}
}

// testSingleRows checks that Get finds the only row, and sorts and reads on only where several rows are possible.
func testSingleRows(t *testing.T, s suite) {
	db := s.models(t)
	create(t, db, &Record{Code: "a", Count: 1, Small: 1}, &Record{Code: "b", Count: 1, Small: 2}, &Record{Code: "c", Count: 2})
	all := records(db).OrderByNames("code")
	first, err := all.First(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name   string
		query  orm.Query[Record]
		want   string // the code of the row, or the error
		single bool   // one row is asked for
	}{
		{"unique field", all.Where("code", "b"), "b", true},
		{"unique field among others", all.Where("count", 1).Where("code__exact", "b"), "b", true},
		{"in one condition", all.Filter(dynamic.And(dynamic.Is("small", 2), dynamic.Is("code", "b"))), "b", true},
		{"unique field without a row", all.Where("code", "z"), "not found", true},
		{"primary key", all.Where("pk", first.ID), "a", true},
		{"either of two", all.Filter(dynamic.Or(dynamic.Is("code", "a"), dynamic.Is("code", "b"))), "several", false},
		{"not the unique field", all.WhereNot("code", "a"), "several", false},
		{"part of a unique field", all.Where("code__gte", "c"), "c", false},
		{"unique for some rows only", all.Where("count", 1).Where("small", 2), "b", false},
		{"another field", all.Where("count", 1), "several", false},
		{"an expression", all.Where("code", dynamic.F("code")), "several", false},
		{"every row", all, "several", false},
		{"the first row", all.Limit(1), "a", false},
		{"after the first", all.Where("code", "b").Offset(1), "not found", false},
	} {
		var text string
		stop := db.Observe(func(s orm.Statement) { text = s.SQL })
		r, err := test.query.Get(t.Context())
		stop()
		got := ""
		switch {
		case err == nil:
			got = r.Code
		case errors.Is(err, orm.ErrNotFound):
			got = "not found"
		case errors.Is(err, orm.ErrMultiple):
			got = "several"
		default:
			t.Errorf("%s: %v", test.name, err)
		}
		if got != test.want {
			t.Errorf("%s: got %s, want %s", test.name, got, test.want)
		}
		if single := !strings.Contains(text, "ORDER BY"); single != test.single {
			t.Errorf("%s: asked for a single row: %v, want %v\n%s", test.name, single, test.single, text)
		}
	}
}
