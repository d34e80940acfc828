package web_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/framework/web"
)

func text(s string) web.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) error { return web.Text(w, s) }
}

// param responds with a parameter of the route.
func param(name string) web.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) error { return web.Text(w, web.Param(r, name)) }
}

func do(t *testing.T, h http.Handler, method, target string, header ...string) *http.Response {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, target, nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func body(t *testing.T, res *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestRouting(t *testing.T) {
	t.Parallel()
	r := web.NewRouter()
	r.Get("/", text("home"))
	r.Get("/posts/", text("list"))
	r.Get("/posts/{slug}/", param("slug"))
	r.Get("/archive/{year:int}/", param("year"))
	r.Get("/either/{x:a|b}/", param("x"))
	r.Post("/posts/", text("created"))
	r.Get("/files/*", param("*"))
	r.Any("/any", text("any"))
	r.Route("/shop", func(r *web.Router) {
		r.Get("", text("shop"))
		r.Get("/cart/", text("cart"))
	})
	r.Mount("/old/", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, "old "+r.URL.Path) }))
	inner := web.NewRouter()
	inner.Get("/x/{id}", param("id"))
	r.Mount("/inner", inner)
	if err := r.Err(); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		method, target string
		status         int
		want           string
	}{
		{"GET", "/", 200, "home"},
		{"HEAD", "/", 200, "home"},
		{"GET", "/posts/", 200, "list"},
		{"POST", "/posts/", 200, "created"},
		{"GET", "/posts/a%20b/", 200, "a b"},
		{"GET", "/posts/a%2Fb/", 200, "a/b"},
		{"GET", "/posts/100%25/", 200, "100%"},
		{"GET", "/posts/%C3%A9t%C3%A9/", 200, "été"},
		{"GET", "/archive/2026/", 200, "2026"},
		{"GET", "/archive/soon/", 404, ""},
		{"GET", "/either/b/", 200, "b"},
		{"GET", "/either/bb/", 404, ""},
		{"GET", "/files/a/b.txt", 200, "a/b.txt"},
		{"DELETE", "/any", 200, "any"},
		{"GET", "/shop", 200, "shop"},
		{"GET", "/shop/cart/", 200, "cart"},
		{"GET", "/old/a/b", 200, "old /a/b"},
		{"GET", "/inner/x/7", 200, "7"},
		{"GET", "/inner/y", 404, ""},
		{"GET", "/posts", 301, ""},
		{"GET", "/absent", 404, ""},
		{"POST", "/posts/x/", 405, ""},
		{"PROPFIND", "/posts/", 405, ""},
		{"PROPFIND", "/absent/", 404, ""},
		{"OPTIONS", "/posts/", 204, ""},
	} {
		res := do(t, r, c.method, c.target)
		if res.StatusCode != c.status {
			t.Errorf("%s %s: status %d, want %d", c.method, c.target, res.StatusCode, c.status)
		} else if got := body(t, res); c.want != "" && got != c.want {
			t.Errorf("%s %s: %q, want %q", c.method, c.target, got, c.want)
		}
	}
	if got := do(t, r, "PATCH", "/posts/").Header.Get("Allow"); got != "GET, HEAD, POST, OPTIONS" {
		t.Errorf("Allow = %q", got)
	}
	if got := do(t, r, "GET", "/posts?page=2&q=%C3%A9").Header.Get("Location"); got != "/posts/?page=2&q=%C3%A9" {
		t.Errorf("Location = %q", got)
	}
}

func TestSlashRedirectStaysOnTheHost(t *testing.T) {
	t.Parallel()
	r := web.NewRouter()
	r.Get("/*", text("all"))
	r.Get("/{a}/", text("a"))
	r.Get("/{a}/{b}/", text("b"))
	r.Get("/{a}/{b}/{c}/", text("c"))
	only := web.NewRouter()
	only.Get("/{a}/{b}/{c}/", text("c"))
	only.Get("/{a}/", text("a"))
	for _, h := range []http.Handler{r, only} {
		for _, target := range []string{"http://x//evil.com", "http://x///evil.com", `http://x/%5Cevil.com`, "http://x//evil.com/%2e%2e", "http://x/%09/evil.com"} {
			to := do(t, h, "GET", target).Header.Get("Location")
			if strings.HasPrefix(to, "//") || strings.Contains(to, `\`) || strings.ContainsAny(to, "\t\r\n") {
				t.Errorf("%s: redirected to %q", target, to)
			}
		}
	}
}

type app struct {
	name   string
	routes func(r *web.Router)
}

func (a app) Name() string         { return a.name }
func (a app) Routes(r *web.Router) { a.routes(r) }

func TestIncludeNestsNames(t *testing.T) {
	t.Parallel()
	tags := app{"tags", func(r *web.Router) { r.Get("/{tag}/", text("")).Name("detail") }}
	blog := app{"blog", func(r *web.Router) {
		r.Get("/", text("")).Name("list")
		r.Get("/{slug}/", text("")).Name("detail")
		r.Include("/tag/", tags)
	}}
	r := web.NewRouter()
	r.Include("/posts/", blog)
	r.IncludeAs("/news/", "news", blog)
	if err := r.Err(); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		args []any
		want string
	}{
		{"blog:list", nil, "/posts/"},
		{"blog:detail", []any{"a b/c?d#e%"}, "/posts/a%20b%2Fc%3Fd%23e%25/"},
		{"blog:tags:detail", []any{"été"}, "/posts/tag/%C3%A9t%C3%A9/"},
		{"news:detail", []any{7}, "/news/7/"},
		{"blog:list", []any{url.Values{"page": {"2"}}}, "/posts/?page=2"},
	} {
		if got, err := r.URL(c.name, c.args...); err != nil || got != c.want {
			t.Errorf("URL(%q, %v) = %q, %v; want %q", c.name, c.args, got, err, c.want)
		}
	}
	for _, c := range []struct {
		name string
		args []any
		want string
	}{
		{"blog:detial", []any{1}, `no route is named "blog:detial"; did you mean "blog:detail"?`},
		{"list", nil, `did you mean "blog:list"?`},
		{"blog:detail", nil, `takes 1 argument (slug), not 0`},
		{"blog:detail", []any{".."}, `".." would lead to another path`},
		{"blog:detail", []any{""}, `the value is empty`},
		{"blog:detail", []any{(*int)(nil)}, `the value is nil`},
		{"blog:detail", []any{struct{}{}}, `cannot be part of a path`},
	} {
		if _, err := r.URL(c.name, c.args...); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("URL(%q, %v): error %v, want %q", c.name, c.args, err, c.want)
		}
	}
}

func TestProblemsNameBothPlaces(t *testing.T) {
	t.Parallel()
	r := web.NewRouter()
	r.Get("/a/{id}/", text("1")).Name("a")
	r.Get("/a/{slug}/", text("2"))
	r.Get("/b/", text("")).Name("a")
	r.Get("c", text(""))
	r.Get("/d/{", text(""))
	r.Get("/e/{x:[}/", text(""))
	r.Get("/f/*/g", text(""))
	r.Get("/g/{x}/{x}", text(""))
	r.Get("/h", nil)
	r.Methods("/i", text(""), "PSOT")
	r.Methods("/l", text(""))
	r.Any("/b/", text(""))
	empty := app{"blog", func(r *web.Router) {}}
	r.Include("/j/", empty)
	r.Include("/k/", empty)
	err := r.Err()
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{
		`the route GET /a/{slug}/ matches the same paths as /a/{id}/ at router_test.go:`,
		`the route name "a" is used for "/b/" here and for "/a/{id}/" at router_test.go:`,
		`the pattern "c" is wrong: a pattern begins with a slash`,
		`"/d/{" is wrong: an opening brace`,
		`"/e/{x:[}/" is wrong`,
		`the route "/l" has no method`,
		`"/f/*/g" is wrong`,
		`the parameter {x} appears twice`,
		`the route "/h" has no handler`,
		`the unknown method "PSOT"; did you mean "POST"?`,
		`the route GET /b/ exists already, at router_test.go:`,
		`the app "blog" is included twice, first at router_test.go:`,
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("missing: %s", want)
		}
	}
	for _, p := range r.Problems() {
		if !strings.HasPrefix(p.Place, "router_test.go:") {
			t.Errorf("the place of %q is %q", p.Message, p.Place)
		}
	}
	if got := body(t, do(t, r, "GET", "/a/7/")); got != "1" {
		t.Errorf("the first of two routes must answer, got %q", got)
	}
}

func TestMiddlewareOrder(t *testing.T) {
	t.Parallel()
	mark := func(s string) web.Middleware {
		return func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Add("Trace", s)
				next.ServeHTTP(w, r)
			})
		}
	}
	r := web.NewRouter()
	r.Route("/in", func(r *web.Router) {
		r.With(mark("with")).Get("/", text(""))
		r.Get("/bare", text(""))
		r.Use(mark("route"))
	})
	r.Use(mark("root"))
	for target, want := range map[string]string{"/in/": "root route with", "/in/bare": "root route", "/absent": "root"} {
		if got := strings.Join(do(t, r, "GET", target).Header.Values("Trace"), " "); got != want {
			t.Errorf("%s: %q, want %q", target, got, want)
		}
	}
}

func TestRoutesCanBeAddedLate(t *testing.T) {
	t.Parallel()
	r := web.NewRouter()
	if got := do(t, r, "GET", "/late").StatusCode; got != 404 {
		t.Errorf("status %d", got)
	}
	r.Get("/late", text("late")).Name("late")
	if got := body(t, do(t, r, "GET", "/late")); got != "late" {
		t.Errorf("got %q", got)
	}
	if got, err := r.URL("late"); got != "/late" || err != nil {
		t.Errorf("URL = %q, %v", got, err)
	}
}

func FuzzURL(f *testing.F) {
	f.Add("a b/..")
	f.Add("%2e%2e")
	f.Add("\x00\xff")
	f.Add("é?#;")
	r := web.NewRouter()
	r.Get("/x/{v}/", param("v")).Name("x")
	f.Fuzz(func(t *testing.T, value string) {
		address, err := r.URL("x", value)
		if err != nil {
			return
		}
		if res := do(t, r, "GET", address); res.StatusCode != 200 {
			t.Fatalf("%q: %s answers %d", value, address, res.StatusCode)
		} else if got := body(t, res); got != value {
			t.Fatalf("%q: %s came back as %q", value, address, got)
		}
	})
}

func FuzzPattern(f *testing.F) {
	for _, s := range []string{"/a/{b}/", "/{a:[0-9]{4}}/*", "/{a:^(x$}", "/{a}{b}", "//", "/}", "/{a:*}", "/*/"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, pattern string) {
		r := web.NewRouter()
		r.Get(pattern, text("")).Name("x")
		_ = r.Err()
		_ = do(t, r, "GET", "/a/b")
		_, _ = r.URL("x", "a")
	})
}

var errPlain = errors.New("plain <b>cause</b>")
