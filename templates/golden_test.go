package templates_test

import (
	"encoding/json"
	"errors"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/quintetgo/quintet/templates"
)

var update = flag.Bool("update", false, "write what the golden files should say into them")

// now is the clock of the golden tests.
var now = time.Date(2026, time.November, 23, 12, 0, 0, 0, time.UTC)

// A golden file holds templates as <source>/<path>, the data as data.json, and what comes of it:
// out/<path> the page, error/<path> the error of rendering, errors those of New, warnings.
func TestGolden(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob("testdata/pages/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no golden files: %v", err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			t.Parallel()
			archive, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			got := renderGolden(t, archive)
			if *update {
				if err := os.WriteFile(path, txtar.Format(got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			for i, file := range archive.Files {
				if string(got.Files[i].Data) != string(file.Data) {
					t.Errorf("%s: got\n%s\nwant\n%s", file.Name, got.Files[i].Data, file.Data)
				}
			}
		})
	}
}

// renderGolden returns the archive with its results as they are.
func renderGolden(t *testing.T, archive *txtar.Archive) *txtar.Archive {
	t.Helper()
	got := &txtar.Archive{Comment: archive.Comment}
	sources := map[string]fstest.MapFS{}
	data := map[string]any{}
	for _, file := range archive.Files {
		source, path, _ := strings.Cut(file.Name, "/")
		switch source {
		case "project", "shop", "blog":
			if sources[source] == nil {
				sources[source] = fstest.MapFS{}
			}
			sources[source][path] = &fstest.MapFile{Data: file.Data}
		case "data.json":
			if err := json.Unmarshal(file.Data, &data); err != nil {
				t.Fatal(err)
			}
		}
	}
	engine, newErr := templates.New(templates.Options{
		Sources: []templates.Source{{Name: "project", FS: source(sources["project"])}, {Name: "shop", FS: source(sources["shop"])}, {Name: "blog", FS: source(sources["blog"])}},
		Now:     func() time.Time { return now },
		Funcs: map[string]any{
			"url":  func(name string, args ...any) string { return "/" + name },
			"fail": func() (string, error) { return "", errors.New("out of order") },
		},
	})
	for _, file := range archive.Files {
		source, path, _ := strings.Cut(file.Name, "/")
		out := file
		switch source {
		case "out", "error":
			if newErr != nil {
				t.Fatal(newErr)
			}
			var b strings.Builder
			err := engine.Render(&b, path, data)
			out.Data = lines(b.String())
			if source == "error" {
				if err == nil {
					t.Errorf("%s rendered", path)
				}
				out.Data = lines(describe(err))
			} else if err != nil {
				t.Errorf("%s: %v", path, err)
			}
		case "errors":
			out.Data = lines(describe(newErr))
		case "warnings":
			out.Data = lines(describe(errors.Join(engine.Warnings()...)))
		}
		got.Files = append(got.Files, out)
	}
	return got
}

func source(files fstest.MapFS) fs.FS {
	if files == nil {
		return nil
	}
	return files
}

func lines(s string) []byte {
	if s != "" && !strings.HasSuffix(s, "\n") {
		s += "\n"
	}
	return []byte(s)
}

// describe writes every error with its excerpt.
func describe(err error) string {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		var parts []string
		for _, inner := range joined.Unwrap() {
			parts = append(parts, describe(inner))
		}
		return strings.Join(parts, "\n")
	}
	if known, ok := errors.AsType[*templates.Error](err); ok {
		return known.Error() + "\n" + known.Excerpt
	}
	if err == nil {
		return ""
	}
	return err.Error()
}
