package web

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/quintetgo/quintet/framework/server/response"
	"github.com/quintetgo/quintet/templates"
)

// Site is a router with the templates, static files, template values and middleware of its pages. All fields are optional. A
// Site must not be changed once it serves; serving is safe for concurrent use.
type Site struct {
	// Router has the routes. Default: no routes; every request gets 404.
	Router *Router
	// Middleware wraps the router, the first one outermost.
	Middleware []Middleware
	// Templates renders pages. Default: none; only the built-in error pages exist.
	Templates *templates.Engine
	// Static returns the address of a static file, for the template function static. Default: the function returns an error.
	Static func(path string) (string, error)
	// Context has values for all templates by name. A function is called when a page first reads its value; a branch that
	// does not run does not count.
	Context map[string]ContextFunc
	// Logger receives errors of views and panics. Default: slog.Default().
	Logger *slog.Logger
	// Debug shows causes, stacks, routes and settings in error pages. Never enable it in production.
	Debug bool
	// Location is the time zone in which times are shown and read, see [Location]. Default: UTC.
	Location *time.Location
	// Info returns more rows for the debug error page, such as settings. It must not return secrets. Default: none.
	Info func() []Pair
}

// Pair is a name with a value, for lists on pages.
type Pair struct{ Name, Value string }

// ContextFunc returns a value for the templates of one request.
type ContextFunc func(r *http.Request) any

// Handler returns the site as a handler. Panics of views and middleware are logged with their stack and become a
// response with status 500; [http.ErrAbortHandler] is passed on.
func (s *Site) Handler() http.Handler {
	router := s.Router
	if router == nil {
		router = NewRouter()
	}
	inner, _ := wrap(router, s.Middleware, nil)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.serve(w, r, inner) })
}

// serve adds the state to the request and calls h.
func (s *Site) serve(w http.ResponseWriter, r *http.Request, h http.Handler) {
	st := &state{Context: r.Context(), site: s}
	if outer, _ := st.Context.Value(chi.RouteCtxKey).(*chi.Context); outer != nil {
		st.chi.RoutePath = outer.RoutePath // mounted in a chi router
	}
	st.chi.RoutePatterns, st.chi.URLParams.Keys, st.chi.URLParams.Values = st.buffer[0:0:2], st.buffer[2:2:5], st.buffer[5:5:8]
	r = r.WithContext(st)
	rw := response.Find(w)
	if rw == nil {
		st.writer.ResponseWriter = w
		rw = &st.writer
	}
	defer func() {
		if value := recover(); value != nil {
			WriteError(rw, r, Recovered(value))
		}
	}()
	h.ServeHTTP(rw, r)
	rw.Finish()
}

func (s *Site) logger() *slog.Logger {
	if s.Logger != nil {
		return s.Logger
	}
	return slog.Default()
}

// state is the framework's data about one request. It is a context, so that one allocation holds all of it, chi's state
// included. Only the goroutine of the request may use it.
type state struct {
	context.Context
	site      *Site
	chi       chi.Context
	buffer    [8]string // backs the first elements of chi's slices without an allocation
	writer    response.Writer
	route     *Route
	bound     *Route // the route that HasMark matched before routing
	logger    *slog.Logger
	requestID string
	clientIP  string
	secure    bool
	nonce     string
	onNonce   []func(nonce string)
}

type stateKey struct{}

// Value returns the state itself, the router's state and the site's time zone.
func (s *state) Value(key any) any {
	switch key {
	case stateKey{}:
		return s
	case chi.RouteCtxKey:
		return &s.chi
	case locationKey{}:
		return s.site.Location
	}
	return s.Context.Value(key)
}

func stateOf(r *http.Request) *state {
	st, _ := r.Context().Value(stateKey{}).(*state)
	return st
}

// PanicError is the error for a recovered panic.
type PanicError struct {
	Value any    // what was passed to panic
	Stack []byte // as of debug.Stack
	Trace []Frame
}

// Error returns the value of the panic as text.
func (e *PanicError) Error() string { return "panic: " + fmt.Sprint(e.Value) }

// Unwrap returns the value of the panic if it is an error.
func (e *PanicError) Unwrap() error {
	err, _ := e.Value.(error)
	return err
}

// HTTPStatus returns 500, whatever the status of a panicked error is.
func (e *PanicError) HTTPStatus() int { return http.StatusInternalServerError }

// Recovered returns the error for a value that recover returned, for [WriteError]. Call it in the deferred function itself, or the
// stack is lost. If the value is [http.ErrAbortHandler], which tells net/http to drop the connection, it panics again.
func Recovered(value any) error {
	if err, ok := value.(error); ok && errors.Is(err, http.ErrAbortHandler) {
		panic(http.ErrAbortHandler)
	}
	return &PanicError{Value: value, Stack: debug.Stack(), Trace: panicTrace()}
}
