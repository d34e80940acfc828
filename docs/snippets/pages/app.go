// Package pages is an app with the views and templates that the guides show.
package pages

import (
	"context"
	"embed"
	"errors"
	"io/fs"
	"net/http"
	"strings"
	"time"

	"github.com/quintetgo/quintet/framework"
	"github.com/quintetgo/quintet/framework/message"
	"github.com/quintetgo/quintet/framework/web"
)

//go:embed all:templates
var files embed.FS

// App is the app.
type App struct{ Notes Notes }

// Note is a page of somebody's notebook.
type Note struct {
	ID      int64
	Title   string
	Tags    []string
	Written time.Time
}

// Route returns the page of the note.
func (n Note) Route() web.Ref { return web.Reverse("notes:detail", n.ID) }

// Notes keeps notes.
type Notes interface {
	Find(ctx context.Context, id int64) (*Note, error)
	All(ctx context.Context) ([]*Note, error)
}

// Name returns "notes".
func (App) Name() string { return "notes" }

// Routes adds the app's addresses.
func (a App) Routes(r *web.Router) {
	r.Get("/", a.list).Name("list")
	r.Get("/{id:int}/", a.detail).Name("detail")
	r.Post("/{id:int}/star/", a.star).Name("star")
	r.Route("/api", func(r *web.Router) {
		r.Use(noStore)
		r.Get("/{id:int}", a.json).Name("api")
	})
	r.Get("/files/*", a.file)
}

// listPage is the data of pages/list.html.
type listPage struct{ Notes []*Note }

// detailPage is the data of pages/detail.html.
type detailPage struct{ Note *Note }

// list shows all notes.
func (a App) list(w http.ResponseWriter, r *http.Request) error {
	notes, err := a.Notes.All(r.Context())
	if err != nil {
		return err
	}
	return web.Render(w, r, "pages/list.html", listPage{notes})
}

// detail shows one note.
func (a App) detail(w http.ResponseWriter, r *http.Request) error {
	id, err := web.ParamInt(r, "id")
	if err != nil {
		return err // not a number: 404
	}
	note, err := a.Notes.Find(r.Context(), id)
	if errors.Is(err, fs.ErrNotExist) {
		return web.NotFound("There is no such note.")
	}
	if err != nil {
		return &web.Error{Status: http.StatusServiceUnavailable, Message: message.Text("Please try again later."), Err: err}
	}
	return web.Render(w, r, "pages/detail.html", detailPage{note})
}

// star redirects to the note.
func (a App) star(w http.ResponseWriter, r *http.Request) error {
	return web.Redirect(w, r, "notes:detail", web.Param(r, "id"))
}

// json responds to programs.
func (a App) json(w http.ResponseWriter, r *http.Request) error {
	id, err := web.ParamInt(r, "id")
	if err != nil {
		return err
	}
	note, err := a.Notes.Find(r.Context(), id)
	if err != nil {
		return web.NotFound("")
	}
	address, err := web.URL(r, "notes:detail", note.ID)
	if err != nil {
		return err
	}
	return web.JSON(w, map[string]any{"title": note.Title, "url": web.AbsoluteURL(r, address)})
}

// file shows what the end of a pattern matched.
func (a App) file(w http.ResponseWriter, r *http.Request) error {
	return web.Text(w, "file "+web.Param(r, "*"))
}

// noStore is middleware of the usual shape.
func noStore(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}

// Assets returns the templates.
func (App) Assets() fs.FS { return files }

// Context has values for every template; each is made only for pages that use it.
func (App) Context() map[string]web.ContextFunc {
	return map[string]web.ContextFunc{
		"greeting": func(r *http.Request) any { return "Hello " + web.ClientIP(r) },
	}
}

// TemplateFuncs has functions for every template.
func (App) TemplateFuncs() map[string]any {
	return map[string]any{
		"shout": func(text string) string { return strings.ToUpper(text) + "!" },
	}
}

var (
	_ framework.RoutesApp        = App{}
	_ framework.AssetsApp        = App{}
	_ framework.ContextApp       = App{}
	_ framework.TemplateFuncsApp = App{}
)
