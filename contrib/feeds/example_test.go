package feeds_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/quintetgo/quintet/contrib/feeds"
	"github.com/quintetgo/quintet/framework/web"
)

// One description is served in three formats.
func ExampleFeed() {
	feed := feeds.Feed{Title: "Notes", Items: func(context.Context) ([]feeds.Item, error) {
		return []feeds.Item{{Title: "Hello", Link: web.Reverse("note", 1)}}, nil
	}}
	r := web.NewRouter()
	r.Get("/notes/{id:int}/", func(w http.ResponseWriter, _ *http.Request) error { return web.NoContent(w) }).Name("note")
	r.Get("/feed.rss", feed.RSS)
	r.Get("/feed.atom", feed.Atom)
	r.Get("/feed.json", feed.JSON)
	for _, path := range []string{"/feed.rss", "/feed.atom", "/feed.json"} {
		w := httptest.NewRecorder()
		r.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
		fmt.Println(w.Code, w.Header().Get("Content-Type"))
	}
	// Output:
	// 200 application/rss+xml; charset=utf-8
	// 200 application/atom+xml; charset=utf-8
	// 200 application/feed+json; charset=utf-8
}
