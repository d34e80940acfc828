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

// App is the catalog application.
type App struct{ DB *orm.DB }

// Name returns "catalog".
func (App) Name() string { return "catalog" }

// Models returns the models stored in the database.
func (App) Models() []any { return []any{&Author{}, &Subject{}, &Book{}, &Wish{}} }

// Migrations returns the schema history; makemigrations adds to it.
func (App) Migrations() []migrate.Migration { return migrations.All }

// Routes adds the app's routes below the prefix under which main.go includes it.
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
