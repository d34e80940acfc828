package auth_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/quintetgo/quintet/auth"
	"github.com/quintetgo/quintet/framework"
	"github.com/quintetgo/quintet/framework/web"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/migrate"
	"github.com/quintetgo/quintet/orm/sqlite"
)

// exampleSite is a project with users, one of whom is ada.
type exampleSite struct {
	project *framework.Project
	users   *auth.App[User]
	db      *orm.DB
	close   func()
}

// newExampleSite returns a project with the given routes.
func newExampleSite(config auth.Config, routes func(r *web.Router)) exampleSite {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "auth")
	if err != nil {
		log.Fatal(err)
	}
	db := orm.MustOpen("sqlite:///"+filepath.Join(dir, "db.sqlite3"), sqlite.Driver)
	users := auth.NewWithConfig[User](db, config)
	s := framework.Settings{SecretKey: "secret", Debug: true, AllowedHosts: []string{"example.com"}, Logger: slog.New(slog.DiscardHandler), Routes: routes}
	p := framework.New(s, migrate.New(db), users, accounts{})
	if err := errors.Join(p.Err(), migrate.Up(ctx, db, migrate.New(db), users, accounts{})); err != nil {
		log.Fatal(err)
	}
	ada := &User{Base: auth.Base{Username: "ada", Email: "ada@example.com", IsActive: true}}
	if err := errors.Join(ada.SetPassword(ctx, "analytical engine"), db.Create(ctx, ada)); err != nil {
		log.Fatal(err)
	}
	return exampleSite{p, users, db, func() { _ = db.Close(); _ = os.RemoveAll(dir) }}
}

// do sends a request to the site and returns the response.
func (s exampleSite) do(r *http.Request) *http.Response {
	recorder := httptest.NewRecorder()
	s.project.Handler().ServeHTTP(recorder, r)
	return recorder.Result()
}

// postForm returns the request of a browser that submits a form of the site.
func postForm(path string, values url.Values) *http.Request {
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(values.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return r
}

// A login view of your own: TryLogin checks the password and counts failures, Login begins the session.
func ExampleLogin() {
	site := newExampleSite(auth.Config{}, func(r *web.Router) {
		r.Post("/login/", func(w http.ResponseWriter, r *http.Request) error {
			user, err := auth.TryLogin(r, r.PostFormValue("name"), r.PostFormValue("password"))
			if errors.Is(err, auth.ErrCredentials) {
				return web.Forbidden("The name or password is not correct.")
			}
			if err != nil {
				return err
			}
			if err := auth.Login(r, user); err != nil {
				return err
			}
			return web.Text(w, "Hello "+auth.User(r).String())
		})
	})
	defer site.close()

	for _, password := range []string{"difference engine", "analytical engine"} {
		response := site.do(postForm("/login/", url.Values{"name": {"Ada@Example.com"}, "password": {password}}))
		fmt.Println(response.StatusCode, len(response.Cookies()) > 0)
	}
	// Output:
	// 403 false
	// 200 true
}

// Middleware protects routes: visitors are redirected to the login page.
func ExampleLoginRequired() {
	site := newExampleSite(auth.Config{LoginURL: "/login/"}, func(r *web.Router) {
		r.With(auth.LoginRequired).Get("/me/", func(w http.ResponseWriter, r *http.Request) error {
			return web.Text(w, auth.User(r).String())
		})
	})
	defer site.close()

	response := site.do(httptest.NewRequest(http.MethodGet, "/me/", nil))
	fmt.Println(response.StatusCode, response.Header.Get("Location"))

	r := httptest.NewRequest(http.MethodGet, "/me/", nil)
	r.Header.Set("Accept", "application/json")
	fmt.Println(site.do(r).StatusCode)
	// Output:
	// 302 /login/?next=%2Fme%2F
	// 401
}

// Permissions are checked by middleware, in views and in templates.
func ExamplePermissionRequired() {
	site := newExampleSite(auth.Config{}, func(r *web.Router) {
		r.With(auth.PermissionRequired("accounts.view_user")).Get("/users/", func(w http.ResponseWriter, r *http.Request) error {
			return web.Text(w, fmt.Sprintf("may delete: %t", auth.HasPerm(r, "accounts.delete_user")))
		})
	})
	defer site.close()
	ctx := context.Background()
	ada, err := site.users.Authenticate(ctx, "ada", "analytical engine")
	if err != nil {
		log.Fatal(err)
	}
	visit := func() { // as ada, without a password
		r := httptest.NewRequest(http.MethodGet, "/users/", nil)
		recorder := httptest.NewRecorder()
		site.project.Handler().ServeHTTP(recorder, r.WithContext(auth.ForceLogin(ctx, ada)))
		fmt.Println(recorder.Code)
	}
	visit()
	view, err := orm.From(site.db, auth.Permissions).Filter(auth.Permissions.Codename.Eq("view_user")).Get(ctx)
	if err != nil {
		log.Fatal(err)
	}
	if err := site.db.Related(ada, "permissions").Add(ctx, view); err != nil {
		log.Fatal(err)
	}
	visit()
	// Output:
	// 403
	// 200
}

func ExamplePerms() {
	perms := auth.PermsOf("blog.add_post", "blog.change_post")
	fmt.Println(perms.Has("blog.add_post"), perms.HasAny("blog.delete_post", "shop.refund"), perms.HasApp("blog"))
	fmt.Println(auth.AllPerms().Covers(perms), perms.Covers(auth.AllPerms()))
	fmt.Println(auth.PermName("delete", "blog.Post"))
	// Output:
	// true false true
	// true false
	// blog.delete_post
}

// After too many failed logins, the response has the status 429, also for the correct password.
func ExampleThrottle() {
	site := newExampleSite(auth.Config{Throttle: auth.Throttle{PerAccount: 2}}, func(r *web.Router) {
		r.Post("/login/", func(w http.ResponseWriter, r *http.Request) error {
			_, err := auth.TryLogin(r, "ada", r.PostFormValue("password"))
			if status, m := auth.Refused(w, err); status != 0 {
				return &web.Error{Status: status, Message: m, Err: err}
			}
			if errors.Is(err, auth.ErrCredentials) {
				return web.Forbidden("The password is not correct.")
			}
			return err
		})
	})
	defer site.close()

	for _, password := range []string{"wrong", "wrong", "analytical engine"} {
		r := postForm("/login/", url.Values{"password": {password}})
		r.RemoteAddr = "203.0.113.7:4711"
		r.Header.Set("Accept", "application/json")
		response := site.do(r)
		fmt.Println(response.StatusCode, response.Header.Get("Retry-After") != "")
	}
	// Output:
	// 403 false
	// 403 false
	// 429 true
}

// Names are compared in a normalized form.
func ExampleNormalize() {
	fmt.Println(auth.Normalize(" STRASSE "), auth.Normalize("straße"))
	fmt.Println(auth.NormalizeEmail("Ada@Example.COM"))
	// Output:
	// strasse strasse
	// ada@example.com
}
