package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/go-chi/chi/v5"
)

// table holds the compiled routes of a set.
type table struct {
	handler http.Handler
	mux     *chi.Mux
	names   map[string]*Route
	routes  map[routeKey]*Route
	marks   map[*Route][]string
}

// routeKey is a method and a pattern in chi's form.
type routeKey struct{ method, routing string }

// table compiles the routes. The result is kept until a route is added.
func (s *routeSet) table(root *Router) *table {
	if t := s.built.Load(); t != nil {
		return t
	}
	t := &table{mux: chi.NewRouter(), names: map[string]*Route{}, routes: map[routeKey]*Route{}, marks: map[*Route][]string{}}
	t.mux.NotFound(t.notFound)
	t.mux.MethodNotAllowed(t.methodNotAllowed)
	taken := map[string]bool{}
	var heads []*Route
	for _, rt := range s.routes {
		if rt.broken {
			continue
		}
		if rt.name != "" && t.names[rt.name] == nil {
			t.names[rt.name] = rt
		}
		methods := rt.methods
		if len(methods) == 0 {
			methods = knownMethods
		}
		if slices.Contains(methods, http.MethodGet) {
			heads = append(heads, rt)
		}
		t.route(rt, methods, taken)
	}
	for _, rt := range heads {
		t.route(rt, []string{http.MethodHead}, taken)
	}
	for root.parent != nil {
		root = root.parent
	}
	var marks []string
	t.handler, marks = wrap(http.HandlerFunc(t.serve), root.middleware, nil)
	for _, rt := range s.routes {
		for _, mark := range marks {
			if !slices.Contains(t.marks[rt], mark) {
				t.marks[rt] = append(t.marks[rt], mark)
			}
		}
	}
	s.built.Store(t)
	return t
}

// route adds a route for the methods that no earlier route has taken.
func (t *table) route(rt *Route, methods []string, taken map[string]bool) {
	h, marks := rt.router.chain(tidy(rt.handler))
	if marks = appendMark(marks, rt.handler); len(marks) > 0 {
		t.marks[rt] = marks
	}
	serve := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !rt.bind(r) {
			t.notFound(w, r)
			return
		}
		if st := stateOf(r); st != nil {
			st.route = rt
			if err := st.checkBound(rt); err != nil {
				WriteError(w, r, err)
				return
			}
		}
		h.ServeHTTP(w, r)
	})
	shape := rt.pattern.shape()
	for _, m := range methods {
		if key := m + " " + shape; !taken[key] {
			taken[key] = true
			t.mux.Method(m, rt.routing, serve)
			t.routes[routeKey{m, rt.routing}] = rt
		}
	}
}

// bind replaces chi's parameters and pattern by those of the route.
func (rt *Route) bind(r *http.Request) bool {
	rctx := chi.RouteContext(r.Context())
	if !rt.pattern.bind(&rctx.URLParams) {
		return false
	}
	if rt.pattern.mixed || strings.Contains(rctx.RoutePath, slashMark) { // otherwise chi has set these
		for i, name := range rctx.URLParams.Keys {
			r.SetPathValue(name, rctx.URLParams.Values[i])
		}
	}
	r.Pattern = rt.path
	if n := len(rctx.RoutePatterns); n > 0 {
		rctx.RoutePatterns[n-1] = rt.path
	}
	return true
}

// serve lets chi find the route for the decoded path, so that the encoding of the path does not matter.
func (t *table) serve(w http.ResponseWriter, r *http.Request) {
	rctx := chi.RouteContext(r.Context())
	if rctx == nil { // middleware replaced the context
		rctx = chi.NewRouteContext()
		r = r.WithContext(context.WithValue(r.Context(), chi.RouteCtxKey, rctx))
	}
	rctx.RoutePath = decodedPath(r.URL, rctx.RoutePath)
	t.mux.ServeHTTP(w, r)
}

// ServeHTTP serves a request by the view of the route that matches, or responds with 404, 405, or a redirect to the same path
// with a trailing slash.
func (r *Router) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	t := r.set.table(r)
	st := stateOf(req)
	if st == nil {
		(&Site{Router: r}).serve(w, req, t.handler)
		return
	}
	if len(st.chi.RoutePatterns) > 0 { // mounted in another router: match the rest of the path
		st.chi.RoutePath = ""
	}
	t.handler.ServeHTTP(w, req)
}

// routeContexts are for looking up routes without a request.
var routeContexts = sync.Pool{New: func() any { return chi.NewRouteContext() }}

var errNoRoute = errors.New("no route matches the address")

// find calls fn with the route that a request for a decoded path reaches, and the values of its parameters, which fn must not
// keep. Without such a route it returns errNoRoute.
func (t *table) find(method, path string, fn func(rt *Route, values []string) error) error {
	rctx := routeContexts.Get().(*chi.Context)
	defer routeContexts.Put(rctx)
	rctx.Reset()
	rt := t.routes[routeKey{method, t.mux.Find(rctx, method, path)}]
	if rt == nil || !rt.pattern.bind(&rctx.URLParams) {
		return errNoRoute
	}
	return fn(rt, rctx.URLParams.Values)
}

func (t *table) match(method, path string) bool {
	return t.find(method, path, func(*Route, []string) error { return nil }) == nil
}

// routePath returns the decoded path that was looked up.
func routePath(r *http.Request) string {
	if rctx := chi.RouteContext(r.Context()); rctx != nil && rctx.RoutePath != "" {
		return rctx.RoutePath
	}
	return decodedPath(r.URL, "")
}

func (t *table) notFound(w http.ResponseWriter, r *http.Request) {
	path := routePath(r)
	if strings.HasSuffix(path, "/") || !t.match(http.MethodGet, path+"/") {
		if !strings.HasSuffix(path, "/") && t.match(r.Method, path+"/") {
			WriteError(
				w,
				r,
				&Error{Status: http.StatusNotFound, Err: &noRoute{table: t, hint: "There is a route for this path with a trailing slash."}},
			)
			return
		}
		WriteError(w, r, &Error{Status: http.StatusNotFound, Err: &noRoute{table: t}})
		return
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		WriteError(
			w,
			r,
			&Error{
				Status: http.StatusNotFound,
				Err: &noRoute{
					table: t,
					hint:  "There is a route for this path with a trailing slash; a " + r.Method + " request cannot be redirected to it.",
				},
			},
		)
		return
	}
	to := localPath(requestPath(r)) + "/"
	if r.URL.RawQuery != "" {
		to += "?" + r.URL.RawQuery
	}
	w.Header().Set("Location", headerSafe(to))
	w.WriteHeader(http.StatusMovedPermanently)
}

// requestPath returns the path as the client sent it, with the prefix of a mounted handler.
func requestPath(r *http.Request) string {
	path := escapedPath(r.URL)
	if sent, err := url.ParseRequestURI(r.RequestURI); err == nil && strings.HasSuffix(escapedPath(sent), path) {
		return escapedPath(sent)
	}
	return path
}

// localPath escapes a path so that browsers do not read it as the address of another host.
func localPath(path string) string {
	path = strings.ReplaceAll(path, `\`, "%5C")
	if rest := strings.TrimLeft(path, "/"); len(path)-len(rest) > 1 {
		return "/" + strings.Repeat("%2F", len(path)-len(rest)-1) + rest
	}
	return path
}

func (t *table) methodNotAllowed(w http.ResponseWriter, r *http.Request) {
	var allowed []string
	path := routePath(r)
	for _, m := range knownMethods {
		if m != http.MethodOptions && t.match(m, path) {
			allowed = append(allowed, m)
		}
	}
	if len(allowed) == 0 { // no route matches the path for any method
		t.notFound(w, r)
		return
	}
	allowed = append(allowed, http.MethodOptions)
	w.Header().Set("Allow", strings.Join(allowed, ", "))
	if r.Method == http.MethodOptions {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	WriteError(w, r, &Error{Status: http.StatusMethodNotAllowed, Err: errMethod(r.Method)})
}

type errMethod string

func (m errMethod) Error() string { return "no view for " + string(m) + " requests here" }

// noRoute is the cause of a 404 for a path without a route.
type noRoute struct {
	table *table
	hint  string
}

func (*noRoute) Error() string { return "no route matches" }

// stripPrefix is http.StripPrefix without its 404, and it keeps the leading slash. The prefix is cut by its number of segments,
// since it may be encoded differently in the request.
func stripPrefix(prefix string, h http.Handler) http.Handler {
	if prefix == "" || h == nil {
		return h
	}
	segments, decoded := strings.Count(prefix, "/"), unmark(decodePath(prefix))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		inner := new(http.Request)
		*inner = *r
		inner.URL = new(url.URL)
		*inner.URL = *r.URL
		inner.URL.Path = strings.TrimPrefix(r.URL.Path, decoded)
		inner.URL.RawPath = cutSegments(r.URL.RawPath, segments)
		defer removeFiles(inner)
		h.ServeHTTP(w, inner)
	})
}

// tidy removes the temporary files of a form after the view. Package net/http does so only for its own request, of which
// middleware passes on copies.
func tidy(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer removeFiles(r)
		h.ServeHTTP(w, r)
	})
}

func removeFiles(r *http.Request) {
	if r.MultipartForm != nil {
		_ = r.MultipartForm.RemoveAll()
	}
}
