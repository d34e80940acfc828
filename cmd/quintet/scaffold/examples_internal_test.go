package scaffold

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestProjectsInTheDocsAreScaffolded compares the projects of the guides, which say that they were begun
// with startproject and startapp, with what these write today: a line that is not there is out of date.
func TestProjectsInTheDocsAreScaffolded(t *testing.T) {
	t.Parallel()
	own := []string{".env", ".gitignore", "README.md"} // of a project by itself, or changed by its author
	for _, c := range []struct {
		dir, app string
		changed  []string
	}{
		{"snippets/library", "catalog", own},
		{"examples/countries", "world", append(own, filepath.Join("templates", "home.html"), "main_test.go")},
	} {
		t.Run(filepath.Base(c.dir), func(t *testing.T) {
			t.Parallel()
			written, kept := t.TempDir(), filepath.Join("..", "..", "..", "docs", filepath.FromSlash(c.dir))
			name, module := filepath.Base(c.dir), "github.com/quintetgo/quintet/docs/"+c.dir
			if err := render("project", written, Project{Name: name, Module: module, Database: "sqlite"}.data()); err != nil {
				t.Fatal(err)
			}
			mainFile := filepath.Join(written, "main.go")
			source, err := os.ReadFile(mainFile)
			if err == nil {
				source, err = Register(source, module+"/"+c.app, c.app)
			}
			if err == nil {
				err = os.WriteFile(mainFile, source, 0o600)
			}
			if err != nil {
				t.Fatal(err)
			}
			compared := 0
			err = filepath.WalkDir(written, func(path string, entry fs.DirEntry, err error) error {
				if err != nil || entry.IsDir() {
					return err
				}
				file, err := filepath.Rel(written, path)
				if err != nil || slices.Contains(c.changed, file) {
					return err
				}
				compared++
				want, err := os.ReadFile(path)
				if err != nil {
					return err
				}
				got, err := os.ReadFile(filepath.Join(kept, file))
				if err != nil {
					return err
				}
				if line := missing(string(got), string(want)); line != "" {
					t.Errorf("%s does not have the line that startproject writes:\n%s", filepath.Join(kept, file), line)
				}
				return nil
			})
			if err != nil || compared < 9 {
				t.Errorf("%d files compared, %v", compared, err)
			}
		})
	}
}

// missing returns the first line of want that got does not have, in that order, or "".
func missing(got, want string) string {
	rest := strings.SplitAfter(got, "\n")
	for line := range strings.Lines(want) {
		at := slices.Index(rest, line)
		if at < 0 {
			return line
		}
		rest = rest[at+1:]
	}
	return ""
}
