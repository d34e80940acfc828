package web_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/quintetgo/quintet/framework/web"
	"github.com/quintetgo/quintet/templates"
)

// byPointer has its route on the pointer.
type byPointer struct{ slug string }

func (m *byPointer) Route() web.Ref { return web.Reverse("blog:detail", m.slug).Fragment("a b") }

func TestRef(t *testing.T) {
	t.Parallel()
	r := web.NewRouter()
	r.Include("/posts/", app{"blog", func(r *web.Router) {
		r.Get("/new/", text("")).Name("new")
		r.Get("/{slug}/", text("")).Name("detail")
	}})
	cases := map[string]struct {
		ref  web.Ref
		want string // the address, or part of the error
	}{
		"a route":            {web.Reverse("blog:detail", "a/b"), "/posts/a%2Fb/"},
		"with a fragment":    {web.Reverse("blog:detail", "a").Fragment("x y"), "/posts/a/#x%20y"},
		"a path":             {web.Path("/about/"), "/about/"},
		"an address":         {web.Path("https://example.com/#x").Fragment("y"), "https://example.com/#y"},
		"without a fragment": {web.Path("/x/").Fragment("y").Fragment(""), "/x/"},
		"zero":               {web.Ref{}, "the web.Ref is empty"},
		"unknown":            {web.Reverse("blog:detial", "a"), `did you mean "blog:detail"?`},
		"arguments":          {web.Reverse("blog:detail"), "takes 1 argument"},
		"another route":      {web.Reverse("blog:detail", "new"), "is that of the route /posts/new/"},
	}
	r.Get("/check/", func(w http.ResponseWriter, req *http.Request) error {
		for name, c := range cases {
			got, err := c.ref.URL(req)
			if err != nil {
				got = err.Error()
			}
			if got != c.want && (err == nil || !strings.Contains(got, c.want)) {
				t.Errorf("%s: %q, want %q", name, got, c.want)
			}
		}
		return web.NoContent(w)
	})
	w := httptest.NewRecorder()
	r.ServeHTTP(w, httptest.NewRequest("GET", "/check/", nil))
	if w.Code != http.StatusNoContent {
		t.Errorf("status %d", w.Code)
	}
	if _, err := web.Reverse("blog:detail", "a").URL(httptest.NewRequest("GET", "/", nil)); err == nil {
		t.Error("a route is found without a router")
	}
	if got := web.Reverse("blog:detail", "a", 7).Fragment("x").String(); got != "blog:detail(a, 7)#x" {
		t.Errorf("String is %q", got)
	}
	if !(web.Ref{}).IsZero() || web.Path("/").IsZero() || web.Reverse("x").IsZero() {
		t.Error("IsZero")
	}
}

func TestURLInTemplates(t *testing.T) {
	t.Parallel()
	r := web.NewRouter()
	s := &web.Site{Router: r}
	engine, err := templates.New(templates.Options{Funcs: s.Funcs(), Sources: []templates.Source{{Name: "t", FS: fstest.MapFS{
		"a.html": {Data: []byte(`{{ url .to }}`)},
	}}}})
	if err != nil {
		t.Fatal(err)
	}
	s.Templates = engine
	var to any
	r.Include("/posts/", app{"blog", func(r *web.Router) {
		r.Get("/new/", text(""))
		r.Get("/{slug}/", text("")).Name("detail")
	}})
	r.Get("/page/", func(w http.ResponseWriter, req *http.Request) error {
		return web.Render(w, req, "a.html", web.Data{"to": to})
	})
	for name, c := range map[string]struct {
		to     any
		status int
		want   string
	}{
		"by value":        {byPointer{"a"}, 200, "/posts/a/#a%20b"},
		"by pointer":      {&byPointer{"a"}, 200, "/posts/a/#a%20b"},
		"a Ref":           {web.Reverse("blog:detail", "b"), 200, "/posts/b/"},
		"a name":          {"blog:detail", 500, ""},
		"another route's": {byPointer{"new"}, 200, ""},
		"a nil pointer":   {(*byPointer)(nil), 500, ""},
		"a number":        {7, 500, ""},
		"nothing":         {nil, 500, ""},
	} {
		to = c.to
		w := httptest.NewRecorder()
		s.Handler().ServeHTTP(w, httptest.NewRequest("GET", "/page/", nil))
		if w.Code != c.status || c.status == 200 && w.Body.String() != c.want {
			t.Errorf("%s: %d %q", name, w.Code, w.Body)
		}
	}
}
