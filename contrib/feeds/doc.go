// Package feeds serves news feeds as RSS 2.0, Atom 1.0 and JSON Feed 1.1 from one description.
//
// A [Feed] is a plain value whose methods are views:
//
//	feed := feeds.Feed{Title: "Notes", Link: web.Reverse("blog:list"), Description: "What we wrote", Items: a.feedItems}
//	r.Get("/feed.rss", feed.RSS).Name("rss")
//	r.Get("/feed.atom", feed.Atom).Name("atom")
//	r.Get("/feed.json", feed.JSON).Name("json")
//
// A feed about one thing, such as a tag, is created inside a view, which returns feed.RSS(w, r).
//
// Links may be written as paths; they leave the site as whole addresses, below [Feed.BaseURL] or below the host of the
// request. Texts may hold anything: what XML cannot carry is left out. Responses have an ETag and a Last-Modified, and
// readers that ask conditionally get 304.
package feeds
