package pages_test

import (
	"context"
	"io/fs"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/quintetgo/quintet/docs/snippets/pages"
	"github.com/quintetgo/quintet/framework"
	"github.com/quintetgo/quintet/framework/web"
	"github.com/quintetgo/quintet/framework/webtest"
	"github.com/quintetgo/quintet/templates"
)

var note = &pages.Note{ID: 7, Title: "<Fugue>", Tags: []string{"bach", "organ"}, Written: time.Date(2026, 5, 17, 20, 30, 0, 0, time.UTC)}

type notebook struct{}

func (notebook) All(context.Context) ([]*pages.Note, error) { return []*pages.Note{note}, nil }

func (notebook) Find(_ context.Context, id int64) (*pages.Note, error) {
	if id != note.ID {
		return nil, fs.ErrNotExist
	}
	return note, nil
}

func client(t *testing.T) *webtest.Client {
	t.Helper()
	app := pages.App{Notes: notebook{}}
	project := framework.New(framework.Settings{Routes: func(r *web.Router) { r.Include("/notes/", app) }}, app)
	if err := project.Err(); err != nil {
		t.Fatal(err)
	}
	return webtest.New(t, project)
}

func TestPages(t *testing.T) {
	t.Parallel()
	c := client(t)
	c.Get("/notes/?page=2").WantStatus(t, http.StatusOK).
		WantContains(t, "All notes · Notebook", "NOTES!", `class="wide"`, "17 May 2026 · bach, organ", "/notes/7/", "&lt;Fugue&gt;", "page=2")
	c.Get("/notes").WantRedirect(t, "/notes/")
	c.Get("/notes/8/").WantStatus(t, http.StatusNotFound).WantContains(t, "There is no such note.")
	c.Get("/notes/x/").WantStatus(t, http.StatusNotFound)
	c.Get("/notes/7/star/").WantStatus(t, http.StatusMethodNotAllowed).WantHeader(t, "Allow", "POST, OPTIONS")
	c.Get("/notes/7/").WantStatus(t, http.StatusOK)
	c.Post("/notes/7/star/", nil).WantStatus(t, http.StatusSeeOther).WantRedirect(t, "/notes/7/")
	c.Get("/notes/api/7").WantContains(t, "http://localhost/notes/7/").WantHeader(t, "Cache-Control", "no-store")
	c.Get("/notes/files/a/b.txt").WantContains(t, "file a/b.txt")
}

var row = regexp.MustCompile("^\\| ((?:`[a-z_]+` ?)+)\\| `(.+)` \\| `(.*)` \\|$")

// TestFiltersOfTheGuide renders the examples in the tables of templates.md, and wants every function of the engine in them.
func TestFiltersOfTheGuide(t *testing.T) {
	t.Parallel()
	guide, err := os.ReadFile("../../templates.md")
	if err != nil {
		t.Fatal(err)
	}
	shown := map[string]bool{}
	for line := range strings.Lines(string(guide)) {
		m := row.FindStringSubmatch(strings.TrimSpace(line))
		if m == nil {
			continue
		}
		for name := range strings.FieldsSeq(strings.ReplaceAll(m[1], "`", " ")) {
			shown[name] = true
		}
		example := strings.ReplaceAll(m[2], `\|`, "|")
		engine, err := templates.New(templates.Options{
			Sources: []templates.Source{{Name: "guide", FS: fstest.MapFS{"x.html": {Data: []byte(example)}}}},
			Now:     func() time.Time { return time.Date(2026, 5, 20, 8, 30, 0, 0, time.UTC) },
		})
		if err != nil {
			t.Error(err)
			continue
		}
		var out strings.Builder
		data := map[string]any{"title": "minor swing", "text": "One\ntwo", "tags": []string{"bach", "organ"}, "n": 1234567, "at": note.Written, "none": ""}
		if err := engine.Render(&out, "x.html", data); err != nil || out.String() != m[3] {
			t.Errorf("%s gives %q, %v; the guide says %q", example, out.String(), err, m[3])
		}
	}
	source, err := os.ReadFile("../../../templates/internal/filters/filters.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`"([a-z][a-z_]*)": [a-zA-Z.]+[,}]`).FindAllStringSubmatch(string(source), -1) {
		if !shown[m[1]] {
			t.Errorf("templates.md has no example of %s", m[1])
		}
	}
}
