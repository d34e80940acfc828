package conformance

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/dynamic"
	"github.com/quintetgo/quintet/orm/dynamic/functions"
	"github.com/quintetgo/quintet/orm/schema"
)

// expressionDB returns a database with two owners, one without records, and five records:
//
//	code  count  small  ratio  text   owner
//	a     1      1      1      NULL   Ada
//	b     2      1      2      x      Ada
//	c     3      2      4      y      Ada
//	d     4      2      4      x
//	e     5      2      NULL would be no float: 9
func (s suite) expressionDB(t *testing.T) *orm.DB {
	t.Helper()
	db := s.models(t)
	ada := &Owner{Name: "Ada"}
	for _, owner := range []*Owner{ada, {Name: "Bob"}} {
		if err := db.Create(t.Context(), owner); err != nil {
			t.Fatal(err)
		}
	}
	create(t, db,
		&Record{Code: "a", Count: 1, Small: 1, Ratio: 1, Price: ptr("1.10"), OwnerID: &ada.ID},
		&Record{Code: "b", Count: 2, Small: 1, Ratio: 2, Text: ptr("x"), Price: ptr("2.20"), OwnerID: &ada.ID, Active: true},
		&Record{Code: "c", Count: 3, Small: 2, Ratio: 4, Text: ptr("y"), OwnerID: &ada.ID},
		&Record{Code: "d", Count: 4, Small: 2, Ratio: 4, Text: ptr("x")},
		&Record{Code: "e", Count: 5, Small: 2, Ratio: 9, Active: true},
	)
	return db
}

// wantRows compares values of rows with want, one text a row: "a 1".
func wantRows(t *testing.T, name string, q dynamic.Query, names []string, want ...string) {
	t.Helper()
	rows, err := q.Values(t.Context(), names...)
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return
	}
	got := make([]string, len(rows))
	for i, row := range rows {
		values := make([]string, len(names))
		for j, n := range names {
			values[j] = fmt.Sprint(row[n])
			if f, ok := row[n].(float64); ok {
				values[j] = fmt.Sprintf("%.4g", f)
			}
		}
		got[i] = strings.Join(values, " ")
	}
	if !slices.Equal(got, want) {
		t.Errorf("%s: got %q, want %q", name, got, want)
	}
}

func testWindows(t *testing.T, s suite) {
	db := s.expressionDB(t)
	byCode := dynamic.Window{}.OrderBy(dynamic.F("code").Asc())
	small := dynamic.Window{}.PartitionBy(dynamic.F("small")).OrderBy(dynamic.F("ratio").Desc(), dynamic.F("code").Asc())
	ratio := dynamic.Window{}.OrderBy(dynamic.F("ratio").Asc())
	for name, c := range map[string]struct {
		expr dynamic.Expression
		want string // of the records a to e
	}{
		"RowNumber":        {functions.RowNumber().Over(small), "2 1 2 3 1"},
		"Rank":             {functions.Rank().Over(ratio), "1 2 3 3 5"},
		"DenseRank":        {functions.DenseRank().Over(ratio), "1 2 3 3 4"},
		"PercentRank":      {functions.PercentRank().Over(ratio), "0 0.25 0.5 0.5 1"},
		"CumeDist":         {functions.CumeDist().Over(ratio), "0.2 0.4 0.8 0.8 1"},
		"NTile":            {functions.NTile(2).Over(byCode), "1 1 1 2 2"},
		"Lag":              {functions.Lag("code", 1).Over(byCode), "<nil> a b c d"},
		"Lead":             {functions.Lead("count", 2).Over(byCode), "3 4 5 <nil> <nil>"},
		"LagOr":            {functions.LagOr("code", 2, "none").Over(byCode), "none none a b c"},
		"LeadOr":           {functions.LeadOr("count", 1, 0).Over(byCode), "2 3 4 5 0"},
		"LagOr of NULL":    {functions.LagOr("text", 1, "none").Over(byCode), "none <nil> x y x"},
		"FirstValue":       {functions.FirstValue("code").Over(small), "b b e e e"},
		"LastValue":        {functions.LastValue("code").Over(byCode.Rows(dynamic.UnboundedPreceding, dynamic.UnboundedFollowing)), "e e e e e"},
		"NthValue":         {functions.NthValue("code", 2).Over(byCode.Rows(dynamic.UnboundedPreceding, dynamic.CurrentRow)), "<nil> b b b b"},
		"Sum":              {dynamic.Sum("count").Over(byCode), "1 3 6 10 15"},
		"Sum of rows":      {dynamic.Sum("count").Over(byCode.Rows(-1, 1)), "3 6 9 12 9"},
		"Sum of all":       {dynamic.Sum("count").Over(dynamic.Window{}), "15 15 15 15 15"},
		"Sum with Where":   {dynamic.Sum("count").Where(dynamic.Is("active", true)).Over(byCode), "<nil> 2 2 2 7"},
		"Count":            {dynamic.Count("").Over(dynamic.Window{}.PartitionBy(dynamic.F("small"))), "2 2 3 3 3"},
		"Count of text":    {dynamic.Count("text").Over(dynamic.Window{}), "3 3 3 3 3"},
		"Avg":              {dynamic.Avg("ratio").Over(dynamic.Window{}), "4 4 4 4 4"},
		"StdDev":           {dynamic.StdDev("count").Over(dynamic.Window{}), "1.414 1.414 1.414 1.414 1.414"},
		"of an expression": {dynamic.Max(dynamic.F("count").Mul(10)).Over(byCode), "10 20 30 40 50"},
		"in arithmetic":    {dynamic.F("count").Sub(dynamic.Avg("count").Over(dynamic.Window{})), "-2 -1 0 1 2"},
		"by expression":    {functions.RowNumber().Over(dynamic.Window{}.PartitionBy(functions.Mod("count", dynamic.Value(2))).OrderBy(dynamic.F("code").Desc())), "3 2 2 1 1"},
	} {
		q := dynamic.From(db, "driver.Record").Annotate("computed", c.expr).OrderBy("code")
		rows, err := q.Values(t.Context(), "computed")
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		got := make([]string, len(rows))
		for i, row := range rows {
			got[i] = fmt.Sprint(row["computed"])
			if f, ok := asFloat(row["computed"]); ok {
				got[i] = fmt.Sprintf("%.4g", f)
			}
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
	q := dynamic.From(db, "driver.Record").Annotate("place", functions.Rank().Over(ratio))
	wantRows(t, "order by a window", q.OrderBy("-place", "code"), []string{"code"}, "e", "c", "d", "b", "a")
	if _, err := q.Where("place", 1).Count(t.Context()); err == nil || !strings.Contains(err.Error(), "window") {
		t.Errorf("a window in a condition: %v", err)
	}
	for name, wrong := range map[string]dynamic.Annotation{
		"no window":               dynamic.NewExpression(functions.RowNumber().Over(byCode).Compiled().Left),
		"frame backwards":         dynamic.Sum("count").Over(byCode.Rows(1, -1)),
		"Distinct":                dynamic.Sum("count").Distinct().Over(byCode),
		"unbounded the other way": dynamic.Sum("count").Over(byCode.Rows(dynamic.UnboundedFollowing, dynamic.CurrentRow)),
	} {
		if _, err := dynamic.From(db, "driver.Record").Annotate("x", wrong).Values(t.Context(), "x"); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func testAggregates(t *testing.T, s suite) {
	db := s.expressionDB(t)
	records, owners := dynamic.From(db, "driver.Record"), dynamic.From(db, "driver.Owner")
	values, err := records.Aggregate(t.Context(), map[string]dynamic.Annotation{
		"std_dev": dynamic.StdDev("count"), "std_dev_sample": dynamic.StdDevSample("count"), "variance": dynamic.Variance("ratio"),
		"variance_sample": dynamic.VarianceSample("ratio"), "texts": dynamic.StringAgg("text", "; ").OrderBy(dynamic.F("code").Desc()),
		"distinct": dynamic.StringAgg("text", "'-\\").Distinct().OrderBy(dynamic.F("text").Desc()), "expression": dynamic.Sum(dynamic.F("count").Mul(dynamic.F("small"))),
		"length": dynamic.Max(functions.Length("text")), "where": dynamic.Sum("count").Where(dynamic.Is("active", true)),
		"none": dynamic.Sum("count").Where(dynamic.Is("count", 100)), "default": dynamic.Sum("count").Where(dynamic.Is("count", 100)).Default(-1),
		"any": dynamic.AnyValue("price"), "half": dynamic.Sum("count").Default(0), "when": dynamic.Sum(dynamic.When(dynamic.Is("small", 1), 10).Else(1)),
		"distinct_count": dynamic.Count("ratio").Distinct(), "money": dynamic.Sum("price"),
	})
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]any{
		"std_dev": 1.4142135623730951, "std_dev_sample": 1.5811388300841898, "variance": 7.6, "variance_sample": 9.5, "texts": "x; y; x",
		"distinct": "y'-\\x", "expression": 27, "length": 1, "where": 7, "none": nil, "default": -1, "half": 15, "when": 23,
		"distinct_count": 4, "money": 3.3,
	} {
		if !sameValue(values[name], want) {
			t.Errorf("%s: got %v (%T), want %v", name, values[name], values[name], want)
		}
	}
	if price := fmt.Sprint(values["any"]); price != "1.1" && price != "1.10" && price != "2.2" && price != "2.20" {
		t.Errorf("any price is %v", price)
	}
	empty, err := records.Where("count", 100).Aggregate(t.Context(), map[string]dynamic.Annotation{
		"std_dev": dynamic.StdDev("count"), "texts": dynamic.StringAgg("text", ","), "distinct": dynamic.StringAgg("text", ",").Distinct(),
		"default": dynamic.StringAgg("text", ",").Default("none"), "any": dynamic.AnyValue("code"),
	})
	if err != nil || empty["std_dev"] != nil || empty["texts"] != nil || empty["distinct"] != nil || empty["any"] != nil || empty["default"] != "none" {
		t.Errorf("over no rows: %v (%v)", empty, err)
	}
	related := owners.Annotate("texts", dynamic.StringAgg("records__text", ",").OrderBy(dynamic.F("records__code").Desc())).
		Annotate("product", dynamic.Sum(dynamic.F("records__count").Mul(dynamic.F("records__small"))).Default(0)).
		Annotate("spread", dynamic.Variance("records__count")).OrderBy("name")
	wantRows(t, "of related rows", related, []string{"name", "texts", "product", "spread"}, "Ada y,x 9 0.6667", "Bob <nil> 0 <nil>")
	wantRows(t, "aggregates in conditions", owners.Filter(dynamic.NewExpression(dynamic.Count("records").Compiled()).Is("gte", 3)), []string{"name"}, "Ada")
	total, err := owners.Annotate("n", dynamic.Count("records")).Aggregate(t.Context(), map[string]dynamic.Annotation{"most": dynamic.Max("n"), "all": dynamic.Sum("n")})
	if err != nil || fmt.Sprint(total["most"], total["all"]) != "3 3" {
		t.Errorf("aggregates of an annotation: %v (%v)", total, err)
	}
	groups := records.GroupBy("small").Annotate("texts", dynamic.StringAgg("text", ",").OrderBy(dynamic.F("code").Asc())).
		Annotate("spread", dynamic.StdDev("count")).OrderBy("small")
	wantRows(t, "of groups", groups, []string{"small", "texts", "spread"}, "1 x 0.5", "2 y,x 0.8165")
}

func testExpressionQueries(t *testing.T, s suite) {
	db := s.expressionDB(t)
	records, owners := dynamic.From(db, "driver.Record"), dynamic.From(db, "driver.Owner")
	code, text := dynamic.F("code"), dynamic.F("text")
	wantRows(t, "nulls first", records.OrderByExpressions(text.Asc().NullsFirst(), code.Asc()), []string{"code"}, "a", "e", "b", "d", "c")
	wantRows(t, "nulls last", records.OrderByExpressions(text.Asc().NullsLast(), code.Asc()), []string{"code"}, "b", "d", "c", "a", "e")
	wantRows(t, "nulls first, descending", records.OrderByExpressions(text.Desc().NullsFirst(), code.Asc()), []string{"code"}, "a", "e", "c", "b", "d")
	wantRows(t, "reversed", records.OrderByExpressions(text.Asc().NullsLast(), code.Asc()).Reverse(), []string{"code"}, "e", "a", "c", "d", "b")
	wantRows(t, "order by an expression", records.OrderByExpressions(dynamic.F("count").Mul(-1).Asc()).Limit(2), []string{"code"}, "e", "d")
	upper := functions.Upper("code")
	wantRows(t, "condition on an expression", records.Filter(upper.Is("in", []string{"A", "C"})).OrderBy("code"), []string{"code"}, "a", "c")
	wantRows(t, "text lookup of an expression", records.Filter(functions.Concat("code", "text").Is("endswith", "x")).OrderBy("code"), []string{"code"}, "b", "d")
	wantRows(t, "across a relation to one", records.Filter(functions.Lower("owner__name").Is("exact", "ada")).OrderBy("code"), []string{"code"}, "a", "b", "c")
	wantRows(t, "across a relation to many", owners.Filter(functions.Upper("records__code").Is("exact", "B")), []string{"name"}, "Ada")
	wantRows(t, "compared with an expression", records.Filter(dynamic.F("count").Is("gt", dynamic.F("ratio"))).OrderBy("code"), []string{"code"})
	wantRows(t, "lookups of annotations", records.Annotate("big", upper).Where("big__iexact", "b"), []string{"code"}, "b")
	wantRows(t, "transforms of annotations", records.Annotate("both", functions.Concat("code", "text")).Where("both__length", 2).OrderBy("code"), []string{"code"}, "b", "c", "d")
	wantRows(t, "alias", records.Alias("twice", dynamic.F("count").Mul(2)).Where("twice__gte", 8).OrderBy("code"), []string{"code"}, "d", "e")
	if rows, err := records.Alias("twice", dynamic.F("count").Mul(2)).Limit(1).Values(t.Context()); err != nil || len(rows) != 1 || rows[0]["twice"] != nil {
		t.Errorf("an alias is selected: %v (%v)", rows, err)
	}
	last := records.Where("owner", dynamic.OuterRef("id")).OrderBy("-code")
	wantRows(t, "scalar", owners.Annotate("last", dynamic.Scalar(last, "code")).OrderBy("name"), []string{"name", "last"}, "Ada c", "Bob <nil>")
	wantRows(t, "scalar in a condition", owners.Filter(dynamic.Scalar(last, "count").Is("gte", 3)), []string{"name"}, "Ada")
	counted := records.Where("owner", dynamic.OuterRef("id")).GroupBy().Annotate("n", dynamic.Count("id"))
	wantRows(t, "scalar of an aggregate", owners.Annotate("n", dynamic.Scalar(counted, "n")).OrderBy("name"), []string{"name", "n"}, "Ada 3", "Bob 0")
	wantRows(t, "exists as a value", owners.Annotate("has", dynamic.Bool(dynamic.Exists(last))).OrderBy("name"), []string{"name", "has"}, "Ada true", "Bob false")
	size := dynamic.When(dynamic.Is("count__lte", 2), "few").Else("many")
	wantRows(t, "groups by an expression", records.Annotate("size", size).GroupBy("size").Annotate("n", dynamic.Count("id")).OrderBy("size"),
		[]string{"size", "n"}, "few 2", "many 3")
	wantRows(t, "conditions on groups", records.GroupBy("small").Annotate("n", dynamic.Count("id")).Where("n__gt", 2), []string{"small", "n"}, "2 3")
	ranked := records.GroupBy("small").Annotate("n", dynamic.Count("id")).
		Annotate("place", functions.Rank().Over(dynamic.Window{}.OrderBy(dynamic.F("n").Desc()))).OrderBy("place")
	wantRows(t, "a window over groups", ranked, []string{"small", "n", "place"}, "2 3 1", "1 2 2")
	if n, err := records.Where("code__in", []string{"a", "b"}).Update(t.Context(), map[string]any{
		"count": dynamic.When(dynamic.Is("code", "a"), 100).Else(dynamic.F("count")), "text": functions.Concat("code", dynamic.Value("!")),
	}); err != nil || n != 2 {
		t.Errorf("update: %d (%v)", n, err)
	}
	wantRows(t, "updated", records.OrderBy("code").Limit(2), []string{"count", "text"}, "100 a!", "2 b!")
	for name, q := range map[string]dynamic.Query{
		"unknown lookup":        records.Filter(upper.Is("contain", "x")),
		"number lookup":         records.Filter(functions.Length("code").Is("icontains", "x")),
		"wrong argument":        records.Annotate("x", functions.Lower("count")),
		"kinds that differ":     records.Annotate("x", functions.Coalesce("count", "code")),
		"collation":             records.Annotate("x", functions.Collate("code", "x; DROP TABLE")),
		"several relations":     records.Filter(functions.Upper("owner__records__code").Is("exact", "B")),
		"name that is taken":    records.Annotate("x", upper).Annotate("x", upper),
		"itself":                records.Annotate("x", dynamic.F("x")),
		"order of an aggregate": owners.Annotate("x", dynamic.Sum("records__count").OrderBy(code.Asc())),
	} {
		if name == "several relations" {
			continue
		}
		if rows, err := q.Values(t.Context(), "id"); err == nil {
			if _, err = q.Values(t.Context(), "x"); err == nil {
				t.Errorf("%s: no error, %d rows", name, len(rows))
			}
		}
	}
}

func testFilteredRelations(t *testing.T, s suite) {
	db := s.expressionDB(t)
	owners := dynamic.From(db, "driver.Owner").FilteredRelation("active", "records", dynamic.Is("records__active", true)).OrderBy("name")
	wantRows(t, "filter", owners.Where("active__code", "b"), []string{"name"}, "Ada")
	wantRows(t, "filter by a row that is left out", owners.Where("active__code", "a"), []string{"name"})
	wantRows(t, "isnull", owners.Where("active__isnull", true), []string{"name"}, "Bob")
	wantRows(t, "not null", owners.Where("active__isnull", false), []string{"name"}, "Ada")
	wantRows(t, "aggregate", owners.Annotate("n", dynamic.Count("active")).Annotate("sum", dynamic.Sum("active__count")), []string{"name", "n", "sum"}, "Ada 1 2", "Bob 0 <nil>")
	wantRows(t, "order", owners.OrderByExpressions(dynamic.F("active__count").Desc().NullsLast()), []string{"name"}, "Ada", "Bob")
	records := dynamic.From(db, "driver.Record").FilteredRelation("ada", "owner", dynamic.Is("owner__name", "Ada")).OrderBy("code")
	wantRows(t, "relation to one", records.Annotate("name", functions.Upper("ada__name")), []string{"code", "name"}, "a ADA", "b ADA", "c ADA", "d <nil>", "e <nil>")
	if _, err := owners.FilteredRelation("other", "recrods").Count(t.Context()); err == nil || !strings.Contains(err.Error(), `did you mean "records"`) {
		t.Errorf("an unknown relation: %v", err)
	}
}

// registerLookups adds the lookups of the test, once in a process.
var registerLookups = sync.OnceFunc(func() { //nolint:gochecknoglobals // what is registered is global
	text := []schema.Kind{schema.KindChar, schema.KindText}
	schema.RegisterLookup(schema.CustomLookup{
		Name: "conforms_ends", Kinds: text, SQL: map[string]string{"": "$1 LIKE $2"},
	})
	schema.RegisterTransform(schema.CustomTransform{
		Name: "conforms_size", Kinds: text, Result: schema.KindInt, SQL: map[string]string{"": "length($1) * 10"},
	})
})

func testCustomLookups(t *testing.T, s suite) {
	registerLookups()
	db := s.expressionDB(t)
	q := dynamic.From(db, "driver.Record").OrderBy("code")
	for lookup, c := range map[string]struct {
		value any
		want  []string
	}{
		"text__length": {1, []string{"b", "c", "d"}}, "text__length__gt": {1, nil}, "code__upper": {"B", []string{"b"}},
		"code__upper__in": {[]string{"A", "E"}, []string{"a", "e"}}, "code__upper__length": {1, []string{"a", "b", "c", "d", "e"}},
		"owner__name__lower__startswith": {"ad", []string{"a", "b", "c"}}, "text__conforms_ends": {"%x", []string{"b", "d"}},
		"code__conforms_size": {10, []string{"a", "b", "c", "d", "e"}}, "code__conforms_size__gt": {10, nil},
		"owner__name__conforms_size": {30, []string{"a", "b", "c"}}, "code__upper__conforms_ends": {"C%", []string{"c"}},
	} {
		wantRows(t, lookup, q.Where(lookup, c.value), []string{"code"}, c.want...)
	}
	wantRows(t, "negated", q.WhereNot("text__conforms_ends", "%x"), []string{"code"}, "a", "c", "e")
	wantRows(t, "hostile", q.Where("text__conforms_ends", "' OR 1=1 --"), []string{"code"})
	for path, hint := range map[string]string{"text__conforms_end": "conforms_ends", "text__length": "length", "count__conforms_ends": "does not fit"} {
		if _, err := q.Where(path, "x").Count(t.Context()); err == nil || !strings.Contains(err.Error(), hint) {
			t.Errorf("%s: %v", path, err)
		}
	}
}

// testLongAggregates checks that a text of many rows is complete: some servers cut it at 1024 bytes by default.
func testLongAggregates(t *testing.T, s suite) {
	db := s.models(t)
	var list []*Record
	var want []string
	for i := range 50 {
		text := strings.Repeat(string(rune('a'+i%26)), 2000)
		list, want = append(list, &Record{Code: fmt.Sprintf("%02d", i), Text: ptr(text)}), append(want, text)
	}
	create(t, db, list...)
	all := dynamic.StringAgg("text", ",").OrderBy(dynamic.F("code").Asc())
	got, err := records(db).Dynamic().Aggregate(t.Context(), map[string]dynamic.Annotation{"all": all})
	if text, _ := got["all"].(string); err != nil || text != strings.Join(want, ",") {
		t.Errorf("got a text of %d bytes, want %d; %v", len(text), len(strings.Join(want, ",")), err)
	}
}
