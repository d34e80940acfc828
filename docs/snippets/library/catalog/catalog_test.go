package catalog_test

import (
	"net/http"
	"net/url"
	"os"
	"testing"

	"github.com/quintetgo/quintet/framework"
	"github.com/quintetgo/quintet/framework/web"
	"github.com/quintetgo/quintet/framework/webtest"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/ormtest"

	"github.com/quintetgo/quintet/docs/snippets/library/catalog"
)

// setup returns a client of a site with the catalog, and its database with one book.
func setup(t *testing.T) (*webtest.Client, *orm.DB) {
	t.Helper()
	db := ormtest.Open(t, catalog.App{})
	author := &catalog.Author{Name: "Selma Lagerlöf"}
	if err := db.Create(t.Context(), author); err != nil {
		t.Fatal(err)
	}
	book := &catalog.Book{Title: "Gösta Berling", Slug: "gosta-berling", Year: 1891, Author: author}
	if err := db.Create(t.Context(), book); err != nil {
		t.Fatal(err)
	}
	app := catalog.App{DB: db}
	project := framework.New(framework.Settings{
		Assets: os.DirFS(".."),
		Routes: func(r *web.Router) { r.Include("/catalog/", app) },
	}, app)
	return webtest.New(t, project), db
}

func TestSearchFindsAuthors(t *testing.T) {
	t.Parallel()
	client, _ := setup(t)
	client.Get("/catalog/?q=LAGERL%C3%96F").WantContains(t, "Gösta Berling")
	client.Get("/catalog/?q=hamsun").WantNotContains(t, "Gösta Berling").WantContains(t, "No book fits.")
}

func TestDetailOfAbsentBookIsNotFound(t *testing.T) {
	t.Parallel()
	client, _ := setup(t)
	client.Get("/catalog/gosta-berling/").WantStatus(t, http.StatusOK).WantContains(t, "Selma Lagerlöf")
	client.Get("/catalog/absent/").WantStatus(t, http.StatusNotFound)
}

func TestWishIsKept(t *testing.T) {
	t.Parallel()
	client, db := setup(t)
	client.Get("/catalog/wish/").WantStatus(t, http.StatusOK)
	client.Post("/catalog/wish/", url.Values{"title": {"Hunger"}, "email": {"nobody"}}).
		WantStatus(t, http.StatusOK).WantContains(t, "Hunger", "email address")
	client.Post("/catalog/wish/", url.Values{"title": {"Hunger"}, "email": {"ada@example.com"}}).
		WantRedirect(t, "/catalog/").Follow(t).WantContains(t, "Thank you.")
	wishes, err := orm.From(db, catalog.Wishes).Filter(catalog.Wishes.Title.Eq("Hunger")).Count(t.Context())
	if err != nil || wishes != 1 {
		t.Errorf("wishes = %d, %v; want 1", wishes, err)
	}
}
