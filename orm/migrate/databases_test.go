package migrate_test

import (
	"context"
	"path/filepath"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/migrate"
	m "github.com/quintetgo/quintet/orm/migrate/operations"
	"github.com/quintetgo/quintet/orm/migrate/rows"
	"github.com/quintetgo/quintet/orm/ormtest/testdb"
	"github.com/quintetgo/quintet/orm/postgres"
	"github.com/quintetgo/quintet/orm/router"
	"github.com/quintetgo/quintet/orm/sqlite"
)

// The app trade has an order in the default database and an archive in another, which has all of the app log.

type Order struct {
	ID   int64
	Code string `gorm:"size:10"`
}

type Archive struct {
	ID   int64
	Code string `gorm:"size:10"`
}

type Event struct {
	ID      int64
	Text    string `gorm:"size:40"`
	OrderID int64
	Order   *Order
}

func (e *Event) Fields(f *orm.Fields) {
	orm.FK(f, &e.Order).NoConstraint().OnDelete(orm.DoNothing)
}

type trade struct{ ran *[]string }

func (trade) Name() string  { return "trade" }
func (trade) Models() []any { return []any{&Order{}, &Archive{}} }
func (a trade) Migrations() []m.Migration {
	note := func(model string) rows.RunGo {
		return rows.RunGo{
			Forward:  func(context.Context, *rows.History) error { *a.ran = append(*a.ran, model); return nil },
			Backward: rows.NoOp, Model: model,
		}
	}
	return []m.Migration{
		{Name: "0001_initial", Operations: []m.Operation{
			m.CreateModel{Name: "Order", Fields: []m.Field{m.BigAuto("id"), m.Char("code", 10)}},
			m.CreateModel{Name: "Old", Fields: []m.Field{m.BigAuto("id")}},
		}},
		{Name: "0002_archive", Depends: []m.Dependency{m.On("trade", "0001_initial")}, Operations: []m.Operation{
			m.RenameModel{From: "Old", To: "Archive"},
			m.AddField{Model: "Archive", Field: m.Char("code", 10).Backfill("")},
			m.RunSQL{Forward: "INSERT INTO trade_archive (code) VALUES ('first')", Backward: m.NoSQL, Model: "Archive"},
			note("Order"), note("trade.Archive"),
		}},
	}
}

type eventLog struct{}

func (eventLog) Name() string  { return "log" }
func (eventLog) Models() []any { return []any{&Event{}} }
func (eventLog) Migrations() []m.Migration {
	return []m.Migration{{Name: "0001_initial", Depends: []m.Dependency{m.On("trade", "0001_initial")}, Operations: []m.Operation{
		m.CreateModel{Name: "Event", Fields: []m.Field{
			m.BigAuto("id"), m.Char("text", 40), m.ForeignKey("order", "trade.Order").NoConstraint(),
		}},
	}}}
}

// openRouted returns a default database and one with the alias logs, on the server or in a file.
func openRouted(t *testing.T, server bool) *orm.DB {
	t.Helper()
	db := open(t, "")
	address := "sqlite:///" + filepath.ToSlash(filepath.Join(t.TempDir(), "logs.sqlite3"))
	if server {
		address = testdb.PostgresURL(t)
	}
	if err := db.AddDatabase("logs", address, sqlite.Driver, postgres.Driver); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Using("logs").Close() }) // before the schema is dropped
	db.Route(router.Map{"log": {"logs"}, "trade.Archive": {"logs"}})
	return db
}

func TestMigrationsOfTwoDatabases(t *testing.T) {
	t.Parallel()
	for name, server := range map[string]bool{"two files": false, "a file and a server": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var ran []string
			db := openRouted(t, server)
			if err := migrate.Up(t.Context(), db, trade{&ran}, eventLog{}); err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(ran, " "); got != "Order trade.Archive" {
				t.Errorf("the functions ran for %s", got)
			}
			for _, alias := range []string{"default", "logs"} {
				for table, want := range map[string]string{"trade_order": "default", "trade_archive": "logs", "log_event": "logs"} {
					rows, err := db.Using(alias).Query(t.Context(), "SELECT * FROM "+table)
					if err == nil {
						_ = rows.Close()
					}
					if (err == nil) != (alias == want) {
						t.Errorf("table %s in %s: %v", table, alias, err)
					}
				}
			}
			if err := db.Create(t.Context(), &Event{Text: "x", OrderID: 7}); err != nil {
				t.Errorf("an event of an order of the other database: %v", err)
			}
			if n, err := orm.Objects[Archive](db).Where("code", "first").Count(t.Context()); n != 1 || err != nil {
				t.Errorf("%d archived rows, %v", n, err)
			}
			if err := migrate.To(t.Context(), db, "trade", "0001", trade{&ran}, eventLog{}); err != nil {
				t.Fatal(err)
			}
			if _, err := db.Using("logs").Exec(t.Context(), "INSERT INTO trade_old (id) VALUES (90)"); err != nil {
				t.Errorf("undone, the table has its former name: %v", err)
			}
			if err := migrate.To(t.Context(), db, "log", "zero", trade{&ran}, eventLog{}); err != nil {
				t.Fatal(err)
			}
			if err := migrate.Up(t.Context(), db, trade{&ran}, eventLog{}); err != nil {
				t.Fatal(err)
			}
		})
	}
}

func TestCommandsWithTwoDatabases(t *testing.T) {
	t.Parallel()
	var ran []string
	db := openRouted(t, false)
	run := func(args ...string) (int, string) {
		t.Helper()
		migrations := migrate.New(db)
		if err := migrations.Use(migrations, trade{&ran}, eventLog{}); err != nil {
			t.Fatal(err)
		}
		return runCommand(t, migrations, "", args...)
	}
	for _, step := range []struct {
		args string
		code int
		want []string
	}{
		{"migrate --check", 1, []string{"Database default:\ntrade.0001_initial", "Database logs:\ntrade.0001_initial"}},
		{"migrate --database lgos", 2, []string{`the project has no database "lgos"; did you mean "logs"?`}},
		{"migrate log --database default", 2, []string{`the database "default" has no table of the app "log"`}},
		{"migrate --database logs", 0, []string{"Database logs:\nApplying trade.0001_initial … done", "Applying log.0001_initial … done"}},
		{
			"showmigrations", 0,
			[]string{
				"Database default:\ntrade\n    [ ] 0001_initial\n    [ ] 0002_archive\nDatabase logs:\ntrade\n    [X] 0001_initial\n    [X] 0002_archive\n" +
					"log\n    [X] 0001_initial\n",
			},
		},
		{"migrate", 0, []string{"Database default:\nApplying trade.0001_initial", "Database logs:\nNothing to do.\n"}},
		{"migrate --check", 0, nil},
		{"showmigrations --json --database logs", 0, []string{`"database": "logs",` + "\n    " + `"app": "log"`}},
		{"sqlmigrate log 0001", 0, []string{`CREATE TABLE "log_event"`}},
		{"sqlmigrate trade 0001", 0, []string{`CREATE TABLE "trade_order"`}},
		{"sqlmigrate trade 0001 --database logs", 0, []string{`CREATE TABLE "trade_old"`}},
		{"sqlmigrate trade 0002", 0, []string{"-- for another database"}},
		{"migrate log zero", 0, []string{"Database logs:\nUndoing log.0001_initial … done"}},
		{"makemigrations --check", 0, []string{"No changes."}},
	} {
		code, output := run(strings.Fields(step.args)...)
		wantOutput(t, step.args, code, output, step.code, step.want...)
		if step.args == "sqlmigrate trade 0001" && strings.Contains(output, "trade_old") {
			t.Errorf("the default database gets a table of another: %s", output)
		}
	}
}
