package auth

import (
	"context"
	"fmt"
	"io/fs"
	"net/http"
	"reflect"
	"sync"
	"time"

	"github.com/quintetgo/quintet/auth/migrations"
	"github.com/quintetgo/quintet/framework"
	"github.com/quintetgo/quintet/framework/check"
	"github.com/quintetgo/quintet/framework/sessions"
	"github.com/quintetgo/quintet/framework/web"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/migrate"
)

// App is auth as an app of a project. U is the project's user model, a struct that embeds [Base]. Create it with [New] or
// [NewWithConfig]; it must not be copied. It is safe for concurrent use.
type App[U any] struct {
	db     *orm.DB
	config Config
	once   sync.Once
	made   *core
}

// Config configures an [App]. The zero value is a good default.
type Config struct {
	// LoginURL is where visitors are sent to log in. Default: the route "auth:login", or
	// /accounts/login/ if the project does not include the app's routes.
	LoginURL string
	// AfterLogin and AfterLogout are where the visitor goes next: a path or the name of a route.
	// Default: "/".
	AfterLogin, AfterLogout string
	// Throttle limits how often passwords may be tried.
	Throttle Throttle
}

// New returns the app for the user model U, whose users, groups, permissions and sessions are stored in db. A nil db is for
// ormtest.Open only, which needs no more than the app's models.
func New[U any](db *orm.DB) *App[U] { return NewWithConfig[U](db, Config{}) }

// NewWithConfig is [New] with another configuration than the default.
func NewWithConfig[U any](db *orm.DB, c Config) *App[U] { return &App[U]{db: db, config: c} }

// Name returns "auth".
func (a *App[U]) Name() string { return "auth" }

// Models returns groups, permissions, sessions and counters. The user model belongs to the project's own app.
func (a *App[U]) Models() []any { return []any{&Group{}, &Permission{}, &Session{}, &Counter{}} }

// Migrations returns the migrations of these models.
func (a *App[U]) Migrations() []migrate.Migration { return migrations.All }

// SetupModels makes "auth.User" another name of the project's user model, and keeps a user name from
// being the address of another user.
func (a *App[U]) SetupModels(db *orm.DB) error {
	model, err := orm.ModelFor[U](db)
	if err != nil {
		return err
	}
	model.Cleaners = append(model.Cleaners, func(ctx context.Context, obj any) error { return distinctLogin[U](ctx, db, obj) })
	return db.Alias("auth.User", model.String())
}

// Setup takes over the project's key and log.
func (a *App[U]) Setup(p *framework.Project) error {
	c := a.core()
	c.sign, c.logger, c.project = p.Signer(), p.Logger(), p
	return nil
}

// Middleware gives each request its visitor.
func (a *App[U]) Middleware() []web.Middleware { return []web.Middleware{a.core().middleware} }

// Context returns the values that templates have: user and perms.
func (a *App[U]) Context() map[string]web.ContextFunc {
	return map[string]web.ContextFunc{
		"user":  func(r *http.Request) any { return User(r) },
		"perms": func(r *http.Request) any { return PermsFor(r) },
	}
}

// SessionStore keeps sessions in the database.
func (a *App[U]) SessionStore() sessions.Store {
	if a.db == nil {
		return sessions.NewMemoryStore() // Checks reports it
	}
	return NewSessionStore(a.db)
}

// OptionalInterfaces names what other apps may have for this one.
func (a *App[U]) OptionalInterfaces() map[string]reflect.Type {
	return map[string]reflect.Type{"Permissions": reflect.TypeFor[PermissionsApp]()}
}

// Assets returns the templates of the pages and their styles. A project overrides a page with a template of the same path.
func (a *App[U]) Assets() fs.FS { return files }

// Authenticate returns the user with that name or address and password, or [ErrCredentials]; see
// the function of that name, which serves views.
func (a *App[U]) Authenticate(ctx context.Context, name, plain string) (*U, error) {
	user, err := a.core().authenticate(ctx, name, plain)
	if err != nil {
		return nil, err
	}
	return user.(any).(*U), nil
}

// core returns the part that does not depend on the user model.
func (a *App[U]) core() *core {
	a.once.Do(func() {
		a.made = &core{
			db: a.db, now: time.Now, logger: defaultLogger(), sign: randomSigner(),
			login: a.config.LoginURL, afterLogin: a.config.AfterLogin, afterLogout: a.config.AfterLogout,
			throttle: newThrottle(a.config.Throttle, a.db, time.Now),
			newUser:  func() any { return new(U) },
			find: func(ctx context.Context, lookup string, value any) (any, error) {
				user, err := orm.Objects[U](a.db).Where(lookup, value).First(ctx)
				if user == nil || err != nil {
					return nil, err
				}
				return user, nil
			},
		}
	})
	return a.made
}

var (
	_ framework.RoutesApp     = (*App[struct{ Base }])(nil)
	_ framework.AssetsApp     = (*App[struct{ Base }])(nil)
	_ framework.CommandsApp   = (*App[struct{ Base }])(nil)
	_ framework.ChecksApp     = (*App[struct{ Base }])(nil)
	_ framework.SetupApp      = (*App[struct{ Base }])(nil)
	_ framework.MiddlewareApp = (*App[struct{ Base }])(nil)
	_ framework.ContextApp    = (*App[struct{ Base }])(nil)
	_ framework.StartApp      = (*App[struct{ Base }])(nil)
	_ framework.StopApp       = (*App[struct{ Base }])(nil)
	_ framework.InterfacesApp = (*App[struct{ Base }])(nil)
	_ framework.SessionsApp   = (*App[struct{ Base }])(nil)
	_ orm.ModelsApp           = (*App[struct{ Base }])(nil)
	_ migrate.MigrationsApp   = (*App[struct{ Base }])(nil)
	_ migrate.PostMigrateApp  = (*App[struct{ Base }])(nil)
)

// Checks reports a user model that auth cannot work with.
func (a *App[U]) Checks(context.Context) []check.Problem {
	name := reflect.TypeFor[U]().String()
	bad := func(id, message, hint string) []check.Problem {
		return []check.Problem{{ID: id, Level: check.Error, Place: "auth.App[" + name + "]", Message: message, Hint: hint}}
	}
	if a.db == nil {
		return bad("auth.E001", "the database is nil", "Write auth.New["+name+"](db).")
	}
	if _, ok := any(new(U)).(Identity); !ok {
		return bad("auth.E002", name+" is not a user model: it does not embed auth.Base", "Begin the struct with the line auth.Base.")
	}
	model, err := orm.ModelFor[U](a.db)
	if err != nil {
		return bad("auth.E003", name+" is not a registered model", "List &"+name+"{} in the Models method of its app, and give that app to framework.New.")
	}
	var problems []check.Problem
	for _, column := range []string{"username", "email"} {
		if field, err := model.Field(column); err != nil || !field.Unique {
			problems = append(problems, bad("auth.E004", fmt.Sprintf("%s.%s is not unique", model, column), "Leave the fields of auth.Base as they are: logging in rests on them.")...)
		}
	}
	return problems
}
