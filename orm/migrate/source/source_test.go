package source_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/orm/migrate/operations"
	"github.com/quintetgo/quintet/orm/migrate/rows"
	"github.com/quintetgo/quintet/orm/migrate/source"
)

// app is an app whose package is called like the module of the tests.
type app struct{}

const module = "github.com/quintetgo/quintet/orm/migrate/source_test"

// folder returns the folder of app in a new module.
func folder(t *testing.T) source.Folder {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "go.mod"), []byte("module "+module+"\n\ngo 1.26.0\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	sub := filepath.Join(dir, "sub")
	if err := os.Mkdir(sub, 0o777); err != nil {
		t.Fatal(err)
	}
	f, err := source.Find("blog", app{}, sub)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestSource(t *testing.T) {
	t.Parallel()
	m := operations.Migration{
		Name:     "0002_everything",
		Depends:  []operations.Dependency{operations.On("blog", "0001_initial"), operations.OnModel("auth.User")},
		Replaces: []string{"0002_old"},
		Operations: []operations.Operation{
			operations.CreateModel{
				Name: "Post", Table: "posts",
				Fields: []operations.Field{
					operations.BigAuto("id"), operations.Char("title", 200).Unique(), operations.Decimal("price", 8, 2).Null().Index(),
					operations.ForeignKey("author", "auth.User").Column("writer").ToField("email").NoConstraint(),
					operations.ManyToMany("tags", "blog.Tag").Table("post_tags").Columns("p", "t"),
					operations.ManyToMany("readers", "auth.User").Through("blog.Reading"),
					operations.Text("note").DBDefault(`'say "hi"'`).Collation("nocase"),
				},
				Indexes: []operations.Index{{Name: "i", Fields: []string{"-title", "price"}, Where: `"price" > 0`}},
				Unique:  []operations.Unique{{Name: "u", Fields: []string{"title", "author"}}},
				Checks:  []operations.Check{{Name: "c", SQL: "price >= 0"}},
			},
			operations.DeleteModel{Name: "Old"},
			operations.RenameModel{From: "A", To: "B"},
			operations.AlterModelTable{Name: "B", Table: "bees"},
			operations.AddField{Model: "B", Field: operations.Char("lang", 5).Backfill("e\"n`")},
			operations.AddField{Model: "B", Field: operations.DateTime("at").Backfill(operations.Now)},
			operations.AddField{Model: "B", Field: operations.JSON("data").Backfill([]byte(`{"a": 1}`))},
			operations.AddField{Model: "B", Field: operations.Bool("live").Backfill(true)},
			operations.AddField{Model: "B", Field: operations.Int("n").Backfill(-3)},
			operations.AddField{Model: "B", Field: operations.Text("slug").Backfill(operations.SQL("lower(title)"))},
			operations.RemoveField{Model: "B", Name: "x"},
			operations.AlterField{Model: "B", Field: operations.Int("code").Using("CAST(code AS integer)")},
			operations.RenameField{Model: "B", From: "views", To: "hits"},
			operations.AddIndex{Model: "B", Index: operations.Index{Name: "bi", Fields: []string{"hits"}}},
			operations.RemoveIndex{Model: "B", Name: "old"},
			operations.AddIndex{Model: "B", Index: operations.Index{
				Name: "be", Expressions: []string{"lower(lang)"}, Include: []string{"hits"}, Where: "live",
				OperatorClasses: []string{"text_pattern_ops"}, Method: "gist",
			}},
			operations.AddIndex{Model: "B", Index: operations.Index{
				Name: "bs", Fields: []string{"lang", "slug"}, Search: true, Language: "english",
			}},
			operations.AddConstraint{Model: "B", Constraint: operations.Unique{
				Name: "bn", Fields: []string{"lang"}, NullsNotDistinct: true, Deferrable: "deferred",
			}},
			operations.AddField{Model: "B", Field: operations.Char("title", 80).Generated(`lang || ' "x"'`).Virtual()},
			operations.AddField{Model: "B", Field: operations.Binary("digest").Size(32).Comment("SHA-256")},
			operations.AddField{Model: "B", Field: operations.Text("place").Types(map[string]string{"postgres": "point", "mysql": "point"})},
			operations.CreateModel{Name: "C", Unmanaged: true, Fields: []operations.Field{operations.SmallAuto("id")}},
			operations.CreateModel{Name: "D", Fields: []operations.Field{operations.Auto("id")}},
			operations.AlterModelOptions{Name: "D", Unmanaged: true},
			operations.AddConstraint{Model: "B", Constraint: operations.Unique{Name: "bu", Fields: []string{"hits", "lang"}, Where: "live"}},
			operations.AddConstraint{Model: "B", Constraint: operations.Check{Name: "bc", SQL: `"hits" >= 0`}},
			operations.RemoveConstraint{Model: "B", Name: "old"},
		},
	}
	got, err := source.Source(m, "Made by a test.")
	if err != nil {
		t.Fatal(err)
	}
	golden := filepath.Join("testdata", "everything.golden")
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile(golden, got, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(want) {
		t.Errorf("the source differs from %s (UPDATE=1 writes it anew):\n%s", golden, got)
	}
}

func TestSourceHasNoFormForFunctions(t *testing.T) {
	t.Parallel()
	if _, err := source.Source(operations.Migration{Name: "x", Operations: []operations.Operation{rows.RunGo{}}}, ""); err == nil {
		t.Error("Go code was written")
	}
}

func TestWriteUpdatesTheList(t *testing.T) {
	t.Parallel()
	f := folder(t)
	for _, name := range []string{"0002_b", "0001_a"} {
		source, err := source.Source(operations.Migration{Name: name}, "")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write(name, source); err != nil {
			t.Fatal(err)
		}
	}
	list, err := os.ReadFile(filepath.Join(f.Dir, "migrations.go"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(list), "var All = []m.Migration{\n\tm0001A,\n\tm0002B,\n}") {
		t.Errorf("got\n%s", list)
	}
	if _, err := f.Write("0001_a", []byte("package migrations\n")); err == nil {
		t.Error("a migration was overwritten")
	}
	if _, err := f.Write("0003_broken", []byte("package migrations\n")); err == nil || !strings.Contains(err.Error(), "has no variable of type Migration") {
		t.Errorf("a file without a migration gives %v", err)
	}
	names, err := f.Names()
	if err != nil || len(names) != 2 {
		t.Errorf("got %v, %v", names, err)
	}
	if after, err := os.ReadFile(filepath.Join(f.Dir, "migrations.go")); err != nil || string(after) != string(list) {
		t.Errorf("a mistake changed the list to\n%s", after)
	}
}

func TestFind(t *testing.T) {
	t.Parallel()
	f := folder(t)
	if f.Import != module+"/migrations" || filepath.Base(f.Dir) != "migrations" || f.Type != "app" {
		t.Errorf("got %+v", f)
	}
	if _, err := source.Find("blog", &strings.Builder{}, f.AppDir); err == nil || !strings.Contains(err.Error(), "is in strings, outside the module") {
		t.Errorf("an app of another module gives %v", err)
	}
	if _, err := source.Find("blog", app{}, os.TempDir()); err == nil || !strings.Contains(err.Error(), "no go.mod") {
		t.Errorf("no module gives %v", err)
	}
}
