package web

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"reflect"
	"strings"
)

// Ref is an address as a value: a named route with its arguments ([Reverse]), or a path or full address ([Path]). It is
// resolved where the routes are known: by [Redirect], by the template function url, in feeds and sitemaps, and in the admin's
// link to the page of an object. So a model can name its page without knowing where its app is included:
//
//	func (p Post) Route() web.Ref { return web.Reverse("blog:detail", p.Slug) }
//
// The zero value is no address; see [Ref.IsZero]. A Ref is immutable and safe for concurrent use.
type Ref struct {
	name     string
	args     []any
	address  string
	fragment string
}

// Routable is implemented by values that have a page of their own, such as models.
type Routable interface{ Route() Ref }

// Reverse returns a reference to a named route, such as "blog:detail". The arguments fill the parameters of its pattern; see
// [Router.URL]. Errors are reported when the Ref is resolved, and by the command check for the routes of models.
func Reverse(name string, args ...any) Ref { return Ref{name: name, args: args} }

// Path returns a reference to a path such as "/about/", or to a full address. It is used as it is.
func Path(address string) Ref { return Ref{address: address} }

// Fragment returns the reference with a fragment, as in post.Route().Fragment("comments") for an address ending in #comments.
// The fragment is given without "#" and unescaped; "" removes it.
func (f Ref) Fragment(fragment string) Ref {
	f.fragment = fragment
	return f
}

// Name returns the name of the route, or "" for a [Path].
func (f Ref) Name() string { return f.name }

// IsZero reports whether the reference is the zero value, which is no address.
func (f Ref) IsZero() bool { return f.name == "" && f.address == "" }

// URL returns the address on the site that serves r. The errors are those of [Router.URL]; the zero Ref is an error.
func (f Ref) URL(r *http.Request) (string, error) {
	if f.name == "" {
		return f.resolve(nil)
	}
	st := stateOf(r)
	if st == nil || st.site.Router == nil {
		return "", fmt.Errorf("no address for %q: the request is not served by a router", f.name)
	}
	return f.resolve(st.site.Router)
}

func (f Ref) resolve(router *Router) (string, error) {
	address := f.address
	if f.name != "" {
		var err error
		if address, err = router.URL(f.name, f.args...); err != nil {
			return "", err
		}
	}
	if address == "" {
		return "", errors.New("the web.Ref is empty")
	}
	if f.fragment != "" {
		address, _, _ = strings.Cut(address, "#")
		address += "#" + (&url.URL{Fragment: f.fragment}).EscapedFragment()
	}
	return address, nil
}

// String returns the address of a [Path], and the name and arguments of a route as in blog:detail(first-post). It is for logs
// and tests; it does not know the routes.
func (f Ref) String() string {
	text := f.address
	if f.name != "" {
		args := make([]string, len(f.args))
		for i, arg := range f.args {
			args[i] = fmt.Sprint(arg)
		}
		text = f.name + "(" + strings.Join(args, ", ") + ")"
	}
	if f.fragment != "" {
		text += "#" + f.fragment
	}
	return text
}

// refOf returns the reference that a value is or has. A value whose pointer has the method Route is copied.
func refOf(v any) (Ref, bool) {
	switch v := v.(type) {
	case Ref:
		return v, true
	case *Ref:
		if v != nil {
			return *v, true
		}
	case Routable:
		if rv := reflect.ValueOf(v); rv.Kind() != reflect.Pointer || !rv.IsNil() {
			return v.Route(), true
		}
	case nil:
	default:
		if t := reflect.TypeOf(v); t.Kind() == reflect.Struct && reflect.PointerTo(t).Implements(reflect.TypeFor[Routable]()) {
			p := reflect.New(t)
			p.Elem().Set(reflect.ValueOf(v))
			return p.Interface().(Routable).Route(), true
		}
	}
	return Ref{}, false
}

// templateURL is the template function url: the address of a named route with arguments, of a Ref, or of a Routable.
func (s *Site) templateURL(to any, args ...any) (string, error) {
	if s.Router == nil {
		return "", errors.New("url: the site has no router")
	}
	ref, ok := refOf(to)
	switch name, isName := to.(string); {
	case isName:
		ref = Reverse(name, args...)
	case !ok:
		return "", fmt.Errorf("url: a %T is neither the name of a route nor has it a method Route() web.Ref", to)
	case len(args) > 0:
		return "", fmt.Errorf("url: a %T takes no arguments", to)
	}
	address, err := ref.resolve(s.Router)
	if _, shadowed := errors.AsType[*ShadowedError](err); shadowed {
		s.logger().Warn("a link is left empty", slog.String("route", ref.name), slog.Any("error", err))
		return "", nil
	}
	return address, err
}
