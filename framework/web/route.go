package web

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"github.com/quintetgo/quintet/framework/check"
)

// Route is a registered route. Callers use it to set its name.
type Route struct {
	router  *Router
	methods []string // empty: every method
	path    string
	pattern pattern
	routing string // the pattern as chi knows it
	broken  bool   // the route is invalid; reported already
	name    string
	handler http.Handler
	source  string
	builtin bool // added by an app of Quintet
}

// Name sets the name of the route, by which [URL], [Reverse] and the template function url build its address. Inside an included
// app the name is prefixed with the app's name. It returns the route. A name is one word without colons.
func (rt *Route) Name(name string) *Route {
	if name == "" || strings.ContainsAny(name, ": /?#") {
		rt.router.problem(
			"web.E004",
			rt.source,
			fmt.Sprintf("a route cannot be named %q", name),
			"Use one word, such as \"detail\"; the app's name is added as a prefix.",
		)
		return rt
	}
	if ns := rt.router.namespace; ns != "" {
		name = ns + ":" + name
	}
	rt.name = name
	rt.router.set.built.Store(nil)
	return rt
}

// RouteInfo describes one route for lists and tools.
type RouteInfo struct {
	Method  string `json:"method"` // "ANY" for every method
	Pattern string `json:"pattern"`
	Name    string `json:"name"`   // with the names of the apps: "blog:detail"; may be empty
	Source  string `json:"source"` // file:line
	// Marks are those of the route's middleware, such as "csrf exempt"; see [Marker].
	Marks []string `json:"marks,omitempty"`
}

// Routes returns all routes, one entry a method, in the order in which they were added.
func (r *Router) Routes() []RouteInfo { return r.infos(r.set.routes) }

// ownFirst returns the routes of the project before those of Quintet's apps.
func (r *Router) ownFirst() []*Route {
	list := slices.Clone(r.set.routes)
	slices.SortStableFunc(list, func(a, b *Route) int {
		switch {
		case a.builtin == b.builtin:
			return 0
		case a.builtin:
			return 1
		}
		return -1
	})
	return list
}

func (r *Router) infos(routes []*Route) []RouteInfo {
	var list []RouteInfo
	marks := r.set.table(r).marks
	for _, rt := range routes {
		methods := rt.methods
		if len(methods) == 0 {
			methods = []string{"ANY"}
		}
		for _, m := range methods {
			list = append(list, RouteInfo{m, rt.path, rt.name, rt.source, marks[rt]})
		}
	}
	return list
}

// add registers a route. Its source is the nearest calling line outside of this package.
func (r *Router) add(methods []string, path string, h http.Handler) *Route {
	rt := &Route{router: r, methods: upper(methods), path: joinPath(r.prefix, path), handler: h}
	rt.source, rt.builtin = caller()
	var err error
	if rt.pattern, err = parsePattern(rt.path); err == nil {
		rt.routing = rt.pattern.routing()
	}
	switch {
	case err != nil:
		rt.broken = true
		r.problem("web.E002", rt.source, fmt.Sprintf("the pattern %q is wrong: %v", rt.path, err), "")
	case isNilHandler(h):
		rt.broken = true
		r.problem("web.E005", rt.source, fmt.Sprintf("the route %q has no handler (nil)", rt.path), "")
	}
	for _, m := range rt.methods {
		if m == "" {
			rt.broken = true
			r.problem(
				"web.E006",
				rt.source,
				fmt.Sprintf("the route %q has no method", rt.path),
				"List the methods after the view, or use Any.",
			)
		} else if !slices.Contains(knownMethods, m) {
			rt.broken = true
			r.problem("web.E006", rt.source, fmt.Sprintf("the route %q is for the unknown "+
				"method %q%s", rt.path, m, check.DidYouMean(m, knownMethods)), "")
		}
	}
	r.set.routes = append(r.set.routes, rt)
	r.set.built.Store(nil)
	return rt
}

var knownMethods = []string{
	http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch,
	http.MethodDelete, http.MethodOptions, http.MethodConnect, http.MethodTrace,
}

func upper(methods []string) []string {
	list := make([]string, len(methods))
	for i, m := range methods {
		list[i] = strings.ToUpper(m)
	}
	return list
}

func isNilHandler(h http.Handler) bool {
	switch f := h.(type) {
	case nil:
		return true
	case HandlerFunc:
		return f == nil
	case http.HandlerFunc:
		return f == nil
	}
	return false
}

// Problems returns all problems of the routes: invalid patterns and names, and routes or names that were added twice, with both
// source lines.
func (r *Router) Problems() []check.Problem {
	list := slices.Clone(r.set.problems)
	seen := map[string]*Route{}
	names := map[string]*Route{}
	for _, rt := range r.set.routes {
		if rt.broken {
			continue
		}
		list = append(list, rt.duplicates(seen)...)
		if rt.name == "" {
			continue
		}
		first := names[rt.name]
		switch {
		case first == nil:
			names[rt.name] = rt
		case first.path != rt.path:
			list = append(list, check.Problem{
				ID: "web.E001", Level: check.Error, Place: rt.source,
				Message: fmt.Sprintf("the route name %q is used for %q here and for %q at %s", rt.name, rt.path, first.path, first.source),
				Hint:    "Addresses are built from names, so each pattern needs its own name.",
			})
		}
	}
	return list
}

// duplicates reports the methods for which the route's pattern was seen before, and records it as seen.
func (rt *Route) duplicates(seen map[string]*Route) (list []check.Problem) {
	shape := rt.pattern.shape()
	methods := rt.methods
	if len(methods) == 0 {
		methods = knownMethods
	}
	reported := map[*Route]bool{}
	for _, m := range methods {
		first := seen[m+" "+shape]
		if first == nil {
			seen[m+" "+shape] = rt
			continue
		}
		if reported[first] {
			continue
		}
		reported[first] = true
		what := m
		if len(rt.methods) == 0 && len(first.methods) == 0 {
			what = "ANY"
		}
		message := "the route " + what + " " + rt.path + " exists already, at " + first.source
		if first.path != rt.path {
			message = "the route " + what + " " + rt.path + " matches the same paths as " + first.path + " at " + first.source
		}
		list = append(
			list,
			check.Problem{
				ID:      "web.E001",
				Level:   check.Error,
				Place:   rt.source,
				Message: message,
				Hint:    "Only one of them can serve requests: remove one or change its path.",
			},
		)
	}
	return list
}

// Err returns the [Router.Problems] as one error, or nil if there are none.
func (r *Router) Err() error { return check.Err(r.Problems()) }

const (
	modulePrefix  = "github.com/quintetgo/quintet/"
	packagePrefix = modulePrefix + "framework/web."
)

// callerPlace returns the file:line of the nearest caller outside of this package.
func callerPlace() string {
	place, _ := caller()
	return place
}

// caller returns callerPlace, and whether the caller is code of Quintet.
func caller() (place string, builtin bool) {
	var pcs [16]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs[:])])
	for {
		frame, more := frames.Next()
		if !strings.HasPrefix(frame.Function, packagePrefix) {
			part, ours := strings.CutPrefix(frame.Function, modulePrefix)
			part, _, _ = strings.Cut(part, "/")
			part, _, _ = strings.Cut(part, ".")
			return shortFile(
					frame.File,
				) + ":" + strconv.Itoa(
					frame.Line,
				), ours &&
					slices.Contains([]string{"admin", "auth", "contrib", "framework"}, part)
		}
		if !more {
			return "", false
		}
	}
}

// shortFile returns a path relative to the working directory if it is below it.
func shortFile(file string) string {
	dir, err := os.Getwd()
	if err != nil {
		return file
	}
	if rel, err := filepath.Rel(dir, filepath.FromSlash(file)); err == nil && filepath.IsLocal(rel) {
		return filepath.ToSlash(rel)
	}
	return file
}
