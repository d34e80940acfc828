package conformance

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/dynamic"
)

// statements returns the SQL of the statements that fn runs.
func statements(db *orm.DB, fn func()) string {
	var list []string
	stop := db.Observe(func(s orm.Statement) { list = append(list, s.SQL) })
	defer stop()
	fn()
	return strings.Join(list, "\n")
}

// testPartial checks that columns that are not wanted are not read, and are not overwritten.
func testPartial(t *testing.T, s suite) {
	db := s.shelf(t)
	ctx := t.Context()
	read := func(q orm.Query[Record], want ...string) *Record {
		t.Helper()
		var r *Record
		text := statements(db, func() {
			var err error
			if r, err = q.Where("code", "a").Get(ctx); err != nil {
				t.Fatal(err)
			}
		})
		got := orm.DeferredFields(r)
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("the object was read without %q, want %q", got, want)
		}
		for _, name := range want {
			if f := mustModel(t, db).ByName(name); strings.Contains(text, "."+db.Dialect().Quote(f.Column)+",") {
				t.Errorf("%s was selected:\n%s", name, text)
			}
		}
		return r
	}
	all := records(db)
	read(all)
	read(all.OnlyNames())
	r := read(all.DeferNames("text", "data"), "data", "text")
	if r.Text != nil || r.Count != 1 || r.OwnerID == nil {
		t.Errorf("got %+v", r)
	}
	read(all.DeferNames("text").DeferNames("data").OnlyNames("code", "text", "count").DeferNames("text"),
		"active", "at", "blob", "data", "day", "price", "ratio", "small", "text")
	r.Count = 100
	if err := db.Save(ctx, r); err != nil {
		t.Fatal(err)
	}
	whole := read(all)
	if whole.Count != 100 || whole.Text == nil || *whole.Text != "text of a" || whole.Data == nil {
		t.Errorf("after Save: %+v", whole)
	}
	r.Text = ptr("new")
	if got := orm.DeferredFields(r); !slices.Equal(got, []string{"data"}) {
		t.Errorf("a field that was assigned is deferred: %q", got)
	}
	if err := db.Save(ctx, r); err != nil {
		t.Fatal(err)
	}
	if whole = read(all); whole.Text == nil || *whole.Text != "new" || whole.Data == nil {
		t.Errorf("after an assignment: %+v", whole)
	}
	if err := db.Create(ctx, r); err == nil || !strings.Contains(err.Error(), "was read without data") {
		t.Errorf("Create: %v", err)
	}
	if err := db.Refresh(ctx, r); err != nil || r.Data == nil || orm.DeferredFields(r) != nil {
		t.Errorf("Refresh: %+v, %v", r, err)
	}
	if got := inOrder(t, all.OnlyNames("code").OrderByNames("-count").Limit(2)); got != "a f" {
		t.Errorf("a list: %s", got)
	}
	for want, q := range map[string]orm.Query[Record]{
		`no field "txt"; did you mean "text"?`: all.OnlyNames("txt"),
		"Defer takes fields of objects that":   all.DeferNames("owner__name"),
		"without a lookup":                     all.OnlyNames("code__exact"),
		"stored in a column":                   all.OnlyNames("data__k"),
		`no field "code\"; DROP"`:              all.DeferNames(`code"; DROP`),
	} {
		refused(t, db, want, func() error { _, err := q.All(ctx); return err })
	}
}

func mustModel(t *testing.T, db *orm.DB) *orm.Model {
	t.Helper()
	m, err := db.Model("driver.Record")
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// testPartialRelated checks objects that are related to others and read without some columns.
func testPartialRelated(t *testing.T, s suite) {
	db := s.shelf(t)
	ctx := t.Context()
	all := records(db).Where("code", "a")
	r, err := all.SelectRelatedNames("owner").OnlyNames("code").Get(ctx)
	if err != nil || r.Owner == nil || r.Owner.Name != "x" || orm.DeferredFields(r.Owner) != nil || !slices.Contains(orm.DeferredFields(r), "text") {
		t.Errorf("only columns of the object itself: %+v, %v", r, err)
	}
	r, err = all.SelectRelatedNames("owner").DeferNames("owner__name", "text").Get(ctx)
	if err != nil || !slices.Equal(orm.DeferredFields(r.Owner), []string{"name"}) || !slices.Equal(orm.DeferredFields(r), []string{"text"}) {
		t.Fatalf("columns of both: %v, %v", orm.DeferredFields(r.Owner), err)
	}
	if err := db.SkipValidation().Save(ctx, r.Owner); err != nil {
		t.Error(err)
	}
	owners := dynamic.From(db, "driver.Owner").Defer("name")
	prefetched, err := all.Dynamic().PrefetchQuery("owner", owners).Get(ctx)
	if err != nil || !slices.Equal(orm.DeferredFields(prefetched.(*Record).Owner), []string{"name"}) {
		t.Errorf("prefetched: %v", err)
	}
	if n, err := dynamic.From(db, "driver.Owner").Where("name", "x").Count(ctx); err != nil || n != 1 {
		t.Errorf("the owner was overwritten: %d, %v", n, err)
	}
}

// testForUpdate checks that locks need a transaction, lock the rows, and report what cannot be locked.
func testForUpdate(t *testing.T, s suite) {
	db := s.shelf(t)
	q := records(db).Where("code", "a")
	refused(t, db, "ForUpdate locks rows until a transaction ends", func() error { _, err := q.ForUpdate().Get(t.Context()); return err })
	refused(t, db, "ForUpdate locks rows until a transaction ends", func() error {
		_, err := q.ForUpdate().Dynamic().Values(t.Context(), "code")
		return err
	})
	related := q.SelectRelatedNames("owner")
	for name, locked := range map[string]orm.Query[Record]{
		"alone":             q.ForUpdate(),
		"with a relation":   related.ForUpdate(),
		"without waiting":   q.ForUpdateWith(orm.Lock{NoWait: true}),
		"those not locked":  q.ForUpdateWith(orm.Lock{SkipLocked: true}),
		"not the key":       q.ForUpdateWith(orm.Lock{NoKey: true}),
		"filter by related": records(db).Where("owner__name", "x").Where("code", "a").ForUpdate(),
	} {
		err := db.Atomic(t.Context(), func(ctx context.Context) error {
			r, err := locked.Get(ctx)
			if err == nil && r.Code != "a" {
				t.Errorf("%s: got %s", name, r.Code)
			}
			return err
		})
		if err != nil {
			text, _, _ := locked.SQL()
			t.Errorf("%s: %v\n%s", name, err, text)
		}
	}
	err := db.Atomic(t.Context(), func(ctx context.Context) error {
		for want, q := range map[string]dynamic.Query{
			"ForUpdate locks rows that the query reads": q.Dynamic().ForUpdateWith(dynamic.Lock{Of: []string{"owner"}}),
			`no relation "owneer"`:                      related.Dynamic().ForUpdateWith(dynamic.Lock{Of: []string{"owneer"}}),
			"takes either NoWait or SkipLocked":         q.Dynamic().ForUpdateWith(dynamic.Lock{NoWait: true, SkipLocked: true}),
			"ForUpdate locks rows of the table":         q.Dynamic().DistinctOn("owner").ForUpdate(),
		} {
			refused(t, db, want, func() error { _, err := q.All(ctx); return err })
		}
		n, err := q.ForUpdate().Count(ctx)
		if n != 1 {
			t.Errorf("the count is %d", n)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}
