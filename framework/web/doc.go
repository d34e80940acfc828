// Package web routes requests to views and turns what views return into responses.
//
// A view is a handler that returns an error:
//
//	func (a App) detail(w http.ResponseWriter, r *http.Request) error {
//		post, err := a.posts.Get(r.Context(), web.Param(r, "slug"))
//		if err != nil {
//			return err // an error with HTTPStatus() 404 becomes a 404 page
//		}
//		return web.Render(w, r, "blog/detail.html", detailPage{Post: post})
//	}
//
// Routes have names, and addresses are built from names instead of being repeated:
//
//	r := web.NewRouter()
//	r.Get("/", list).Name("list")
//	r.Get("/{slug}/", detail).Name("detail")
//	r.URL("detail", "first post") // "/first%20post/"
//
// A pattern is a path with parameters: {name} matches one segment, {name:[0-9]+} one that fits a regular expression,
// {name:int}, {name:slug} and {name:uuid} are short for common ones, and a * at the end matches the rest. A GET route
// also responds to HEAD. OPTIONS, 405 with its Allow header and the redirect from /posts to /posts/ are built in.
//
// No method panics on an invalid or duplicate route: [Router.Err] reports all of them, each with its file and line. A
// [Router] alone is an http.Handler; a [Site] adds templates, static files and middleware around it.
package web
