package corpus

import (
	"io"
	"net/http"
	"sync/atomic"
)

// servedHeader marks the responses of the handler, with the method and path of the request.
const servedHeader = "Servertest-Served"

// Backend reports how many requests have reached the handler of the tested server. If that runs in another process,
// the test asks it; the handler there must be wrapped in a Counter too, whose header distinguishes its responses from
// those of a server in between.
type Backend interface {
	// Requests returns the current number. It must be safe for concurrent use.
	Requests() int64
}

// Counter is a handler that counts requests, marks their responses, and passes the requests on. It is safe for
// concurrent use.
type Counter struct {
	next     http.Handler
	requests atomic.Int64
}

// NewCounter wraps a handler. If next is nil, it reads the body and responds with "ok", or with status 400 if the
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
	w.Header().Set(servedHeader, served[:min(len(served), 200)]) // web servers limit the head of a response
	c.next.ServeHTTP(w, r)
}

// Requests returns the number of requests so far.
func (c *Counter) Requests() int64 { return c.requests.Load() }

var _ Backend = (*Counter)(nil)
