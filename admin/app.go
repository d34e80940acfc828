package admin

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"reflect"
	"strings"
	"sync"

	"github.com/quintetgo/quintet/admin/audit"
	"github.com/quintetgo/quintet/admin/migrations"
	"github.com/quintetgo/quintet/framework"
	"github.com/quintetgo/quintet/framework/check"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/migrate"
)

// App is the admin of a project. Create it with [New] and include it in the routes:
//
//	staff := admin.New(db, admin.Config{Title: "Shop staff"})
//	r.Include("/admin/", staff)
type App struct {
	db     *orm.DB
	config Config

	once    sync.Once
	built   *site
	project *framework.Project
}

// New returns an admin that stores its history in db and manages the models of the other apps there. It is safe for
// concurrent use once the project is assembled. db may be nil where only the models and migrations of the app are needed, as
// in ormtest.Open; a check reports it otherwise.
func New(db *orm.DB, c Config) *App { return &App{db: db, config: c.withDefaults()} }

// Name is "admin".
func (*App) Name() string { return "admin" }

// Models are the admin's own: the history.
func (*App) Models() []any { return []any{&audit.LogEntry{}} }

// Setup remembers the project whose apps are asked for their models once all of them are registered.
func (a *App) Setup(p *framework.Project) error {
	a.project = p
	return nil
}

// Checks reports every name in the options of models that fits nothing.
func (a *App) Checks(context.Context) []check.Problem { return a.site().problems }

// OptionalInterfaces lets the framework find an AdminModels method with a wrong signature.
func (*App) OptionalInterfaces() map[string]reflect.Type {
	return map[string]reflect.Type{"AdminModels": reflect.TypeFor[ModelsApp]()}
}

// site is built when it is first needed, which is after the models of all apps are registered.
func (a *App) site() *site {
	a.once.Do(func() { a.built = newSite(a) })
	return a.built
}

// Migrations are those of the admin's own tables.
func (*App) Migrations() []migrate.Migration { return migrations.All }

// Partials begin with an underscore, which embed leaves out without "all:".
//
//go:embed all:templates all:static
var assets embed.FS

// Assets returns the pages, style sheets, scripts and icons. A project overrides a page with a template of the same path,
// such as admin/list.html.
func (*App) Assets() fs.FS { return assets }

// setup is implemented by the app that knows users: it makes a one-time address that creates the first superuser.
type setup interface {
	SetupURL(ctx context.Context) (path string, ok bool, err error)
}

// DevStart prints the address that makes the first superuser, as long as there is none.
func (a *App) DevStart(ctx context.Context, d framework.Dev) error {
	if a.project == nil {
		return nil
	}
	for _, app := range a.project.Apps() {
		users, ok := app.(setup)
		if !ok {
			continue
		}
		path, ok, err := users.SetupURL(ctx)
		if err != nil {
			return fmt.Errorf("admin: %w", err)
		}
		if ok {
			fmt.Fprintf(d.Out, "No superuser yet. Create one at %s%s (this link works once)\n", strings.TrimSuffix(d.URL, "/"), path) //nolint:errcheck // a terminal
		}
	}
	return nil
}

var (
	_ framework.RoutesApp = (*App)(nil)
	_ framework.AssetsApp = (*App)(nil)
	_ framework.ChecksApp = (*App)(nil)
	_ framework.SetupApp  = (*App)(nil)
	_ framework.DevApp    = (*App)(nil)

	_ framework.InterfacesApp = (*App)(nil)
	_ orm.ModelsApp           = (*App)(nil)
	_ migrate.MigrationsApp   = (*App)(nil)
)
