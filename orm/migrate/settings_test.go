package migrate_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/framework"
	"github.com/quintetgo/quintet/orm/migrate"
	"github.com/quintetgo/quintet/orm/sqlite"
)

// TestDatabasesOfSettings checks that a database or a replica that is set is used or reported.
func TestDatabasesOfSettings(t *testing.T) {
	t.Parallel()
	file := func(name string) string { return "sqlite:///" + filepath.ToSlash(filepath.Join(t.TempDir(), name)) }
	s := framework.Settings{
		DatabaseURL: file("main"), DatabaseReplicas: []string{file("copy")}, DatabaseURLs: map[string]string{"logs": file("logs")},
	}
	db := open(t, "")
	app := migrate.New(db)
	framework.New(s, app)
	found := ""
	for _, p := range app.Checks(t.Context()) {
		found += p.ID + " " + p.Message + "\n"
	}
	for _, want := range []string{
		`migrate.E002 replicas of the database "default" are set, and the project does not open them`,
		`migrate.E002 the database "logs" is set, and the project does not open them`,
	} {
		if !strings.Contains(found, want) {
			t.Errorf("no problem %q in %s", want, found)
		}
	}
	if n := len(app.Middleware()); n != 0 {
		t.Errorf("%d middleware without replicas", n)
	}
	if err := db.AddDatabases(s.Databases(), sqlite.Driver); err != nil {
		t.Fatal(err)
	}
	for _, p := range app.Checks(t.Context()) {
		if p.ID == "migrate.E002" {
			t.Errorf("a problem of databases that are open: %+v", p)
		}
	}
	if n := len(app.Middleware()); n != 1 {
		t.Errorf("%d middleware with replicas, want that of package requests", n)
	}
}
