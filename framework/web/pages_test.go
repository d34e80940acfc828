package web_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/framework/web"
	"github.com/quintetgo/quintet/templates"
)

// somePages is what orm.Page has for templates.
type somePages struct{ Number, Pages int }

func (p somePages) Range() []int      { return []int{1, 2, 0, 9} }
func (p somePages) HasNext() bool     { return p.Number < p.Pages }
func (p somePages) HasPrevious() bool { return p.Number > 1 }
func (p somePages) Next() int         { return p.Number + 1 }
func (p somePages) Previous() int     { return p.Number - 1 }

func TestThePartialForPages(t *testing.T) {
	t.Parallel()
	site := &web.Site{}
	engine, err := templates.New(templates.Options{Sources: []templates.Source{{Name: "web", FS: web.Templates()}}, Funcs: site.Funcs()})
	if err != nil {
		t.Fatal(err)
	}
	render := func(data map[string]any) string {
		t.Helper()
		var b strings.Builder
		data["request"] = httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/list?q=a+b&page=2", nil)
		if err := engine.Render(&b, "web/pagination.html", data); err != nil {
			t.Fatal(errors.Unwrap(err))
		}
		return strings.Join(strings.Fields(b.String()), " ")
	}
	want := `<nav class="q-pages" aria-label="Pages"> <a href="?page=1&amp;q=a&#43;b" rel="prev">Previous</a> <a href="?page=1&amp;q=a&#43;b" aria-label="Page 1">1</a>` +
		` <a href="?page=2&amp;q=a&#43;b" aria-label="Page 2" aria-current="page">2</a> <span aria-hidden="true">…</span> <a href="?page=9&amp;q=a&#43;b" aria-label="Page 9">9</a>` +
		` <a href="?page=3&amp;q=a&#43;b" rel="next">Next</a> </nav>`
	if got := render(map[string]any{"page": somePages{2, 9}}); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got := render(map[string]any{"page": somePages{1, 1}}); got != "" {
		t.Errorf("one page: %s", got)
	}
	if got := render(map[string]any{"page": somePages{9, 9}, "name": "p", "previous": "Newer", "label": "Posts"}); !strings.Contains(got, "p=8") || !strings.Contains(got, ">Newer<") || strings.Contains(got, "Next") || !strings.Contains(got, `aria-label="Posts"`) {
		t.Errorf("own words: %s", got)
	}
}
