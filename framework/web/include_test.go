package web_test

import (
	"strings"
	"testing"

	"github.com/quintetgo/quintet/framework/web"
)

type nameOnly string

func (n nameOnly) Name() string { return string(n) }

func TestIncludeByName(t *testing.T) {
	t.Parallel()
	r := web.NewRouter()
	r.Register(app{"blog", func(r *web.Router) { r.Get("/{slug}/", text("")).Name("detail") }}, nameOnly("accounts"))
	r.Include("/posts/", "blog")
	r.IncludeAs("/news/", "news", "blog")
	if err := r.Err(); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"blog:detail": "/posts/a/", "news:detail": "/news/a/"} {
		if address, err := r.URL(name, "a"); err != nil || address != want {
			t.Errorf("%s: %q, %v", name, address, err)
		}
	}
	r.Include("/a/", "blgo")
	r.Include("/b/", "accounts")
	r.Include("/c/", 7)
	r.Include("/d/", nil)
	r.IncludeAs("/e/", "", "blog")
	err := r.Err()
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{
		`the project has no app named "blgo"; did you mean "blog"?`, "a web_test.nameOnly cannot be included", "a int cannot be included",
		"the included app is nil", "IncludeAs needs a name",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("missing %q in\n%v", want, err)
		}
	}
}
