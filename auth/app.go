package auth

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"net/http"
	"reflect"

	"github.com/quintetgo/quintet/auth/migrations"
	"github.com/quintetgo/quintet/framework"
	"github.com/quintetgo/quintet/framework/check"
	"github.com/quintetgo/quintet/framework/command"
	"github.com/quintetgo/quintet/framework/sessions"
	"github.com/quintetgo/quintet/framework/web"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/migrate"
)

//go:embed all:templates all:static
var files embed.FS

// App is the authentication app of a project: it registers models, pages, commands and middleware. U is the project's
// user model, a struct that embeds [Base]. Create an App with [New] or [NewWithConfig]; it must not be copied. After
// framework.New it is safe for concurrent use.
type App[U any] struct{ service *service }

// Config configures an [App]. The zero value is a good default.
type Config struct {
	// LoginURL is the address or route name of the login page. Default: the route "auth:login", or /accounts/login/ if the
	// project does not include the app's routes.
	LoginURL string
	// AfterLogin is the path or route name to which a visitor is redirected after a login without a next parameter, and
	// after a change of password. Default: "/".
	AfterLogin string
	// AfterLogout is the path or route name to which a visitor is redirected after a logout. Default: "/".
	AfterLogout string
	// Throttle limits the number of failed logins. Default: the defaults of its fields.
	Throttle Throttle
}

// New returns the app for the user model U, whose users, groups, permissions and sessions are stored in db. A nil db is for
// ormtest.Open only, which needs no more than the app's models; otherwise it is the check auth.E001.
func New[U any](db *orm.DB) *App[U] { return NewWithConfig[U](db, Config{}) }

// NewWithConfig is [New] with another configuration than the default.
func NewWithConfig[U any](db *orm.DB, c Config) *App[U] { return &App[U]{service: newService(db, c)} }

// Name returns "auth".
func (a *App[U]) Name() string { return "auth" }

// Models returns groups, permissions, sessions and counters. The user model belongs to the project's own app.
func (a *App[U]) Models() []any { return []any{&Group{}, &Permission{}, &Session{}, &Counter{}} }

// Migrations returns the migrations of these models.
func (a *App[U]) Migrations() []migrate.Migration { return migrations.All }

// SetupModels makes "auth.User" another name of the project's user model, and validates that a user name is not the email
// address of another user, and conversely. The error is that of a user model that is not registered.
func (a *App[U]) SetupModels(db *orm.DB) error {
	model, err := orm.ModelFor[U](db)
	if err != nil {
		return err
	}
	model.Cleaners = append(model.Cleaners, func(ctx context.Context, obj any) error { return validateLogin(ctx, db, obj) })
	return db.Alias(userModel, model.String())
}

// Setup takes the project's signing key and logger.
func (a *App[U]) Setup(p *framework.Project) error {
	a.service.sign, a.service.logger, a.service.project = p.Signer(), p.Logger(), p
	return nil
}

// Middleware returns the middleware that attaches the visitor to each request, and that for the time zones of users who have
// one.
func (a *App[U]) Middleware() []web.Middleware {
	chain := []web.Middleware{a.service.middleware}
	if reflect.TypeFor[*U]().Implements(reflect.TypeFor[TimeZonePreferrer]()) {
		chain = append(chain, a.service.zoned)
	}
	return chain
}

// Routes adds the pages login, logout, password_change and setup, which creates the first superuser.
func (a *App[U]) Routes(r *web.Router) {
	r.Form("/login/", func(w http.ResponseWriter, r *http.Request) error { return ServeLogin(w, r, LoginPage{}) }).Name("login")
	r.Post("/logout/", a.service.logout).Name("logout")
	r.With(LoginRequired).Form("/password/change/", a.service.passwordChange).Name("password_change")
	r.Form("/setup/{token}/", a.service.setup).Name("setup")
}

// Commands returns createsuperuser, changepassword and clearsessions.
func (a *App[U]) Commands() []command.Command {
	return []command.Command{a.service.createSuperuser(), a.service.changePasswordCommand(), a.service.clearSessions()}
}

// Context returns the values that every template has: user, an [Identity], and perms, a [Perms].
func (a *App[U]) Context() map[string]web.ContextFunc {
	return map[string]web.ContextFunc{
		"user":  func(r *http.Request) any { return User(r) },
		"perms": func(r *http.Request) any { return PermsFor(r) },
	}
}

// SessionStore returns the store that keeps sessions in the database.
func (a *App[U]) SessionStore() sessions.Store {
	if a.service.db == nil {
		return sessions.NewMemoryStore() // Checks reports it
	}
	return NewSessionStore(a.service.db)
}

// OptionalInterfaces returns the methods that other apps may have for this one.
func (a *App[U]) OptionalInterfaces() map[string]reflect.Type {
	return map[string]reflect.Type{"Permissions": reflect.TypeFor[PermissionsApp]()}
}

// Assets returns the templates of the pages and their styles. A project overrides a page with a template of the same path.
func (a *App[U]) Assets() fs.FS { return files }

// PostMigrate creates missing permissions and updates the names of others. Permissions of models that no longer exist are
// kept, because groups may still have them.
func (a *App[U]) PostMigrate(ctx context.Context) error { return a.service.createPermissions(ctx) }

// Start begins to delete expired sessions and counters: within the first minute, and then once an hour, until Stop.
func (a *App[U]) Start(context.Context) error { a.service.startSweeper(); return nil }

// Stop ends what Start began. A process that has not deleted expired rows yet does so now.
func (a *App[U]) Stop(ctx context.Context) error { a.service.stopSweeper(ctx); return nil }

// Authenticate returns the user with this name or email address and password, or [ErrCredentials]. It is the function
// [Authenticate] for code outside of a request, with the project's own type.
func (a *App[U]) Authenticate(ctx context.Context, name, plain string) (*U, error) {
	user, err := a.service.authenticate(ctx, name, plain)
	if err != nil {
		return nil, err
	}
	return user.(any).(*U), nil
}

// PermsOfUser returns the permissions of a user, for code outside of a request. See [PermsFor].
func (a *App[U]) PermsOfUser(ctx context.Context, user Identity) (Perms, error) {
	return a.service.perms(ctx, user)
}

// SetupURL returns the path of the page that creates the first superuser: a signed link that is valid for a day, and only if
// there has been no superuser since it was created. It returns false if there is a superuser, or if the project does not
// include the app's routes.
func (a *App[U]) SetupURL(ctx context.Context) (string, bool, error) { return a.service.setupURL(ctx) }

// Checks reports a user model that does not work with this package.
func (a *App[U]) Checks(context.Context) []check.Problem {
	name := reflect.TypeFor[U]().String()
	problem := func(id, message, hint string) check.Problem {
		return check.Problem{ID: id, Level: check.Error, Place: "auth.App[" + name + "]", Message: message, Hint: hint}
	}
	if a.service.db == nil {
		return []check.Problem{problem("auth.E001", "the database is nil", "Write auth.New["+name+"](db).")}
	}
	if _, ok := any(new(U)).(Identity); !ok {
		return []check.Problem{problem("auth.E002", name+" is not a user model: it does not embed auth.Base",
			"Begin the struct with the line auth.Base.")}
	}
	model, err := orm.ModelFor[U](a.service.db)
	if err != nil {
		return []check.Problem{problem("auth.E003", name+" is not a registered model",
			"List &"+name+"{} in the Models method of its app, and pass that app to framework.New.")}
	}
	var problems []check.Problem
	for _, column := range []string{"username", "email"} {
		if field, err := model.Field(column); err != nil || !field.Unique {
			problems = append(problems, problem("auth.E004", fmt.Sprintf("%s.%s is not unique", model, column),
				"Do not redefine the fields of auth.Base: a login identifies a user by them."))
		}
	}
	return problems
}

type anyApp = App[struct{ Base }]

var (
	_ framework.RoutesApp     = (*anyApp)(nil)
	_ framework.AssetsApp     = (*anyApp)(nil)
	_ framework.CommandsApp   = (*anyApp)(nil)
	_ framework.ChecksApp     = (*anyApp)(nil)
	_ framework.SetupApp      = (*anyApp)(nil)
	_ framework.MiddlewareApp = (*anyApp)(nil)
	_ framework.ContextApp    = (*anyApp)(nil)
	_ framework.StartApp      = (*anyApp)(nil)
	_ framework.StopApp       = (*anyApp)(nil)
	_ framework.InterfacesApp = (*anyApp)(nil)
	_ framework.SessionsApp   = (*anyApp)(nil)
	_ orm.ModelsApp           = (*anyApp)(nil)
	_ migrate.MigrationsApp   = (*anyApp)(nil)
	_ migrate.PostMigrateApp  = (*anyApp)(nil)
)
