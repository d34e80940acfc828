// Package exchange observes requests from outside the handler, for logs and metrics: the response, its duration, and
// facts that only the handler knows, such as the route.
package exchange

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/quintetgo/quintet/framework/server/response"
)

// Exchange is one request with its response. It is also the context of the request, which is how the handler finds
// it.
type Exchange struct {
	context.Context
	Request *http.Request // as it was received
	Start   time.Time
	Took    time.Duration // set at the end
	Status  int           // set at the end; 500 if the handler panicked before it responded
	Size    int64         // bytes of the body, set at the end

	writer response.Writer
	mu     sync.Mutex // a handler that exceeded its deadline may still add notes
	notes  Notes
}

// Notes are facts about a request that only the handler knows.
type Notes struct {
	Route     string // pattern of the route, such as "/posts/{slug}/"
	Client    string // address of the client, as determined behind trusted proxies
	RequestID string
}

type key struct{}

// Value returns the exchange for its own key, and other values of the request's context.
func (x *Exchange) Value(k any) any {
	if k == (key{}) {
		return x
	}
	return x.Context.Value(k)
}

// From returns the exchange of a request's context, or nil if no observer is set.
func From(ctx context.Context) *Exchange {
	x, _ := ctx.Value(key{}).(*Exchange)
	return x
}

// Note records facts about the request. It is safe for concurrent use.
func (x *Exchange) Note(notes Notes) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.notes = notes
}

// Notes returns the recorded facts. It is safe for concurrent use.
func (x *Exchange) Notes() Notes {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.notes
}

// Observer is notified of the beginning and the end of every request, from the requests' goroutines.
type Observer interface {
	Begin()
	End(x *Exchange)
}

// Handler returns a handler that calls next and notifies observers. Without observers it returns next.
func Handler(next http.Handler, observers ...Observer) http.Handler {
	if len(observers) == 0 {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		x := &Exchange{Context: r.Context(), Request: r, Start: time.Now()}
		rw := response.Find(w)
		if rw == nil {
			x.writer.ResponseWriter = w
			rw = &x.writer
		}
		for _, o := range observers {
			o.Begin()
		}
		returned := false
		defer func() {
			x.Took, x.Status, x.Size = time.Since(x.Start), rw.Status(), rw.Size()
			if x.Status == 0 {
				x.Status = http.StatusOK // net/http sends it if the handler wrote nothing
				if !returned {
					x.Status = http.StatusInternalServerError
				}
			}
			for _, o := range observers {
				o.End(x)
			}
		}()
		next.ServeHTTP(rw, r.WithContext(x))
		returned = true
	})
}
