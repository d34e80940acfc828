package web

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/quintetgo/quintet/framework/check"
	"github.com/quintetgo/quintet/templates"
)

// debugPage is the data of pages/debug.html.
type debugPage struct {
	Nonce    string
	Status   int
	Title    string
	Message  string
	Hint     string
	Method   string
	URL      string
	Place    string // of the template or route
	Excerpt  string // of the template
	Chain    []Pair // type and message of each error
	Frames   []debugFrame
	Others   []debugFrame
	Route    []Pair
	Request  []Pair
	Headers  []Pair
	Info     []Pair
	Routes   []RouteInfo
	NotFound bool
}

type debugFrame struct {
	Frame
	Short string
	Lines []SourceLine
}

func writeDebugPage(w http.ResponseWriter, r *http.Request, err error, status int) {
	page := debugPage{
		Nonce: ownNonce(w, r), Status: status, Title: http.StatusText(status),
		Message: err.Error(), Method: r.Method, URL: r.URL.RequestURI(), Chain: errorChain(err),
	}
	st := stateOf(r)
	page.Request = []Pair{
		{
			"Method",
			r.Method,
		}, {"Address", r.URL.RequestURI()}, {"Host", r.Host}, {"Client", ClientIP(r)}, {"Request id", RequestID(r)}, {"Protocol", r.Proto},
	}
	page.Headers = headers(r)
	page.addForm(r)
	if st != nil {
		if st.site.Info != nil {
			page.Info = st.site.Info()
		}
		if rt := st.route; rt != nil {
			page.Route = []Pair{{"Name", rt.name}, {"Pattern", rt.path}, {"Registered at", rt.source}}
			for _, name := range rt.pattern.params() {
				page.Route = append(page.Route, Pair{"{" + name + "}", Param(r, name)})
			}
		}
	}
	page.addCause(err, st, r)
	writeBuiltin(w, r, "debug.html", status, page)
}

// addCause adds the details of template errors, panics and missing routes.
func (page *debugPage) addCause(err error, st *state, r *http.Request) {
	if p, ok := errors.AsType[*PanicError](err); ok {
		for _, f := range p.Trace {
			frame := debugFrame{Frame: f, Short: shortFile(f.File), Lines: excerpt(f.File, f.Line)}
			if f.User {
				page.Frames = append(page.Frames, frame)
			} else {
				page.Others = append(page.Others, frame)
			}
		}
	}
	if t, ok := errors.AsType[*templates.Error](err); ok {
		page.Place, page.Excerpt, page.Hint = t.Place(), t.Excerpt, t.Hint
	}
	if n, ok := errors.AsType[*noRoute](err); ok {
		page.NotFound, page.Hint = true, n.hint
		if page.Message = "No route matches " + r.URL.Path; st != nil && st.site.Router != nil {
			routes := st.site.Router.ownFirst()
			page.Routes = st.site.Router.infos(routes)
			if page.Hint == "" {
				page.Hint = nearPath(decodedPath(r.URL, ""), routes)
			}
		}
	}
}

// nearPath suggests a similar path. Parameters may have any value that fits.
func nearPath(path string, routes []*Route) string {
	var paths []string
	for _, rt := range routes {
		for _, p := range []string{path, strings.TrimSuffix(path, "/"), path + "/"} {
			if like := rt.pattern.like(p); like != "" {
				paths = append(paths, like)
			}
		}
	}
	if near := check.Nearest(path, paths); near != "" && near != path {
		return "Did you mean " + encodePath(near) + "?"
	}
	return ""
}

// like returns the path with the fixed segments of the pattern in place of its own, or "" if the others do not fit.
func (p pattern) like(path string) string {
	segments := strings.Split(strings.TrimPrefix(path, "/"), "/")
	if len(segments) != len(p.segments) {
		return ""
	}
	for i := range p.segments {
		switch s := &p.segments[i]; {
		case (len(s.parts) == 0) != (segments[i] == ""):
			return ""
		case len(s.parts) == 0:
		case s.fixed():
			segments[i] = s.parts[0].text
		case s.parts[0].param == "*", s.match != nil && !s.match.MatchString(segments[i]),
			s.match == nil && s.parts[0].match != nil && !s.parts[0].match.MatchString(segments[i]):
			return ""
		}
	}
	return "/" + strings.Join(segments, "/")
}

// errorChain lists the errors from the outermost to the causes.
func errorChain(err error) []Pair {
	var list []Pair
	var walk func(error)
	walk = func(err error) {
		if err == nil || len(list) == 20 {
			return
		}
		list = append(list, Pair{fmt.Sprintf("%T", err), err.Error()})
		switch err := err.(type) {
		case interface{ Unwrap() error }:
			walk(err.Unwrap())
		case interface{ Unwrap() []error }:
			for _, e := range err.Unwrap() {
				walk(e)
			}
		}
	}
	walk(err)
	return list
}

func headers(r *http.Request) []Pair {
	var list []Pair
	for name, values := range r.Header {
		value := strings.Join(values, ", ")
		if Sensitive(name) {
			value = "***"
		}
		list = append(list, Pair{name, value})
	}
	slices.SortFunc(list, func(a, b Pair) int { return strings.Compare(a.Name, b.Name) })
	return list
}

// addForm adds the fields that were read from the body already. It never reads the body itself.
func (page *debugPage) addForm(r *http.Request) {
	for _, name := range slices.Sorted(maps.Keys(r.PostForm)) {
		value := strings.Join(r.PostForm[name], ", ")
		if Sensitive(name) {
			value = "***"
		}
		if len(value) > 500 {
			value = value[:500] + "…"
		}
		page.Request = append(page.Request, Pair{"Form: " + name, value})
	}
}

// Sensitive reports whether the value of a setting, header or form field of that name should not be shown: the name contains
// password, key, token, cookie or the like.
func Sensitive(name string) bool {
	name = strings.ToLower(name)
	for _, word := range []string{
		"pass", "secret", "token", "key", "cookie", "auth", "credential", "signature", "session", "csrf", "dsn", "card", "cvc", "pin_",
	} {
		if strings.Contains(name, word) {
			return true
		}
	}
	return false
}
