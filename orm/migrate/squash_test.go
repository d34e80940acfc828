package migrate_test

import (
	"context"
	"os"
	"strings"
	"testing"

	m "github.com/quintetgo/quintet/orm/migrate/operations"
	"github.com/quintetgo/quintet/orm/migrate/rows"
)

func TestSquash(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("go.mod", []byte("module github.com/quintetgo/quintet/orm/migrate_test\n\ngo 1.26.0\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir("migrations", 0o777); err != nil {
		t.Fatal(err)
	}
	for name, variable := range map[string]string{"0001_initial": "a", "0002_more": "b"} {
		source := "package migrations\n\nvar " + variable + " = m.Migration{}\n"
		if err := os.WriteFile("migrations/"+name+".go", []byte(source), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	db := open(t, "")
	old := blog{[]m.Migration{initial(), second()}}
	code, output := shop(t, db, old, "", "migrate")
	wantOutput(t, "migrate", code, output, 0)
	code, output = shop(t, db, old, "", "squashmigrations", "blog", "0002")
	wantOutput(t, "squash", code, output, 0, "9 operations of 2 migrations became 3.", "migrations/0001_squashed_0002_more.go")
	source, err := os.ReadFile("migrations/0001_squashed_0002_more.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`Replaces: []string{"0001_initial", "0002_more"},`, `m.BigInt("hits"),`, `m.Char("lang", 5),`} {
		if !strings.Contains(string(source), want) {
			t.Errorf("the file lacks %s:\n%s", want, source)
		}
	}
	squashed := m.Migration{Name: "0001_squashed_0002_more", Replaces: []string{"0001_initial", "0002_more"}, Operations: append(initial().Operations, second().Operations...)}
	joined := blog{append(old.migrations, squashed)}
	code, output = shop(t, db, joined, "", "migrate")
	wantOutput(t, "a database that has all", code, output, 0, "Nothing to do.")
	code, output = shop(t, db, joined, "", "showmigrations")
	wantOutput(t, "show", code, output, 0, "blog\n    [X] 0001_squashed_0002_more\n")
	only := blog{[]m.Migration{{Name: squashed.Name, Operations: squashed.Operations}}}
	code, output = shop(t, db, only, "", "migrate", "--check")
	wantOutput(t, "without the old files", code, output, 0)
	code, output = shop(t, open(t, ""), joined, "", "migrate")
	wantOutput(t, "a new database", code, output, 0, "Applying blog.0001_squashed_0002_more … done")

	goCode := blog{[]m.Migration{initial(), {Name: "0002_more", Depends: second().Depends, Operations: []m.Operation{rows.RunGo{Forward: func(context.Context, *rows.History) error { return nil }}}}}}
	code, output = shop(t, db, goCode, "", "squashmigrations", "blog", "0002")
	wantOutput(t, "Go code", code, output, 1, "blog.0002_more runs Go code in operation 1")
	code, output = shop(t, db, old, "", "squashmigrations", "blog", "0001")
	wantOutput(t, "one", code, output, 2, "only one migration")
}
