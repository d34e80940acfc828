package generate_test

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/quintetgo/quintet/orm/generate"
)

var update = flag.Bool("update", false, "rewrite the want/ files of the golden cases")

func TestGolden(t *testing.T) {
	t.Parallel()
	cases, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(cases) == 0 {
		t.Fatalf("no golden cases: %v", err)
	}
	for _, name := range cases {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			t.Parallel()
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			dir, want := unpack(t, archive)
			wouldChange, err := generate.Run(dir, true)
			if err != nil {
				t.Fatal(err)
			}
			changed, err := generate.Run(dir, false)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(wouldChange, changed) {
				t.Errorf("check reported that %q would change, but %q did", wouldChange, changed)
			}
			got := map[string]string{"want/changed": strings.Join(changed, "\n") + "\n"}
			for _, file := range changed {
				content, err := os.ReadFile(filepath.Join(dir, file))
				if err != nil && !os.IsNotExist(err) {
					t.Fatal(err)
				}
				got["want/"+filepath.ToSlash(file)] = string(content)
			}
			if *update {
				rewrite(t, name, archive, got)
				return
			}
			for file, content := range got {
				if want[file] != content {
					t.Errorf("%s:\n--- got\n%s\n--- want\n%s", file, content, want[file])
				}
			}
			if again, err := generate.Run(dir, false); err != nil || len(again) > 0 {
				t.Errorf("a second run changed %q, error %v", again, err)
			}
		})
	}
}

// unpack writes the archive's files to a folder, and returns those below want/.
func unpack(t *testing.T, archive *txtar.Archive) (dir string, want map[string]string) {
	t.Helper()
	dir, want = t.TempDir(), map[string]string{}
	for _, file := range archive.Files {
		if strings.HasPrefix(file.Name, "want/") {
			want[file.Name] = string(file.Data)
			continue
		}
		write(t, filepath.Join(dir, file.Name), string(file.Data))
	}
	return dir, want
}

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

func rewrite(t *testing.T, name string, archive *txtar.Archive, got map[string]string) {
	t.Helper()
	archive.Files = slices.DeleteFunc(archive.Files, func(f txtar.File) bool { return strings.HasPrefix(f.Name, "want/") })
	var names []string
	for file := range got {
		names = append(names, file)
	}
	slices.Sort(names)
	for _, file := range names {
		archive.Files = append(archive.Files, txtar.File{Name: file, Data: []byte(got[file])})
	}
	if err := os.WriteFile(name, txtar.Format(archive), 0o600); err != nil {
		t.Fatal(err)
	}
}

const (
	goMod = "module shop\n\ngo 1.26.0\n"
	app   = "package blog\n\ntype App struct{}\n\nfunc (App) Models() []any { return []any{&Post{}} }\n"
	post  = "package blog\n\ntype Post struct{ ID int64 }\n"
)

func TestCheckWritesNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "go.mod"), goMod)
	write(t, filepath.Join(dir, "blog/app.go"), app)
	write(t, filepath.Join(dir, "blog/models.go"), post)
	changed, err := generate.Run(dir, true)
	if err != nil || !slices.Equal(changed, []string{filepath.Join("blog", generate.FileName)}) {
		t.Errorf("Run = %q, %v", changed, err)
	}
	if _, err := os.Stat(filepath.Join(dir, "blog", generate.FileName)); !os.IsNotExist(err) {
		t.Errorf("the file is there: %v", err)
	}
}

func TestPackageThatLostItsModels(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "go.mod"), goMod)
	write(t, filepath.Join(dir, "blog/app.go"), "package blog\n")
	write(t, filepath.Join(dir, "blog", generate.FileName), generate.Header+"\n\npackage blog\n")
	changed, err := generate.Run(dir, false)
	if err != nil || len(changed) != 1 {
		t.Fatalf("Run = %q, %v", changed, err)
	}
	if _, err := os.Stat(filepath.Join(dir, "blog", generate.FileName)); !os.IsNotExist(err) {
		t.Errorf("the file is still there: %v", err)
	}
}

func TestAppOnlyTouchesItsPackage(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "go.mod"), goMod)
	for _, name := range []string{"blog", "news"} {
		write(t, filepath.Join(dir, name, "app.go"), app)
		write(t, filepath.Join(dir, name, "models.go"), post)
	}
	changed, err := generate.App(filepath.Join(dir, "news"), false)
	if err != nil || !slices.Equal(changed, []string{generate.FileName}) {
		t.Errorf("App = %q, %v", changed, err)
	}
	if _, err := os.Stat(filepath.Join(dir, "blog", generate.FileName)); !os.IsNotExist(err) {
		t.Errorf("blog was touched: %v", err)
	}
}

func TestErrors(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		files map[string]string
		want  string
	}{
		{"no module", map[string]string{"blog/app.go": app}, "no go.mod"},
		{
			"syntax error",
			map[string]string{"go.mod": goMod, "blog/app.go": app, "blog/models.go": "package blog\n\ntype Post struct {\n"},
			"models.go:",
		},
		{
			"another file with the name",
			map[string]string{"go.mod": goMod, "blog/app.go": app, "blog/models.go": post, "blog/" + generate.FileName: "package blog\n"},
			"was not generated",
		},
		{
			"the variable's name is declared",
			map[string]string{
				"go.mod": goMod, "blog/app.go": app, "blog/models.go": post,
				"blog/views.go": "package blog\n\nfunc Posts() {}\n",
			},
			"models.go:3:6: the columns of Post would be called Posts, which is declared at ",
		},
		{
			"the variable's name is a model's",
			map[string]string{
				"go.mod": goMod, "blog/app.go": app,
				"blog/models.go": "package blog\n\n//quintet:columns Post\ntype Post struct{ ID int64 }\n",
			},
			"rename that, or choose another name in the comment above type Post, such as //quintet:columns AllPosts",
		},
		{
			"a directive without a name",
			map[string]string{
				"go.mod": goMod, "blog/app.go": app,
				"blog/models.go": "package blog\n\n//quintet:columns\ntype Post struct{ ID int64 }\n",
			},
			"the name of a Go variable is required",
		},
		{
			"two models with one variable",
			map[string]string{
				"go.mod": goMod, "blog/app.go": strings.Replace(app, "&Post{}", "&Post{}, &Entry{}", 1),
				"blog/models.go": post + "\n//quintet:columns Posts\ntype Entry struct{ ID int64 }\n",
			},
			"would both be called Posts",
		},
		{"go.mod without a module", map[string]string{"go.mod": "go 1.26.0\n", "blog/app.go": app}, "has no module line"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			for name, content := range tt.files {
				write(t, filepath.Join(dir, name), content)
			}
			changed, err := generate.Run(dir, false)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v does not mention %q", err, tt.want)
			}
			if len(changed) > 0 {
				t.Errorf("changed %q nevertheless", changed)
			}
		})
	}
}
