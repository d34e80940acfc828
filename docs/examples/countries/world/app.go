// Package world keeps the countries of the world with their parts, currencies and names.
package world

import (
	"embed"
	"io/fs"

	"github.com/quintetgo/quintet/admin"
	"github.com/quintetgo/quintet/framework"
	"github.com/quintetgo/quintet/framework/web"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/migrate"

	"github.com/quintetgo/quintet/docs/examples/countries/world/migrations"
)

//go:embed all:templates
var files embed.FS

// App is the world application.
type App struct{ DB *orm.DB }

// Name returns "world".
func (App) Name() string { return "world" }

// Models returns the models stored in the database.
func (App) Models() []any {
	return []any{&Currency{}, &Language{}, &Country{}, &Subdivision{}, &CountryName{}}
}

// Migrations returns the schema history; makemigrations adds to it.
func (App) Migrations() []migrate.Migration { return migrations.All }

// Routes adds the app's routes below the prefix under which main.go includes it.
func (a App) Routes(r *web.Router) {
	r.Get("/", a.index).Name("index")
	r.Get("/{code}/", a.country).Name("country")
}

// Assets returns the templates.
func (App) Assets() fs.FS { return files }

var (
	_ framework.RoutesApp   = App{}
	_ framework.AssetsApp   = App{}
	_ framework.CommandsApp = App{}
	_ orm.ModelsApp         = App{}
	_ migrate.MigrationsApp = App{}
	_ admin.ModelsApp       = App{}
)
