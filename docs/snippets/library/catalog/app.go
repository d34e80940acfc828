// Package catalog is an app of the project: models, views and their addresses.
package catalog

import (
	"embed"
	"io/fs"

	"github.com/quintetgo/quintet/admin"
	"github.com/quintetgo/quintet/framework"
	"github.com/quintetgo/quintet/framework/web"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/migrate"

	"github.com/quintetgo/quintet/docs/snippets/library/catalog/migrations"
)

//go:embed all:templates
var files embed.FS

// App is the app with what it needs.
type App struct{ DB *orm.DB }

// Name returns "catalog".
func (App) Name() string { return "catalog" }

// Models lists the models, each one a table.
func (App) Models() []any { return []any{&Author{}, &Subject{}, &Book{}, &Wish{}} }

// Migrations lists what happened to the tables; makemigrations adds to it.
func (App) Migrations() []migrate.Migration { return migrations.All }

// Routes adds the app's addresses, below the prefix that main.go includes it under.
func (a App) Routes(r *web.Router) {
	r.Get("/", a.index).Name("index")
	r.Form("/wish/", a.wish).Name("wish")
	r.Get("/{slug}/", a.detail).Name("detail")
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
