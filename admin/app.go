package admin

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"reflect"
	"strings"
	"sync"
	"time"

	"github.com/quintetgo/quintet/admin/history"
	"github.com/quintetgo/quintet/admin/migrations"
	"github.com/quintetgo/quintet/framework"
	"github.com/quintetgo/quintet/framework/check"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/migrate"
)

// App is the admin of a project. Only DB must be set. Use it by pointer, and include it in the routes:
//
//	staff := &admin.App{DB: db, Title: "Shop staff"}
//	r.Include("/admin/", staff)
type App struct {
	DB *orm.DB

	Title   string // shown in the sidebar and on the login page; "Administration" if empty
	Logo    string // path of a static file, such as "shop/logo.svg", instead of the five bars
	Accent  string // "blue" (default), "teal", "moss", "plum", "copper" or "ink"
	Density string // "comfortable" (default) or "compact"
	SiteURL string // where "View site" leads; "/" if empty, "-" for no such link

	// ConfirmAbove is the number of objects above which a deletion must be confirmed by typing the number; 200 if it is 0.
	ConfirmAbove int
	// CountTime is how long a list may take to count its rows, 300 ms if it is 0. Beyond it the number is an estimate, shown as
	// "about", and the pager does not offer the last page.
	CountTime time.Duration
	// Now is the clock; time.Now if it is nil.
	Now func() time.Time

	once    sync.Once
	built   *site
	project *framework.Project
}

// Name is "admin".
func (*App) Name() string { return "admin" }

// Models are the admin's own: the history.
func (*App) Models() []any { return []any{&history.LogEntry{}} }

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

func (a *App) title() string {
	if a.Title == "" {
		return "Administration"
	}
	return a.Title
}

func (a *App) now() time.Time {
	if a.Now != nil {
		return a.Now()
	}
	return time.Now()
}

// Migrations are those of the admin's own tables.
func (*App) Migrations() []migrate.Migration { return migrations.All }

// Partials begin with an underscore, which embed leaves out without "all:".
//
//go:embed all:templates all:static
var assets embed.FS

// Templates holds the pages; a project overrides one by a file of the same path, such as admin/list.html.
func (*App) Templates() fs.FS { return folder("templates") }

// Static holds style sheets, scripts and icons under admin/.
func (*App) Static() fs.FS { return folder("static") }

func folder(name string) fs.FS {
	sub, err := fs.Sub(assets, name)
	if err != nil { // only for names that are no paths
		return assets
	}
	return sub
}

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
	_ framework.RoutesApp    = (*App)(nil)
	_ framework.TemplatesApp = (*App)(nil)
	_ framework.StaticApp    = (*App)(nil)
	_ framework.ChecksApp    = (*App)(nil)
	_ framework.SetupApp     = (*App)(nil)
	_ framework.DevApp       = (*App)(nil)

	_ framework.InterfacesApp = (*App)(nil)
	_ orm.ModelsApp           = (*App)(nil)
	_ migrate.MigrationsApp   = (*App)(nil)
)
