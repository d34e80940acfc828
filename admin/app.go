package admin

import (
	"context"
	"reflect"
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
