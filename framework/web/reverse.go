package web

import (
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/quintetgo/quintet/framework/check"
)

// URL returns the address of a named route, such as r.URL("blog:detail", post.Slug). The arguments fill the parameters of the
// pattern in order and are percent-encoded; a last argument of type [url.Values] becomes the query. Arguments are texts,
// numbers, booleans, values with a String method, and pointers to these.
//
// The address always reaches the route with the same values. Otherwise URL returns an error: for an empty value, one that does not
// fit the expression of its parameter, one that would be cut elsewhere ("2026-05" and "x" in /{a}-{b}/), and values that make
// the address of another route ("new" in /posts/{slug}/ if there is a route /posts/new/). So are an unknown name and a wrong
// number of arguments.
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
	return t.url(rt, args)
}

// ShadowedError is the error of [Router.URL] for values that produce the address of another route: the post "new" in
// /posts/{slug}/ if there is a route /posts/new/. Data can cause it, not only code, so the template function url writes an
// empty address then and logs the error, instead of failing the page for one of its links.
type ShadowedError struct {
	Address string // percent-encoded
	Pattern string // of the route that the address leads to
	Source  string // where that route is declared, file:line
}

// Error names the address and the other route.
func (e *ShadowedError) Error() string {
	return fmt.Sprintf("the address %s is that of the route %s at %s", e.Address, e.Pattern, e.Source)
}

// suggest returns a hint with the nearest name, or with one that has the same last part in another app.
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

func (t *table) url(rt *Route, args []any) (string, error) {
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
	values := make([]string, 0, len(args))
	for _, p := range rt.pattern.parts {
		if p.param == "" {
			b.WriteString(p.text)
			continue
		}
		value, err := argument(args[len(values)])
		if err == nil {
			err = p.accepts(value)
		}
		if err != nil {
			return "", fmt.Errorf("the route %q (%s): {%s}: %w", rt.name, rt.path, p.param, err)
		}
		values = append(values, value)
		if p.param != "*" {
			value = mark(value)
		}
		b.WriteString(value)
	}
	path := b.String()
	if len(values) > 0 {
		if err := t.reaches(rt, path, values); err != nil {
			return "", fmt.Errorf("the route %q (%s): %w", rt.name, rt.path, err)
		}
	}
	return encodePath(path) + query, nil
}

// reaches returns an error unless a request for the decoded path would reach the route with these values.
func (t *table) reaches(rt *Route, path string, values []string) error {
	for segment := range strings.SplitSeq(path, "/") {
		if segment == "." || segment == ".." {
			return fmt.Errorf("%q would lead to another path", segment)
		}
	}
	method := http.MethodGet
	if len(rt.methods) > 0 {
		method = rt.methods[0]
	}
	return t.find(method, path, func(found *Route, got []string) error {
		if found != rt && found.routing != rt.routing {
			return &ShadowedError{encodePath(path), found.path, found.source}
		}
		for i, name := range rt.pattern.params() {
			if got[i] != values[i] {
				return fmt.Errorf("the address %s would be read with %q for {%s}, not %q", encodePath(path), got[i], name, values[i])
			}
		}
		return nil
	})
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

// accepts returns an error for a value that the parameter could never have.
func (p part) accepts(value string) error {
	switch {
	case p.param == "*":
		if strings.HasPrefix(value, "/") {
			return fmt.Errorf("%q begins with a slash", value)
		}
	case value == "":
		return errors.New("the value is empty, and a parameter is never empty")
	case p.match != nil && !p.match.MatchString(mark(value)):
		return fmt.Errorf("%q does not fit %s", value, p.expr)
	}
	return nil
}

// argument returns a value as text: pointers are followed, and a String method is called.
func argument(v any) (string, error) {
	switch v := v.(type) {
	case string:
		return v, nil
	case nil:
		return "", errors.New("the value is nil")
	case time.Time, *time.Time:
		return "", errors.New(`a time can be written in many ways: pass a text, such as t.Format("2006-01-02")`)
	}
	rv := reflect.ValueOf(v)
	if rv.Kind() == reflect.Pointer && rv.IsNil() {
		return "", errors.New("the value is nil")
	}
	if s, ok := v.(fmt.Stringer); ok {
		return s.String(), nil
	}
	switch rv.Kind() {
	case reflect.Pointer:
		return argument(rv.Elem().Interface())
	case reflect.String:
		return rv.String(), nil
	case reflect.Bool:
		return strconv.FormatBool(rv.Bool()), nil
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return strconv.FormatInt(rv.Int(), 10), nil
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return strconv.FormatUint(rv.Uint(), 10), nil
	case reflect.Float32, reflect.Float64:
		f := rv.Float()
		if math.IsNaN(f) || math.IsInf(f, 0) {
			return "", fmt.Errorf("%v is not a number that could be part of a path", f)
		}
		return strconv.FormatFloat(f, 'f', -1, rv.Type().Bits()), nil
	}
	return "", fmt.Errorf("a value of type %T cannot be part of a path: pass a text, a number, or a value with a String method", v)
}

// URL returns the address of a named route of the site that serves r; see [Router.URL].
func URL(r *http.Request, name string, args ...any) (string, error) {
	return Reverse(name, args...).URL(r)
}
