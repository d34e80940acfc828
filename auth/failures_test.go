package auth_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/quintetgo/quintet/auth"
	"github.com/quintetgo/quintet/auth/authtest"
	"github.com/quintetgo/quintet/framework"
	"github.com/quintetgo/quintet/framework/web"
	"github.com/quintetgo/quintet/framework/webtest"
	"github.com/quintetgo/quintet/orm"
)

// breakTable makes every statement on a table fail, and returns what mends it.
func breakTable(t *testing.T, db *orm.DB, table string) func() {
	t.Helper()
	rename := func(from, to string) {
		t.Helper()
		if _, err := db.Exec(t.Context(), fmt.Sprintf("ALTER TABLE %s RENAME TO %s", from, to)); err != nil {
			t.Fatal(err)
		}
	}
	rename(table, table+"_away")
	return func() { rename(table+"_away", table) }
}

func TestDatabaseErrorIsNotAnonymous(t *testing.T) {
	t.Parallel()
	for _, table := range []string{"auth_session", "accounts_user", "auth_user_permissions"} {
		t.Run(table, func(t *testing.T) {
			t.Parallel()
			f := setup(t)
			authtest.Grant(t, f.db, f.ada, "blog.change_post")
			authtest.Login(t, f.client, f.ada)
			f.client.Get("/edit/").WantStatus(t, http.StatusOK)
			f.client.Get("/accounts/password/change/")
			mend := breakTable(t, f.db, table)
			paths := []string{"/edit/"}
			if table != "auth_user_permissions" {
				paths = append(paths, "/", "/members/", "/staff/", "/accounts/login/", "/accounts/password/change/")
			}
			for _, path := range paths {
				if answer := f.client.Get(path); answer.Status != http.StatusServiceUnavailable || strings.Contains(answer.Body, "Anonymous") || len(answer.Header.Values("Set-Cookie")) > 0 {
					t.Errorf("GET %s: status %d, %v; want 503 and the cookies left alone", path, answer.Status, answer.Header.Values("Set-Cookie"))
				}
			}
			if table == "auth_session" {
				if answer := f.client.Post("/accounts/logout/", nil); answer.Status < 500 {
					t.Errorf("logout: status %d, though the session lives on", answer.Status)
				}
			}
			mend()
			f.client.Get("/edit/").WantStatus(t, http.StatusOK).WantContains(t, "ada")
		})
	}
}

func TestMalformedHashIsLogged(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	f := setup(t)
	db, users := f.db, auth.New[User](f.db)
	project := framework.New(framework.Settings{
		Logger: slog.New(slog.NewTextHandler(&log, nil)),
		Routes: func(r *web.Router) { r.Include("/accounts/", users) },
	}, users, accounts{})
	broken := authtest.Create(t, db, &User{Base: auth.Base{Username: "broken", Password: "pbkdf2_sha256$600000$salt$c2VjcmV0"}})
	client := webtest.New(t, project)
	client.Get("/accounts/login/")
	client.Post("/accounts/login/", credentials("broken", "x")).WantStatus(t, http.StatusOK).WantContains(t, "not correct")
	if text := log.String(); !strings.Contains(text, fmt.Sprintf("user_id=%d", broken.ID)) || !strings.Contains(text, "level=WARN") || strings.Contains(text, "pbkdf2") || strings.Contains(text, "c2VjcmV0") {
		t.Errorf("log: %s", text)
	}
}

func TestInactiveAccounts(t *testing.T) {
	t.Parallel()
	f := setup(t)
	f.ada.IsActive = false
	r := f.client.Request(http.MethodGet, "/", nil)
	if err := auth.Login(r, f.ada); err == nil {
		t.Error("logged in")
	}
}

func TestShortLivedWorkersDeleteExpiredRows(t *testing.T) {
	t.Parallel()
	f := setup(t)
	old := time.Now().Add(-time.Hour)
	for _, row := range []any{
		&auth.Session{ID: "old", Data: "{}", ExpiresAt: old}, &auth.Session{ID: "new", Data: "{}", ExpiresAt: time.Now().Add(time.Hour)},
		&auth.Counter{ID: "old", Count: 1, EndsAt: old}, &auth.Counter{ID: "new", Count: 1, EndsAt: time.Now().Add(time.Hour)},
	} {
		if err := f.db.Create(t.Context(), row); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.app.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := f.app.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	sessions, err := orm.Objects[auth.Session](f.db).PKs(t.Context())
	if err != nil || fmt.Sprint(sessions) != "[new]" {
		t.Errorf("sessions %v, %v", sessions, err)
	}
	counters, err := orm.Objects[auth.Counter](f.db).PKs(t.Context())
	if err != nil || fmt.Sprint(counters) != "[new]" {
		t.Errorf("counters %v, %v", counters, err)
	}
}

func TestLoginIdentifiesOneAccount(t *testing.T) {
	t.Parallel()
	f := setup(t)
	authtest.Create(t, f.db, &User{Base: auth.Base{Username: "straße", Email: "s@example.com"}})
	authtest.Create(t, f.db, &User{Base: auth.Base{Username: "ΣΑΣ", Email: "t@example.com"}})
	authtest.Create(t, f.db, &User{Base: auth.Base{Username: "site@example.com", Email: "else@example.com"}})
	for _, name := range []string{"STRASSE", "Straße", "σας", "ΣΑΣ", "Site@Example.com", "else@example.com"} {
		login(t, webtest.New(t, f.site), name)
	}
	for _, u := range []*User{
		{Base: auth.Base{Username: "STRASSE", Email: "1@example.com"}},
		{Base: auth.Base{Username: "σας", Email: "2@example.com"}},
		{Base: auth.Base{Username: "S@example.com", Email: "3@example.com"}},
		{Base: auth.Base{Username: "four", Email: "site@example.com"}},
		{Base: auth.Base{Username: "five", Email: "S@EXAMPLE.com"}},
	} {
		if err := f.db.Create(t.Context(), u); err == nil {
			t.Errorf("%q <%s> was stored beside the other", u.Username, u.Email)
		}
	}
	own := &User{Base: auth.Base{Username: "own@example.com", Email: "own@example.com"}}
	if err := f.db.Create(t.Context(), own); err != nil {
		t.Errorf("the own address as a name: %v", err)
	}
	// A program that skips validation can store what means two accounts. Both can log in, with their own passwords.
	double := &User{Base: auth.Base{Username: "t@example.com", Email: "6@example.com", IsActive: true}}
	if err := double.SetPassword(t.Context(), "another one entirely"); err != nil {
		t.Fatal(err)
	}
	if err := f.db.SkipValidation().Create(t.Context(), double); err != nil {
		t.Fatal(err)
	}
	for plain, want := range map[string]string{authtest.Password: auth.Normalize("ΣΑΣ"), "another one entirely": "t@example.com"} {
		user, err := f.app.Authenticate(t.Context(), "T@example.com", plain)
		if err != nil || user.Username != want {
			t.Errorf("%q: %v, %v; want %s", plain, user, err, want)
		}
	}
	if _, err := f.app.Authenticate(t.Context(), "t@example.com", "wrong"); err == nil {
		t.Error("a wrong password")
	}
}

func TestNameStoredBeforeCaseFolding(t *testing.T) {
	t.Parallel()
	f := setup(t)
	if _, err := f.db.Exec(t.Context(), "UPDATE accounts_user SET username = 'große' WHERE id = ?", f.ada.ID); err != nil {
		t.Fatal(err)
	}
	login(t, webtest.New(t, f.site), "GROßE")
}

func TestSetupLinkExpiresWithFirstSuperuser(t *testing.T) {
	t.Parallel()
	f := setup(t)
	users := auth.New[User](f.db)
	project := framework.New(framework.Settings{Routes: func(r *web.Router) { r.Include("/accounts/", users) }}, users, accounts{})
	address := func() string {
		t.Helper()
		path, ok, err := users.SetupURL(t.Context())
		if err != nil || !ok {
			t.Fatalf("no link: %v, %v", ok, err)
		}
		return path
	}
	first, second := address(), address()
	client := webtest.New(t, project)
	client.Get(first).WantStatus(t, http.StatusOK)
	form := url.Values{"username": {"grace"}, "email": {"grace@example.com"}, "password1": {"a long walk in the rain"}, "password2": {"a long walk in the rain"}}
	if answer := client.Post(first, form); answer.Status != http.StatusSeeOther {
		t.Fatalf("status %d: %s", answer.Status, answer.Body)
	}
	for name, empty := range map[string]string{"one": "DELETE FROM accounts_user WHERE is_superuser", "all": "DELETE FROM accounts_user"} {
		if _, err := f.db.Exec(t.Context(), empty); err != nil {
			t.Fatal(err)
		}
		for _, path := range []string{first, second} {
			stranger := webtest.New(t, project)
			stranger.Get("/accounts/login/")
			stranger.Get(path).WantStatus(t, http.StatusNotFound)
			stranger.Post(path, form).WantStatus(t, http.StatusNotFound)
		}
		if n, err := orm.Objects[User](f.db).Where("is_superuser", true).Count(t.Context()); n != 0 || err != nil {
			t.Errorf("%s: %d superusers, %v", name, n, err)
		}
	}
}
