package migrate_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/quintetgo/quintet/framework/command"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/migrate"
	m "github.com/quintetgo/quintet/orm/migrate/operations"
	"github.com/quintetgo/quintet/orm/sqlite"
)

type Author struct {
	ID   int64
	Name string `gorm:"size:100;uniqueIndex"`
}

type Tag struct {
	ID   int64
	Name string `gorm:"size:50"`
}

type Status string

// Choices implements declare.Chooser.
func (Status) Choices() []orm.Choice {
	return []orm.Choice{{Value: Status("draft"), Label: "Draft"}, {Value: Status("live"), Label: "Live"}}
}

type Post struct {
	ID        int64
	Title     string `gorm:"size:200"`
	Hits      int
	Lang      string `gorm:"size:5"`
	Live      bool
	Status    Status `gorm:"size:10"`
	AuthorID  int64
	Author    *Author
	Tags      []Tag `gorm:"many2many:blog_post_tags"`
	CreatedAt time.Time
	UpdatedAt *time.Time
}

func (p *Post) Fields(f *orm.Fields) {
	orm.Describe(f, &p.Lang).Default(func() string { return "en" })
	orm.Describe(f, &p.CreatedAt).AutoNowAdd()
	orm.FK(f, &p.Author).OnDelete(orm.Cascade)
}

// blog is an app with those models and the migrations of a test.
type blog struct{ migrations []m.Migration }

func (blog) Name() string                { return "blog" }
func (blog) Models() []any               { return []any{&Author{}, &Tag{}, &Post{}} }
func (b blog) Migrations() []m.Migration { return b.migrations }
func initial() m.Migration {
	return m.Migration{Name: "0001_initial", Operations: []m.Operation{
		m.CreateModel{Name: "Author", Fields: []m.Field{m.BigAuto("id"), m.Char("name", 100).Unique()}},
		m.CreateModel{Name: "Tag", Fields: []m.Field{m.BigAuto("id"), m.Char("name", 50)}},
		m.CreateModel{Name: "Post", Fields: []m.Field{
			m.BigAuto("id"), m.Char("title", 200), m.BigInt("views"), m.ForeignKey("author", "blog.Author"), m.ManyToMany("tags", "blog.Tag"),
		}},
	}}
}

func second() m.Migration {
	return m.Migration{Name: "0002_more", Depends: []m.Dependency{m.On("blog", "0001_initial")}, Operations: []m.Operation{
		m.RenameField{Model: "Post", From: "views", To: "hits"},
		m.AddField{Model: "Post", Field: m.Char("lang", 5).Backfill("en")},
		m.AddField{Model: "Post", Field: m.Bool("live").Backfill(false)},
		m.AddField{Model: "Post", Field: m.Char("status", 10).Backfill("draft")},
		m.AddField{Model: "Post", Field: m.DateTime("created_at").Backfill(m.Now)},
		m.AddField{Model: "Post", Field: m.DateTime("updated_at").Null()},
	}}
}

func open(t *testing.T, file string) *orm.DB {
	t.Helper()
	if file == "" {
		file = filepath.Join(t.TempDir(), "test.sqlite3")
	}
	db, err := orm.Open("sqlite:///"+filepath.ToSlash(file), sqlite.Driver)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// shop runs a command line of a project whose one app has those migrations.
func shop(t *testing.T, db *orm.DB, app any, input string, args ...string) (code int, output string) {
	t.Helper()
	migrations := migrate.New(db)
	if err := migrations.Use(migrations, app); err != nil {
		t.Fatal(err)
	}
	return runCommand(t, migrations, input, args...)
}

// runCommand runs a command line of a project with an app.
func runCommand(t *testing.T, migrations *migrate.App, input string, args ...string) (code int, output string) {
	t.Helper()
	var out bytes.Buffer
	call := command.Call{In: strings.NewReader(input), Out: &out, Err: &out, Terminal: input != ""}
	code = command.Main(t.Context(), command.Program{Name: "shop", Commands: migrations.Commands()}, args, call)
	return code, out.String()
}

func wantOutput(t *testing.T, what string, code int, output string, wantCode int, parts ...string) {
	t.Helper()
	if code != wantCode {
		t.Errorf("%s: exit code %d, want %d\n%s", what, code, wantCode, output)
	}
	for _, part := range parts {
		if !strings.Contains(output, part) {
			t.Errorf("%s: the output lacks %q:\n%s", what, part, output)
		}
	}
}

func TestMigrateCommands(t *testing.T) {
	t.Parallel()
	db := open(t, "")
	app := blog{[]m.Migration{initial(), second()}}
	for _, step := range []struct {
		args []string
		code int
		want []string
	}{
		{[]string{"showmigrations"}, 0, []string{"blog\n    [ ] 0001_initial\n    [ ] 0002_more\n"}},
		{[]string{"migrate", "--check"}, 1, []string{"blog.0001_initial", "run migrate"}},
		{[]string{"migrate", "--plan"}, 0, []string{"blog.0002_more\n    Rename field views on Post to hits\n"}},
		{[]string{"migrate", "blog", "0001"}, 0, []string{"Applying blog.0001_initial … done"}},
		{[]string{"showmigrations", "blog"}, 0, []string{"[X] 0001_initial\n    [ ] 0002_more"}},
		{[]string{"migrate"}, 0, []string{"Applying blog.0002_more … done"}},
		{[]string{"migrate"}, 0, []string{"Nothing to do."}},
		{[]string{"migrate", "--check"}, 0, nil},
		{[]string{"showmigrations", "--json"}, 0, []string{`"name": "0002_more"`, `"applied": true`, `"applied_at": "20`}},
		{[]string{"makemigrations", "--check"}, 0, []string{"No changes."}},
		{[]string{"migrate", "blog", "zero"}, 0, []string{"Undoing blog.0002_more … done", "Undoing blog.0001_initial … done"}},
		{[]string{"migrate", "blgo"}, 2, []string{`no app "blgo" with models or migrations; did you mean "blog"?`}},
		{[]string{"migrate", "blog", "0002_mre"}, 2, []string{`did you mean "0002_more"?`}},
		{[]string{"sqlmigrate", "blog", "0002"}, 0, []string{`ALTER TABLE "blog_post" RENAME COLUMN "views" TO "hits";`, "COMMIT;"}},
		{[]string{"sqlmigrate", "blog", "0002", "--backwards"}, 0, []string{`ALTER TABLE "blog_post" RENAME COLUMN "hits" TO "views";`}},
		{[]string{"sqlmigrate", "blog", "9"}, 2, []string{"it has 0001_initial, 0002_more"}},
		{[]string{"makemigrations", "--empty"}, 2, []string{"--empty needs the name of an app"}},
		{[]string{"makemigrations", "--rename", "views"}, 2, []string{"expected Model.old=new"}},
		{[]string{"makemigrations", "--name", "No!"}, 2, []string{"lower-case letters"}},
	} {
		code, output := shop(t, db, app, "", step.args...)
		wantOutput(t, strings.Join(step.args, " "), code, output, step.code, step.want...)
	}
}

// TestMakeMigrations writes into a folder that plays the module of this package.
func TestMakeMigrations(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	if err := os.WriteFile("go.mod", []byte("module github.com/quintetgo/quintet/orm/migrate_test\n\ngo 1.26.0\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	db := open(t, "")
	read := func(name string) string {
		t.Helper()
		content, err := os.ReadFile(filepath.Join("migrations", name))
		if err != nil {
			t.Fatal(err)
		}
		return string(content)
	}
	code, output := shop(t, db, blog{}, "", "makemigrations", "--dry-run")
	wantOutput(t, "dry run", code, output, 0, "blog: 0001_initial", "Create model Post")
	if _, err := os.Stat("migrations"); err == nil {
		t.Fatal("a dry run wrote files")
	}
	code, output = shop(t, db, blog{}, "", "makemigrations", "--check")
	wantOutput(t, "check", code, output, 1, "Create model Post")
	code, output = shop(t, db, blog{}, "", "makemigrations")
	wantOutput(t, "first", code, output, 0, "blog: migrations/0001_initial.go", "Next: migrate")
	if !strings.Contains(read("0001_initial.go"), `m.ManyToMany("tags", "blog.Tag"),`) || !strings.Contains(read("migrations.go"), "m0001Initial,") {
		t.Errorf("got\n%s\n%s", read("0001_initial.go"), read("migrations.go"))
	}
	code, output = shop(t, db, blog{}, "", "makemigrations")
	wantOutput(t, "a program that is not built again", code, output, 0, "migrations/0001_initial.go exists already; build the program again")

	one := blog{[]m.Migration{initial()}}
	code, output = shop(t, db, one, "", "makemigrations")
	wantOutput(t, "a drop without a terminal", code, output, 1, "blog.Post.views is no longer in the model", "--rename Post.views=hits", "--allow-drop", "blog.Post.status is required",
		"--default blog.Post.status=VALUE", "--default blog.Post.live=VALUE")
	if strings.Contains(output, "blog.Post.hits is required") || strings.Contains(output, "Post.lang") {
		t.Errorf("more is asked for than needed:\n%s", output)
	}
	code, output = shop(t, db, one, "", "makemigrations", "--rename", "Post.views=hits", "--default", "Post.status=draft", "--default", "blog.Post.live=false", "--name", "more")
	wantOutput(t, "a named rename", code, output, 0, "Rename field views on Post to hits", `Add field lang to Post (existing rows get "en")`,
		"Add field live to Post (existing rows get false)", "Add field created_at to Post (existing rows get the time of the migration)", "Add field updated_at to Post\n")
	if got := read("0002_more.go"); !strings.Contains(got, `m.AddField{Model: "Post", Field: m.DateTime("created_at").Backfill(m.Now)},`) {
		t.Errorf("got\n%s", got)
	}
	if err := os.Remove("migrations/0002_more.go"); err != nil {
		t.Fatal(err)
	}
	code, output = shop(t, db, one, "y\n\nfalse\nnone\ndraft\n", "makemigrations")
	wantOutput(t, "a user who is asked", code, output, 0, "Was Post.views renamed to Post.hits?", "A value is needed", `“none” is not one of the choices`, "Rename field views on Post to hits", `Add field status to Post (existing rows get "draft")`)
	both := blog{[]m.Migration{initial(), {Name: "0002_rename_views_to_hits_and_more", Depends: second().Depends, Operations: second().Operations}}}
	code, output = shop(t, db, both, "", "makemigrations", "blog", "--empty", "--name", "slugs")
	wantOutput(t, "an empty one", code, output, 0, "migrations/0003_slugs.go")
	if got := read("0003_slugs.go"); !strings.Contains(got, `m.On("blog", "0002_rename_views_to_hits_and_more")`) {
		t.Errorf("got\n%s", got)
	}
}

func TestMergeJoinsBranches(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	if err := os.WriteFile("go.mod", []byte("module github.com/quintetgo/quintet/orm/migrate_test\n\ngo 1.26.0\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	db := open(t, "")
	app := blog{[]m.Migration{initial(), second(), {Name: "0002_yours", Depends: second().Depends}}}
	code, output := shop(t, db, app, "", "migrate")
	wantOutput(t, "migrate", code, output, 1, "2 last migrations: 0002_more, 0002_yours; run makemigrations --merge blog")
	code, output = shop(t, db, app, "", "makemigrations")
	wantOutput(t, "makemigrations", code, output, 1, "--merge blog")
	code, output = shop(t, db, app, "", "makemigrations", "--merge")
	wantOutput(t, "merge", code, output, 0, "migrations/0003_merge.go")
	source, err := os.ReadFile("migrations/0003_merge.go")
	if err != nil || !strings.Contains(string(source), `m.On("blog", "0002_more"), m.On("blog", "0002_yours")`) {
		t.Errorf("got %v\n%s", err, source)
	}
}

type hooked struct {
	blog
	calls *int
}

func (h hooked) PostMigrate(context.Context) error { *h.calls++; return nil }

func TestUpAndTo(t *testing.T) {
	t.Parallel()
	db := open(t, "")
	calls := 0
	app := hooked{blog{[]m.Migration{initial(), second()}}, &calls}
	for range 2 {
		if err := migrate.Up(t.Context(), db, app); err != nil {
			t.Fatal(err)
		}
	}
	if calls != 2 {
		t.Errorf("PostMigrate was called %d times, want 2", calls)
	}
	ctx := t.Context()
	author := &Author{Name: "Django"}
	if err := db.Create(ctx, author); err != nil {
		t.Fatal(err)
	}
	post := &Post{Title: "Nuages", Hits: 7, Lang: "fr", Live: true, Status: "live", AuthorID: author.ID, CreatedAt: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}
	if err := db.Create(ctx, post); err != nil {
		t.Fatal(err)
	}
	if err := migrate.To(ctx, db, "blog", "0001", app); err != nil {
		t.Fatal(err)
	}
	if err := migrate.To(ctx, db, "blog", "", app); err != nil {
		t.Fatal(err)
	}
	posts, err := orm.Objects[Post](db).All(ctx)
	if err != nil || len(posts) != 1 {
		t.Fatalf("got %d posts, %v", len(posts), err)
	}
	if p := posts[0]; p.Hits != 7 || p.Title != "Nuages" || p.Lang != "en" || p.Status != "draft" || p.Live || time.Since(p.CreatedAt) > time.Hour {
		t.Errorf("the post came back as %+v", p)
	}
}

func TestChecks(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		migrations []m.Migration
		want       string
	}{
		"up to date": {[]m.Migration{initial(), second()}, ""},
		"changes":    {[]m.Migration{initial()}, "migrate.W001"},
		"a mistake":  {[]m.Migration{second()}, "migrate.E001"},
	} {
		app := migrate.New(open(t, ""))
		if err := app.Use(blog{tc.migrations}); err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, p := range app.Checks(t.Context()) {
			if strings.HasPrefix(p.ID, "migrate.") {
				got += p.ID
			}
		}
		if got != tc.want {
			t.Errorf("%s: got %q, want %q", name, got, tc.want)
		}
	}
	if err := migrate.New(nil).Use(); err == nil || !strings.Contains(err.Error(), "migrate.New(db)") {
		t.Errorf("an App without DB gives %v", err)
	}
}
