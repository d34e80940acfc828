package auth_test

import (
	"log/slog"
	"net/http"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/quintetgo/quintet/auth"
	"github.com/quintetgo/quintet/auth/authtest"
	"github.com/quintetgo/quintet/framework"
	"github.com/quintetgo/quintet/framework/web"
	"github.com/quintetgo/quintet/framework/webtest"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/migrate"
	m "github.com/quintetgo/quintet/orm/migrate/operations"
	"github.com/quintetgo/quintet/orm/sqlite"
)

// Migrations makes accounts an app as it would be in a project.
func (accounts) Migrations() []m.Migration {
	return []m.Migration{{
		Name:    "0001_initial",
		Depends: []m.Dependency{m.On("auth", "0001_initial")},
		Operations: []m.Operation{m.CreateModel{Name: "User", Fields: []m.Field{
			m.BigAuto("id"),
			m.Char("username", 150).Unique(),
			m.Char("email", 254).Unique(),
			m.Char("name", 200),
			m.Char("password", 255),
			m.Bool("is_active"),
			m.Bool("is_staff"),
			m.Bool("is_superuser"),
			m.DateTime("last_login").Null(),
			m.DateTime("date_joined"),
			m.Char("phone", 40),
			m.ManyToMany("groups", "auth.Group").Table("auth_user_groups"),
			m.ManyToMany("permissions", "auth.Permission").Table("auth_user_permissions"),
		}}},
	}}
}

// shop has a permission of its own.
type shop struct{}

func (shop) Name() string { return "shop" }
func (shop) Permissions() []orm.Permission {
	return []orm.Permission{{Codename: "refund", Name: "Can refund"}}
}

func project(t *testing.T, include bool) (*framework.Project, *auth.App[User], *orm.DB) {
	t.Helper()
	db, err := orm.Open("sqlite:///"+filepath.Join(t.TempDir(), "db.sqlite3"), sqlite.Driver)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	users := auth.New[User](db)
	s := framework.Settings{Logger: slog.New(slog.DiscardHandler), SecretKey: "secret", Debug: true}
	s.Routes = func(r *web.Router) {
		if include {
			r.Include("/accounts/", users)
		}
		r.Get("/", func(w http.ResponseWriter, r *http.Request) error {
			return web.Text(w, auth.User(r).String())
		})
	}
	p := framework.New(s, migrate.New(db), users, accounts{}, shop{})
	if err := p.Err(); err != nil {
		t.Fatal(err)
	}
	if err := migrate.Up(t.Context(), db, migrate.New(db), users, accounts{}, shop{}); err != nil {
		t.Fatal(err)
	}
	return p, users, db
}

func TestMigrationsMatchModels(t *testing.T) {
	t.Parallel()
	p, _, db := project(t, true)
	for _, problem := range p.Check(t.Context()) {
		if problem.ID == "migrate.W001" || strings.HasPrefix(problem.ID, "orm.") || strings.HasPrefix(problem.ID, "auth.") {
			t.Errorf("%v", problem)
		}
	}
	n, err := orm.From(db, auth.Permissions).Filter(auth.Permissions.App.Eq("shop"), auth.Permissions.Codename.Eq("refund")).Count(t.Context())
	if err != nil || n != 1 {
		t.Errorf("the app's own permission was made %d times, %v", n, err)
	}
}

func TestSetupLink(t *testing.T) {
	t.Parallel()
	p, users, db := project(t, true)
	path, ok, err := users.SetupURL(t.Context())
	if err != nil || !ok || !strings.HasPrefix(path, "/accounts/setup/") {
		t.Fatalf("SetupURL = %q, %v, %v", path, ok, err)
	}
	client := webtest.New(t, p)
	client.Get(path).WantStatus(t, http.StatusOK).WantContains(t, "superuser", `name="username"`, `name="password2"`)
	for name, changed := range map[string]string{
		"another token": regexp.MustCompile(`/setup/.`).ReplaceAllString(path, "/setup/x"),
		"no signature":  path[:strings.LastIndex(path, ".")] + "/",
	} {
		if got := client.Get(changed).Status; got != http.StatusNotFound {
			t.Errorf("%s: status %d", name, got)
		}
	}
	client.Get(path)
	form := func(username, email, first, second string) url.Values {
		return url.Values{"username": {username}, "email": {email}, "password1": {first}, "password2": {second}}
	}
	for want, values := range map[string]url.Values{
		"required":     form("", "", "", ""),
		"not the same": form("grace", "grace@example.com", goodPassword, "x"),
		"too close":    form("seven-green", "grace@example.com", "seven-green-1", "seven-green-1"),
		"letters":      form("gr ace", "grace@example.com", goodPassword, goodPassword),
		"email":        form("grace", "nonsense", goodPassword, goodPassword),
	} {
		client.Post(path, values).WantStatus(t, http.StatusOK).WantContains(t, want).WantNotContains(t, goodPassword)
	}
	client.Post(path, form("Grace", "grace@example.com", goodPassword, goodPassword)).WantRedirect(t, "/")
	client.Get("/").WantContains(t, "grace")

	if _, ok, err := users.SetupURL(t.Context()); ok || err != nil {
		t.Errorf("there is still a link: %v", err)
	}
	other := webtest.New(t, p)
	other.Get(path).WantRedirect(t, "/accounts/login/")
	other.Get("/accounts/login/")
	other.Post(path, form("eve", "eve@example.com", goodPassword, goodPassword)).WantRedirect(t, "/accounts/login/")
	if n, err := orm.Objects[User](db).Count(t.Context()); err != nil || n != 1 {
		t.Errorf("%d users, %v", n, err)
	}
}

func TestParallelSetup(t *testing.T) {
	t.Parallel()
	p, users, db := project(t, true)
	path, _, err := users.SetupURL(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var wait sync.WaitGroup
	for _, name := range []string{"a1", "b2", "c3", "d4"} {
		wait.Go(func() {
			client := webtest.New(t, p)
			client.Get(path)
			client.Post(path, url.Values{"username": {name}, "email": {name + "@example.com"}, "password1": {goodPassword}, "password2": {goodPassword}})
		})
	}
	wait.Wait()
	if n, err := orm.Objects[User](db).Where("is_superuser", true).Count(t.Context()); err != nil || n != 1 {
		t.Errorf("%d superusers, %v", n, err)
	}
}

func TestNoSetupLinkWithoutRoutes(t *testing.T) {
	t.Parallel()
	_, users, _ := project(t, false)
	if path, ok, err := users.SetupURL(t.Context()); ok || err != nil {
		t.Errorf("SetupURL = %q, %v, %v", path, ok, err)
	}
}

func TestLogoutRequiresCSRFToken(t *testing.T) {
	t.Parallel()
	p, _, db := project(t, true)
	grace := &User{Base: auth.Base{Username: "grace", Email: "grace@example.com"}}
	if err := grace.SetPassword(t.Context(), goodPassword); err != nil {
		t.Fatal(err)
	}
	authtest.Create(t, db, grace)
	client := webtest.New(t, p)
	client.Get("/accounts/login/")
	client.Post("/accounts/login/", credentials("grace", goodPassword)).WantRedirect(t, "/")
	forged := client.Request(http.MethodPost, "/accounts/logout/", strings.NewReader(""))
	client.Do(forged).WantStatus(t, http.StatusForbidden)
	client.Get("/").WantContains(t, "grace")
}
