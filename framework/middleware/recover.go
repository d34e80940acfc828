package middleware

import (
	"log/slog"
	"net/http"

	"github.com/quintetgo/quintet/framework/server/response"
	"github.com/quintetgo/quintet/framework/web"
)

// Recover turns a panic into a 500 page, which is logged with the stack. If part of a response was
// sent already, the panic is logged and the connection cut, so that nobody takes the response for
// complete. http.ErrAbortHandler passes.
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
