package web_test

import (
	"strings"
	"testing"

	"github.com/quintetgo/quintet/framework/web"
)

func TestPatternsThatAreRefused(t *testing.T) {
	t.Parallel()
	for pattern, want := range map[string]string{
		"//host/":            "begins with one slash",
		"/d/{x:[a-z]*}.json": "a parameter is never empty: write + in place of *",
		"/d/{x:a)(b}":        "the expression of {x} is wrong",
		"/d/%ff{x}":          "cannot be joined",
		"/d/{x:[^/]+}":       "must match inside one path segment",
		"/d/{a}{b}":          "need some text between them",
		"/d/{x:a^b}.json":    "^ and $ have a meaning at the ends",
		"/d/../{x}":          "browsers resolve the segment ..",
		"/d/%2e/":            "browsers resolve the segment .",
	} {
		r := web.NewRouter()
		r.Get(pattern, text(""))
		if err := r.Err(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want %q", pattern, err, want)
		}
	}
}

func TestAddressOfAnotherRouteIsRefused(t *testing.T) {
	t.Parallel()
	r := web.NewRouter()
	r.Get("/posts/new/", text("new")).Name("new")
	r.Get("/posts/{id:int}/", text("id")).Name("id")
	r.Get("/posts/{slug}/", text("slug")).Name("slug")
	r.Post("/posts/{key}/", text("post")).Name("post")
	r.Get("/posts/*", text("rest")).Name("rest")
	for _, c := range []struct{ name, value, want string }{
		{"slug", "old", "/posts/old/"},
		{"slug", "new", "the address /posts/new/ is that of the route /posts/new/ at "},
		{"slug", "7", "is that of the route /posts/{id:int}/"},
		{"post", "new", "/posts/new/"}, // by POST that is another matter
		{"rest", "a/b", "/posts/a/b"},
		{"rest", "a/", "is that of the route /posts/{slug}/"},
		{"rest", "a/../b", `".." would lead to another path`},
		{"rest", "/a", "begins with a slash"},
	} {
		got, err := r.URL(c.name, c.value)
		if err != nil {
			got = err.Error()
		}
		if got != c.want && (err == nil || !strings.Contains(got, c.want)) {
			t.Errorf("URL(%q, %q) = %q, want %q", c.name, c.value, got, c.want)
		}
	}
}
