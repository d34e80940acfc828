// Package readings takes readings from meters and shows them.
package readings

import (
	"embed"
	"io/fs"

	"github.com/quintetgo/quintet/framework"
	"github.com/quintetgo/quintet/framework/csrf"
	"github.com/quintetgo/quintet/framework/web"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/migrate"

	"github.com/quintetgo/quintet/docs/examples/meters/readings/migrations"
)

//go:embed all:templates
var files embed.FS

// App is the readings application.
type App struct{ DB *orm.DB }

// Name returns "readings".
func (App) Name() string { return "readings" }

// Models returns the models stored in the database.
func (App) Models() []any { return []any{&Reading{}} }

// Migrations returns the schema history; makemigrations adds to it.
func (App) Migrations() []migrate.Migration { return migrations.All }

// Routes adds the app's routes below the prefix under which main.go includes it.
func (a App) Routes(r *web.Router) {
	r.Get("/", a.list).Name("list")
	r.With(csrf.Exempt).Post("/", a.take).Name("take") // meters are not browsers
	r.Get("/keys/", a.keys).Name("keys")
}

// Assets returns the templates.
func (App) Assets() fs.FS { return files }

var (
	_ framework.RoutesApp   = App{}
	_ framework.AssetsApp   = App{}
	_ orm.ModelsApp         = App{}
	_ migrate.MigrationsApp = App{}
)
