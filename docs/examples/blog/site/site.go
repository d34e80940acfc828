// Package site wires the blog: its settings, its apps and their addresses.
package site

import (
	"embed"

	"github.com/quintetgo/quintet/admin"
	"github.com/quintetgo/quintet/auth"
	"github.com/quintetgo/quintet/contrib/sitemaps"
	"github.com/quintetgo/quintet/docs/examples/blog/accounts"
	"github.com/quintetgo/quintet/docs/examples/blog/blog"
	"github.com/quintetgo/quintet/framework"
	"github.com/quintetgo/quintet/framework/web"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/migrate"
	"github.com/quintetgo/quintet/orm/sqlite"
)

//go:embed all:templates all:static
var files embed.FS

// Open creates the project from the environment.
func Open() (*framework.Project, error) {
	var s framework.Settings
	if err := framework.LoadSettings(&s); err != nil {
		return nil, err
	}
	db, err := orm.Open(s.DatabaseURL, sqlite.Driver)
	if err != nil {
		return nil, err
	}
	return Project(s, db), nil
}

// Project wires settings, routes and apps. Tests and the command demo call it with their own database.
func Project(s framework.Settings, db *orm.DB) *framework.Project {
	posts := blog.App{DB: db}
	s.Assets = files
	s.Routes = func(r *web.Router) {
		r.Include("/", "blog")
		r.Include("/", "sitemaps")
		r.Include("/accounts/", "auth")
		r.Include("/admin/", "admin")
	}
	return framework.New(s,
		migrate.New(db),
		auth.New[accounts.User](db),
		accounts.App{},
		admin.New(db, admin.Config{Title: "Lantern Street", Accent: admin.Copper}),
		posts,
		sitemaps.App{Maps: posts.Sitemaps()},
	)
}
