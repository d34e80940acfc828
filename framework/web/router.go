package web

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/quintetgo/quintet/framework/check"
)

// HandlerFunc is a view: a handler that may return an error. The error becomes a response by [WriteError]: a 404 for an
// error with HTTPStatus() 404, a 500 for any error without a status.
type HandlerFunc func(w http.ResponseWriter, r *http.Request) error

// ServeHTTP calls f and responds with the error that it returns, if any.
func (f HandlerFunc) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if err := f(w, r); err != nil {
		WriteError(w, r, err)
	}
}

// Middleware wraps a handler. Any middleware for net/http or chi can be used.
type Middleware = func(http.Handler) http.Handler

// App has a name, which is the prefix of its route names, and routes. Routers can include it.
type App interface {
	Name() string
	Routes(r *Router)
}

// Router holds routes and serves them. Create it with [NewRouter]. The routers of [Router.With], [Router.Group], [Router.Route]
// and [Router.Include] add to the same set of routes. The order in which routes are added does not matter. Invalid and
// duplicate routes do not panic; [Router.Err] reports them. Serving is safe for concurrent use, adding routes is not.
type Router struct {
	set        *routeSet
	parent     *Router
	prefix     string
	namespace  string
	middleware []Middleware
}

// NewRouter returns an empty router.
func NewRouter() *Router { return &Router{set: &routeSet{}} }

// routeSet is shared by the routers of one tree.
type routeSet struct {
	routes     []*Route
	namespaces map[string]string // full namespace -> where it was included
	apps       map[string]interface{ Name() string }
	problems   []check.Problem // of registration; those of names and duplicates are found later
	built      atomic.Pointer[table]
}

// Get adds a view for GET requests, and for HEAD requests unless another route handles them.
func (r *Router) Get(pattern string, h HandlerFunc) *Route {
	return r.add([]string{http.MethodGet}, pattern, h)
}

// Post adds a view for POST requests.
func (r *Router) Post(pattern string, h HandlerFunc) *Route {
	return r.add([]string{http.MethodPost}, pattern, h)
}

// Put adds a view for PUT requests.
func (r *Router) Put(pattern string, h HandlerFunc) *Route {
	return r.add([]string{http.MethodPut}, pattern, h)
}

// Patch adds a view for PATCH requests.
func (r *Router) Patch(pattern string, h HandlerFunc) *Route {
	return r.add([]string{http.MethodPatch}, pattern, h)
}

// Delete adds a view for DELETE requests.
func (r *Router) Delete(pattern string, h HandlerFunc) *Route {
	return r.add([]string{http.MethodDelete}, pattern, h)
}

// Options adds a view for OPTIONS requests instead of the automatic response that lists the methods.
func (r *Router) Options(pattern string, h HandlerFunc) *Route {
	return r.add([]string{http.MethodOptions}, pattern, h)
}

// Form adds a view for GET and POST requests: it shows a form and handles the submitted form.
func (r *Router) Form(pattern string, h HandlerFunc) *Route {
	return r.add([]string{http.MethodGet, http.MethodPost}, pattern, h)
}

// Methods adds a view for the listed methods, as in r.Methods("/items/{id}/", replace, "PUT", "PATCH"). At least one method
// is required; see [Router.Any] for all methods.
func (r *Router) Methods(pattern string, h HandlerFunc, methods ...string) *Route {
	if len(methods) == 0 {
		methods = []string{""} // reported as an unknown method
	}
	return r.add(methods, pattern, h)
}

// Any adds a view for every method.
func (r *Router) Any(pattern string, h HandlerFunc) *Route { return r.add(nil, pattern, h) }

// Handle adds a handler for every method. It receives the full path.
func (r *Router) Handle(pattern string, h http.Handler) *Route { return r.add(nil, pattern, h) }

// Mount adds a handler for every path below prefix. It receives the path without the prefix, as with [http.StripPrefix]. The
// names of a mounted [Router] are not available here; use [Router.Route] or [Router.Include] to share them.
func (r *Router) Mount(prefix string, h http.Handler) {
	full := strings.TrimSuffix(joinPath(r.prefix, prefix), "/")
	if strings.ContainsAny(full, "{}*") {
		r.problem(
			"web.E002",
			callerPlace(),
			fmt.Sprintf("a handler cannot be mounted under a prefix with parameters: %q", full),
			"Use Handle with a pattern that ends in /*.",
		)
		return
	}
	r.add(nil, strings.TrimSuffix(prefix, "/")+"/*", stripPrefix(full, h))
}

// Use adds middleware for the routes of this router and of the routers created from it, the first one outermost. On the router
// of [NewRouter] it also runs for paths that match no route. It applies to routes added before and after the call.
func (r *Router) Use(mw ...Middleware) {
	r.middleware = append(r.middleware, mw...)
	r.set.built.Store(nil)
}

// With returns a router whose routes have additional middleware, as in r.With(auth.LoginRequired).Post(…).
func (r *Router) With(mw ...Middleware) *Router {
	child := r.child("", "")
	child.middleware = slices.Clone(mw)
	return child
}

// Group calls fn with a router whose Use affects only the routes added in fn.
func (r *Router) Group(fn func(r *Router)) { fn(r.child("", "")) }

// Route calls fn with a router that adds prefix to its patterns.
func (r *Router) Route(prefix string, fn func(r *Router)) { fn(r.child(prefix, "")) }

// Include adds the routes of an app below prefix. The app is an [App], or the name of one of the project's apps, such as
// "admin"; see [Router.Register]. The names of its routes get the app's name as a prefix: "blog:detail". Including apps
// within apps nests the names. A value that is neither, and an unknown name, are reported by [Router.Problems].
func (r *Router) Include(prefix string, app any) { r.includeAny(prefix, "", app, callerPlace()) }

// IncludeAs is [Router.Include] with another name in front of the route names, for an app that is included twice.
func (r *Router) IncludeAs(prefix, name string, app any) {
	if name == "" {
		r.problem("web.E004", callerPlace(), "IncludeAs needs a name", "Use Include for the app's own name.")
		return
	}
	r.includeAny(prefix, name, app, callerPlace())
}

// Register makes apps available to [Router.Include] by their names. A project registers its apps before it calls the
// function Settings.Routes.
func (r *Router) Register(apps ...interface{ Name() string }) {
	if r.set.apps == nil {
		r.set.apps = map[string]interface{ Name() string }{}
	}
	for _, app := range apps {
		r.set.apps[app.Name()] = app
	}
}

// includeAny includes an app given by value or by name; as is the name for its routes, "" for the app's own.
func (r *Router) includeAny(prefix, as string, app any, place string) {
	if name, ok := app.(string); ok {
		registered, found := r.set.apps[name]
		if !found {
			names := slices.Sorted(maps.Keys(r.set.apps))
			r.problem("web.E007", place, fmt.Sprintf("the project has no app named %q%s", name, check.DidYouMean(name, names)),
				"Pass the app to framework.New, or include it by value.")
			return
		}
		app = registered
	}
	routes, ok := app.(App)
	switch {
	case ok:
		r.include(prefix, cmp.Or(as, routes.Name()), routes, place)
	case app == nil:
		r.problem("web.E007", place, "the included app is nil", "Pass an app or the name of an app.")
	default:
		r.problem("web.E007", place, fmt.Sprintf("a %T cannot be included: it has no method Routes(r *web.Router)", app),
			"Pass an app with routes, or the name of one.")
	}
}

func (r *Router) include(prefix, name string, app App, place string) {
	child := r.child(prefix, name)
	switch first, twice := r.set.namespaces[child.namespace]; {
	case name == "" || strings.ContainsAny(name, ": /"):
		r.problem(
			"web.E004",
			place,
			fmt.Sprintf("an app is included under the name %q, which cannot be part of a route name", name),
			"Name() returns one lower-case word, such as \"blog\".",
		)
		return
	case twice:
		r.problem(
			"web.E003",
			place,
			fmt.Sprintf("the app %q is included twice, first at %s", child.namespace, first),
			fmt.Sprintf(
				"Its route names would be ambiguous. Remove one, or give this one another name: r.IncludeAs(%q, \"other\", app).",
				prefix,
			),
		)
		return
	}
	if r.set.namespaces == nil {
		r.set.namespaces = map[string]string{}
	}
	r.set.namespaces[child.namespace] = place
	app.Routes(child)
}

func (r *Router) child(prefix, name string) *Router {
	child := &Router{set: r.set, parent: r, prefix: r.prefix, namespace: r.namespace}
	if prefix != "" {
		child.prefix = joinPath(r.prefix, prefix)
	}
	if name != "" && child.namespace != "" {
		name = child.namespace + ":" + name
	}
	if name != "" {
		child.namespace = name
	}
	return child
}

func (r *Router) problem(id, place, message, hint string) {
	r.set.problems = append(r.set.problems, check.Problem{ID: id, Level: check.Error, Place: place, Message: message, Hint: hint})
}

// chain wraps h in the middleware of the router and of its parents, and returns the marks of that middleware. The middleware
// of the first router is left out: it wraps the whole router.
func (r *Router) chain(h http.Handler) (http.Handler, []string) {
	var marks []string
	for ; r.parent != nil; r = r.parent {
		h, marks = wrap(h, r.middleware, marks)
	}
	return h, marks
}

// wrap wraps h in mw, the first one outermost, and adds its marks to those given.
func wrap(h http.Handler, mw []Middleware, marks []string) (http.Handler, []string) {
	for _, m := range slices.Backward(mw) {
		h = m(h)
		marks = appendMark(marks, h)
	}
	return h, marks
}

// joinPath joins a prefix and a pattern with exactly one slash between them. An empty pattern means the prefix without its last
// slash.
func joinPath(prefix, pattern string) string {
	if prefix == "" {
		return pattern
	}
	prefix = strings.TrimSuffix(prefix, "/")
	if pattern == "" || strings.HasPrefix(pattern, "/") {
		return prefix + pattern
	}
	return prefix + "/" + pattern
}

// Included returns the names of the included apps, sorted; nested ones as "outer:inner".
func (r *Router) Included() []string { return slices.Sorted(maps.Keys(r.set.namespaces)) }

// Names returns the names of all routes, sorted.
func (r *Router) Names() []string { return slices.Sorted(maps.Keys(r.set.table(r).names)) }
