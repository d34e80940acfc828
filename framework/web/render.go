package web

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"reflect"
	"sync"
	"time"

	"github.com/quintetgo/quintet/framework/message"
	"github.com/quintetgo/quintet/templates"
)

// Data holds the values of a template by name, for pages that need no struct.
type Data map[string]any

// Render responds with a template. The data is a struct or a pointer to one, whose exported fields the template reads by
// name, a [Data] or map[string]any, or nil:
//
//	type detailPage struct {
//		Post     *Post
//		Comments []*Comment
//	}
//
//	return web.Render(w, r, "blog/detail.html", detailPage{Post: post, Comments: comments}) // {{ .Post.Title }}
//
// Fields of embedded structs are available as in Go. Besides the data, the template has request, path, route, csp_nonce,
// request_id, debug, and what the project and its apps provide (user, perms, messages, csrf_field, …); a value in data
// overrides one of the same name. Nothing is sent if the template fails.
func Render(w http.ResponseWriter, r *http.Request, name string, data any) error {
	return RenderStatus(w, r, http.StatusOK, name, data)
}

// RenderStatus is [Render] with another status than 200, such as 422 for a form with errors.
func RenderStatus(w http.ResponseWriter, r *http.Request, status int, name string, data any) error {
	b := buffers.Get().(*bytes.Buffer)
	defer func() {
		if b.Cap() < 1<<20 {
			b.Reset()
			buffers.Put(b)
		}
	}()
	if err := renderTo(b, r, name, data); err != nil {
		return err
	}
	setType(w, "text/html; charset=utf-8")
	return send(w, status, b.Bytes())
}

// RenderString returns the page that [Render] would send.
func RenderString(r *http.Request, name string, data any) (string, error) {
	var b bytes.Buffer
	if err := renderTo(&b, r, name, data); err != nil {
		return "", err
	}
	return b.String(), nil
}

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func renderTo(b *bytes.Buffer, r *http.Request, name string, data any) error {
	st := stateOf(r)
	if st == nil || st.site.Templates == nil {
		return fmt.Errorf(
			"render %q: there are no templates; set Site.Templates, or give an app an Assets method with a folder templates",
			name,
		)
	}
	values, err := pageValues(data)
	if err != nil {
		return fmt.Errorf("render %q: %w", name, err)
	}
	location := Location(r.Context())
	for _, value := range values {
		locate(value, location)
	}
	for key, fn := range builtinContext {
		addContext(st, r, name, values, key, fn)
	}
	for key, fn := range st.site.Context {
		addContext(st, r, name, values, key, func(r *http.Request) any {
			return templates.NewLazy(func() any { return fn(r) })
		})
	}
	options := templates.RenderOptions{Location: location}
	if l, ok := message.FromContext(r.Context()).(templates.Language); ok {
		options.Language = l
	}
	return st.site.Templates.RenderWith(b, name, values, options)
}

// locate sets the time zone of forms, also of those in lists and maps, which read and show times.
func locate(value any, location *time.Location) {
	type located interface{ UseLocation(location *time.Location) }
	if form, ok := value.(located); ok {
		if v := reflect.ValueOf(value); v.Kind() != reflect.Pointer || !v.IsNil() {
			form.UseLocation(location)
		}
		return
	}
	v := reflect.ValueOf(value)
	switch v.Kind() {
	case reflect.Slice, reflect.Array:
		if v.Type().Elem().Implements(reflect.TypeFor[located]()) {
			for i := range v.Len() {
				locate(v.Index(i).Interface(), location)
			}
		}
	case reflect.Map:
		if v.Type().Elem().Implements(reflect.TypeFor[located]()) {
			for iter := v.MapRange(); iter.Next(); {
				locate(iter.Value().Interface(), location)
			}
		}
	}
}

func addContext(st *state, r *http.Request, name string, values map[string]any, key string, fn ContextFunc) {
	if _, ok := values[key]; !ok && st.site.Templates.Uses(name, key) {
		values[key] = fn(r)
	}
}

// builtinContext has the values that every template can use.
var builtinContext = map[string]ContextFunc{
	"request":    func(r *http.Request) any { return r },
	"path":       func(r *http.Request) any { return r.URL.Path },
	"debug":      func(r *http.Request) any { return Debug(r) },
	"csp_nonce":  func(r *http.Request) any { return Nonce(r) },
	"request_id": func(r *http.Request) any { return RequestID(r) },
	"route":      func(r *http.Request) any { return RouteName(r) },
}

// Funcs returns the template functions that need the site: url "blog:detail" .post.Slug or url .post, static "site.css", and
// query .request "page" 2, which is the query of the request with some values changed. They may be passed to the template
// engine before the site's Router and Static are set.
func (s *Site) Funcs() map[string]any {
	return map[string]any{
		"url": s.templateURL,
		"static": func(path string) (string, error) {
			if s.Static == nil {
				return "", errors.New("static: the site has no static files")
			}
			return s.Static(path)
		},
		"query": changedQuery,
	}
}

// changedQuery returns "?" and the query of r with the named values replaced; nil or "" removes one.
func changedQuery(r *http.Request, changes ...any) (string, error) {
	if r == nil || len(changes)%2 != 0 {
		return "", errors.New(`query takes the request and pairs of name and value, as in query .request "page" 2`)
	}
	values := r.URL.Query()
	for i := 0; i < len(changes); i += 2 {
		name, ok := changes[i].(string)
		if !ok {
			return "", fmt.Errorf("query: %v is not a name", changes[i])
		}
		if changes[i+1] == nil || changes[i+1] == "" {
			values.Del(name)
			continue
		}
		value, err := argument(changes[i+1])
		if err != nil {
			return "", fmt.Errorf("query: %s: %w", name, err)
		}
		values.Set(name, value)
	}
	return "?" + values.Encode(), nil
}

//go:embed templates
var partials embed.FS

// Templates returns partials for every project, under web/: web/pagination.html shows links to the pages of a list. A project
// overrides them with templates of the same path.
func Templates() fs.FS {
	files, err := fs.Sub(partials, "templates")
	if err != nil {
		return partials // impossible: the folder is part of the package
	}
	return files
}
