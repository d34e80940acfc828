package web_test

import (
	"errors"
	"html/template"
	"io"
	"log/slog"
	"math"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/quintetgo/quintet/framework/message"
	"github.com/quintetgo/quintet/framework/web"
	"github.com/quintetgo/quintet/templates"
)

func page(t testing.TB, files map[string]string, s *web.Site) *web.Site {
	t.Helper()
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	engine, err := templates.New(templates.Options{Sources: []templates.Source{{Name: "project", FS: fsys}}, Funcs: s.Funcs()})
	if err != nil {
		t.Fatal(err)
	}
	s.Templates, s.Logger = engine, slog.New(slog.DiscardHandler)
	return s
}

func TestRenderMakesValuesOnlyForPagesThatUseThem(t *testing.T) {
	t.Parallel()
	made := 0
	router := web.NewRouter()
	s := page(t, map[string]string{
		"uses.html":  `{{ .user }} {{ .path }} {{ url "list" }}{{ query .request "page" 3 "q" nil }} {{ static "a.css" }} {{ .own }}`,
		"plain.html": `plain`,
		"fails.html": `{{ url "lsit" }}`,
	}, &web.Site{
		Router: router, Static: func(path string) (string, error) { return "/s/" + path, nil },
		Context: map[string]web.ContextFunc{"user": func(*http.Request) any { made++; return "<Ada>" }, "own": func(*http.Request) any { return "context" }},
	})
	for _, name := range []string{"uses", "plain", "fails", "absent"} {
		router.Get("/"+name, func(w http.ResponseWriter, r *http.Request) error {
			return web.RenderStatus(w, r, 202, name+".html", web.Data{"own": "data"})
		}).Name("list" + name)
	}
	router.Get("/", text("")).Name("list")
	h := s.Handler()
	res := do(t, h, "GET", "/uses?q=1&page=2&tag=a")
	if got, want := body(t, res), "&lt;Ada&gt; /uses /?page=3&amp;tag=a /s/a.css data"; got != want || res.StatusCode != 202 {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := res.Header.Get("Content-Length"); got == "" {
		t.Error("no Content-Length")
	}
	if do(t, h, "GET", "/plain"); made != 1 {
		t.Errorf("the user was made %d times, want once", made)
	}
	for _, name := range []string{"/fails", "/absent"} {
		if got := do(t, h, "GET", name); got.StatusCode != 500 {
			t.Errorf("%s: status %d", name, got.StatusCode)
		}
	}
	s.Debug = true
	if got := body(t, do(t, s.Handler(), "GET", "/fails")); !strings.Contains(got, "did you mean") || !strings.Contains(got, "fails.html") {
		t.Error("the debug page must name the template and the nearest route")
	}
}

func TestResponders(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		view         web.HandlerFunc
		status       int
		kind, wanted string
	}{
		"text":     {text("<b>"), 200, "text/plain; charset=utf-8", "<b>"},
		"html":     {func(w http.ResponseWriter, _ *http.Request) error { return web.HTML(w, template.HTML("<b>x</b>")) }, 200, "text/html; charset=utf-8", "<b>x</b>"},
		"json":     {func(w http.ResponseWriter, _ *http.Request) error { return web.JSON(w, []int{1}) }, 200, "application/json", "[1]\n"},
		"created":  {func(w http.ResponseWriter, _ *http.Request) error { return web.JSONStatus(w, 201, 1) }, 201, "application/json", "1\n"},
		"bad json": {func(w http.ResponseWriter, _ *http.Request) error { return web.JSON(w, math.NaN()) }, 500, "text/html; charset=utf-8", ""},
		"xml": {func(w http.ResponseWriter, _ *http.Request) error {
			return web.XML(w, struct {
				XMLName struct{} `xml:"a"`
			}{})
		}, 200, "application/xml; charset=utf-8", "<a></a>"},
		"nothing": {func(w http.ResponseWriter, _ *http.Request) error { return web.NoContent(w) }, 204, "", ""},
		"own type": {func(w http.ResponseWriter, _ *http.Request) error {
			w.Header().Set("Content-Type", "text/csv")
			return web.Text(w, "a")
		}, 200, "text/csv", "a"},
		"templates": {func(w http.ResponseWriter, r *http.Request) error { return web.Render(w, r, "a.html", nil) }, 500, "text/html; charset=utf-8", ""},
		"bad id":    {func(_ http.ResponseWriter, r *http.Request) error { _, err := web.ParamInt(r, "id"); return err }, 404, "text/html; charset=utf-8", ""},
		"message": {func(http.ResponseWriter, *http.Request) error {
			return &web.Error{Message: message.Text("Ask us."), Err: errors.New("x")}
		}, 500, "text/html; charset=utf-8", "Ask us."},
	} {
		r := web.NewRouter()
		r.Get("/", c.view)
		res := do(t, (&web.Site{Router: r, Logger: slog.New(slog.DiscardHandler)}).Handler(), "GET", "/")
		if got := body(t, res); res.StatusCode != c.status || res.Header.Get("Content-Type") != c.kind || !strings.Contains(got, c.wanted) {
			t.Errorf("%s: %d %q %q", name, res.StatusCode, res.Header.Get("Content-Type"), got)
		}
	}
}

// TestWriterKeepsItsPowers uses a real server: recorders have fewer.
func TestWriterKeepsItsPowers(t *testing.T) {
	t.Parallel()
	r := web.NewRouter()
	var readerFrom, flushed bool
	r.Get("/", func(w http.ResponseWriter, r *http.Request) error {
		_, readerFrom = w.(io.ReaderFrom)
		flushed = http.NewResponseController(w).Flush() == nil
		return nil
	})
	server := httptest.NewServer((&web.Site{Router: r}).Handler())
	defer server.Close()
	res, err := server.Client().Get(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if !readerFrom || !flushed {
		t.Errorf("io.ReaderFrom %v, Flush %v", readerFrom, flushed)
	}
}

func TestNonceIsMadeWhenItIsUsed(t *testing.T) {
	t.Parallel()
	var seen []string
	r := web.NewRouter()
	r.Use(func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			web.OnNonce(r, func(nonce string) { seen = append(seen, nonce) })
			next.ServeHTTP(w, r)
		})
	})
	var nonce string
	r.Get("/with", func(w http.ResponseWriter, r *http.Request) error {
		nonce = web.Nonce(r)
		return web.Text(w, web.Nonce(r))
	})
	r.Get("/without", text(""))
	do(t, r, "GET", "/without")
	if len(seen) != 0 {
		t.Error("a nonce was made for nothing")
	}
	if got := body(t, do(t, r, "GET", "/with")); len(seen) != 1 || seen[0] != nonce || got != nonce || len(nonce) < 20 {
		t.Errorf("seen %v, nonce %q, page %q", seen, nonce, got)
	}
	if web.Nonce(httptest.NewRequest("GET", "/", nil)) != "" {
		t.Error("outside of a site there is no nonce")
	}
}

func BenchmarkServe(b *testing.B) {
	r := web.NewRouter()
	r.Get("/posts/{slug}/", func(w http.ResponseWriter, r *http.Request) error { return web.Text(w, web.Param(r, "slug")) }).Name("detail")
	h := (&web.Site{Router: r}).Handler()
	req := httptest.NewRequest("GET", "/posts/first/", nil)
	w := &discard{header: http.Header{}}
	b.ReportAllocs()
	for b.Loop() {
		h.ServeHTTP(w, req)
	}
}

type discard struct{ header http.Header }

func (d *discard) Header() http.Header         { return d.header }
func (d *discard) Write(p []byte) (int, error) { return len(p), nil }
func (d *discard) WriteHeader(int)             {}
