package ormtest

import (
	"context"
	"testing"
	"time"

	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/migrate"
)

// dropTime limits how long the end of a test waits for its database to be dropped.
const dropTime = time.Minute

// OpenOn is [Open] on a database server: it returns an empty database beside the one that a URL names, or in a schema of
// that one, which is dropped when the test ends. The database that the URL names keeps its tables.
//
//	db := ormtest.OpenOn(t, postgres.Driver, os.Getenv("TEST_DATABASE_URL"), blog.App{})
//
// An error, also one of a server that cannot be reached, ends the test.
func OpenOn(t testing.TB, driver dialect.Driver, databaseURL string, apps ...any) *orm.DB {
	t.Helper()
	db, err := orm.Open(TemporaryURL(t, driver, databaseURL), driver)
	if err != nil {
		t.Fatalf("ormtest: %v", err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Errorf("close the test database: %v", err)
		}
	})
	if err := migrate.Register(db, apps...); err != nil {
		t.Fatalf("ormtest: %v", err)
	}
	if err := migrate.CreateTables(t.Context(), db); err != nil {
		t.Fatalf("ormtest: %v", err)
	}
	return db
}

// TemporaryURL is [OpenOn] for tests that open the database themselves: it returns the URL of an empty database, which is
// dropped when the test ends.
func TemporaryURL(t testing.TB, driver dialect.Driver, databaseURL string) string {
	t.Helper()
	creator, ok := driver.(dialect.TemporaryCreator)
	if !ok {
		t.Fatalf("ormtest: the driver %q creates no databases for tests", driver.Name())
	}
	temporary, drop, err := creator.CreateTemporary(t.Context(), databaseURL)
	if err != nil {
		t.Fatalf("ormtest: create a database for the test: %v", err)
	}
	t.Cleanup(func() { // the test's own context has ended
		ctx, cancel := context.WithTimeout(context.Background(), dropTime)
		defer cancel()
		if err := drop(ctx); err != nil {
			t.Errorf("drop the test database: %v", err)
		}
	})
	return temporary
}
