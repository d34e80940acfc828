package orm_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/framework/settings"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/dynamic"
	"github.com/quintetgo/quintet/orm/migrate"
	"github.com/quintetgo/quintet/orm/ormtest"
	"github.com/quintetgo/quintet/orm/ormtest/testdb"
	"github.com/quintetgo/quintet/orm/postgres"
	"github.com/quintetgo/quintet/orm/router"
	"github.com/quintetgo/quintet/orm/sqlite"
)

// The models of a site with two databases: readers in the default one, their visits in another, and places in both.

type Reader struct {
	ID     int64
	Name   string `gorm:"size:20;uniqueIndex"`
	Visits []Visit
}

type Town struct {
	ID   int64
	Name string `gorm:"size:20"`
}

type Visit struct {
	ID       int64
	Page     string `gorm:"size:40"`
	ReaderID int64
	Reader   *Reader
	PlaceID  *int64
	Place    *Town
	Flags    []Flag `gorm:"many2many:visits_visit_flags"`
}

func (v *Visit) Fields(f *orm.Fields) {
	orm.FK(f, &v.Reader).NoConstraint().OnDelete(orm.DoNothing).Related("visits")
	orm.FK(f, &v.Place).OnDelete(orm.Cascade).Blank()
}

type Flag struct {
	ID   int64
	Name string `gorm:"size:20"`
}

type site struct {
	name   string
	models []any
}

func (s site) Name() string  { return s.name }
func (s site) Models() []any { return s.models }

var (
	readers = site{"readers", []any{&Reader{}}}                             //nolint:gochecknoglobals // read-only
	places  = site{"places", []any{&Town{}}}                                //nolint:gochecknoglobals // read-only
	visits  = site{"visits", []any{&Visit{}, &Flag{}}}                      //nolint:gochecknoglobals // read-only
	routes  = router.Map{"visits": {"logs"}, "places": {"default", "logs"}} //nolint:gochecknoglobals // read-only
)

// openSite returns two databases: two files, or a file and a schema of PostgreSQL.
func openSite(t *testing.T, server bool) *orm.DB {
	t.Helper()
	if !server {
		return ormtest.OpenDatabases(t, []string{"logs"}, routes, readers, places, visits)
	}
	db := ormtest.Open(t)
	if err := db.AddDatabase("logs", testdb.PostgresURL(t), sqlite.Driver, postgres.Driver); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Using("logs").Close() }) // before the schema is dropped
	db.Route(routes)
	if err := migrate.Register(db, readers, places, visits); err != nil {
		t.Fatal(err)
	}
	if err := migrate.CreateTables(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	return db
}

func createIn(ctx context.Context, t *testing.T, db *orm.DB, objects ...any) {
	t.Helper()
	for _, object := range objects {
		if err := db.Create(ctx, object); err != nil {
			t.Fatal(err)
		}
	}
}

func TestModelsInTwoDatabases(t *testing.T) {
	t.Parallel()
	for name, server := range map[string]bool{"two files": false, "a file and a server": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := openSite(t, server)
			if problems := db.Check(); len(problems) > 0 {
				t.Fatal(problems)
			}
			ctx := t.Context()
			ann, ben := &Reader{Name: "Ann"}, &Reader{Name: "Ben"}
			createIn(ctx, t, db, ann, ben)
			place := &Town{Name: "Lyon"}
			createIn(ctx, t, db.Using("logs"), place)
			list := []*Visit{{Page: "/", ReaderID: ann.ID}, {Page: "/a", ReaderID: ben.ID, PlaceID: &place.ID}, {Page: "/b", ReaderID: ben.ID}}
			if err := db.CreateAll(ctx, list); err != nil {
				t.Fatal(err)
			}
			if n, err := orm.Objects[Visit](db).Where("place__name", "Lyon").Count(ctx); n != 1 || err != nil {
				t.Errorf("%d visits in Lyon, %v: a model of two databases joins in the query's own", n, err)
			}
			if n, err := orm.Objects[Town](db).Count(ctx); n != 0 || err != nil {
				t.Errorf("%d places in the default database, %v", n, err)
			}
			if n, err := orm.Objects[Town](db).Using("logs").Count(ctx); n != 1 || err != nil {
				t.Errorf("%d places in logs, %v", n, err)
			}
			list[0].Page = "/changed"
			if err := db.Save(ctx, list[0]); err != nil {
				t.Error(err)
			}
			if n, err := dynamic.From(db, "visits.Visit").Where("page", "/changed").Update(ctx, map[string]any{"page": "/z"}); n != 1 || err != nil {
				t.Errorf("updated %d, %v", n, err)
			}
			loaded, err := orm.Objects[Visit](db).PrefetchNames("reader").OrderByNames("page").All(ctx)
			if err != nil || len(loaded) != 3 || loaded[0].Reader.Name != "Ben" || loaded[2].Reader.Name != "Ann" {
				t.Errorf("forward prefetch: %v, %v", loaded, err)
			}
			people, err := orm.Objects[Reader](db).PrefetchNames("visits__place").OrderByNames("name").All(ctx)
			if err != nil || len(people) != 2 || len(people[1].Visits) != 2 || people[1].Visits[0].Place.Name != "Lyon" {
				t.Errorf("reverse prefetch: %v, %v", people, err)
			}
			flag := &Flag{Name: "late"}
			createIn(ctx, t, db, flag)
			if err := db.Related(list[0], "flags").Add(ctx, flag); err != nil {
				t.Error(err)
			}
			if n, err := db.Related(ben, "visits").Query().Count(ctx); n != 2 || err != nil {
				t.Errorf("%d visits of Ben, %v", n, err)
			}
			if _, err := db.Delete(ctx, list[0]); err != nil {
				t.Error(err)
			}
			if n, err := orm.Objects[Visit](db).Where("page", "/b").Delete(ctx); n != 1 || err != nil {
				t.Errorf("deleted %d, %v", n, err)
			}
			if _, err := db.Delete(ctx, ann); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestStatementsOfOneDatabase(t *testing.T) {
	t.Parallel()
	db := openSite(t, false)
	all := orm.Objects[Visit](db)
	for name, q := range map[string]interface {
		Count(ctx context.Context) (int64, error)
	}{
		"\"reader__name\": readers.Reader is in another database": all.Where("reader__name", "Ann"),
		"\"visits__page\": visits.Visit is in another database":   orm.Objects[Reader](db).Where("visits__page", "/"),
		"a query on visits.Visit of another database":             orm.Objects[Reader](db).Filter(orm.Exists(all)),
		`there is no database "log"; did you mean "logs"?`:        all.Using("log"),
		`the database "default" has no table of visits.Visit`:     all.Using("default"),
		`the database "logs" has no table of readers.Reader`:      dynamic.From(db.Using("logs"), "readers.Reader"),
	} {
		if _, err := q.Count(t.Context()); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("got %v, want %s", err, name)
		}
	}
	if n, err := all.Where("reader_id", 1).Count(t.Context()); n != 0 || err != nil {
		t.Errorf("the key of a foreign key is in the model's own table: %d, %v", n, err)
	}
	for name, q := range map[string]orm.Query[Visit]{
		"SelectRelated": all.SelectRelatedNames("reader"), "OrderBy": all.OrderByNames("reader__name"),
	} {
		if _, err := q.All(t.Context()); err == nil || !strings.Contains(err.Error(), "readers.Reader is in another database") {
			t.Errorf("%s: got %v", name, err)
		}
	}
	people := dynamic.From(db, "readers.Reader")
	createIn(t.Context(), t, db, &Reader{Name: "Ann"})
	if _, err := people.PrefetchQuery("visits", all.Dynamic()).All(t.Context()); err != nil {
		t.Error(err)
	}
	inLogs := dynamic.From(db, "visits.Visit")
	if _, err := inLogs.PrefetchQuery("place", dynamic.From(db, "places.Town")).Count(t.Context()); err != nil {
		t.Error(err)
	}
	if _, err := inLogs.PrefetchQuery("place", dynamic.From(db, "places.Town")).All(t.Context()); err == nil ||
		!strings.Contains(err.Error(), `the prefetch of "place" takes a query on the database "logs", not on "default"; add Using("logs") to it`) {
		t.Errorf("a prefetch of another database: %v", err)
	}
}

func TestHandlesWithoutADatabase(t *testing.T) {
	t.Parallel()
	db := openSite(t, false)
	lost := db.Using("log")
	ctx := t.Context()
	_, execErr := lost.Exec(ctx, "DELETE FROM readers_reader")
	_, queryErr := lost.Query(ctx, "SELECT 1") //nolint:sqlclosecheck // there are no rows
	for name, err := range map[string]error{
		"Create": lost.Create(ctx, &Reader{Name: "x"}), "Exec": execErr, "Query": queryErr, "Ping": lost.Ping(ctx),
		"Atomic": lost.Atomic(ctx, func(context.Context) error { return nil }), "Gorm": lost.Gorm(ctx).Error,
		"Backup": lost.Backup(ctx, "x"), "Writer": lost.Writer().PingContext(ctx), "AddReplica": lost.AddReplica("sqlite:///x", sqlite.Driver),
	} {
		if err == nil || !strings.Contains(err.Error(), `there is no database "log"; did you mean "logs"?`) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := lost.Close(); err != nil {
		t.Error(err)
	}
	if err := db.Ping(ctx); err != nil {
		t.Errorf("closing a handle without a database closed another: %v", err)
	}
}

func TestTransactionsOfTwoDatabases(t *testing.T) {
	t.Parallel()
	db := openSite(t, false)
	wrong := errors.New("wrong")
	counts := func() (n, m int64) {
		t.Helper()
		n, err := orm.Objects[Reader](db).Count(t.Context())
		m, other := orm.Objects[Visit](db).Count(t.Context())
		if err := errors.Join(err, other); err != nil {
			t.Error(err)
		}
		return n, m
	}
	err := db.Atomic(t.Context(), func(ctx context.Context) error {
		createIn(ctx, t, db, &Reader{Name: "Ann"})
		createIn(ctx, t, db, &Visit{Page: "/", ReaderID: 1}) // not in the transaction
		if db.For(&Visit{}).InTransaction(ctx) || !db.For("readers.Reader").InTransaction(ctx) {
			t.Error("the transaction is that of the default database")
		}
		inner := db.For(&Visit{}).Atomic(ctx, func(ctx context.Context) error {
			createIn(ctx, t, db, &Visit{Page: "/undone", ReaderID: 1})
			return wrong
		})
		if !errors.Is(inner, wrong) {
			t.Error(inner)
		}
		return nil
	})
	if n, m := counts(); n != 1 || m != 1 || err != nil {
		t.Errorf("%d readers and %d visits, %v; want one of each", n, m, err)
	}
	err = db.Using("logs").Atomic(t.Context(), func(ctx context.Context) error {
		createIn(ctx, t, db, &Visit{Page: "/undone", ReaderID: 1})
		createIn(ctx, t, db, &Reader{Name: "Ben"})
		return wrong
	})
	if n, m := counts(); n != 2 || m != 1 || !errors.Is(err, wrong) {
		t.Errorf("%d readers and %d visits, %v; the visit was rolled back, the reader was not", n, m, err)
	}
}

func TestChecksOfRoutes(t *testing.T) {
	t.Parallel()
	type Strict struct {
		ID       int64
		ReaderID int64
		Reader   *Reader
		Readers  []Reader `gorm:"many2many:strict_readers"`
	}
	db := ormtest.Open(t)
	if err := db.AddDatabase("logs", "sqlite:///"+t.TempDir()+"/logs.sqlite3", sqlite.Driver); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(db.Register("readers", &Reader{}), db.Register("visits", &Visit{}, &Flag{}), db.Register("places", &Town{}),
		db.Register("strict", &Strict{})); err != nil {
		t.Fatal(err)
	}
	db.Route(router.Map{"strict": {"logs"}, "visit": {"logs"}, "places": {"lgs"}, "readers.Reader": {}})
	found := map[string]bool{}
	for _, p := range db.Check() {
		found[p.ID+" "+p.Place+": "+p.Message+" "+p.Hint] = true
	}
	for _, want := range []string{
		"orm.E060 strict.Strict.reader: a foreign key leads to readers.Reader in another database",
		"orm.E061 strict.Strict.readers: a many-to-many field leads to readers.Reader in another database",
		`orm.E062 places.Town: the router puts the model into the database "lgs", which is not open; did you mean "logs"?`,
		`orm.E063 router.Map["visit"]: no app and no model has this name; did you mean "visits"?`,
		`orm.E063 router.Map["places"]: the database "lgs" is not open; did you mean "logs"?`,
		`orm.E063 router.Map["readers.Reader"]: the route has no database`,
	} {
		seen := false
		for text := range found {
			seen = seen || strings.HasPrefix(text, want)
		}
		if !seen {
			t.Errorf("no problem %s in %v", want, found)
		}
	}
	if err := db.Create(t.Context(), &Town{Name: "Lyon"}); err == nil || !strings.Contains(err.Error(), `there is no database "lgs"`) {
		t.Errorf("a write to a database that is not open: %v", err)
	}
}

func TestAddDatabases(t *testing.T) {
	t.Parallel()
	dir := "sqlite:///" + t.TempDir() + "/"
	open := func(list ...settings.Database) (*orm.DB, error) {
		db := orm.MustOpen(dir+"main.sqlite3", sqlite.Driver)
		t.Cleanup(func() { _ = db.Close() })
		return db, db.AddDatabases(list, sqlite.Driver)
	}
	main := settings.Database{Alias: "default", URL: dir + "main.sqlite3"}
	db, err := open(main, settings.Database{Alias: "logs", URL: dir + "logs.sqlite3", Replicas: []string{dir + "copy.sqlite3"}})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, each := range db.Databases() {
		names = append(names, each.Name())
	}
	if got := strings.Join(names, " "); got != "default logs" || db.Name() != "default" {
		t.Errorf("opened %s", got)
	}
	for want, list := range map[string][]settings.Database{
		`"Logs" cannot be the alias of a database`:   {{Alias: "Logs", URL: dir + "b"}},
		`there is a database "logs" already`:         {{Alias: "logs", URL: dir + "b"}, {Alias: "logs", URL: dir + "c"}},
		`database "logs": orm: the database URL "x"`: {{Alias: "logs", URL: "x"}},
		`a replica of the database "default": orm`:   {{Alias: "default", Replicas: []string{"x"}}},
	} {
		if _, err := open(list...); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}
