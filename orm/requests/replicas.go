package requests

import (
	"net/http"
	"time"

	"github.com/quintetgo/quintet/framework/server/response"
	"github.com/quintetgo/quintet/framework/web"
	"github.com/quintetgo/quintet/orm/internal/session"
)

// primaryCookie is the cookie of visitors who have written recently.
const primaryCookie = "quintet_primary"

// Replicas returns middleware that lets the reads of requests go to the replicas of databases; see orm.DB.AddReplica. What
// a visitor has written is there when the visitor reads it: requests that may change something read from the database
// itself, and so do all requests of the visitor for as long as lag after a request that wrote. A cookie records that, which
// holds no data; it is sent only if the response has not been sent before the write. lag is how far the replicas may be
// behind; it must be at least a second, as cookies count in seconds.
func Replicas(lag time.Duration) web.Middleware {
	if lag < time.Second {
		panic("requests: the lag of replicas must be at least a second")
	}
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, err := r.Cookie(primaryCookie)
			recent, changes := err == nil, !isSafe(r.Method)
			ctx, pin := session.WithReplicas(r.Context(), recent || changes)
			rw := response.Wrap(w)
			rw.Before(func() {
				if changes || pin.Wrote() && !recent {
					http.SetCookie(rw, &http.Cookie{
						Name: primaryCookie, Value: "1", Path: "/", MaxAge: int((lag + time.Second - 1) / time.Second),
						HttpOnly: true, Secure: r.TLS != nil, SameSite: http.SameSiteLaxMode,
					})
				}
			})
			next.ServeHTTP(rw, r.WithContext(ctx))
		})
	}
}
