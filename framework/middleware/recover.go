package middleware

import (
	"log/slog"
	"net/http"

	"github.com/quintetgo/quintet/framework/server/response"
	"github.com/quintetgo/quintet/framework/web"
)

// Recover returns middleware that responds to a panic with a 500 page and logs it with its stack. If a
// part of the response was sent already, it logs the panic and drops the connection, so that the
// client notices. http.ErrAbortHandler is passed on.
func Recover(logger *slog.Logger) web.Middleware {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			rw := response.Wrap(w)
			defer func() {
				value := recover()
				if value == nil {
					return
				}
				err := web.Recovered(value)
				if !rw.Written() {
					web.WriteError(rw, r, err)
					return
				}
				stack := ""
				if panicked, ok := err.(*web.PanicError); ok {
					stack = string(panicked.Stack)
				}
				logger.LogAttrs(r.Context(), slog.LevelError, "view panicked after it had answered",
					slog.String("request_id", web.RequestID(r)), slog.String("method", r.Method), slog.String("path", r.URL.Path),
					slog.String("error", err.Error()), slog.String("stack", stack))
				panic(http.ErrAbortHandler)
			}()
			next.ServeHTTP(rw, r)
		})
	}
}
