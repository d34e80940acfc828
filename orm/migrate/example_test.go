package migrate_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/quintetgo/quintet/framework"
	"github.com/quintetgo/quintet/framework/command"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/migrate"
	"github.com/quintetgo/quintet/orm/migrate/operations"
	"github.com/quintetgo/quintet/orm/sqlite"
)

// Song is a model.
type Song struct {
	ID    int64
	Title string `gorm:"size:100"`
}

// music is an app with a model and its migrations.
type music struct{}

func (music) Name() string  { return "music" }
func (music) Models() []any { return []any{&Song{}} }

func (music) Migrations() []migrate.Migration {
	return []migrate.Migration{
		{Name: "0001_initial", Operations: []operations.Operation{
			operations.CreateModel{Name: "Song", Fields: []operations.Field{operations.BigAuto("id"), operations.Char("name", 100)}},
		}},
		{Name: "0002_title", Depends: []operations.Dependency{operations.On("music", "0001_initial")}, Operations: []operations.Operation{
			operations.RenameField{Model: "Song", From: "name", To: "title"},
		}},
	}
}

// run runs a command of the app that New returns.
func run(app *migrate.App, name string, args ...string) {
	for _, c := range app.Commands() {
		if c.Name == name {
			if err := c.Run(context.Background(), &command.Call{Args: args, Out: os.Stdout, Err: os.Stdout}); err != nil {
				fmt.Println(err)
			}
		}
	}
}

// The app comes first in the list, before the apps with models.
func ExampleNew() {
	db := orm.MustOpen("sqlite::memory:", sqlite.Driver)
	p := framework.New(framework.Settings{}, migrate.New(db), music{})
	if err := p.Err(); err != nil {
		fmt.Println(err)
		return
	}
	defer db.Close()
	for _, m := range db.Models() {
		fmt.Println(m, m.Table)
	}
	// Output: music.Song music_song
}

func ExampleUp() {
	ctx := context.Background()
	db := orm.MustOpen("sqlite::memory:", sqlite.Driver)
	defer db.Close()
	if err := migrate.Up(ctx, db, music{}); err != nil {
		fmt.Println(err)
		return
	}
	song := Song{Title: "So What"}
	fmt.Println(db.Create(ctx, &song), song.ID)
	// Output: <nil> 1
}

func ExampleTo() {
	ctx := context.Background()
	db := orm.MustOpen("sqlite::memory:", sqlite.Driver)
	defer db.Close()
	fmt.Println(migrate.To(ctx, db, "music", "0001", music{}))
	app := migrate.New(db)
	if err := app.Use(music{}); err != nil {
		fmt.Println(err)
	}
	run(app, "showmigrations")
	// Output:
	// <nil>
	// music
	//     [X] 0001_initial
	//     [ ] 0002_title
}

// The command sqlmigrate shows the SQL of a migration. It needs no tables.
func ExampleApp_Commands() {
	db := orm.MustOpen("sqlite::memory:", sqlite.Driver)
	defer db.Close()
	app := migrate.New(db)
	if err := app.Use(music{}); err != nil {
		fmt.Println(err)
	}
	run(app, "sqlmigrate", "music", "0002")
	// Output:
	// PRAGMA foreign_keys = OFF;
	// BEGIN;
	// --
	// -- Rename field name on Song to title
	// --
	// ALTER TABLE "music_song" RENAME COLUMN "name" TO "title";
	// COMMIT;
	// PRAGMA foreign_keys = ON;
}

func ExampleApp_Commands_backup() {
	dir, err := os.MkdirTemp("", "backup")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	db := orm.MustOpen("sqlite:///"+filepath.ToSlash(filepath.Join(dir, "shop.sqlite3")), sqlite.Driver)
	defer db.Close()
	if err := migrate.Up(context.Background(), db, music{}); err != nil {
		fmt.Println(err)
	}
	copied := filepath.Join(dir, "copy.sqlite3")
	fmt.Println(db.Backup(context.Background(), copied))
	restored := orm.MustOpen("sqlite:///"+filepath.ToSlash(copied), sqlite.Driver)
	defer restored.Close()
	app := migrate.New(restored)
	if err := app.Use(music{}); err != nil {
		fmt.Println(err)
	}
	run(app, "migrate")
	// Output:
	// <nil>
	// Nothing to do.
}
