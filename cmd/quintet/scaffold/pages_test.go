package scaffold

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/framework/csrf"
	"github.com/quintetgo/quintet/framework/forms"
	"github.com/quintetgo/quintet/framework/web"
	"github.com/quintetgo/quintet/templates"
)

// TestAccountPagesStandInTheFrameOfTheSite renders the page for logging in as a new project has it.
func TestAccountPagesStandInTheFrameOfTheSite(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := render("project", dir, Project{Name: "shop", Module: "example.org/shop", Database: "sqlite"}.data()); err != nil {
		t.Fatal(err)
	}
	funcs := (&web.Site{}).Funcs()
	funcs["static"] = func(path string) string { return "/static/" + path }
	funcs["url"] = func(name string, _ ...any) string { return "/" + name + "/" }
	engine, err := templates.New(templates.Options{Funcs: funcs, Sources: []templates.Source{
		{Name: "project", FS: os.DirFS(filepath.Join(dir, "templates"))},
		{Name: "auth", FS: os.DirFS(filepath.Join("..", "..", "..", "auth", "templates"))},
		{Name: "forms", FS: forms.Templates()},
		{Name: "csrf", FS: csrf.Templates()},
		{Name: "web", FS: web.Templates()},
	}})
	if err != nil {
		t.Fatal(err)
	}
	if warnings := engine.Warnings(); len(warnings) > 0 {
		t.Errorf("warnings %v", warnings)
	}
	var b strings.Builder
	if err := engine.Render(&b, "auth/login.html", map[string]any{"login_url": "/login/"}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`<a class="brand" href="/">Shop</a>`, "<h1>Log in</h1>", "site.css", `id="id_password"`} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %s in\n%s", want, b.String())
		}
	}
	if n := strings.Count(b.String(), "<h1"); n != 1 {
		t.Errorf("%d headings of the first level", n)
	}
}

// TestFormsAndListsHaveAStyle looks for rules of everything that the framework's templates and usual pages consist of.
func TestFormsAndListsHaveAStyle(t *testing.T) {
	t.Parallel()
	css, err := files.ReadFile("project/static/site.css.tmpl")
	if err != nil {
		t.Fatal(err)
	}
	for _, selector := range []string{
		".q-field", ".q-label", ".q-help", ".q-error", ".q-errors", ".q-required", ".q-choice", ".q-choices", ".q-pages", "input", "select", "textarea", "button", "label", "fieldset", "table", "th", "td", "dl", "dt", "dd", "nav", ".bar button",
		`[aria-invalid="true"]`, ":disabled", ":focus-visible", ".messages",
	} {
		if !regexp.MustCompile(`(?m)^\s*[^{}\n]*` + regexp.QuoteMeta(selector) + `[^{}]*\{`).Match(css) {
			t.Errorf("site.css has no rule for %s", selector)
		}
	}
	if !strings.Contains(string(css), "overflow-wrap: break-word") {
		t.Error("long words would make a narrow page wider than the screen")
	}
	for _, variable := range regexp.MustCompile(`var\((--[a-z]+)\)`).FindAllSubmatch(css, -1) {
		if !regexp.MustCompile(regexp.QuoteMeta(string(variable[1])) + `: light-dark\(`).Match(css) {
			t.Errorf("%s has not a light and a dark value", variable[1])
		}
	}
}
