package sitemaps_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/quintetgo/quintet/contrib/sitemaps"
	"github.com/quintetgo/quintet/framework/web"
)

// A sitemap lists pages by their routes.
func ExamplePages() {
	r := web.NewRouter()
	r.Get("/about/", func(w http.ResponseWriter, _ *http.Request) error { return web.Text(w, "About") }).Name("about")
	r.Include("/", sitemaps.App{Maps: []sitemaps.Map{
		{Name: "pages", Source: sitemaps.Pages(web.Reverse("about"))},
	}})
	w := httptest.NewRecorder()
	r.ServeHTTP(w, httptest.NewRequest("GET", "/sitemap.xml", nil))
	fmt.Println(strings.Contains(w.Body.String(), "<loc>http://example.com/about/</loc>"))
	// Output: true
}
