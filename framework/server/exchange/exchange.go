// Package exchange watches requests from outside of the handler, for logs and metrics: what was
// answered, how long it took, and what only the handler knows, such as the route.
package exchange

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/quintetgo/quintet/framework/server/response"
)

// Exchange is one request with its answer. It is also the context of the request, by which the
// handler finds it.
type Exchange struct {
	context.Context
	Request *http.Request // as it came
	Start   time.Time
	Took    time.Duration // set at the end
	Status  int           // set at the end; 500 for a handler that panicked before it answered
	Size    int64         // bytes of the body, set at the end

	writer response.Writer
	mu     sync.Mutex // a handler that was answered for may still take notes
	notes  Notes
}

// Notes are what the handler knows of a request.
type Notes struct {
	Route     string // pattern of the route, such as "/posts/{slug}/"
	Client    string // address of the client, behind trusted proxies
	RequestID string
}

type key struct{}

// Value answers for the exchange itself.
func (x *Exchange) Value(k any) any {
	if k == (key{}) {
		return x
	}
	return x.Context.Value(k)
}

// From returns the exchange that a request belongs to, or nil if nobody watches.
func From(ctx context.Context) *Exchange {
	x, _ := ctx.Value(key{}).(*Exchange)
	return x
}

// Note keeps what the handler knows. It may be called at any time.
func (x *Exchange) Note(notes Notes) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.notes = notes
}

// Notes returns what was noted. It may be called at any time.
func (x *Exchange) Notes() Notes {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.notes
}

// Observer is told of the begin and the end of every request, from the requests' goroutines.
type Observer interface {
	Begin()
	End(x *Exchange)
}

// Handler has observers watch next. Without observers it is next itself.
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
				x.Status = http.StatusOK // net/http sends it for a handler that wrote nothing
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
