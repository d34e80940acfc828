package conformance

import (
	"context"
	"testing"
	"time"

	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/dynamic"
)

// hostileNames are given where a name is expected.
var hostileNames = []string{
	`code"; DROP TABLE driver_record; --`, "code`; DROP TABLE driver_record; --", "code' OR '1'='1", "code) OR (1=1", "code -- ", "code/*",
	"code\x00", "t0.code", "driver_record.code", "*", "1", "", "(SELECT 1)", "code;", "code DESC, (SELECT 1)", "owner__name\" ", "__", "code__",
	"__exact", "code\n",
}

// testHostileNames checks that every parameter that takes a name refuses those that are none, and sends no statement.
func testHostileNames(t *testing.T, s suite) {
	db := s.shelf(t)
	q := dynamic.From(db, "driver.Record")
	values := func(ctx context.Context, q dynamic.Query) error { _, err := q.Values(ctx, "code"); return err }
	objects := func(ctx context.Context, q dynamic.Query) error { _, err := q.All(ctx); return err }
	for name, run := range map[string]func(ctx context.Context, name string) error{
		"Where":    func(ctx context.Context, name string) error { return objects(ctx, q.Where(name, "x")) },
		"WhereNot": func(ctx context.Context, name string) error { return objects(ctx, q.WhereNot(name, "x")) },
		"a lookup": func(ctx context.Context, name string) error { return objects(ctx, q.Where("code__"+name, "x")) },
		"F":        func(ctx context.Context, name string) error { return objects(ctx, q.Where("code", dynamic.F(name))) },
		"OuterRef": func(ctx context.Context, name string) error {
			return objects(ctx, q.Filter(dynamic.Exists(q.Where("code", dynamic.OuterRef(name)))))
		},
		"OrderBy":       func(ctx context.Context, name string) error { return objects(ctx, q.OrderBy("-"+name)) },
		"SelectRelated": func(ctx context.Context, name string) error { return objects(ctx, q.SelectRelated(name)) },
		"Only":          func(ctx context.Context, name string) error { return objects(ctx, q.Only(name)) },
		"Defer":         func(ctx context.Context, name string) error { return objects(ctx, q.Defer(name)) },
		"DistinctOn":    func(ctx context.Context, name string) error { return objects(ctx, q.DistinctOn(name)) },
		"Lock.Of": func(ctx context.Context, name string) error {
			return db.Atomic(ctx, func(ctx context.Context) error {
				return objects(ctx, q.ForUpdateWith(dynamic.Lock{Of: []string{name}}))
			})
		},
		"Annotate": func(ctx context.Context, name string) error { return values(ctx, q.Annotate(name, dynamic.F("count"))) },
		"annotated": func(ctx context.Context, name string) error {
			return values(ctx, q.Annotate("n", dynamic.F(name)).OrderBy("n"))
		},
		"an aggregate": func(ctx context.Context, name string) error {
			return values(ctx, q.OrderBy().GroupBy("code").Annotate("n", dynamic.Max(name)).Where("n", 1))
		},
		"GroupBy":  func(ctx context.Context, name string) error { return values(ctx, q.OrderBy().GroupBy(name)) },
		"Values":   func(ctx context.Context, name string) error { _, err := q.Values(ctx, name); return err },
		"Latest":   func(ctx context.Context, name string) error { _, err := q.Latest(ctx, name); return err },
		"ByUnique": func(ctx context.Context, name string) error { _, err := q.ByUnique(ctx, name, "x"); return err },
		"Dates":    func(ctx context.Context, name string) error { _, err := q.Dates(ctx, name, "year"); return err },
		"a unit": func(ctx context.Context, name string) error {
			_, err := q.DatesIn(ctx, "at", name, time.UTC)
			return err
		},
		"Update": func(ctx context.Context, name string) error {
			_, err := q.Update(ctx, map[string]any{name: "x"})
			return err
		},
		"a cursor": func(ctx context.Context, name string) error {
			_, err := dynamic.PaginateAfter(ctx, q.OrderBy(name), "", 5)
			return err
		},
		"Load": func(ctx context.Context, name string) error {
			return dynamic.Load(ctx, db, []any{&Record{ID: 1}}, name)
		},
		"From": func(ctx context.Context, name string) error { return objects(ctx, dynamic.From(db, name)) },
		"Raw": func(ctx context.Context, name string) error {
			_, err := dynamic.Raw(db, name, "SELECT 1").All(ctx)
			return err
		},
		"a format": func(ctx context.Context, name string) error {
			if name == "" {
				name = "?"
			}
			_, err := q.ExplainWith(ctx, orm.ExplainOptions{Format: name})
			return err
		},
	} {
		for _, hostile := range hostileNames {
			t.Run(name, func(t *testing.T) {
				stop := db.Observe(func(s orm.Statement) { t.Errorf("%q: the statement %s was sent", hostile, s.SQL) })
				defer stop()
				if err := run(t.Context(), hostile); err == nil {
					t.Errorf("%q was accepted", hostile)
				}
			})
		}
	}
}
