package migrate_test

import (
	"strings"
	"testing"

	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/migrate"
	m "github.com/quintetgo/quintet/orm/migrate/operations"
)

// onlyMigrations is an app without models.
type onlyMigrations struct{ list []m.Migration }

func (onlyMigrations) Name() string                { return "lib" }
func (a onlyMigrations) Migrations() []m.Migration { return a.list }

func TestPlanListsWhatARebuildKeeps(t *testing.T) {
	t.Parallel()
	db := open(t, "")
	a := onlyMigrations{[]m.Migration{
		{Name: "0001_initial", Operations: []m.Operation{
			m.CreateModel{Name: "Book", Fields: []m.Field{m.BigAuto("id"), m.Char("title", 50), m.Text("note").Null().Index()}},
			m.CreateModel{Name: "Shelf", Fields: []m.Field{m.BigAuto("id"), m.Char("name", 50)}},
		}},
		{Name: "0002_tome", Depends: []m.Dependency{m.On("lib", "0001_initial")}, Operations: []m.Operation{
			m.RenameModel{From: "Book", To: "Tome"},
			m.AddField{Model: "Tome", Field: m.Bool("new").Backfill(true)},
			m.RemoveField{Model: "Tome", Name: "note"},
			m.DeleteModel{Name: "Shelf"},
		}},
	}}
	if err := migrate.To(t.Context(), db, "lib", "0001", a); err != nil {
		t.Fatal(err)
	}
	exec(t, db, "CREATE INDEX by_hand ON lib_book (lower(title))")
	exec(t, db, "CREATE INDEX notes ON lib_book (lower(note))")
	exec(t, db, "CREATE TRIGGER loud AFTER INSERT ON lib_book BEGIN SELECT 1; END")
	exec(t, db, "CREATE VIEW titles AS SELECT title FROM lib_book")
	exec(t, db, "CREATE INDEX names ON lib_shelf (lower(name))")
	code, out := shop(t, db, a, "", "migrate", "--plan")
	wantOutput(t, "plan", code, out, 0,
		"rebuilds table lib_book, which keeps its rows, indexes and triggers", "keeps index by_hand, index notes, trigger loud, view titles",
		`will be refused: index "notes" uses column "note"`, "keeps index by_hand, trigger loud, view titles", "drops the index names with table lib_shelf")
	code, out = shop(t, db, a, "", "sqlmigrate", "lib", "0002")
	wantOutput(t, "sqlmigrate", code, out, 0, `-- every index and trigger of "lib_tome" is remembered`,
		`-- every index and trigger of "lib_tome" is remembered; it must not use note`, `is created again, except lib_tome_note_idx`)
	undone := onlyMigrations{append(a.list[:1:1], m.Migration{Name: "0002_less", Depends: a.list[1].Depends, Operations: []m.Operation{
		m.RemoveField{Model: "Book", Name: "title"}, m.RemoveField{Model: "Shelf", Name: "name", Backfill: "?"},
	}})}
	other := open(t, "")
	if err := migrate.Up(t.Context(), other, undone); err != nil {
		t.Fatal(err)
	}
	code, out = shop(t, other, undone, "", "migrate", "lib", "0001", "--plan")
	wantOutput(t, "plan of undoing", code, out, 0, "fills column title with '' where rows have no value")
	if strings.Contains(out, "fills column name") {
		t.Errorf("a value that the migration names is nothing to tell:\n%s", out)
	}
	code, out = shop(t, db, a, "", "migrate")
	wantOutput(t, "migrate", code, out, 1, "m.RunSQL{Forward: `DROP INDEX \"notes\"`, Backward: `CREATE INDEX notes ON \"lib_tome\" (lower(note))`}")
}

func exec(t *testing.T, db *orm.DB, text string) {
	t.Helper()
	if _, err := db.Exec(t.Context(), text); err != nil {
		t.Fatal(err)
	}
}
