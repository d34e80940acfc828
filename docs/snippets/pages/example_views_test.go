package pages_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"

	"github.com/quintetgo/quintet/docs/snippets/pages"
	"github.com/quintetgo/quintet/framework"
	"github.com/quintetgo/quintet/framework/web"
)

// request prints the status, some headers and the body of a response of the notebook.
func request(method, path, accept string) {
	app := pages.App{Notes: notebook{}}
	project := framework.New(framework.Settings{Routes: func(r *web.Router) { r.Include("/notes/", app) }}, app)
	r := httptest.NewRequest(method, "http://localhost"+path, nil)
	r.Header.Set("Accept", accept)
	respond(project, r)
}

// requestID is different in each response.
var requestID = regexp.MustCompile(`,"request_id":"[^"]*"`)

func respond(h http.Handler, r *http.Request) {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	fmt.Println(r.Method, r.URL.Path, "→", w.Code, http.StatusText(w.Code))
	for _, name := range []string{"Location", "Allow", "Content-Type"} {
		if value := w.Header().Get(name); value != "" {
			fmt.Println(name+":", value)
		}
	}
	body := requestID.ReplaceAllString(w.Body.String(), "")
	if text := strings.TrimSpace(body); text != "" && !strings.HasPrefix(text, "<") {
		fmt.Println(text)
	}
}

func Example_requests() {
	request("GET", "/notes/api/7", "")
	request("GET", "/notes", "")
	request("POST", "/notes/7/star/", "")
	request("GET", "/notes/7/star/", "")
	request("GET", "/notes/seven/", "application/json")
	request("GET", "/notes/8/", "application/json")
	// Output:
	// GET /notes/api/7 → 200 OK
	// Content-Type: application/json
	// {"title":"\u003cFugue\u003e","url":"http://localhost/notes/7/"}
	// GET /notes → 301 Moved Permanently
	// Location: /notes/
	// POST /notes/7/star/ → 403 Forbidden
	// Content-Type: text/html; charset=utf-8
	// GET /notes/7/star/ → 405 Method Not Allowed
	// Allow: POST, OPTIONS
	// Content-Type: text/html; charset=utf-8
	// GET /notes/seven/ → 404 Not Found
	// Content-Type: application/problem+json
	// {"type":"about:blank","title":"Not Found","status":404,"detail":"There is nothing at this address.","code":"not_found"}
	// GET /notes/8/ → 404 Not Found
	// Content-Type: application/problem+json
	// {"type":"about:blank","title":"Not Found","status":404,"detail":"There is no such note.","code":"not_found"}
}

func Example_router() {
	text := func(name string, params ...string) web.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) error {
			for _, param := range params {
				name += fmt.Sprintf(" %s=%q", param, web.Param(r, param))
			}
			return web.Text(w, name)
		}
	}
	r := web.NewRouter()
	r.Get("/posts/{slug}/", text("post", "slug"))
	r.Get("/posts/new/", text("new"))
	r.Get("/archive/{year:int}-{month:int}/", text("archive", "year", "month"))
	r.Get("/files/*", text("file", "*"))
	for _, path := range []string{"/posts/a%2Fb/", "/posts/new/", "/archive/2026-05/", "/files/a/b.txt"} {
		respond(r, httptest.NewRequest("GET", path, nil))
	}
	// Output:
	// GET /posts/a/b/ → 200 OK
	// Content-Type: text/plain; charset=utf-8
	// post slug="a/b"
	// GET /posts/new/ → 200 OK
	// Content-Type: text/plain; charset=utf-8
	// new
	// GET /archive/2026-05/ → 200 OK
	// Content-Type: text/plain; charset=utf-8
	// archive year="2026" month="05"
	// GET /files/a/b.txt → 200 OK
	// Content-Type: text/plain; charset=utf-8
	// file *="a/b.txt"
}

func Example_url() {
	r := web.NewRouter()
	none := func(http.ResponseWriter, *http.Request) error { return nil }
	r.Get("/posts/{slug}/", none).Name("post")
	r.Get("/posts/new/", none).Name("new")
	r.Get("/archive/{year:int}/", none).Name("archive")
	for _, try := range []struct {
		name string
		args []any
	}{
		{"post", []any{"minor swing"}},
		{"archive", []any{2026, url.Values{"page": {"2"}}}},
		{"posts", []any{"a"}},
		{"post", []any{""}},
		{"post", []any{"new"}},
		{"archive", []any{-1}},
	} {
		fmt.Println(r.URL(try.name, try.args...))
	}
	// Output:
	// /posts/minor%20swing/ <nil>
	// /archive/2026/?page=2 <nil>
	//  no route is named "posts"; did you mean "post"?
	//  the route "post" (/posts/{slug}/): {slug}: the value is empty, and a parameter is never empty
	//  the route "post" (/posts/{slug}/): the address /posts/new/ is that of the route /posts/new/ at example_views_test.go:105
	//  the route "archive" (/archive/{year:int}/): {year}: "-1" does not fit [0-9]+
}

func Example_routeErrors() {
	r := web.NewRouter()
	none := func(http.ResponseWriter, *http.Request) error { return nil }
	r.Get("/posts/{slug}/", none).Name("post")
	r.Get("/posts/{name}/", none).Name("post")
	r.Get("posts/", none)
	fmt.Println(r.Err())
	// Output:
	// example_views_test.go:134: the pattern "posts/" is wrong: a pattern begins with a slash
	// example_views_test.go:133: the route GET /posts/{name}/ matches the same paths as /posts/{slug}/ at example_views_test.go:132
	//     Only one of them can serve requests: remove one or change its path.
	// example_views_test.go:133: the route name "post" is used for "/posts/{name}/" here and for "/posts/{slug}/" at example_views_test.go:132
	//     Addresses are built from names, so each pattern needs its own name.
}
