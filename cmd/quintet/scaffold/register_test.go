package scaffold_test

import (
	"flag"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/quintetgo/quintet/cmd/quintet/scaffold"
)

var update = flag.Bool("update", false, "rewrite what the golden files expect")

// TestRegister has one file a case: in, and out or the error.
func TestRegister(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/register/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			in := archive.Files[0].Data
			got, err := scaffold.Register(in, "shop/blog", "blog")
			text := string(got)
			if err != nil {
				text = "error: " + err.Error() + "\n"
			}
			if *update {
				archive.Files = []txtar.File{archive.Files[0], {Name: "out", Data: []byte(text)}}
				writeFile(t, file, txtar.Format(archive))
				return
			}
			if want := string(archive.Files[1].Data); text != want {
				t.Errorf("got\n%s\nwant\n%s", text, want)
			}
			if err != nil {
				return
			}
			again, err := scaffold.Register(got, "shop/blog", "blog")
			if err != nil || string(again) != text {
				t.Errorf("a second time changes it: %v\n%s", err, again)
			}
		})
	}
}

func FuzzRegister(f *testing.F) {
	f.Add("package main\n\nimport \"x\"\n\nfunc project(s framework.Settings, db *orm.DB) {\n\ts.Routes = func(r *web.Router) {}\n\treturn framework.New(s)\n}\n")
	f.Fuzz(func(t *testing.T, source string) {
		out, err := scaffold.Register([]byte(source), "shop/blog", "blog")
		if err == nil && !strings.Contains(string(out), `"shop/blog"`) && !strings.Contains(string(out), "`shop/blog`") {
			t.Errorf("not registered:\n%s", out)
		}
	})
}
