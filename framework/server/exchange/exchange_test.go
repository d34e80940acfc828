package exchange_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/quintetgo/quintet/framework/server/exchange"
)

// seen records the calls of an observer.
type seen struct {
	begun int
	last  *exchange.Exchange
}

func (s *seen) Begin() { s.begun++ }

func (s *seen) End(x *exchange.Exchange) { s.last = x }

// layer is the key of a value that other middleware adds to the context.
type layer struct{}

func TestObserversAreTold(t *testing.T) {
	t.Parallel()
	var one, two seen
	h := exchange.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		exchange.From(context.WithValue(r.Context(), layer{}, 1)).Note(exchange.Notes{Route: "/x"})
		switch r.URL.Path {
		case "/text":
			_, _ = io.WriteString(w, "four")
		case "/teapot":
			w.WriteHeader(http.StatusTeapot)
		case "/panic":
			panic(http.ErrAbortHandler)
		case "/late":
			w.WriteHeader(http.StatusAccepted)
			panic(http.ErrAbortHandler)
		}
	}), &one, &two)
	for i, c := range []struct {
		path   string
		status int
		size   int64
	}{{"/text", 200, 4}, {"/teapot", 418, 0}, {"/empty", 200, 0}, {"/panic", 500, 0}, {"/late", 202, 0}} {
		func() {
			defer func() { _ = recover() }()
			h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", c.path, nil))
		}()
		for _, s := range []*seen{&one, &two} {
			if s.begun != i+1 || s.last == nil || s.last.Status != c.status || s.last.Size != c.size || s.last.Took <= 0 || s.last.Notes().Route != "/x" || s.last.Request.URL.Path != c.path {
				t.Errorf("%s: told %d times, last %+v", c.path, s.begun, s.last)
			}
		}
	}
	if exchange.From(t.Context()) != nil {
		t.Error("an exchange where nobody watches")
	}
	inner := http.NotFoundHandler()
	w := httptest.NewRecorder()
	if exchange.Handler(inner).ServeHTTP(w, httptest.NewRequest("GET", "/", nil)); w.Code != 404 {
		t.Errorf("without observers: %d", w.Code)
	}
}
