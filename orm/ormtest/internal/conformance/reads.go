package conformance

import (
	"errors"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/dynamic"
)

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
