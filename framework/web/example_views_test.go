package web_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/quintetgo/quintet/framework/web"
)

// request sends a request to a router and prints status, body and location.
func request(r http.Handler, method, path string) {
	w := httptest.NewRecorder()
	r.ServeHTTP(w, httptest.NewRequest(method, path, nil))
	if to := w.Header().Get("Location"); to != "" {
		fmt.Println(w.Code, "to", to)
		return
	}
	fmt.Println(w.Code, w.Body)
}

// The parameters of a pattern are text, numbers, or match a regular expression.
func ExampleParam() {
	r := web.NewRouter()
	r.Get("/posts/{id:int}/", func(w http.ResponseWriter, r *http.Request) error {
		return web.Text(w, "post "+web.Param(r, "id"))
	})
	r.Get("/archive/{year:[0-9]{4}}-{month:[0-9]{2}}/", func(w http.ResponseWriter, r *http.Request) error {
		return web.Text(w, "archive of "+web.Param(r, "year")+", month "+web.Param(r, "month"))
	})
	r.Get("/files/*", func(w http.ResponseWriter, r *http.Request) error { return web.Text(w, "file "+web.Param(r, "*")) })
	request(r, "GET", "/posts/7/")
	request(r, "GET", "/archive/2026-05/")
	request(r, "GET", "/files/a/b.txt")
	// Output:
	// 200 post 7
	// 200 archive of 2026, month 05
	// 200 file a/b.txt
}

// A view for GET and POST shows a form and handles it.
func ExampleRouter_Form() {
	r := web.NewRouter()
	r.Form("/contact/", func(w http.ResponseWriter, r *http.Request) error {
		if r.Method == http.MethodPost {
			return web.Redirect(w, r, "thanks")
		}
		return web.Text(w, "a form")
	})
	r.Get("/thanks/", func(w http.ResponseWriter, r *http.Request) error { return web.Text(w, "Thank you") }).Name("thanks")
	request(r, "GET", "/contact/")
	request(r, "POST", "/contact/")
	// Output:
	// 200 a form
	// 303 to /thanks/
}

// The methods of a route follow the view.
func ExampleRouter_Methods() {
	r := web.NewRouter()
	r.Methods("/items/{id:int}/", func(w http.ResponseWriter, r *http.Request) error {
		return web.Text(w, r.Method)
	}, "PUT", "PATCH")
	request(r, "PATCH", "/items/7/")
	// Output: 200 PATCH
}

// Middleware of a group applies to its routes only.
func ExampleRouter_Group() {
	members := func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Query().Get("member") == "" {
				web.WriteError(w, r, web.Forbidden(""))
				return
			}
			next.ServeHTTP(w, r)
		})
	}
	r := web.NewRouter()
	r.Group(func(r *web.Router) {
		r.Use(members)
		r.Get("/members/", func(w http.ResponseWriter, r *http.Request) error { return web.Text(w, "members") })
	})
	r.Get("/", func(w http.ResponseWriter, r *http.Request) error { return web.Text(w, "everybody") })
	request(r, "GET", "/")
	request(r, "GET", "/members/?member=1")
	// Output:
	// 200 everybody
	// 200 members
}

type blog struct{}

func (blog) Name() string { return "blog" }
func (blog) Routes(r *web.Router) {
	r.Get("/{slug}/", func(w http.ResponseWriter, r *http.Request) error { return web.Text(w, web.Param(r, "slug")) }).Name("detail")
}

// The app's name is the prefix of its route names.
func ExampleRouter_Include() {
	r := web.NewRouter()
	r.Include("/posts/", blog{})
	fmt.Println(r.Names())
	fmt.Println(r.URL("blog:detail", "hello"))
	// Output:
	// [blog:detail]
	// /posts/hello/ <nil>
}

type post struct{ Slug string }

// Route returns the page of the post.
func (p post) Route() web.Ref { return web.Reverse("blog:detail", p.Slug) }

// A model names its page by a route; redirects resolve it.
func ExampleReverse() {
	r := web.NewRouter()
	r.Include("/posts/", blog{})
	r.Get("/latest/", func(w http.ResponseWriter, r *http.Request) error { return web.Redirect(w, r, post{"hello world"}) })
	request(r, "GET", "/latest/")
	fmt.Println(post{"a"}.Route().Fragment("comments"))
	// Output:
	// 302 to /posts/hello%20world/
	// blog:detail(a)#comments
}
