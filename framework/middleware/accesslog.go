package middleware

import (
	"log/slog"
	"net/http"
	"time"

	"github.com/quintetgo/quintet/framework/server/response"
	"github.com/quintetgo/quintet/framework/web"
)

// AccessLog returns middleware that logs one line after each request, without the query, which may
// contain secrets.
func AccessLog(logger *slog.Logger) web.Middleware {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			start := time.Now()
			rw := response.Wrap(w)
			done := false
			defer func() {
				status := rw.Status()
				if status == 0 && done {
					status = http.StatusOK // net/http sends it for a view that wrote nothing
				}
				logger.LogAttrs(r.Context(), slog.LevelInfo, "request",
					slog.String("method", r.Method), slog.String("path", r.URL.Path), slog.Int("status", status),
					slog.Int64("bytes", rw.Size()), slog.Duration("took", time.Since(start)),
					slog.String("client", web.ClientIP(r)), slog.String("request_id", web.RequestID(r)))
			}()
			next.ServeHTTP(rw, r)
			done = true
		})
	}
}
