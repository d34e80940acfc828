package csrf

import (
	"fmt"
	"net/http"
)

// exemptions are the patterns of views that take no part, held by a ServeMux for its matching.
type exemptions struct{ mux *http.ServeMux }

// newExemptions returns an error that names a pattern that ServeMux does not take, or that is in
// the list twice.
func newExemptions(patterns []string) (exemptions, error) {
	if len(patterns) == 0 {
		return exemptions{}, nil
	}
	e := exemptions{mux: http.NewServeMux()}
	for _, pattern := range patterns {
		if err := e.add(pattern); err != nil {
			return exemptions{}, err
		}
	}
	return e, nil
}

// add turns the panic by which ServeMux refuses a pattern into an error.
func (e exemptions) add(pattern string) (err error) {
	defer func() {
		if problem := recover(); problem != nil {
			err = fmt.Errorf("csrf: exempt pattern %q: %v", pattern, problem)
		}
	}()
	e.mux.Handle(pattern, http.NotFoundHandler())
	return nil
}

// match reports whether the request is exempt. A path that ServeMux would first clean or redirect
// is not.
func (e exemptions) match(r *http.Request) bool {
	if e.mux == nil {
		return false
	}
	handler, pattern := e.mux.Handler(r)
	if pattern == "" {
		return false
	}
	_, exempt := handler.(http.HandlerFunc) // redirects are of another type
	return exempt
}
