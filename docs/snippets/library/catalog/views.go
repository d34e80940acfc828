package catalog

import (
	"net/http"

	"github.com/quintetgo/quintet/framework/messages"
	"github.com/quintetgo/quintet/framework/web"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/modelforms"
)

// indexPage is the data of catalog/index.html.
type indexPage struct {
	Page  *orm.Page[Book]
	Words string
}

// index lists the books, or those that contain the search words.
func (a App) index(w http.ResponseWriter, r *http.Request) error {
	books := orm.From(a.DB, Books).SelectRelated(Books.Author())
	words := r.URL.Query().Get("q")
	if words != "" {
		books = books.Filter(orm.Or(Books.Title.IContains(words), Books.Author().Name.IContains(words)))
	}
	page, err := orm.Paginate(r.Context(), books, web.Page(r), 20)
	if err != nil {
		return err // no such page: 404
	}
	return web.Render(w, r, "catalog/index.html", indexPage{page, words})
}

// detailPage is the data of catalog/detail.html.
type detailPage struct{ Book *Book }

// detail shows one book.
func (a App) detail(w http.ResponseWriter, r *http.Request) error {
	book, err := orm.From(a.DB, Books).
		Filter(Books.Slug.Eq(web.Param(r, "slug"))).
		SelectRelated(Books.Author()).
		Prefetch(Books.Subjects()).
		Get(r.Context())
	if err != nil {
		return err // not found: 404
	}
	return web.Render(w, r, "catalog/detail.html", detailPage{book})
}

// wishPage is the data of catalog/wish.html.
type wishPage struct{ Form *modelforms.Form }

// wish asks for a book that the library lacks.
func (a App) wish(w http.ResponseWriter, r *http.Request) error {
	var wish Wish
	form, err := modelforms.New(r.Context(), a.DB, &wish, "title", "reason", "email")
	if err != nil {
		return err
	}
	if r.Method == http.MethodPost {
		saved, err := form.Submit(r)
		if err != nil {
			return err
		}
		if saved {
			messages.Success(r, "Thank you. We will see whether we can get it.")
			return web.Redirect(w, r, "catalog:index")
		}
	}
	return web.Render(w, r, "catalog/wish.html", wishPage{form})
}
