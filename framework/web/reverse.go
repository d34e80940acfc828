package web

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"strings"

	"github.com/quintetgo/quintet/framework/check"
)

// URL makes the address of a named route, such as r.URL("blog:detail", post.Slug). The arguments fill the parameters of the
// pattern in order and are percent-encoded; a last argument of type [url.Values] becomes the query. An unknown name, a wrong
// number of arguments and a value that the route would not match are errors.
func (r *Router) URL(name string, args ...any) (string, error) {
	t := r.set.table(r)
	rt := t.names[name]
	if rt == nil {
		names := r.Names()
		if len(names) == 0 {
			return "", fmt.Errorf("no route is named %q: no route has a name", name)
		}
		return "", fmt.Errorf("no route is named %q%s", name, suggest(name, names))
	}
	return rt.url(args)
}

// suggest finds the nearest name, or the ones that have the same last part in another app.
func suggest(name string, names []string) string {
	if hint := check.DidYouMean(name, names); hint != "" {
		return hint
	}
	last := name[strings.LastIndexByte(name, ':')+1:]
	for _, n := range names {
		if n[strings.LastIndexByte(n, ':')+1:] == last {
			return check.DidYouMean(n, []string{n})
		}
	}
	return ""
}

func (rt *Route) url(args []any) (string, error) {
	var query string
	if n := len(args); n > 0 {
		if values, ok := args[n-1].(url.Values); ok {
			args = args[:n-1]
			if len(values) > 0 {
				query = "?" + values.Encode()
			}
		}
	}
	params := rt.pattern.params()
	if len(args) != len(params) {
		return "", fmt.Errorf("the route %q (%s) takes %s, not %d", rt.name, rt.path, count(params), len(args))
	}
	var b strings.Builder
	for _, p := range rt.pattern.parts {
		if p.param == "" {
			b.WriteString(escapePath(p.text))
			continue
		}
		value, err := argument(args[0])
		if err == nil {
			value, err = p.encode(value)
		}
		if err != nil {
			return "", fmt.Errorf("the route %q (%s): {%s}: %w", rt.name, rt.path, p.param, err)
		}
		b.WriteString(value)
		args = args[1:]
	}
	return b.String() + query, nil
}

func count(params []string) string {
	switch len(params) {
	case 0:
		return "no argument"
	case 1:
		return "1 argument (" + params[0] + ")"
	}
	return fmt.Sprintf("%d arguments (%s)", len(params), strings.Join(params, ", "))
}

// encode escapes a value for its place, or says why the route would never match it.
func (p part) encode(value string) (string, error) {
	if p.param == "*" {
		for segment := range strings.SplitSeq(value, "/") {
			if segment == "." || segment == ".." {
				return "", fmt.Errorf("%q would lead out of its place", value)
			}
		}
		if strings.HasPrefix(value, "/") {
			return "", fmt.Errorf("%q begins with a slash", value)
		}
		return escapePath(value), nil
	}
	switch {
	case value == "":
		return "", errors.New("the value is empty, the route would not match it")
	case value == "." || value == "..":
		return "", fmt.Errorf("%q would lead to another path", value)
	case p.match != nil && !p.match.MatchString(value):
		return "", fmt.Errorf("%q does not fit %s", value, p.expr)
	}
	return url.PathEscape(value), nil
}

// escapePath escapes all but the slashes.
func escapePath(path string) string {
	segments := strings.Split(path, "/")
	for i, s := range segments {
		segments[i] = url.PathEscape(s)
	}
	return strings.Join(segments, "/")
}

// argument is a value as text: pointers are followed, what has a String method is asked.
func argument(v any) (string, error) {
	switch v := v.(type) {
	case string:
		return v, nil
	case nil:
		return "", errors.New("the value is nil")
	}
	rv := reflect.ValueOf(v)
	if rv.Kind() == reflect.Pointer && rv.IsNil() {
		return "", errors.New("the value is nil")
	}
	if s, ok := v.(fmt.Stringer); ok {
		return s.String(), nil
	}
	switch rv.Kind() {
	case reflect.Pointer, reflect.Interface:
		return argument(rv.Elem().Interface())
	case reflect.Struct, reflect.Map, reflect.Slice, reflect.Func, reflect.Chan:
		return "", fmt.Errorf("a value of type %T cannot stand in a path", v)
	}
	return fmt.Sprint(v), nil
}

// URL makes the address of a named route of the site that serves r; see [Router.URL].
func URL(r *http.Request, name string, args ...any) (string, error) {
	st := stateOf(r)
	if st == nil || st.site.Router == nil {
		return "", fmt.Errorf("no address for %q: the request is not served by a router", name)
	}
	return st.site.Router.URL(name, args...)
}
