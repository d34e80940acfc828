package middleware

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/quintetgo/quintet/framework/response"
	"github.com/quintetgo/quintet/framework/web"
)

// MaxBody refuses request bodies of more than limit bytes: with status 413 before the view runs if
// the request says how long its body is, else with a *http.MaxBytesError when the view reads on.
func MaxBody(limit int64) web.Middleware {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.ContentLength > limit {
				w.Header().Set("Connection", "close")
				web.WriteError(w, r, bodyTooLarge(limit))
				return
			}
			if r.Body != nil && r.Body != http.NoBody {
				r.Body = http.MaxBytesReader(innermost(w), r.Body, limit)
			}
			next.ServeHTTP(w, r)
		})
	}
}

func bodyTooLarge(limit int64) error {
	return &web.Error{
		Status:  http.StatusRequestEntityTooLarge,
		Message: fmt.Sprintf("What you sent is too large: the limit is %s.", size(limit)),
		Err:     &http.MaxBytesError{Limit: limit},
	}
}

func size(bytes int64) string {
	switch {
	case bytes >= 1<<20:
		return fmt.Sprintf("%d MB", bytes>>20)
	case bytes >= 1<<10:
		return fmt.Sprintf("%d KB", bytes>>10)
	}
	return fmt.Sprintf("%d bytes", bytes)
}

// innermost returns the server's own writer, which closes the connection of a body that is too
// large.
func innermost(w http.ResponseWriter) http.ResponseWriter {
	for {
		inner, ok := w.(interface{ Unwrap() http.ResponseWriter })
		if !ok {
			return w
		}
		w = inner.Unwrap()
	}
}

// Timeout ends the context of a request after d, so that queries and calls that it started stop. A
// view that then has nothing to answer is answered for with status 503. A view that ignores its
// context runs on.
func Timeout(d time.Duration) web.Middleware {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			ctx, cancel := context.WithTimeout(r.Context(), d)
			defer cancel()
			rw := response.Wrap(w)
			next.ServeHTTP(rw, r.WithContext(ctx))
			if ctx.Err() == context.DeadlineExceeded && !rw.Written() {
				web.WriteError(rw, r, &web.Error{Status: http.StatusServiceUnavailable, Message: "This took too long. Please try again.", Err: ctx.Err()})
			}
		})
	}
}
