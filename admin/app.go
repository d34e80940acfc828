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
// concurrent use once the project is assembled. db may be nil where only the models and migrations of the app are
// needed, as in ormtest.Open; a check reports it otherwise.
func New(db *orm.DB, c Config) *App { return &App{db: db, config: c.withDefaults()} }

// Name returns "admin".
func (*App) Name() string { return "admin" }

// Models returns the model of the history.
func (*App) Models() []any { return []any{&audit.LogEntry{}} }

// Setup stores the project. Its apps are asked for their AdminModels later, when all models are registered.
func (a *App) Setup(p *framework.Project) error {
	a.project = p
	return nil
}

// Checks reports configuration errors, and every name in the options of models that does not exist.
func (a *App) Checks(context.Context) []check.Problem { return a.site().problems }

// OptionalInterfaces lets the framework report an AdminModels method with a wrong signature.
func (*App) OptionalInterfaces() map[string]reflect.Type {
	return map[string]reflect.Type{"AdminModels": reflect.TypeFor[ModelsApp]()}
}

// site returns the registrations. They are resolved by the first call, when the models of all apps are registered.
func (a *App) site() *site {
	a.once.Do(func() { a.built = newSite(a) })
	return a.built
}

// Migrations returns the migrations of the history.
func (*App) Migrations() []migrate.Migration { return migrations.All }

// The names of partial templates begin with an underscore, which embed ignores without "all:".
//
//go:embed all:templates all:static
var assets embed.FS

// Assets returns the templates, style sheets, scripts and icons. A project overrides a page with a template of the
// same path, such as admin/list.html.
func (*App) Assets() fs.FS { return assets }

// setup is implemented by the app of the users. SetupURL returns a path that creates the first superuser and works
// once; ok is false if there is a superuser.
type setup interface {
	SetupURL(ctx context.Context) (path string, ok bool, err error)
}

// DevStart prints an address that creates the first superuser, if there is none.
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
			base := strings.TrimSuffix(d.URL, "/")
			fmt.Fprintf(d.Out, "No superuser yet. Create one at %s%s (this link works once)\n", base, path) //nolint:errcheck // a terminal
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
