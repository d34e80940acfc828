package conformance

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/dynamic"
)

// shelf returns a database with records a to f, whose counts are 1 to 6, of two owners in turn; f has none.
func (s suite) shelf(t *testing.T) *orm.DB {
	t.Helper()
	db := s.models(t)
	owners := []*Owner{{Name: "x"}, {Name: "y"}}
	if err := db.CreateAll(t.Context(), owners); err != nil {
		t.Fatal(err)
	}
	var list []*Record
	for i, code := range []string{"a", "b", "c", "d", "e", "f"} {
		r := &Record{Code: code, Count: int64(i + 1), Small: int16(i % 2), Text: ptr("text of " + code), Data: ptr(json.RawMessage(`{"k": 1}`))}
		if code != "f" {
			r.OwnerID = &owners[i%2].ID
		}
		if i%3 == 0 {
			r.Price = ptr("1.50")
		}
		list = append(list, r)
	}
	create(t, db, list...)
	return db
}

// inOrder returns the codes of the records of a query in its order.
func inOrder(t *testing.T, q orm.Query[Record]) string {
	t.Helper()
	all, err := q.All(t.Context())
	if err != nil {
		text, args, _ := q.SQL()
		t.Errorf("%v\n%s %v", err, text, args)
	}
	list := make([]string, len(all))
	for i, r := range all {
		list[i] = r.Code
	}
	return strings.Join(list, " ")
}

// testCombined checks unions, intersections and differences, and everything that can be done with them.
func testCombined(t *testing.T, s suite) {
	db := s.shelf(t)
	low, middle := records(db).Where("count__lte", 3), records(db).Where("count__range", []int{3, 5})
	first := func(n int) orm.Query[Record] { return records(db).OrderByNames("count").Limit(n) }
	byCode := func(q orm.Query[Record]) orm.Query[Record] { return q.OrderByNames("code") }
	for name, test := range map[string]struct {
		query orm.Query[Record]
		want  string
	}{
		"union":               {low.Union(middle), "a b c d e"},
		"union with itself":   {low.Union(low), "a b c"},
		"union all":           {low.UnionAll(middle), "a b c c d e"},
		"intersection":        {low.Intersection(middle), "c"},
		"difference":          {low.Difference(middle), "a b"},
		"three":               {low.Union(middle, records(db).Where("code", "f")), "a b c d e f"},
		"nothing else":        {low.Union(), "a b c"},
		"none":                {low.Union(records(db).None()), "a b c"},
		"only none":           {low.None().Intersection(middle), ""},
		"limited parts":       {first(1).Union(records(db).OrderByNames("-count").Limit(2)), "a e f"},
		"an offset":           {records(db).OrderByNames("count").Offset(4).Union(first(1)), "a e f"},
		"nested":              {low.Union(middle).Difference(records(db).Where("code__in", []string{"b", "d"})), "a c e"},
		"nested on the right": {records(db).Difference(low.Intersection(middle)), "a b d e f"},
		"filtered":            {low.Union(middle).Where("count__gt", 2).WhereNot("owner__name", "y"), "c e"},
		"filtered before":     {low.Where("text__contains", "of b").Union(middle.Where("owner__name", "x")), "b c e"},
	} {
		q := byCode(test.query)
		if got := inOrder(t, q); got != test.want {
			text, args, _ := q.SQL()
			t.Errorf("%s: got %q, want %q\n%s %v", name, got, test.want, text, args)
		}
		if n, err := test.query.Count(t.Context()); err != nil || int(n) != len(strings.Fields(test.want)) {
			t.Errorf("%s: the count is %d, %v", name, n, err)
		}
		if found, err := test.query.Exists(t.Context()); err != nil || found != (test.want != "") {
			t.Errorf("%s: exists: %v, %v", name, found, err)
		}
		wantCodes(t, name+" in a query", records(db).Where("pk__in", test.query.Dynamic()), uniq(strings.Fields(test.want)))
	}
	if n, err := first(2).Dynamic().Update(t.Context(), map[string]any{"ratio": 1.5}); err != nil || n != 2 {
		t.Errorf("update of a limited query: %d rows, %v", n, err)
	}
	wantCodes(t, "updated by a limited query", records(db).Where("ratio", 1.5), []string{"a", "b"})
	wantCodes(t, "a limited query in a query", records(db).Where("pk__in", first(2).Dynamic()), []string{"a", "b"})
	union := low.Union(middle)
	if got := inOrder(t, union.OrderByNames("-owner__name", "-count").Limit(3).Offset(1)); got != "b e c" {
		t.Errorf("ordered and limited: %s", got)
	}
	page, err := orm.Paginate(t.Context(), union.OrderByNames("code"), 2, 2)
	if err != nil || page.Total != 5 || len(page.Items) != 2 || page.Items[0].Code != "c" {
		t.Errorf("a page: %+v, %v", page, err)
	}
	related, err := union.SelectRelatedNames("owner").OrderByNames("code").All(t.Context())
	if err != nil || len(related) != 5 || related[1].Owner == nil || related[1].Owner.Name != "y" {
		t.Errorf("related objects: %v", err)
	}
	if n, err := low.Union(middle).Dynamic().Update(t.Context(), map[string]any{"ratio": 2.5}); err != nil || n != 5 {
		t.Errorf("update: %d rows, %v", n, err)
	}
	wantCodes(t, "updated", records(db).Where("ratio", 2.5), []string{"a", "b", "c", "d", "e"})
	if n, err := low.Intersection(middle).Delete(t.Context()); err != nil || n != 1 {
		t.Errorf("delete: %d rows, %v", n, err)
	}
	wantCodes(t, "left", records(db), []string{"a", "b", "d", "e", "f"})
}

func uniq(list []string) []string { return slices.Compact(slices.Sorted(slices.Values(list))) }

// testCombinedAnnotations checks that the annotations of combined queries are values of the combination.
func testCombinedAnnotations(t *testing.T, s suite) {
	db := s.shelf(t)
	double := dynamic.From(db, "driver.Record").Annotate("rank", dynamic.F("count").Mul(2)).Where("count__lte", 2)
	negative := dynamic.From(db, "driver.Record").Annotate("rank", dynamic.F("count").Sub(10)).Where("count__gte", 5)
	both := double.UnionAll(negative).OrderBy("rank")
	rows, err := both.Where("rank__lt", 4).Values(t.Context(), "code", "rank")
	want := []map[string]any{{"code": "e", "rank": int64(-5)}, {"code": "f", "rank": int64(-4)}, {"code": "a", "rank": int64(2)}}
	if err != nil || fmt.Sprint(rows) != fmt.Sprint(want) {
		text, args, _ := both.SQL()
		t.Errorf("got %v, %v\n%s %v", rows, err, text, args)
	}
	sum, err := double.UnionAll(negative).Aggregate(t.Context(), map[string]dynamic.Annotation{"n": dynamic.Count("")})
	if err != nil || sum["n"] != int64(4) {
		t.Errorf("aggregate: %v, %v", sum, err)
	}
}

// testCombinedErrors checks that queries that cannot be combined are refused before a statement is sent.
func testCombinedErrors(t *testing.T, s suite) {
	db := s.shelf(t)
	q := dynamic.From(db, "driver.Record")
	for want, query := range map[string]dynamic.Query{
		"Union takes queries on the same model":                    q.Union(dynamic.From(db, "driver.Owner")),
		"Difference takes no groups":                               q.Difference(q.GroupBy("owner")),
		"Intersection takes no query with ForUp":                   q.ForUpdate().Intersection(q),
		"UnionAll takes queries with the same ann":                 q.Annotate("x", dynamic.F("count")).UnionAll(q),
		"no field \"nme\" in driver.Owner; did you mean \"name\"?": q.Union(q.Where("owner__nme", 1)),
		"no field \"cde\"":                                         q.Union(q).DistinctOn("cde"),
		"DistinctOn selects rows, and groups are":                  q.DistinctOn("owner").GroupBy("owner"),
	} {
		refused(t, db, want, func() error { _, err := query.Values(t.Context()); return err })
	}
}

// refused checks that run returns an error with a text, and sends no statement.
func refused(t *testing.T, db *orm.DB, want string, run func() error) {
	t.Helper()
	stop := db.Observe(func(s orm.Statement) { t.Errorf("%s: the statement %s was sent", want, s.SQL) })
	defer stop()
	if err := run(); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got the error %v, want one with %q", err, want)
	}
}

// testDistinctRows checks that the first row of those with equal values is kept.
func testDistinctRows(t *testing.T, s suite) {
	db := s.shelf(t)
	owned := records(db).Where("owner__isnull", false)
	newest := owned.OrderByNames("-count").DistinctOnNames("owner")
	for name, test := range map[string]struct {
		query orm.Query[Record]
		want  string
	}{
		"one of each owner":       {newest, "e d"},
		"conditions come before":  {newest.Where("count__lt", 4), "c b"},
		"limits come after":       {newest.Limit(1).Offset(1), "d"},
		"two columns":             {records(db).OrderByNames("count").DistinctOnNames("small", "price"), "a b c d"},
		"a relation of the order": {owned.OrderByNames("-owner__name", "count").DistinctOnNames("owner__name"), "b a"},
		"reversed":                {newest.Reverse(), "a b"},
		"in a union":              {newest.Union(records(db).Where("code", "f")).OrderByNames("code"), "d e f"},
	} {
		if got := inOrder(t, test.query); got != test.want {
			text, args, _ := test.query.SQL()
			t.Errorf("%s: got %q, want %q\n%s %v", name, got, test.want, text, args)
		}
		if n, err := test.query.Count(t.Context()); err != nil || int(n) != len(strings.Fields(test.want)) {
			t.Errorf("%s: the count is %d, %v", name, n, err)
		}
		wantCodes(t, name+" in a query", records(db).Where("pk__in", test.query.Dynamic()), strings.Fields(test.want))
	}
	related, err := newest.SelectRelatedNames("owner").All(t.Context())
	if err != nil || len(related) != 2 || related[0].Owner.Name != "x" {
		t.Errorf("related objects: %v", err)
	}
	values, err := newest.Dynamic().Annotate("double", dynamic.F("count").Mul(2)).Values(t.Context(), "double", "owner__name")
	if err != nil || len(values) != 2 || values[0]["double"] != int64(10) || values[1]["owner__name"] != "y" {
		t.Errorf("values: %v, %v", values, err)
	}
}
