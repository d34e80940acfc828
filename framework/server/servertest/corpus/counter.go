package corpus

import (
	"io"
	"net/http"
	"sync/atomic"
)

// servedHeader marks the answers that come from the handler, with the method and path it saw.
const servedHeader = "Servertest-Served"

// Backend knows how many requests have reached the handler of the server that is tried. Where that
// runs in another process, the test asks it in a way of its own; the handler there must be inside of
// a Counter too, whose marks tell its answers from those of a server in between.
type Backend interface {
	// Requests returns the number so far. It may be called while requests run.
	Requests() int64
}

// Counter is a handler that counts the requests it gets, marks the answers, and passes the requests
// on. It may be used by many requests at once.
type Counter struct {
	next     http.Handler
	requests atomic.Int64
}

// NewCounter wraps a handler. Nil stands for one that reads the body and answers "ok", or 400 if the
// body cannot be read.
func NewCounter(next http.Handler) *Counter {
	if next == nil {
		next = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if _, err := io.Copy(io.Discard, r.Body); err != nil {
				http.Error(w, "the body cannot be read", http.StatusBadRequest)
				return
			}
			_, _ = io.WriteString(w, "ok\n")
		})
	}
	return &Counter{next: next}
}

// ServeHTTP counts and marks the request and passes it on.
func (c *Counter) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.requests.Add(1)
	served := r.Method + " " + r.URL.EscapedPath()
	w.Header().Set(servedHeader, served[:min(len(served), 200)]) // web servers limit the head of an answer
	c.next.ServeHTTP(w, r)
}

// Requests returns how many requests have come.
func (c *Counter) Requests() int64 { return c.requests.Load() }

var _ Backend = (*Counter)(nil)
