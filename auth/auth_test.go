package auth_test

import (
	"io/fs"
	"log/slog"
	"net/http"
	"testing"
	"time"

	"github.com/quintetgo/quintet/auth"
	"github.com/quintetgo/quintet/auth/authtest"
	"github.com/quintetgo/quintet/framework/csrf"
	"github.com/quintetgo/quintet/framework/forms"
	"github.com/quintetgo/quintet/framework/messages"
	"github.com/quintetgo/quintet/framework/middleware"
	"github.com/quintetgo/quintet/framework/sessions"
	"github.com/quintetgo/quintet/framework/sessions/sessionstest"
	"github.com/quintetgo/quintet/framework/signing"
	"github.com/quintetgo/quintet/framework/staticfiles"
	"github.com/quintetgo/quintet/framework/web"
	"github.com/quintetgo/quintet/framework/webtest"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/ormtest"
	"github.com/quintetgo/quintet/templates"
)

// User is a project's user model.
type User struct {
	auth.Base
	Phone string `gorm:"size:40"`
}

func (u *User) Fields(f *orm.Fields) { orm.Describe(f, &u.Phone).Blank() }

// accounts is the app that owns it.
type accounts struct{}

func (accounts) Name() string  { return "accounts" }
func (accounts) Models() []any { return []any{&User{}} }

// fixture is a small site with auth and its own database.
type fixture struct {
	db     *orm.DB
	app    *auth.App[User]
	site   http.Handler
	ada    *User
	client *webtest.Client
}

func setup(t *testing.T, change ...func(*auth.Config)) *fixture {
	t.Helper()
	db := ormtest.Open(t, auth.New[User](nil), accounts{})
	var config auth.Config
	for _, fn := range change {
		fn(&config)
	}
	app := auth.NewWithConfig[User](db, config)
	f := &fixture{db: db, app: app}
	f.site = f.handler(t)
	f.client = webtest.New(t, f.site)
	f.ada = authtest.Create(t, db, &User{Base: auth.Base{Username: "ada", Name: "Ada"}})
	return f
}

// handler builds what framework.New would.
func (f *fixture) handler(t *testing.T) http.Handler {
	t.Helper()
	logger := slog.New(slog.DiscardHandler)
	router := web.NewRouter()
	router.Include("/accounts/", f.app)
	whoami := func(w http.ResponseWriter, r *http.Request) error {
		phone := ""
		if me, ok := auth.UserAs[User](r); ok {
			phone = me.Phone
		}
		return web.Text(w, auth.User(r).String()+phone)
	}
	router.Get("/", whoami)
	router.With(auth.LoginRequired).Get("/members/", whoami)
	router.With(auth.StaffRequired).Get("/staff/", whoami)
	router.With(auth.PermissionRequired("blog.change_post")).Get("/edit/", whoami)
	router.With(auth.LoginRequired).Post("/members/", whoami)
	static, err := staticfiles.New([]staticfiles.Source{{Name: "auth", FS: folder(t, f.app.Assets(), "static")}}, staticfiles.Options{})
	if err != nil {
		t.Fatal(err)
	}
	site := &web.Site{Router: router, Logger: logger, Static: static.URL, Context: map[string]web.ContextFunc{
		"csrf_field": func(r *http.Request) any { return csrf.Field(r) },
		"messages":   func(r *http.Request) any { return messages.Take(r) },
	}}
	for name, fn := range f.app.Context() {
		site.Context[name] = fn
	}
	site.Templates, err = templates.New(templates.Options{
		Sources: []templates.Source{{Name: "auth", FS: folder(t, f.app.Assets(), "templates")}, {Name: "forms", FS: forms.Templates()}}, Funcs: site.Funcs(),
	})
	if err != nil {
		t.Fatal(err)
	}
	chain, err := middleware.Default(middleware.Options{
		AllowedHosts: []string{"*"}, Logger: logger, Sessions: sessions.Options{Store: f.app.SessionStore(), Signer: signing.New("secret")},
	})
	if err != nil {
		t.Fatal(err)
	}
	site.Middleware = append(chain, f.app.Middleware()...)
	if err := router.Err(); err != nil {
		t.Fatal(err)
	}
	return site.Handler()
}

func TestSessionStore(t *testing.T) {
	t.Parallel()
	sessionstest.Run(t, func(t *testing.T) sessions.Store {
		return auth.NewSessionStore(ormtest.Open(t, auth.New[User](nil), accounts{}))
	})
}

func TestUsersAreUniqueCaseInsensitively(t *testing.T) {
	t.Parallel()
	f := setup(t)
	for _, u := range []*User{
		{Base: auth.Base{Username: "ADA", Email: "other@example.com"}},
		{Base: auth.Base{Username: "ａｄａ", Email: "other@example.com"}}, // full-width letters
		{Base: auth.Base{Username: "other", Email: "Ada@Example.com"}},
		{Base: auth.Base{Username: "other", Email: "not an address"}},
		{Base: auth.Base{Username: "ada@example.com", Email: "other@example.com"}},
		{Base: auth.Base{Username: "a da", Email: "other@example.com"}},
		{Base: auth.Base{Username: "", Email: "other@example.com"}},
	} {
		if err := f.db.Create(t.Context(), u); err == nil {
			t.Errorf("user %q <%s> was stored", u.Username, u.Email)
		}
	}
	grete := &User{Base: auth.Base{Username: " Größe.1 ", Email: "G@Example.com"}}
	if err := f.db.Create(t.Context(), grete); err != nil || grete.Username != "grösse.1" || grete.Email != "g@example.com" {
		t.Errorf("stored %q <%s>, %v", grete.Username, grete.Email, err)
	}
	if grete.DateJoined.IsZero() || time.Since(grete.DateJoined) > time.Hour {
		t.Errorf("joined %v", grete.DateJoined)
	}
}

func TestAnonymousVisitor(t *testing.T) {
	t.Parallel()
	f := setup(t)
	f.client.Get("/").WantStatus(t, http.StatusOK).WantContains(t, "Anonymous")
	r := f.client.Request(http.MethodGet, "/", nil)
	if who := auth.User(r); who.IsAuthenticated() || who.UserID() != 0 || who.Account().IsStaff {
		t.Errorf("without the middleware: %v", who)
	}
	if auth.HasPerm(r, "blog.view_post") {
		t.Error("without the middleware something is allowed")
	}
}

func folder(t *testing.T, assets fs.FS, name string) fs.FS {
	t.Helper()
	sub, err := fs.Sub(assets, name)
	if err != nil {
		t.Fatal(err)
	}
	return sub
}
