package web

import (
	"fmt"
	"net/http"
	"slices"
)

// Marker is a handler that marks the routes it is part of, for middleware that runs before routing. Middleware marks routes
// by returning a Marker, as csrf.Exempt does; it may be used in [Router.Use], [Router.With] and [Router.Group], and around a
// handler passed to [Router.Handle].
type Marker interface {
	http.Handler
	// RouteMark returns the mark. Marks are short texts; the command routes lists them.
	RouteMark() string
}

// HasMark reports whether the route that serves the request has a mark, also before the request has reached it. It decides by
// the route, never by the text of the path. Before routing, a true result binds the request to that route: if other
// middleware then changes the request so that another route would serve it, the response is 500. HasMark returns false
// outside of a site, and for requests that no route matches.
func HasMark(r *http.Request, mark string) bool {
	st := stateOf(r)
	if st == nil || st.site.Router == nil {
		return false
	}
	t := st.site.Router.set.table(st.site.Router)
	if st.route != nil {
		return slices.Contains(t.marks[st.route], mark)
	}
	marked := false
	_ = t.find(r.Method, decodedPath(r.URL, st.chi.RoutePath), func(rt *Route, _ []string) error {
		if marked = slices.Contains(t.marks[rt], mark); marked {
			st.bound = rt
		}
		return nil
	}) // a request without a route has no mark
	return marked
}

// checkBound returns an error if the request was bound to another route than the one that it has reached.
func (st *state) checkBound(reached *Route) error {
	bound := st.bound
	st.bound = nil // routes inside of a mounted router are another router's
	if bound == nil || bound == reached {
		return nil
	}
	return fmt.Errorf("middleware changed the request after it was matched to the route %s (%s): it would reach %s (%s)",
		bound.path, bound.source, reached.path, reached.source)
}

// appendMark adds the mark of h, if it is a [Marker], to marks.
func appendMark(marks []string, h http.Handler) []string {
	if m, ok := h.(Marker); ok && !slices.Contains(marks, m.RouteMark()) {
		return append(marks, m.RouteMark())
	}
	return marks
}
