// Package ormtest opens databases for tests, with the tables of the models under test, and counts statements.
package ormtest

import (
	"path/filepath"
	"testing"

	"github.com/quintetgo/quintet/framework"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/migrate"
	"github.com/quintetgo/quintet/orm/router"
	"github.com/quintetgo/quintet/orm/sqlite"
)

// Open returns an empty SQLite database in a file that is removed when the test ends. It registers the models of apps
// (see [orm.ModelsApp]) and creates their tables directly from the models, without migrations. Apps need no DB for
// that. Pass every app whose models the others refer to, as in ormtest.Open(t, auth.New[accounts.User](nil),
// accounts.App{}, blog.App{}). An error ends the test.
func Open(t testing.TB, apps ...any) *orm.DB {
	t.Helper()
	db, err := orm.Open(temporaryFile(t), sqlite.Driver)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Errorf("close the test database: %v", err)
		}
	})
	if err := migrate.Register(db, apps...); err != nil {
		t.Fatalf("ormtest.Open: %v", err)
	}
	if err := migrate.CreateTables(t.Context(), db); err != nil {
		t.Fatalf("ormtest.Open: %v", err)
	}
	return db
}

// OpenDatabases is [Open] with several databases: the default one, and one for each alias. routes may be nil; see
// [orm.DB.Route]. The tables are created where it puts them:
//
//	db := ormtest.OpenDatabases(t, []string{"logs"}, router.Map{"audit": {"logs"}}, audit.App{}, blog.App{})
func OpenDatabases(t testing.TB, aliases []string, routes router.Router, apps ...any) *orm.DB {
	t.Helper()
	db := Open(t)
	for _, alias := range aliases {
		if err := db.AddDatabase(alias, temporaryFile(t), sqlite.Driver); err != nil {
			t.Fatalf("ormtest.OpenDatabases: %v", err)
		}
	}
	if routes != nil {
		db.Route(routes)
	}
	if err := migrate.Register(db, apps...); err != nil {
		t.Fatalf("ormtest.OpenDatabases: %v", err)
	}
	if err := migrate.CreateTables(t.Context(), db); err != nil {
		t.Fatalf("ormtest.OpenDatabases: %v", err)
	}
	return db
}

// temporaryFile returns the URL of a database file that is removed when the test ends.
func temporaryFile(t testing.TB) string {
	return "sqlite:///" + filepath.ToSlash(filepath.Join(t.TempDir(), "test.sqlite3"))
}

// Migrate applies the migrations of a whole project to its database, which Open(t) without apps makes:
//
//	db := ormtest.Open(t)
//	p := project(framework.Settings{}, db)
//	ormtest.Migrate(t, p)
//
// An error, also one of the project itself, ends the test.
func Migrate(t testing.TB, p *framework.Project) {
	t.Helper()
	if err := p.Err(); err != nil {
		t.Fatalf("ormtest.Migrate: %v", err)
	}
	if err := migrate.UpProject(t.Context(), p); err != nil {
		t.Fatalf("ormtest.Migrate: %v", err)
	}
}
