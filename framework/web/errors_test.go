package web_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/quintetgo/quintet/framework/web"
	"github.com/quintetgo/quintet/templates"
)

type notFound struct{}

func (notFound) Error() string   { return "no such row" }
func (notFound) HTTPStatus() int { return 404 }

func failing(err error) web.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) error { return err }
}

func site(debug bool, log *bytes.Buffer) *web.Site {
	r := web.NewRouter()
	r.Get("/plain", failing(errPlain))
	r.Get("/missing", failing(fmt.Errorf("get post: %w", notFound{})))
	r.Get("/forbidden", failing(web.Forbidden("Only for <editors>.")))
	r.Get("/panic/{id}", func(w http.ResponseWriter, r *http.Request) error {
		var list []int
		return web.Text(w, fmt.Sprint(list[len(r.URL.Path)]))
	}).Name("panics")
	r.Get("/abort", func(w http.ResponseWriter, r *http.Request) error { panic(http.ErrAbortHandler) })
	r.Get("/half", func(w http.ResponseWriter, r *http.Request) error {
		_ = web.Text(w, "half")
		return errPlain
	})
	r.Get("/canceled", failing(context.Canceled))
	r.Post("/limited", func(w http.ResponseWriter, r *http.Request) error {
		r.Body = http.MaxBytesReader(w, r.Body, 3)
		return r.ParseForm()
	})
	return &web.Site{Router: r, Debug: debug, Logger: slog.New(slog.NewTextHandler(log, nil)), Info: func() []web.Pair { return []web.Pair{{Name: "DATABASE_URL", Value: "sqlite:///x"}} }}
}

func TestErrorsBecomeStatuses(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	h := site(false, &log).Handler()
	for target, want := range map[string]int{"/plain": 500, "/missing": 404, "/forbidden": 403, "/panic/1": 500, "/absent": 404, "/canceled": 500} {
		res := do(t, h, "GET", target, "Accept", "text/html,*/*;q=0.8")
		page := body(t, res)
		if res.StatusCode != want || !strings.HasPrefix(res.Header.Get("Content-Type"), "text/html") || !strings.Contains(page, http.StatusText(want)) {
			t.Errorf("%s: status %d, %s", target, res.StatusCode, page)
		}
		for _, secret := range []string{"cause", "no such row", "index out of range", ".go:", "sqlite"} {
			if strings.Contains(page, secret) {
				t.Errorf("%s shows %q to visitors", target, secret)
			}
		}
	}
	if page := body(t, do(t, h, "GET", "/forbidden")); !strings.Contains(page, "Only for &lt;editors&gt;.") {
		t.Errorf("the public message is missing or not escaped:\n%s", page)
	}
	r := httptest.NewRequestWithContext(t.Context(), "POST", "/limited", strings.NewReader("a=123456"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if w.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("a body over its limit: status %d", w.Code)
	}
	for _, want := range []string{"plain <b>cause</b>", "index out of range", "errors_test.go", "route=panics"} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("the log lacks %q", want)
		}
	}
	if strings.Contains(log.String(), "no such row") {
		t.Error("a 404 is no error for the log")
	}
}

func TestErrorsAsJSON(t *testing.T) {
	t.Parallel()
	h := site(false, new(bytes.Buffer)).Handler()
	for accept, want := range map[string]bool{
		"application/json": true, "application/problem+json": true, "text/html,application/json;q=0.9": false,
		"application/json, text/html;q=0.5": true, "*/*": false, "": false, "nonsense;;q=,": false,
	} {
		res := do(t, h, "GET", "/forbidden", "Accept", accept)
		if got := res.Header.Get("Content-Type") == "application/problem+json"; got != want {
			t.Errorf("Accept %q: JSON is %v", accept, got)
		} else if want {
			var doc map[string]any
			if err := json.NewDecoder(res.Body).Decode(&doc); err != nil || doc["status"] != 403.0 || doc["detail"] != "Only for <editors>." {
				t.Errorf("Accept %q: %v, %v", accept, doc, err)
			}
		}
		if res.Header.Get("Vary") != "Accept" {
			t.Error("no Vary header")
		}
	}
}

func TestDebugPage(t *testing.T) {
	t.Parallel()
	h, secret := site(true, new(bytes.Buffer)).Handler(), strings.ToLower("HUNTER2")
	page := body(t, do(t, h, "GET", "/panic/7?x=1", "Authorization", "Bearer "+secret, "Cookie", "s="+secret))
	for _, want := range []string{"index out of range", "errors_test.go:", "list[len(r.URL.Path)]", "/panic/{id}", "panics", "DATABASE_URL", "sqlite:///x", "***", "runtime error"} {
		if !strings.Contains(page, want) {
			t.Errorf("the debug page lacks %q", want)
		}
	}
	if strings.Contains(page, secret) {
		t.Error("the debug page shows a secret header")
	}
	if user, rest := strings.Index(page, "list[len(r.URL.Path)]"), strings.Index(page, "The whole stack"); user < 0 || rest < user {
		t.Error("the project's code must come first")
	}
	if page := body(t, do(t, h, "GET", "/plain")); !strings.Contains(page, "plain &lt;b&gt;cause&lt;/b&gt;") || strings.Contains(page, "<b>cause") {
		t.Error("the cause is missing or not escaped")
	}
	if page := body(t, do(t, h, "GET", "/plian")); !strings.Contains(page, "Did you mean /plain?") || !strings.Contains(page, "/forbidden") {
		t.Error("the 404 page must list the routes and the nearest one")
	}
}

func TestSitePagesWinUnlessBroken(t *testing.T) {
	t.Parallel()
	engine, err := templates.New(templates.Options{Sources: []templates.Source{{Name: "project", FS: fstest.MapFS{
		"404.html": {Data: []byte("<h1>Lost: {{ .status }} {{ .message }}</h1>")},
		"500.html": {Data: []byte("{{ index .message 1000 }}")},
	}}}})
	if err != nil {
		t.Fatal(err)
	}
	s := site(false, new(bytes.Buffer))
	s.Templates = engine
	if page := body(t, do(t, s.Handler(), "GET", "/missing")); page != "<h1>Lost: 404 There is nothing at this address.</h1>" {
		t.Errorf("got %s", page)
	}
	if res := do(t, s.Handler(), "GET", "/plain"); res.StatusCode != 500 || !strings.Contains(body(t, res), "Internal Server Error") {
		t.Error("a broken 500.html must not hide the error")
	}
}

func TestAbortedResponsesPass(t *testing.T) {
	t.Parallel()
	for _, target := range []string{"/abort", "/half"} {
		func() {
			defer func() {
				if err, _ := recover().(error); !errors.Is(err, http.ErrAbortHandler) {
					t.Errorf("%s: recovered %v, want http.ErrAbortHandler", target, err)
				}
			}()
			do(t, site(false, new(bytes.Buffer)).Handler(), "GET", target)
		}()
	}
}

func TestStatusOfNoError(t *testing.T) {
	t.Parallel()
	if status := web.Status(nil); status != http.StatusOK {
		t.Errorf("Status(nil) = %d, want 200", status)
	}
}
