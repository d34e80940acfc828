package migrate_test

import (
	"bytes"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/framework"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/migrate"
	m "github.com/quintetgo/quintet/orm/migrate/operations"
	"github.com/quintetgo/quintet/orm/sqlite"
)

func TestDevStartMigratesAnEmptyDatabase(t *testing.T) {
	t.Parallel()
	db := open(t, "")
	start := func(migrations ...m.Migration) string {
		t.Helper()
		app := migrate.New(db)
		p := framework.New(framework.Settings{}, app, blog{migrations})
		if len(p.Apps()) != 2 {
			t.Fatalf("the project has the apps %v", p.Apps())
		}
		var out bytes.Buffer
		if err := app.DevStart(t.Context(), framework.Dev{Out: &out}); err != nil {
			t.Fatal(err)
		}
		return out.String()
	}
	if got := start(initial()); !strings.Contains(got, "Applying blog.0001_initial … done") || !strings.Contains(got, "models of blog have changes without a migration; run makemigrations") {
		t.Errorf("a fresh database: %s", got)
	}
	if got := start(initial(), second()); got != "The database lacks migrations: blog.0002_more. Run migrate.\n" {
		t.Errorf("a database that lacks one: %s", got)
	}
	if err := migrate.Up(t.Context(), db, blog{[]m.Migration{initial(), second()}}); err != nil {
		t.Fatal(err)
	}
	if got := start(initial(), second()); got != "" {
		t.Errorf("a database that has all: %s", got)
	}
}

func TestStartWarnsAboutMissingMigrations(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	app := migrate.New(open(t, ""))
	framework.New(framework.Settings{Logger: slog.New(slog.NewTextHandler(&log, nil))}, app, blog{[]m.Migration{initial()}})
	if err := app.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(log.String(), "run migrate") || !strings.Contains(log.String(), "blog.0001_initial") {
		t.Errorf("the log says %s", log.String())
	}
}

// wrong has a method that fits the name of an optional interface, but not its signature.
type wrong struct{}

func (wrong) Name() string           { return "wrong" }
func (wrong) Models() []*Author      { return nil }
func (wrong) Migrations() []struct{} { return nil }

func TestMethodsWithAnotherSignatureAreReported(t *testing.T) {
	t.Parallel()
	p := framework.New(framework.Settings{}, migrate.New(open(t, "")), wrong{})
	var found []string
	for _, problem := range p.Check(t.Context()) {
		if strings.Contains(problem.Place+problem.Message, "wrong") {
			found = append(found, problem.String())
		}
	}
	all := strings.Join(found, "\n")
	if !strings.Contains(all, "Models") || !strings.Contains(all, "Migrations") {
		t.Errorf("the checks say:\n%s", all)
	}
}

func TestReadyQueriesTheDatabase(t *testing.T) {
	t.Parallel()
	db, err := orm.Open("sqlite:///"+filepath.Join(t.TempDir(), "a.db"), sqlite.Driver)
	if err != nil {
		t.Fatal(err)
	}
	app := migrate.New(db)
	if err := app.Ready(t.Context()); err != nil {
		t.Errorf("with a database: %v", err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if err := app.Ready(t.Context()); err == nil {
		t.Error("ready without a database")
	}
}
