package migrate_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/quintetgo/quintet/orm"
	m "github.com/quintetgo/quintet/orm/migrate/operations"
)

// Everything has a required field of every kind, and fields with a default in the model.
type Everything struct {
	ID       int64
	Text     string `gorm:"size:10"`
	Long     string `gorm:"type:text"`
	Number   int
	Small    int16
	Count    uint
	Ratio    float64
	Price    string `gorm:"type:decimal(8,2)"`
	Flag     bool
	Day      time.Time `gorm:"type:date"`
	At       time.Time
	Took     time.Duration
	Key      string `gorm:"type:uuid"`
	Data     orm.JSON[map[string]int]
	Bytes    []byte
	TagID    int64
	Tag      *Tag
	Code     string `gorm:"size:10;unique"`
	Optional *string
	Note     string `gorm:"size:10"`
	Lang     string `gorm:"size:2;default:en"`
	Kept     int
	Made     time.Time `gorm:"autoCreateTime"`
}

func (e *Everything) Fields(f *orm.Fields) {
	orm.FK(f, &e.Tag).OnDelete(orm.Cascade)
	orm.Describe(f, &e.Note).Blank()
	orm.Describe(f, &e.Kept).Default(func() int { return 7 })
}

type everything struct{ migrations []m.Migration }

func (everything) Name() string                { return "all" }
func (everything) Models() []any               { return []any{&Tag{}, &Everything{}} }
func (a everything) Migrations() []m.Migration { return a.migrations }

// inModule makes the working directory the module of this package.
func inModule(t *testing.T) {
	t.Helper()
	t.Chdir(t.TempDir())
	if err := os.WriteFile("go.mod", []byte("module github.com/quintetgo/quintet/orm/migrate_test\n\ngo 1.26.0\n"), 0o666); err != nil {
		t.Fatal(err)
	}
}

func TestRequiredFieldsNeedAValue(t *testing.T) {
	inModule(t)
	db := open(t, "")
	app := everything{[]m.Migration{{Name: "0001_initial", Operations: []m.Operation{
		m.CreateModel{Name: "Tag", Fields: []m.Field{m.BigAuto("id"), m.Char("name", 50)}},
		m.CreateModel{Name: "Everything", Fields: []m.Field{m.BigAuto("id")}},
	}}}}
	values := map[string]string{
		"text": "a", "long": "b", "number": "1", "small": "2", "count": "3", "ratio": "1.5", "price": "2.50", "flag": "true", "day": "2026-01-02",
		"at": "2026-01-02T03:04:05Z", "took": "1h", "key": "123e4567-e89b-12d3-a456-426614174000", "data": `{"a":1}`, "bytes": "x", "tag": "1", "code": "SQL('c' || id)",
	}
	code, output := shop(t, db, app, "", "makemigrations", "--no-input")
	if code != 1 {
		t.Errorf("exit code %d", code)
	}
	for name := range values {
		if !strings.Contains(output, "--default all.Everything."+name+"=VALUE") {
			t.Errorf("nothing asks for %s", name)
		}
	}
	for _, name := range []string{"optional", "note", "lang", "kept", "made"} {
		if strings.Contains(output, "Everything."+name) {
			t.Errorf("%s needs no value", name)
		}
	}
	if files, _ := filepath.Glob("migrations/*"); len(files) > 0 {
		t.Errorf("a refusal wrote %v", files)
	}
	args := []string{"makemigrations", "--no-input", "--name", "more"}
	for name, value := range values {
		args = append(args, "--default", "all.Everything."+name+"="+value)
	}
	code, output = shop(t, db, app, "", args...)
	wantOutput(t, "with values", code, output, 0, `Add field note to Everything (existing rows get "")`, "Add field kept to Everything (existing rows get 7)",
		"Add field made to Everything (existing rows get the time", "Add field code to Everything (existing rows get")
}

func TestWrongDefaultsAreRefused(t *testing.T) {
	inModule(t)
	db := open(t, "")
	app := blog{[]m.Migration{initial()}}
	base := []string{"makemigrations", "--rename", "Post.views=hits", "--default", "blog.Post.live=true"}
	for value, want := range map[string]string{
		"Post.status=gone":       `“gone” is not one of the choices`,
		"Post.statsu=draft":      `model blog.Post has no field "statsu"; did you mean "status"?`,
		"Pots.status=draft":      `no model called "Pots"`,
		"blog.Post.title=x":      "the migrations have that field already",
		"blog.Post.lang=english": `"english" is longer than the field's 5 characters`,
		"blog.Post.tags=1":       "a many-to-many relation has no value",
	} {
		args := append(base, "--default", value)
		if !strings.Contains(value, "status") {
			args = append(args, "--default", "Post.status=draft")
		}
		code, output := shop(t, db, app, "", args...)
		wantOutput(t, value, code, output, 1, want)
	}
}

// A program that has not been built since may change the values that it gave, and nothing that a person wrote.
func TestMakeMigrationsAgain(t *testing.T) {
	inModule(t)
	db := open(t, "")
	app := blog{[]m.Migration{initial()}}
	again := func(status string) (int, string) {
		return shop(t, db, app, "", "makemigrations", "--rename", "Post.views=hits", "--default", "blog.Post.live=true", "--default", "Post.status="+status, "--name", "more")
	}
	code, output := again("draft")
	wantOutput(t, "first", code, output, 0, "migrations/0002_more.go")
	code, output = again("live")
	wantOutput(t, "corrected", code, output, 0, "migrations/0002_more.go", `existing rows get "live"`)
	file := filepath.Join("migrations", "0002_more.go")
	source, err := os.ReadFile(file)
	if err != nil || !strings.Contains(string(source), `Backfill("live")`) || strings.Contains(string(source), `Backfill("draft")`) {
		t.Fatalf("got %v\n%s", err, source)
	}
	list, err := os.ReadFile(filepath.Join("migrations", "migrations.go"))
	if err != nil || strings.Count(string(list), "m0002More") != 1 {
		t.Errorf("the list is %v\n%s", err, list)
	}
	for name, edit := range map[string][2]string{
		"a comment":         {"var m0002More", "// Mind the order.\nvar m0002More"},
		"an operation":      {"m.AddField{Model: \"Post\", Field: m.Bool", "m.RunSQL{Forward: \"SELECT 1\"},\nm.AddField{Model: \"Post\", Field: m.Bool"},
		"a value of theirs": {`Backfill("en")`, `Backfill("fr")`},
	} {
		changed := strings.Replace(string(source), edit[0], edit[1], 1)
		if changed == string(source) {
			t.Fatalf("%s: nothing to edit in\n%s", name, source)
		}
		if err := os.WriteFile(file, []byte(changed), 0o666); err != nil {
			t.Fatal(err)
		}
		code, output := again("draft")
		wantOutput(t, name, code, output, 1, "build the program again")
		if after, err := os.ReadFile(file); err != nil || string(after) != changed {
			t.Errorf("%s: the file was changed: %v\n%s", name, err, after)
		}
	}
}
