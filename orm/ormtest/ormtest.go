// Package ormtest opens databases for tests, with the tables of the models under test, and counts statements.
package ormtest

import (
	"path/filepath"
	"testing"

	"github.com/quintetgo/quintet/framework"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/migrate"
	"github.com/quintetgo/quintet/orm/sqlite"
)

// Open returns an empty SQLite database in a file that is removed when the test ends. It registers the models of apps
// (see [orm.ModelsApp]) and creates their tables directly from the models, without migrations. Apps need no DB for
// that. Pass every app whose models the others refer to, as in ormtest.Open(t, auth.New[accounts.User](nil),
// accounts.App{}, blog.App{}). An error ends the test.
func Open(t testing.TB, apps ...any) *orm.DB {
	t.Helper()
	db, err := orm.Open("sqlite:///"+filepath.ToSlash(filepath.Join(t.TempDir(), "test.sqlite3")), sqlite.Driver)
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
