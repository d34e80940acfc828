package orm_test

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/dynamic"
	"github.com/quintetgo/quintet/orm/migrate"
	"github.com/quintetgo/quintet/orm/sqlite"
)

type Report struct {
	ID   int64
	Name string
	Rank int
	At   time.Time
}

func (Report) Meta() orm.Meta { return orm.Meta{Latest: "at", Ordering: []string{"name"}} }

type Silent struct{ ID int64 }

// Fellow is linked with others of its kind, in both directions and in one.
type Fellow struct {
	ID      int64
	Name    string
	Friends []Fellow `gorm:"many2many:news_friends"`
	Follows []Fellow `gorm:"many2many:news_follows"`
}

func (w *Fellow) Fields(f *orm.Fields) {
	orm.M2M(f, &w.Friends).Symmetrical()
	orm.M2M(f, &w.Follows).OneWay().Related("followers")
}

type news struct{}

func (news) Name() string  { return "news" }
func (news) Models() []any { return []any{&Report{}, &Silent{}, &Fellow{}} }

func openNews(t *testing.T) *orm.DB {
	t.Helper()
	db, err := orm.Open("sqlite:///"+filepath.ToSlash(filepath.Join(t.TempDir(), "news.sqlite3")), sqlite.Driver)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	if err := migrate.Register(db, news{}); err != nil {
		t.Fatal(err)
	}
	if err := migrate.CreateTables(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	return db
}

func TestLatestAndEarliest(t *testing.T) {
	t.Parallel()
	db, ctx := openNews(t), t.Context()
	if _, err := orm.Objects[Report](db).Latest(ctx); !errors.Is(err, orm.ErrNotFound) {
		t.Errorf("of no rows: %v", err)
	}
	day := func(n int) time.Time { return time.Date(2026, 5, n, 0, 0, 0, 0, time.UTC) }
	for _, r := range []Report{{Name: "b", Rank: 3, At: day(2)}, {Name: "c", Rank: 1, At: day(3)}, {Name: "a", Rank: 1, At: day(1)}, {Name: "d", Rank: 2, At: day(3)}} {
		if err := db.Create(ctx, &r); err != nil {
			t.Fatal(err)
		}
	}
	q := orm.Objects[Report](db)
	for name, tc := range map[string]struct {
		get  func() (*Report, error)
		want string
	}{
		"latest":                       {func() (*Report, error) { return q.Latest(ctx) }, "d"},
		"earliest":                     {func() (*Report, error) { return q.Earliest(ctx) }, "a"},
		"the order has no effect":      {func() (*Report, error) { return q.OrderByNames("-name").Latest(ctx) }, "d"},
		"a field":                      {func() (*Report, error) { return q.Latest(ctx, "rank") }, "b"},
		"several":                      {func() (*Report, error) { return q.Earliest(ctx, "rank", "name") }, "a"},
		"turned round":                 {func() (*Report, error) { return q.Latest(ctx, "-rank", "name") }, "c"},
		"of some":                      {func() (*Report, error) { return q.Where("rank", 1).Earliest(ctx) }, "a"},
		"equal: the smaller key first": {func() (*Report, error) { return q.Earliest(ctx, "rank") }, "c"},
	} {
		if got, err := tc.get(); err != nil || got.Name != tc.want {
			t.Errorf("%s: got %+v, %v; want %s", name, got, err, tc.want)
		}
	}
	if got, err := dynamic.From(db, "news.Report").Latest(ctx); err != nil || got.(*Report).Name != "d" {
		t.Errorf("untyped: got %v, %v", got, err)
	}
	for want, err := range map[string]error{
		"set Meta.Latest":    second(orm.Objects[Silent](db).Latest(ctx)),
		"no field \"when\"":  second(q.Latest(ctx, "when")),
		"with Limit or":      second(q.Limit(2).Earliest(ctx)),
		"need a field: name": second(dynamic.From(db, "news.Silent").Earliest(ctx)),
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}

func second[T any](_ T, err error) error { return err }

func TestManyToManyOfOneModel(t *testing.T) {
	t.Parallel()
	db, ctx := openNews(t), t.Context()
	people := map[string]*Fellow{}
	for _, name := range []string{"ada", "bo", "cy"} {
		people[name] = &Fellow{Name: name}
		if err := db.Create(ctx, people[name]); err != nil {
			t.Fatal(err)
		}
	}
	names := func(q orm.Query[Fellow]) string {
		t.Helper()
		all, err := q.OrderByNames("name").All(ctx)
		if err != nil {
			t.Fatal(err)
		}
		var list []string
		for _, f := range all {
			list = append(list, f.Name)
		}
		return strings.Join(list, " ")
	}
	of := func(lookup, name string) string {
		t.Helper()
		return names(orm.Objects[Fellow](db).Where(lookup, name))
	}
	step := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	step(db.Related(people["ada"], "friends").Add(ctx, people["bo"], people["cy"]))
	step(db.Related(people["cy"], "friends").Add(ctx, people["ada"])) // holds already
	if of("friends__name", "bo") != "ada" || of("friends__name", "ada") != "bo cy" {
		t.Errorf("friends of bo: %q, of ada: %q", of("friends__name", "bo"), of("friends__name", "ada"))
	}
	step(db.Related(people["bo"], "friends").Remove(ctx, people["ada"]))
	if of("friends__name", "ada") != "cy" || of("friends__name", "bo") != "" {
		t.Errorf("after removing: friends of ada %q, of bo %q", of("friends__name", "ada"), of("friends__name", "bo"))
	}
	step(db.Related(people["ada"], "friends").Set(ctx, people["bo"]))
	if of("friends__name", "ada") != "bo" || of("friends__name", "cy") != "" || of("friends__name", "bo") != "ada" {
		t.Error("Set did not replace both directions")
	}
	step(db.Related(people["ada"], "friends").Clear(ctx))
	if of("friends__name", "ada") != "" || of("friends__name", "bo") != "" {
		t.Error("Clear left something")
	}
	step(db.Related(people["ada"], "follows").Add(ctx, people["bo"]))
	if of("follows__name", "bo") != "ada" || of("follows__name", "ada") != "" || of("followers__name", "ada") != "bo" {
		t.Error("following is not one-way")
	}
}
