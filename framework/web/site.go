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

// Site is a router with all that a page needs around it: templates, static files, values for every template, middleware.
// Every field but Router may be left at its zero value. A Site must not be changed once it serves.
type Site struct {
	// Router has the routes. Nil answers 404 to everything.
	Router *Router
	// Middleware goes around the router, the first one outermost.
	Middleware []Middleware
	// Templates renders pages. Without it only the built-in error pages exist.
	Templates *templates.Engine
	// Static makes the address of a static file, for the static function of templates.
	Static func(path string) (string, error)
	// Context has values for all templates by name. A value is made when a page uses it for the first time, not if it only
	// mentions it in a branch that does not run.
	Context map[string]ContextFunc
	// Logger gets errors of views and panics; nil means slog.Default().
	Logger *slog.Logger
	// Debug shows causes, stacks, routes and settings in error pages. Never set it where strangers can see them.
	Debug bool
	// Location is the time zone in which times are shown and read, see [Location]; nil means UTC.
	Location *time.Location
	// Info is shown on the debug error page, such as settings. It must not contain secrets.
	Info func() []Pair
}

// Pair is a name with a value, for lists that people read.
type Pair struct{ Name, Value string }

// ContextFunc makes a value for the templates of one request.
type ContextFunc func(r *http.Request) any

// Handler returns the site as a handler. Panics of views and middleware are logged with their stack and answered with 500,
// [http.ErrAbortHandler] is passed on.
func (s *Site) Handler() http.Handler {
	router := s.Router
	if router == nil {
		router = NewRouter()
	}
	inner, _ := wrap(router, s.Middleware, nil)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.serve(w, r, inner) })
}

// serve gives the request its state and calls h.
func (s *Site) serve(w http.ResponseWriter, r *http.Request, h http.Handler) {
	st := &state{Context: r.Context(), site: s}
	if outer, _ := st.Context.Value(chi.RouteCtxKey).(*chi.Context); outer != nil {
		st.chi.RoutePath = outer.RoutePath // mounted in someone's chi router
	}
	st.chi.RoutePatterns, st.chi.URLParams.Keys, st.chi.URLParams.Values = st.room[0:0:2], st.room[2:2:5], st.room[5:5:8]
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

// state is what the framework knows about one request. It is a context, so that one allocation carries all of it, the
// router's own state included. It belongs to the goroutine of the request.
type state struct {
	context.Context
	site      *Site
	chi       chi.Context
	room      [8]string // for the first of chi's slices, so that they need no allocation
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

// PanicError is a panic that was turned into an error.
type PanicError struct {
	Value any    // what was passed to panic
	Stack []byte // as of debug.Stack
	Trace []Frame
}

// Error is the value of the panic as text.
func (e *PanicError) Error() string { return "panic: " + fmt.Sprint(e.Value) }

// Unwrap returns the value of the panic if it is an error.
func (e *PanicError) Unwrap() error {
	err, _ := e.Value.(error)
	return err
}

// HTTPStatus is always 500: an error that was panicked with has no say.
func (e *PanicError) HTTPStatus() int { return http.StatusInternalServerError }

// Recovered turns what recover returned into an error for [WriteError]. It must be called by the deferred function itself,
// or the stack is lost. If value is [http.ErrAbortHandler], which asks net/http to drop the connection, it panics again.
func Recovered(value any) error {
	if err, ok := value.(error); ok && errors.Is(err, http.ErrAbortHandler) {
		panic(http.ErrAbortHandler)
	}
	return &PanicError{Value: value, Stack: debug.Stack(), Trace: panicTrace()}
}
