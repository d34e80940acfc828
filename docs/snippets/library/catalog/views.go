package catalog

import (
	"net/http"

	"github.com/quintetgo/quintet/framework/messages"
	"github.com/quintetgo/quintet/framework/web"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/modelforms"
)

// index lists the books, or those that hold the words searched for.
func (a App) index(w http.ResponseWriter, r *http.Request) error {
	q := Books
	books := orm.From(a.DB, q).SelectRelated(q.Author())
	words := r.URL.Query().Get("q")
	if words != "" {
		books = books.Filter(orm.Or(q.Title.IContains(words), q.Author().Name.IContains(words)))
	}
	number, err := web.Page(r)
	if err != nil {
		return err // not a number from 1: 404
	}
	page, err := orm.Paginate(r.Context(), books, number, 20)
	if err != nil {
		return err
	}
	return web.Render(w, r, "catalog/index.html", web.Data{"page": page, "words": words})
}

// detail shows one book.
func (a App) detail(w http.ResponseWriter, r *http.Request) error {
	q := Books
	book, err := orm.From(a.DB, q).
		Filter(q.Slug.Eq(web.Param(r, "slug"))).
		SelectRelated(q.Author()).
		Prefetch(q.Subjects()).
		Get(r.Context())
	if err != nil {
		return err // not found answers 404
	}
	return web.Render(w, r, "catalog/detail.html", web.Data{"book": book})
}

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
	return web.Render(w, r, "catalog/wish.html", web.Data{"form": form})
}
