package migrate_test

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/migrate"
	"github.com/quintetgo/quintet/orm/mysql"
	"github.com/quintetgo/quintet/orm/postgres"
	"github.com/quintetgo/quintet/orm/sqlite"
)

// TestDBShell runs clients that print their arguments and the variables they read.
func TestDBShell(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the clients of the test are shell scripts")
	}
	clients := t.TempDir()
	t.Setenv("PATH", clients)
	for _, name := range []string{"sqlite3", "psql", "mysql"} {
		script := "#!/bin/sh\necho $0 \"$@\" in $PGHOST $PGPORT $PGDATABASE $PGUSER $PGSSLMODE with $PGPASSWORD$MYSQL_PWD\n"
		if err := os.WriteFile(filepath.Join(clients, name), []byte(script), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	file := filepath.Join(t.TempDir(), "x.sqlite3")
	for address, want := range map[string]string{
		"sqlite:///" + file: "sqlite3 " + file + " in",
		"postgres://me:s3cret@db.example:5433/shop?sslmode=require": "psql in db.example 5433 shop me require with s3cret",
		"mysql://me:s3cret@db.example/shop":                         "mysql --host=db.example --port=3306 --protocol=tcp --user=me -- shop in with s3cret",
	} {
		db := orm.MustOpen(address, sqlite.Driver, postgres.Driver, mysql.Driver)
		app := migrate.New(db)
		if err := app.Use(app); err != nil {
			t.Fatal(err)
		}
		code, output := runCommand(t, app, "", "dbshell")
		wantOutput(t, address, code, strings.Join(strings.Fields(output), " "), 0, want)
		for _, program := range db.Session().Shell() {
			if strings.Contains(strings.Join(program.Args, " "), "s3cret") {
				t.Errorf("the password is among the arguments of %s", program.Name)
			}
		}
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}
	t.Setenv("PATH", t.TempDir())
	app := migrate.New(open(t, ""))
	if err := app.Use(app); err != nil {
		t.Fatal(err)
	}
	code, output := runCommand(t, app, "", "dbshell")
	wantOutput(t, "no client", code, output, 1, "the client of the database, sqlite3, is not installed: install it, and make sure that it is in PATH")
}
