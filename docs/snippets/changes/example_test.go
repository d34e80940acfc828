package changes_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/quintetgo/quintet/docs/snippets/changes"
	"github.com/quintetgo/quintet/framework"
	"github.com/quintetgo/quintet/framework/command"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/migrate"
	m "github.com/quintetgo/quintet/orm/migrate/operations"
	"github.com/quintetgo/quintet/orm/mysql"
	"github.com/quintetgo/quintet/orm/postgres"
	"github.com/quintetgo/quintet/orm/sqlite"
)

// app has the migrations of the guide, and models that have changed since.
type app struct {
	changes.App
	models []any
	more   []m.Migration
}

func (a app) Models() []any { return a.models }

func (a app) Migrations() []m.Migration { return append(a.App.Migrations(), a.more...) }

// duration is how long a migration took.
var duration = regexp.MustCompile(` \(\d+m?s\)`)

// run runs commands of a project with the app, and prints what they print as a program called stage does, without durations.
func run(a app, commands ...[]string) {
	ctx := context.Background()
	db := orm.MustOpen("sqlite::memory:", sqlite.Driver)
	defer db.Close()
	project := framework.New(framework.Settings{Debug: true}, migrate.New(db), a)
	for _, args := range commands {
		var out bytes.Buffer
		status := project.Run(ctx, args, command.Call{In: &bytes.Buffer{}, Out: &out, Err: &out})
		text := duration.ReplaceAllString(out.String(), "")
		fmt.Print(strings.ReplaceAll(text, filepath.Base(os.Args[0])+" ", "stage "))
		if status != 0 {
			fmt.Println("exit status", status)
		}
	}
}

func Example_rename() {
	type Concert struct {
		ID      int64
		Title   string `gorm:"size:200"`
		Slug    string `gorm:"size:200"`
		Heading string `gorm:"size:250"`
		Fee     int32
	}
	a := app{models: []any{&Concert{}}}
	run(a, []string{"makemigrations", "--dry-run"})
	run(a, []string{"makemigrations", "--dry-run", "--rename", "Concert.label=heading"})
	// Output:
	// stage makemigrations: concerts.Concert.label is no longer in the model; dropping it would delete its values.
	//     If it was renamed: --rename Concert.label=heading
	//     To drop it: --allow-drop
	// exit status 1
	// concerts: 0005_rename_label_to_heading
	//     Rename field label on Concert to heading
}

func Example_required() {
	type Concert struct {
		ID       int64
		Title    string `gorm:"size:200"`
		Slug     string `gorm:"size:200"`
		Label    string `gorm:"size:250"`
		Fee      int32
		Language string `gorm:"size:8"`
	}
	a := app{models: []any{&Concert{}}}
	run(a, []string{"makemigrations", "--dry-run"})
	run(a, []string{"makemigrations", "--dry-run", "--default", "concerts.Concert.language=en"})
	// Output:
	// stage makemigrations: concerts.Concert.language is required, and existing rows have no value for it.
	//     Pass one: --default concerts.Concert.language=VALUE
	//     Or declare one in the model: Default(…) or Blank() in its Fields method, a default tag, or a pointer, which allows NULL
	// exit status 1
	// concerts: 0005_concert_language
	//     Add field language to Concert (existing rows get "en")
}

func Example_plan() {
	type Concert struct {
		ID    int64
		Title string `gorm:"size:200"`
		Slug  string `gorm:"size:200"`
		Label string `gorm:"size:250"`
		Fee   int32
	}
	a := app{models: []any{&Concert{}}, more: []m.Migration{{
		Name: "0005_fee", Depends: []m.Dependency{m.On("concerts", "0004_search")},
		Operations: []m.Operation{m.AlterField{Model: "Concert", Field: m.BigInt("fee").Null()}},
	}}}
	run(a, []string{"migrate", "concerts", "0004"}, []string{"migrate", "--plan"})
	// Output:
	// Applying concerts.0001_initial … done
	// Applying concerts.0002_slug … done
	// Applying concerts.0003_slugs … done
	// Applying concerts.0004_search … done
	// warning: models of concerts have changes without a migration; run makemigrations
	// concerts.0005_fee
	//     Alter field fee on Concert
	//         rebuilds table concerts_concert, which keeps its rows, indexes and triggers
	//         keeps index concerts_lower_title
}

func Example_sqlmigrate() {
	type Concert struct {
		ID    int64
		Title string `gorm:"size:200"`
		Slug  string `gorm:"size:200"`
		Label string `gorm:"size:250"`
		Fee   int32
	}
	a := app{models: []any{&Concert{}}}
	run(a, []string{"showmigrations"}, []string{"sqlmigrate", "concerts", "0001"}, []string{"migrate", "concerts", "0002"}, []string{"showmigrations"})
	// Output:
	// concerts
	//     [ ] 0001_initial
	//     [ ] 0002_slug
	//     [ ] 0003_slugs
	//     [ ] 0004_search
	// PRAGMA foreign_keys = OFF;
	// BEGIN;
	// --
	// -- Create model Concert
	// --
	// CREATE TABLE "concerts_concert" (
	//     "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
	//     "title" varchar(200) NOT NULL,
	//     "price" integer NOT NULL
	// );
	// COMMIT;
	// PRAGMA foreign_keys = ON;
	// Applying concerts.0001_initial … done
	// Applying concerts.0002_slug … done
	// concerts
	//     [X] 0001_initial
	//     [X] 0002_slug
	//     [ ] 0003_slugs
	//     [ ] 0004_search
}

// Without a connection, sqlmigrate prints the SQL of the database that DATABASE_URL names.
func Example_sqlmigratePostgreSQL() {
	printSQL("postgres://guide@127.0.0.1:1/guide")
	// Output:
	// BEGIN;
	// --
	// -- Create model Concert
	// --
	// CREATE TABLE "concerts_concert" (
	//     "id" bigint GENERATED BY DEFAULT AS IDENTITY NOT NULL PRIMARY KEY,
	//     "title" varchar(200) NOT NULL,
	//     "price" integer NOT NULL
	// );
	// COMMIT;
}

func Example_sqlmigrateMariaDB() {
	printSQL("mariadb://guide@127.0.0.1:1/guide")
	// Output:
	// --
	// -- Create model Concert
	// --
	// CREATE TABLE `concerts_concert` (
	//     `id` bigint NOT NULL AUTO_INCREMENT,
	//     `title` varchar(200) NOT NULL,
	//     `price` int NOT NULL,
	//     PRIMARY KEY (`id`)
	// ) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 /*M!100600 COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */;
}

func printSQL(url string) {
	type Concert struct {
		ID int64
	}
	db := orm.MustOpen(url, postgres.Driver, mysql.Driver)
	defer db.Close()
	project := framework.New(framework.Settings{Debug: true}, migrate.New(db), app{models: []any{&Concert{}}})
	call := command.Call{In: &bytes.Buffer{}, Out: os.Stdout, Err: os.Stdout}
	if status := project.Run(context.Background(), []string{"sqlmigrate", "concerts", "0001"}, call); status != 0 {
		fmt.Println("exit status", status)
	}
}

func Example_twoLast() {
	type Concert struct {
		ID    int64
		Title string `gorm:"size:200"`
		Slug  string `gorm:"size:200"`
		Label string `gorm:"size:250"`
		Fee   int32
	}
	after := []m.Dependency{m.On("concerts", "0004_search")}
	a := app{models: []any{&Concert{}}, more: []m.Migration{{Name: "0005_fee", Depends: after}, {Name: "0005_label", Depends: after}}}
	run(a, []string{"migrate"}, []string{"makemigrations", "--merge", "--dry-run"})
	// Output:
	// stage migrate: app "concerts" has 2 last migrations: 0005_fee, 0005_label; run makemigrations --merge concerts
	// exit status 1
	// concerts: 0006_merge
}

func Example_indexInTheWay() {
	type Concert struct {
		ID    int64
		Slug  string `gorm:"size:200"`
		Label string `gorm:"size:250"`
		Fee   int32
	}
	a := app{models: []any{&Concert{}}, more: []m.Migration{{
		Name: "0005_remove_title", Depends: []m.Dependency{m.On("concerts", "0004_search")},
		Operations: []m.Operation{m.RemoveField{Model: "Concert", Name: "title"}},
	}}}
	run(a, []string{"migrate"})
	// Output:
	// Applying concerts.0001_initial … done
	// Applying concerts.0002_slug … done
	// Applying concerts.0003_slugs … done
	// Applying concerts.0004_search … done
	// Applying concerts.0005_remove_title …
	// stage migrate: concerts.0005_remove_title: operation 1 (Remove field title from Concert): index "concerts_lower_title" uses column "title", which this operation removes. To remove both, put this operation before it:
	//     m.RunSQL{Forward: `DROP INDEX "concerts_lower_title"`, Backward: `CREATE INDEX concerts_lower_title ON concerts_concert (lower(title))`}
	//     nothing of this migration was kept; the ones before it remain applied
	// exit status 1
}
