package journal_test

import (
	"context"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/docs/snippets/journal"
	"github.com/quintetgo/quintet/framework/check"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/migrate"
	"github.com/quintetgo/quintet/orm/sqlite"
)

// TestStart starts the app on SQLite, which either can create the indexes or names the remedy.
func TestStart(t *testing.T) {
	t.Parallel()
	db := orm.MustOpen("sqlite::memory:", sqlite.Driver)
	defer db.Close()
	if err := migrate.Register(db, journal.App{}); err != nil {
		t.Fatal(err)
	}
	refused := ""
	for _, p := range db.Check() {
		if p.Level == check.Error {
			refused += p.Error()
		}
	}
	err := migrate.CreateTables(context.Background(), db)
	if (refused == "") != (err == nil) {
		t.Errorf("the check reports %q, and creating the tables returns %v", refused, err)
	}
	if err != nil && (!strings.Contains(refused, "sqlite_fts5") || !strings.Contains(err.Error(), "sqlite_fts5")) {
		t.Errorf("the check reports %q, and creating the tables returns %v: neither may hide the build tag", refused, err)
	}
}
