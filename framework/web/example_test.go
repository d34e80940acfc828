package web_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/quintetgo/quintet/framework/web"
)

// A router is an http.Handler by itself: no project, no database, no templates.
func ExampleNewRouter() {
	r := web.NewRouter()
	r.Get("/", func(w http.ResponseWriter, r *http.Request) error { return web.Text(w, "Hello") })
	r.Get("/hello/{name}/", func(w http.ResponseWriter, r *http.Request) error {
		return web.Text(w, "Hello "+web.Param(r, "name"))
	}).Name("hello")
	r.Get("/secret/", func(http.ResponseWriter, *http.Request) error { return web.Forbidden("Members only.") })

	// http.ListenAndServe(":8000", r)
	for _, path := range []string{"/", "/hello/Ada%20L/", "/secret/", "/absent/"} {
		w := httptest.NewRecorder()
		r.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
		if w.Code == http.StatusOK {
			fmt.Println(w.Code, w.Body)
		} else {
			fmt.Println(w.Code)
		}
	}
	// Output:
	// 200 Hello
	// 200 Hello Ada L
	// 403
	// 404
}

// Addresses are made from names.
func ExampleRouter_URL() {
	r := web.NewRouter()
	view := func(http.ResponseWriter, *http.Request) error { return nil }
	r.Get("/posts/{year:int}/{slug}/", view).Name("detail")
	fmt.Println(r.URL("detail", 2026, "first post"))
	_, err := r.URL("detial", 2026, "x")
	fmt.Println(err)
	// Output:
	// /posts/2026/first%20post/ <nil>
	// no route is named "detial"; did you mean "detail"?
}
