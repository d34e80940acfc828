package migrate_test

import (
	"bytes"
	"context"
	"path/filepath"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/framework/command"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/migrate"
	m "github.com/quintetgo/quintet/orm/migrate/operations"
	"github.com/quintetgo/quintet/orm/sqlite"
)

// Mistyped has a tag that GORM would ignore.
type Mistyped struct {
	ID   int64
	Slug string `gorm:"uniqeIndex"`
}

type mistyped struct{}

func (mistyped) Name() string  { return "typo" }
func (mistyped) Models() []any { return []any{&Mistyped{}} }
func (mistyped) Migrations() []m.Migration {
	return []m.Migration{{Name: "0001_initial", Operations: []m.Operation{
		m.CreateModel{Name: "Mistyped", Fields: []m.Field{m.BigAuto("id"), m.Text("slug")}},
	}}}
}

// TestProblemsOfModelsStopTheCommands guards the table of a model that could not be read: it must
// not look like one that is gone.
func TestProblemsOfModelsStopTheCommands(t *testing.T) {
	t.Parallel()
	db, err := orm.Open("sqlite:///"+filepath.Join(t.TempDir(), "a.db"), sqlite.Driver)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	app := migrate.New(db)
	if err := app.Use(mistyped{}); err == nil {
		t.Fatal("the mistake was not found")
	}
	for _, args := range []string{"makemigrations --allow-drop --no-input", "migrate", "sqlmigrate typo 0001", "showmigrations"} {
		var errs bytes.Buffer
		code := command.Main(context.Background(), command.Program{Name: "site", Commands: app.Commands()}, strings.Fields(args), command.Call{Out: &errs, Err: &errs})
		if code != 1 || !strings.Contains(errs.String(), `unknown gorm tag key "uniqeIndex". Did you mean "uniqueIndex"?`) {
			t.Errorf("%s: code %d, %s", args, code, errs.String())
		}
	}
}
