// Command library serves the project and runs its commands. All of it is wired here: settings, apps and routes.
package main

import (
	"embed"

	"github.com/quintetgo/quintet/admin"
	"github.com/quintetgo/quintet/auth"
	"github.com/quintetgo/quintet/framework"
	"github.com/quintetgo/quintet/framework/web"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/migrate"
	"github.com/quintetgo/quintet/orm/sqlite"

	"github.com/quintetgo/quintet/docs/snippets/library/accounts"
	"github.com/quintetgo/quintet/docs/snippets/library/catalog"
)

//go:embed all:templates all:static
var files embed.FS

func main() { framework.Main(open) }

// open creates the project from the environment and, in development, from the file .env.
func open() (*framework.Project, error) {
	var s framework.Settings
	if err := framework.LoadSettings(&s); err != nil {
		return nil, err
	}
	db, err := orm.Open(s.DatabaseURL, sqlite.Driver)
	if err != nil {
		return nil, err
	}
	return project(s, db), nil
}

// project wires settings, routes and apps. Tests call it with their own database.
func project(s framework.Settings, db *orm.DB) *framework.Project {
	s.Assets = files
	s.Routes = func(r *web.Router) {
		r.Get("/", frontPage).Name("home")
		r.Include("/accounts/", "auth")
		r.Include("/admin/", "admin")
		r.Include("/catalog/", "catalog")
	}
	return framework.New(s,
		migrate.New(db),
		auth.New[accounts.User](db),
		accounts.App{},
		admin.New(db, admin.Config{Title: "Library"}),
		catalog.App{DB: db},
	)
}
