// Package requests connects the requests of a site with its databases: a transaction around each request.
package requests

import (
	"context"
	"errors"
	"log/slog"
	"net/http"

	"github.com/quintetgo/quintet/framework/web"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/internal/session"
)

// NonAtomicMark is the mark of routes behind [NonAtomic]; see web.HasMark.
const NonAtomicMark = "non-atomic"

// NonAtomic is middleware for routes whose views run outside the transaction of [Atomic], because they stream, wait for
// the network, or manage transactions themselves:
//
//	r.With(requests.NonAtomic).Post("/import/", a.load)
func NonAtomic(next http.Handler) http.Handler { return nonAtomic{next} }

type nonAtomic struct{ http.Handler }

// RouteMark implements web.Marker.
func (nonAtomic) RouteMark() string { return NonAtomicMark }

// Atomic returns middleware that runs each request in a transaction of db:
//
//	s.Middleware = []web.Middleware{requests.Atomic(db)}
//
// The transaction is committed if the status of the response is below 400. It is rolled back if the status is 400 or
// above, if the view panics, and if the client leaves. It begins with the first statement that uses the context of the
// request, so a slow upload does not hold it open. Requests with the methods GET, HEAD, OPTIONS, TRACE and QUERY, which
// change nothing, and routes behind [NonAtomic] have no transaction.
//
// The response is sent after the commit; if that fails, the client receives an error page instead. A response that
// the view flushes, or that is larger than 1 MiB, is sent before the commit; if that fails then, the connection is
// closed, so that the client does not take the response as complete.
func Atomic(db *orm.DB) web.Middleware {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if isSafe(r.Method) || web.HasMark(r, NonAtomicMark) {
				next.ServeHTTP(w, r)
				return
			}
			serve(db, next, w, r)
		})
	}
}

// errRefused rolls back a transaction whose view responded with an error.
var errRefused = errors.New("requests: the response is an error")

func serve(db *orm.DB, next http.Handler, w http.ResponseWriter, r *http.Request) {
	held := hold(w)
	err := db.Session().Atomic(r.Context(), func(ctx context.Context) error {
		next.ServeHTTP(held, r.WithContext(ctx))
		if held.status >= http.StatusBadRequest {
			return errRefused
		}
		return nil
	}, func(o *session.Options) { o.Lazy = true })
	switch {
	case err == nil, errors.Is(err, errRefused):
		held.send()
	case held.sent:
		web.Logger(r).ErrorContext(r.Context(), "the transaction of a request failed after a part of the response was sent",
			slog.String("method", r.Method), slog.String("path", r.URL.Path), slog.Any("error", err))
		panic(http.ErrAbortHandler)
	default:
		web.WriteError(w, r, err)
	}
}

func isSafe(method string) bool {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodOptions, http.MethodTrace, "QUERY":
		return true
	}
	return false
}
