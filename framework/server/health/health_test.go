package health_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/quintetgo/quintet/framework/server/health"
)

func probe(h http.Handler, method, path string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(method, path, nil))
	return w
}

func TestProbes(t *testing.T) {
	t.Parallel()
	state := health.New(health.Options{Startup: "/up"})
	h := state.Handler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) }))
	expect := func(phase, method, path string, code int, body string) {
		t.Helper()
		if w := probe(h, method, path); w.Code != code || !strings.HasPrefix(w.Body.String(), body) {
			t.Errorf("%s: %s %s: %d %q, want %d %q", phase, method, path, w.Code, w.Body, code, body)
		}
	}
	expect("starting", "GET", "/livez", 200, "ok\n")
	expect("starting", "GET", "/readyz", 503, "starting\n")
	expect("starting", "GET", "/up", 503, "starting\n")
	state.Start()
	expect("serving", "GET", "/readyz", 200, "ok\n")
	expect("serving", "HEAD", "/up", 200, "")
	expect("serving", "POST", "/readyz", 405, "")
	expect("serving", "GET", "/startupz", 418, "")
	expect("serving", "GET", "/readyz/", 418, "")
	expect("serving", "GET", "/readyz?verbose", 200, `{"status":"ok","checks":[]}`)
	state.Drain()
	expect("draining", "GET", "/livez", 200, "ok\n")
	expect("draining", "GET", "/readyz", 503, "draining\n")
	expect("draining", "GET", "/up", 200, "ok\n")
	off := health.New(health.Options{Live: health.Off, Ready: health.Off, Startup: health.Off}).Handler(http.NotFoundHandler())
	for _, path := range []string{"/livez", "/readyz", "/startupz", "/-", "*"} {
		r := httptest.NewRequest("GET", "/", nil)
		r.URL.Path = path
		w := httptest.NewRecorder()
		if off.ServeHTTP(w, r); w.Code != 404 {
			t.Errorf("%s is not off: %d", path, w.Code)
		}
	}
}

func TestChecks(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		var broken atomic.Bool
		var runs atomic.Int64
		state := health.New(health.Options{Logger: slog.New(slog.NewTextHandler(&log, nil)), Checks: []health.Check{
			{"database", func(context.Context) error {
				runs.Add(1)
				if broken.Load() {
					return errors.New("dial db.internal:5432: secret reason")
				}
				return nil
			}},
			{"fine", func(context.Context) error { return nil }},
		}})
		state.Start()
		h := state.Handler(http.NotFoundHandler())
		for range 5 {
			if w := probe(h, "GET", "/readyz"); w.Code != 200 {
				t.Errorf("status %d", w.Code)
			}
		}
		if runs.Load() != 1 {
			t.Errorf("the check ran %d times in a moment", runs.Load())
		}
		broken.Store(true)
		for range 2 {
			time.Sleep(2 * time.Second)
			w := probe(h, "GET", "/readyz?verbose")
			if w.Code != 503 || !strings.Contains(w.Body.String(), `{"name":"database","status":"failing"`) ||
				!strings.Contains(w.Body.String(), `{"name":"fine","status":"ok"`) || strings.Contains(w.Body.String(), "secret") {
				t.Errorf("%d %s", w.Code, w.Body)
			}
		}
		broken.Store(false)
		time.Sleep(2 * time.Second)
		if w := probe(h, "GET", "/readyz"); w.Code != 200 {
			t.Errorf("status %d", w.Code)
		}
		if text := log.String(); strings.Count(text, "secret reason") != 1 || strings.Count(text, "ready again") != 1 {
			t.Errorf("log:\n%s", text)
		}
	})
}

func TestChecksThatHangOrPanic(t *testing.T) {
	t.Parallel()
	for name, run := range map[string]func(context.Context) error{
		"hang":  func(context.Context) error { time.Sleep(time.Minute); return nil },
		"panic": func(context.Context) error { panic("oh") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				state := health.New(health.Options{Logger: slog.New(slog.DiscardHandler), Checks: []health.Check{{"it", run}}})
				state.Start()
				start := time.Now()
				if w := probe(state.Handler(http.NotFoundHandler()), "GET", "/readyz"); w.Code != 503 || time.Since(start) > 2*time.Second {
					t.Errorf("status %d after %v", w.Code, time.Since(start))
				}
				time.Sleep(time.Minute)
			})
		})
	}
}
