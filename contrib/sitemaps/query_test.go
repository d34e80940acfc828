package sitemaps_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/quintetgo/quintet/contrib/sitemaps"
	"github.com/quintetgo/quintet/framework/web"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/ormtest"
)

type page struct {
	ID        int64
	Slug      string `gorm:"size:50"`
	Live      bool
	ChangedAt time.Time
}

func (p *page) Route() web.Ref { return web.Path("/" + p.Slug + "/") }

type pages struct{}

func (pages) Name() string  { return "pages" }
func (pages) Models() []any { return []any{&page{}} }

func TestRowsOfAQueryAreListed(t *testing.T) {
	t.Parallel()
	db := ormtest.Open(t, pages{})
	live := func() orm.Query[page] { return orm.Objects[page](db).Where("live", true).OrderByNames("-slug") }
	app := sitemaps.App{Limit: 2, Maps: []sitemaps.Map{
		{Name: "items", Source: sitemaps.Query(live, func(p *page) sitemaps.Item {
			return sitemaps.Item{Location: p.Route(), LastMod: p.ChangedAt}
		})},
		{Name: "models", Source: sitemaps.Models(live)},
		{Name: "newest", Source: sitemaps.Models(func() orm.Query[page] { return live().Limit(3) })},
		{Name: "one", Source: sitemaps.Models(func() orm.Query[page] { return live().Limit(1) })},
		{Name: "later", Source: sitemaps.Models(func() orm.Query[page] { return live().Offset(2) })},
		{Name: "none", Source: sitemaps.Models(func() orm.Query[page] { return live().None() })},
	}}
	for i, slug := range []string{"a", "hidden", "b", "c"} {
		if err := db.Create(t.Context(), &page{Slug: slug, Live: slug != "hidden", ChangedAt: june.AddDate(0, 0, i)}); err != nil {
			t.Fatal(err)
		}
	}
	for path, want := range map[string]string{
		"/sitemap-items.xml":      "/a/ /b/",
		"/sitemap-items.xml?p=2":  "/c/",
		"/sitemap-models.xml?p=2": "/c/",
		"/sitemap-newest.xml":     "/c/ /b/",
		"/sitemap-newest.xml?p=2": "/a/",
		"/sitemap-one.xml":        "/c/",
		"/sitemap-later.xml":      "/a/",
		"/sitemap-none.xml":       "",
	} {
		response, body := get(t, app, path)
		var got []string
		for _, part := range strings.Split(body, "<loc>")[1:] {
			location, _, _ := strings.Cut(part, "</loc>")
			got = append(got, strings.TrimPrefix(location, "http://example.com"))
		}
		if response.StatusCode != http.StatusOK || strings.Join(got, " ") != want {
			t.Errorf("%s: status %d, pages %v, want %s", path, response.StatusCode, got, want)
		}
	}
	if _, body := get(t, app, "/sitemap-items.xml?p=2"); !strings.Contains(body, "<lastmod>2026-06-06T10:00:00Z</lastmod>") {
		t.Errorf("no date in\n%s", body)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if response, _ := get(t, app, "/sitemap.xml"); response.StatusCode != http.StatusInternalServerError {
		t.Errorf("status %d without a database", response.StatusCode)
	}
}
