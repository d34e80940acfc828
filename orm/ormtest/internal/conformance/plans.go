package conformance

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/dynamic"
)

// testPlans checks that every step of a plan can be shown.
func testPlans(t *testing.T, s suite) {
	db := s.open(t)
	planner, ok := db.Dialect().(dialect.Planner)
	if !ok {
		t.Fatal("the dialect is no dialect.Planner")
	}
	old := &dialect.Table{Name: "thing", Columns: []dialect.Column{{Name: "id", Type: dialect.TypeBigInt, PrimaryKey: true, Auto: true}}}
	with := &dialect.Table{Name: "thing", Columns: append(slices.Clone(old.Columns), dialect.Column{Name: "name", Type: dialect.TypeText})}
	for _, change := range []dialect.TableChange{
		{New: old},
		{Old: old},
		{Old: old, New: with, Columns: []dialect.ColumnChange{
			{Old: &old.Columns[0], New: &with.Columns[0]},
			{New: &with.Columns[1], Fill: "x"},
		}},
	} {
		list, err := planner.Plan([]dialect.TableChange{change})
		if err != nil || len(list) == 0 {
			t.Errorf("%d steps, error %v", len(list), err)
		}
		for _, step := range list {
			if strings.TrimSpace(step.String()) == "" {
				t.Errorf("a step without text: %#v", step)
			}
		}
	}
	if list, err := planner.Plan(nil); err != nil || len(list) != 0 {
		t.Errorf("no change: %d steps, error %v", len(list), err)
	}
}

// testNames checks that a name with quotation marks and one that is a word of SQL can be used.
func testNames(t *testing.T, s suite) {
	db := s.open(t)
	d := db.Dialect()
	if marks := d.Quote(""); len(marks) != 2 {
		t.Errorf("the empty name is quoted as %q", marks)
	}
	for _, name := range []string{`q"uo`, "back`tick", "select", "two words", "Ünï"} {
		w := dialect.NewWriter(d)
		w.Text("CREATE TABLE ")
		w.Name(name)
		w.Text(" (")
		w.Name("order " + name)
		w.Text(" integer)")
		exec(t, db, w)
		w = dialect.NewWriter(d)
		w.Text("INSERT INTO ")
		w.Name(name)
		w.Text(" (")
		w.Names("order " + name)
		w.Text(") VALUES (")
		w.Bind(5)
		w.Text(")")
		exec(t, db, w)
		if n := number(t, db, "SELECT count(*) FROM "+d.Quote(name)+" WHERE "+d.Quote("order "+name)+" = 5"); n != 1 {
			t.Errorf("%q: %d rows", name, n)
		}
	}
}

func testEstimates(t *testing.T, s suite) {
	db := s.models(t)
	if n, err := db.EstimateRows(t.Context(), "driver_record"); err != nil || n < 0 {
		t.Errorf("an empty table: %d, %v", n, err)
	}
}

// hostile are names that would change a statement if they were written into it. Keys in JSON are not among them: any text
// is one, and is bound.
var hostile = []string{
	`id"; DROP TABLE driver_record; --`, "id`; DROP TABLE driver_record; --", "id' OR '1'='1", "id) OR 1=1 --", "id, (SELECT 1)", "*", "1", "id\x00",
	"id;", "/**/id", "driver_record.id", "t0.id", `"id"`, "`id`", "id AS x", "count(*)", "id\xff", "ｉｄ", "id -- ", "??", "$1", ":id", "-", "--id", "id__", "__",
	"pk__exact__exact", "owner__name__exact'", "text__contains\"", "id__regex)", "%", "\\", "\n",
}

// testHostileNames passes hostile names to every parameter that takes a name, and checks that each is an error and that no
// statement is sent.
func testHostileNames(t *testing.T, s suite) {
	db := s.models(t)
	r := &Record{Code: "a"}
	create(t, db, r)
	q := dynamic.From(db, "driver.Record")
	one := func(q dynamic.Query) func(context.Context) error {
		return func(ctx context.Context) error { _, err := q.All(ctx); return err }
	}
	for _, name := range hostile {
		for parameter, run := range map[string]func(ctx context.Context) error{
			"From":          one(dynamic.From(db, name)),
			"Where":         one(q.Where(name, 1)),
			"WhereNot":      one(q.WhereNot(name, 1)),
			"Is":            one(q.Filter(dynamic.Or(dynamic.Is(name, 1), dynamic.Is("id", 1)))),
			"OrderBy":       one(q.OrderBy(name)),
			"descending":    one(q.OrderBy("-" + name)),
			"SelectRelated": one(q.SelectRelated(name)),
			"Prefetch":      one(q.Prefetch(name)),
			"Only":          one(q.Only(name)),
			"Defer":         one(q.Defer(name)),
			"DistinctOn":    one(q.DistinctOn(name)),
			"F":             one(q.Where("count", dynamic.F(name))),
			"OuterRef":      one(q.Filter(dynamic.Exists(dynamic.From(db, "driver.Owner").Where("id", dynamic.OuterRef(name))))),
			"Annotate":      one(q.Annotate("n", dynamic.F(name).Add(1)).Where("n", 1)),
			"GroupBy":       func(ctx context.Context) error { _, err := q.GroupBy(name).Values(ctx, name); return err },
			"Values":        func(ctx context.Context) error { _, err := q.Values(ctx, name); return err },
			"Count": func(ctx context.Context) error {
				_, err := q.Aggregate(ctx, map[string]dynamic.Annotation{"n": dynamic.Count("records__" + name)})
				return err
			},
			"Sum": func(ctx context.Context) error {
				_, err := q.Aggregate(ctx, map[string]dynamic.Annotation{"n": dynamic.Sum(name)})
				return err
			},
			"Update":   func(ctx context.Context) error { _, err := q.Update(ctx, map[string]any{name: 1}); return err },
			"ByUnique": func(ctx context.Context) error { _, err := q.ByUnique(ctx, name, 1); return err },
			"Dates":    func(ctx context.Context) error { _, err := q.Dates(ctx, name, "year"); return err },
			"a unit":   func(ctx context.Context) error { _, err := q.Dates(ctx, "at", name); return err },
			"a cursor": func(ctx context.Context) error {
				_, err := dynamic.PaginateAfter(ctx, q.OrderBy(name), "", 5)
				return err
			},
			"Load":       func(ctx context.Context) error { return dynamic.Load(ctx, db, []any{r}, name) },
			"Raw":        func(ctx context.Context) error { _, err := dynamic.Raw(db, name, "SELECT 1").All(ctx); return err },
			"SaveFields": func(ctx context.Context) error { return db.SaveFields(ctx, r, name) },
			"Related":    func(ctx context.Context) error { return db.Related(r, name).Clear(ctx) },
		} {
			refuse(t, db, parameter, name, run)
		}
	}
	wantCodes(t, "afterwards", records(db), []string{"a"})
}

// refuse checks that a name is an error for a parameter, and that no statement is sent.
func refuse(t *testing.T, db *orm.DB, parameter, name string, run func(ctx context.Context) error) {
	t.Helper()
	stop := db.Observe(func(s orm.Statement) { t.Errorf("%s(%q): the statement %s was sent", parameter, name, s.SQL) })
	defer stop()
	defer func() {
		if problem := recover(); problem != nil {
			t.Errorf("%s(%q): panic: %v", parameter, name, problem)
		}
	}()
	if err := run(t.Context()); err == nil {
		t.Errorf("%s(%q) was accepted", parameter, name)
	}
}
