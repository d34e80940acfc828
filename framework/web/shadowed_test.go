package web_test

import (
	"bytes"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/framework/web"
)

// TestShadowedAddresses has a post whose slug is the fixed text of another route. Code gets an error; a page with many links
// keeps the others, and the log names both routes.
func TestShadowedAddresses(t *testing.T) {
	t.Parallel()
	r := web.NewRouter()
	nothing := func(http.ResponseWriter, *http.Request) error { return nil }
	r.Get("/posts/new/", nothing).Name("new")
	r.Get("/posts/{slug}/", nothing).Name("post")
	if _, err := r.URL("post", "new"); err == nil {
		t.Error("URL made the address of another route")
	} else if shadowed, ok := errors.AsType[*web.ShadowedError](err); !ok || shadowed.Pattern != "/posts/new/" || shadowed.Address != "/posts/new/" {
		t.Errorf("URL: %v", err)
	}
	var log bytes.Buffer
	site := &web.Site{Router: r, Logger: slog.New(slog.NewTextHandler(&log, nil))}
	url := site.Funcs()["url"].(func(any, ...any) (string, error))
	for slug, want := range map[string]string{"new": "", "old": "/posts/old/"} {
		if got, err := url("post", slug); got != want || err != nil {
			t.Errorf("url of %q in a template: %q, %v; want %q", slug, got, err, want)
		}
	}
	if !strings.Contains(log.String(), "/posts/new/") || strings.Count(log.String(), "\n") != 1 {
		t.Errorf("the log has %q", log.String())
	}
	if _, err := url("post", ""); err == nil {
		t.Error("an empty value is no error in a template")
	}
}
