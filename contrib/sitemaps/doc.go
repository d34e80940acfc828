// Package sitemaps tells search engines which pages a site has, as sitemaps.org describes.
//
// An [App] collects [Map] values, one for each kind of page, and serves /sitemap.xml:
//
//	sitemaps.App{Maps: []sitemaps.Map{
//		{Name: "pages", Source: sitemaps.Pages(web.Path("/"), web.Reverse("about"))},
//		{Name: "posts", Source: sitemaps.Query(a.posts, func(p *Post) sitemaps.Item {
//			return sitemaps.Item{Location: p.Route(), LastMod: p.UpdatedAt}
//		})},
//	}}
//	r.Include("/", "sitemaps")
//
// As long as all pages fit in one file (50,000), /sitemap.xml is that file. Beyond, it is an index of files, one or more
// for each map: /sitemap-posts.xml, /sitemap-posts.xml?p=2 and so on, which exist in any case.
//
// Locations may be paths; they leave the site as whole addresses, below [App.BaseURL] or the host of the request.
package sitemaps
