package backstage

import (
	"github.com/quintetgo/quintet/admin"
	"github.com/quintetgo/quintet/auth"
	"github.com/quintetgo/quintet/framework"
	"github.com/quintetgo/quintet/framework/web"
	"github.com/quintetgo/quintet/orm"
)

// App is the backstage application.
type App struct{}

// Name returns "backstage".
func (App) Name() string { return "backstage" }

// Models returns the models stored in the database.
func (App) Models() []any { return []any{&Agent{}, &Booking{}} }

// User is the user model of the project.
type User struct{ auth.Base }

// Accounts is the application of the user model.
type Accounts struct{}

// Name returns "accounts".
func (Accounts) Name() string { return "accounts" }

// Models returns the user model.
func (Accounts) Models() []any { return []any{&User{}} }

// Project returns the project with its apps and the admin.
func Project(s framework.Settings, db *orm.DB) *framework.Project {
	s.Routes = func(r *web.Router) {
		r.Include("/accounts/", "auth")
		r.Include("/admin/", "admin")
	}
	return framework.New(s,
		auth.New[User](db),
		Accounts{},
		admin.New(db, admin.Config{Title: "Backstage", Accent: admin.Plum}),
		App{},
	)
}

var _ admin.ModelsApp = App{}
