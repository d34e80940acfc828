package web_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/quintetgo/quintet/framework/message"
	"github.com/quintetgo/quintet/framework/web"
)

// brokenWriter is a connection that cannot be written to.
type brokenWriter struct {
	*httptest.ResponseRecorder
	err error
}

func (w brokenWriter) Write([]byte) (int, error)       { return 0, w.err }
func (w brokenWriter) WriteString(string) (int, error) { return 0, w.err }

// TestErrorsOfSending has every kind of response fail while it is written: what the client caused is not logged, anything else is.
func TestErrorsOfSending(t *testing.T) {
	t.Parallel()
	views := map[string]web.HandlerFunc{
		"text": text("x"),
		"html": func(w http.ResponseWriter, r *http.Request) error { return web.HTML(w, "x") },
		"json": func(w http.ResponseWriter, r *http.Request) error { return web.JSON(w, 1) },
		"xml":  func(w http.ResponseWriter, r *http.Request) error { return web.XML(w, 1) },
		"page": failing(web.NotFound("")),
	}
	for name, view := range views {
		for _, c := range []struct {
			err    error
			logged bool
		}{
			{fmt.Errorf("write tcp: %w", syscall.EPIPE), false},
			{fmt.Errorf("write tcp: %w", syscall.ECONNRESET), false},
			{io.ErrClosedPipe, false},
			{os.ErrDeadlineExceeded, false},
			{http.ErrContentLength, true},
			{http.ErrBodyNotAllowed, true},
			{errors.New("disk full"), true},
		} {
			var log bytes.Buffer
			r := web.NewRouter()
			r.Get("/", view)
			h := (&web.Site{Router: r, Logger: slog.New(slog.NewTextHandler(&log, nil))}).Handler()
			func() {
				defer func() {
					if value := recover(); value != nil {
						if err, _ := value.(error); errors.Is(err, http.ErrAbortHandler) {
							return
						}
						t.Errorf("%s: panic %v", name, value)
					}
				}()
				h.ServeHTTP(brokenWriter{httptest.NewRecorder(), c.err}, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil))
			}()
			if got := strings.Count(log.String(), "request failed"); got != map[bool]int{true: 1}[c.logged] {
				t.Errorf("%s, %v: %d lines in the log: %s", name, c.err, got, log.String())
			}
		}
	}
}

type taken struct{}

func (taken) Error() string   { return `orm: unique constraint "post_slug" broken` }
func (taken) HTTPStatus() int { return http.StatusConflict }
func (taken) FieldErrors() map[string][]message.Message {
	return map[string][]message.Message{"slug": {message.New("unique", "It is taken.")}, "": {message.Text("No.")}}
}

func TestConflictNamesTheFieldAndIsLogged(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	r := web.NewRouter()
	r.Get("/", failing(fmt.Errorf("save: %w", taken{})))
	h := (&web.Site{Router: r, Logger: slog.New(slog.NewTextHandler(&log, nil))}).Handler()
	res := do(t, h, "GET", "/", "Accept", "text/html")
	if page := body(t, res); res.StatusCode != http.StatusConflict || !strings.Contains(page, "No.; slug: It is taken.") {
		t.Errorf("status %d, page %s", res.StatusCode, page)
	}
	if !strings.Contains(log.String(), "level=WARN") || !strings.Contains(log.String(), "post_slug") {
		t.Errorf("the log does not have the cause: %q", log.String())
	}
}

func TestNumbersOfTheQuery(t *testing.T) {
	t.Parallel()
	r := web.NewRouter()
	r.Get("/page", func(w http.ResponseWriter, r *http.Request) error {
		return web.JSON(w, web.Page(r))
	})
	r.Get("/int", func(w http.ResponseWriter, r *http.Request) error {
		n, err := web.QueryInt(r, "n", 20)
		if err != nil {
			return err
		}
		return web.JSON(w, n)
	})
	for target, want := range map[string]string{
		"/page": "1", "/page?page=": "1", "/page?page=3": "3", "/page?page=3&page=4": "3", "/page?other=3": "1",
		"/page?page=0": "-1", "/page?page=-1": "-1", "/page?page=x": "-1", "/page?page=1.5": "-1", "/page?page=1e3": "-1",
		"/page?page=99999999999999999999": "-1", "/page?page=%201": "-1",
		"/int": "20", "/int?n=0": "0", "/int?n=-7": "-7", "/int?n=x": "404", "/int?n=%00": "404",
	} {
		res := do(t, r, "GET", target)
		got := strings.TrimSpace(body(t, res))
		if res.StatusCode != http.StatusOK {
			got = fmt.Sprint(res.StatusCode)
		}
		if got != want {
			t.Errorf("%s: %s, want %s", target, got, want)
		}
	}
}

func TestDebugPageSuggestsTheNearestPath(t *testing.T) {
	t.Parallel()
	r := web.NewRouter()
	r.Get("/posts/", text(""))
	r.Get("/posts/{id:int}/", text(""))
	r.Get("/posts/{id:int}/comments/{key}.json", text(""))
	r.Get("/café/{x}", text(""))
	r.Get("/files/*", text(""))
	h := (&web.Site{Router: r, Debug: true, Logger: slog.New(slog.DiscardHandler)}).Handler()
	for target, want := range map[string]string{
		"/pots/":                   "Did you mean /posts/?",
		"/post/7/":                 "Did you mean /posts/7/?",
		"/post/7":                  "Did you mean /posts/7/?",
		"/posts/7/coments/a.json":  "Did you mean /posts/7/comments/a.json?",
		"/cafe/a%20b":              "Did you mean /caf%C3%A9/a%20b?",
		"/nothing/like/it/at/all/": "",
	} {
		page := body(t, do(t, h, "GET", target, "Accept", "text/html"))
		if want == "" && strings.Contains(page, "Did you mean") || !strings.Contains(page, want) {
			t.Errorf("%s: no %q", target, want)
		}
	}
}
