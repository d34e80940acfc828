package conformance

import (
	"context"
	"testing"

	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/dynamic"
)

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
			"Update":     func(ctx context.Context) error { _, err := q.Update(ctx, map[string]any{name: 1}); return err },
			"ByUnique":   func(ctx context.Context) error { _, err := q.ByUnique(ctx, name, 1); return err },
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
