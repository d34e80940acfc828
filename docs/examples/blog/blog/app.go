// Package blog is an app with posts, tags and comments.
package blog

import (
	"embed"
	"io/fs"

	"github.com/quintetgo/quintet/admin"
	"github.com/quintetgo/quintet/docs/examples/blog/blog/migrations"
	"github.com/quintetgo/quintet/framework"
	"github.com/quintetgo/quintet/framework/web"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/migrate"
)

//go:embed all:templates
var files embed.FS

// App is the blog application.
type App struct{ DB *orm.DB }

// Name returns "blog".
func (App) Name() string { return "blog" }

// Models returns the models stored in the database.
func (App) Models() []any { return []any{&Tag{}, &Post{}, &Comment{}} }

// Migrations returns the schema history.
func (App) Migrations() []migrate.Migration { return migrations.All }

// Routes adds the pages and the feeds.
func (a App) Routes(r *web.Router) {
	r.Get("/", a.list).Name("list")
	r.Get("/posts/{slug}/", a.detail).Name("detail")
	r.Post("/posts/{slug}/comment/", a.comment).Name("comment")
	r.Get("/tags/", a.tags).Name("tags")
	r.Get("/tags/{slug}/", a.tag).Name("tag")
	r.Get("/authors/{username}/", a.author).Name("author")

	feed := a.feed()
	r.Get("/feed.rss", feed.RSS).Name("rss")
	r.Get("/feed.atom", feed.Atom).Name("atom")
	r.Get("/feed.json", feed.JSON).Name("json")
}

// Assets returns the templates.
func (App) Assets() fs.FS { return files }

var (
	_ framework.RoutesApp   = App{}
	_ framework.AssetsApp   = App{}
	_ orm.ModelsApp         = App{}
	_ migrate.MigrationsApp = App{}
	_ admin.ModelsApp       = App{}
)
