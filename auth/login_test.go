package auth_test

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/quintetgo/quintet/auth"
	"github.com/quintetgo/quintet/auth/authtest"
	"github.com/quintetgo/quintet/framework/webtest"
)

func credentials(username, password string) url.Values {
	return url.Values{"username": {username}, "password": {password}}
}

// login logs the client in by the form.
func login(t *testing.T, client *webtest.Client, username string) {
	t.Helper()
	client.Get("/accounts/login/").WantStatus(t, http.StatusOK)
	client.Post("/accounts/login/", credentials(username, authtest.Password)).WantRedirect(t, "/")
}

func TestLoginByNameOrAddress(t *testing.T) {
	t.Parallel()
	f := setup(t)
	for _, name := range []string{"ada", "ADA", " ada@example.com", "Ada@EXAMPLE.com"} {
		client := webtest.New(t, f.site)
		login(t, client, name)
		client.Get("/").WantContains(t, "ada")
	}
	var stored User
	stored.ID = f.ada.ID
	if err := f.db.Refresh(t.Context(), &stored); err != nil {
		t.Fatal(err)
	}
	if stored.LastLogin == nil || time.Since(*stored.LastLogin) > time.Hour {
		t.Errorf("last login %v", stored.LastLogin)
	}
	if !strings.Contains(stored.Password, "m=47104") {
		t.Errorf("the weak hash was not replaced: %s", stored.Password)
	}
}

func TestWrongCredentialsAreIndistinguishable(t *testing.T) {
	t.Parallel()
	f := setup(t)
	authtest.Create(t, f.db, &User{Base: auth.Base{Username: "gone"}})
	gone, err := f.app.Authenticate(t.Context(), "gone", authtest.Password)
	if err != nil {
		t.Fatal(err)
	}
	gone.IsActive = false
	if err := f.db.SaveFields(t.Context(), gone, "is_active"); err != nil {
		t.Fatal(err)
	}
	machine := &User{Base: auth.Base{Username: "machine"}}
	machine.SetUnusablePassword()
	authtest.Create(t, f.db, machine)
	broken := &User{Base: auth.Base{Username: "broken", Password: "$argon2id$what"}}
	authtest.Create(t, f.db, broken)

	var first string
	for _, c := range [][2]string{
		{"ada", "wrong"},
		{"nobody", authtest.Password},
		{"gone", authtest.Password},
		{"machine", machine.Password},
		{"broken", "x"},
		{"", ""},
		{"' OR 1=1 --", "x"},
		{strings.Repeat("x", 100_000), "x"},
		{"ada", strings.Repeat("x", 5000)},
	} {
		client := webtest.New(t, f.site)
		client.Get("/accounts/login/")
		answer := client.Post("/accounts/login/", credentials(c[0], c[1])).WantStatus(t, http.StatusOK).WantContains(t, "not correct")
		if len(c[1]) > 10 {
			answer.WantNotContains(t, c[1])
		}
		body := strings.ReplaceAll(answer.Body, `value="`+c[0]+`"`, `value=""`)
		if at := strings.Index(body, "csrf_token"); at > 0 {
			body = body[:at] + body[at+120:]
		}
		if at := strings.Index(body, `name="username"`); at > 0 {
			body = body[:at]
		}
		if first == "" {
			first = body
		}
		if body != first {
			t.Errorf("%.20q gets another page:\n%s\nwant\n%s", c[0], body, first)
		}
		client.Get("/").WantContains(t, "Anonymous")
	}
}

func TestLoginRedirectsToOwnPagesOnly(t *testing.T) {
	t.Parallel()
	f := setup(t)
	for next, want := range map[string]string{
		"/members/?a=b": "/members/?a=b", "": "/", "https://evil.example/": "/", "//evil.example/": "/",
		`/\evil.example`: "/", "javascript:alert(1)": "/", "/\tx": "/", "http://evil.example@example.com/": "/",
	} {
		client := webtest.New(t, f.site)
		client.Get("/accounts/login/?next="+url.QueryEscape(next)).WantNotContains(t, "evil")
		values := credentials("ada", authtest.Password)
		values.Set("next", next)
		client.Post("/accounts/login/", values).WantRedirect(t, want)
		client.Get("/accounts/login/?next="+url.QueryEscape(next)).WantRedirect(t, want)
	}
}

func TestLoginRotatesTokens(t *testing.T) {
	t.Parallel()
	f := setup(t)
	cookies := func() map[string]string {
		values := map[string]string{}
		for _, c := range f.client.Cookies("/") {
			values[c.Name] = c.Value
		}
		return values
	}
	f.client.Get("/accounts/login/")
	before := cookies()
	login(t, f.client, "ada")
	first := cookies()
	login2 := first["session"]
	if login2 == "" || before["csrf"] == "" || first["csrf"] == before["csrf"] {
		t.Fatalf("cookies before %v, after %v", before, first)
	}
	// Logging in again, as the same user, changes the token too.
	authtest.Login(t, f.client, f.ada)
	if cookies()["session"] == login2 {
		t.Error("the session's token stayed the same at login")
	}
	old := webtest.New(t, f.site)
	old.SetCookie(&http.Cookie{Name: "session", Value: login2})
	old.Get("/").WantContains(t, "Anonymous")
}

func TestLogout(t *testing.T) {
	t.Parallel()
	f := setup(t)
	login(t, f.client, "ada")
	var session string
	for _, c := range f.client.Cookies("/") {
		if c.Name == "session" {
			session = c.Value
		}
	}
	f.client.Get("/accounts/logout/").WantStatus(t, http.StatusMethodNotAllowed)
	f.client.Get("/").WantContains(t, "ada")
	f.client.Get("/accounts/password/change/").WantStatus(t, http.StatusOK) // for the token
	f.client.Post("/accounts/logout/", nil).WantRedirect(t, "/")
	f.client.Get("/").WantContains(t, "Anonymous")
	replay := webtest.New(t, f.site)
	replay.SetCookie(&http.Cookie{Name: "session", Value: session})
	replay.Get("/").WantContains(t, "Anonymous")
}

func TestSessionsEndWithTheAccount(t *testing.T) {
	t.Parallel()
	endings := map[string]func(t *testing.T, f *fixture, u *User){
		"disabled": func(t *testing.T, f *fixture, u *User) {
			u.IsActive = false
			if err := f.db.SaveFields(t.Context(), u, "is_active"); err != nil {
				t.Fatal(err)
			}
		},
		"deleted": func(t *testing.T, f *fixture, u *User) {
			if _, err := f.db.Delete(t.Context(), u); err != nil {
				t.Fatal(err)
			}
		},
		"another password": func(t *testing.T, f *fixture, u *User) {
			if err := u.SetPassword(t.Context(), "something else entirely"); err != nil {
				t.Fatal(err)
			}
			if err := f.db.SaveFields(t.Context(), u, "password"); err != nil {
				t.Fatal(err)
			}
		},
	}
	for name, end := range endings {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := setup(t)
			authtest.Login(t, f.client, f.ada)
			f.client.Get("/members/").WantStatus(t, http.StatusOK)
			end(t, f, f.ada)
			f.client.Get("/").WantContains(t, "Anonymous")
			f.client.Get("/members/").WantRedirect(t, "/accounts/login/?next=%2Fmembers%2F")
		})
	}
}

func TestGuards(t *testing.T) {
	t.Parallel()
	f := setup(t)
	staff := authtest.Create(t, f.db, &User{Base: auth.Base{Username: "staff", IsStaff: true}})
	editor := authtest.Create(t, f.db, &User{Base: auth.Base{Username: "editor"}})
	authtest.Grant(t, f.db, editor, "blog.change_post")
	root := authtest.Create(t, f.db, &User{Base: auth.Base{Username: "root", IsSuperuser: true}})
	for _, c := range []struct {
		user                 *User
		members, staff, edit int
	}{
		{nil, 302, 302, 302},
		{f.ada, 200, 403, 403},
		{staff, 200, 200, 403},
		{editor, 200, 403, 200},
		{root, 200, 403, 200},
	} {
		client := webtest.New(t, f.site)
		if c.user != nil {
			authtest.Login(t, client, c.user)
		}
		client.Get("/members/").WantStatus(t, c.members)
		client.Get("/staff/").WantStatus(t, c.staff)
		client.Get("/edit/").WantStatus(t, c.edit)
	}
	f.client.Get("/edit/?a=b").WantRedirect(t, "/accounts/login/?next=%2Fedit%2F%3Fa%3Db")
	f.client.Post("/members/", nil).WantRedirect(t, "/accounts/login/?next=%2Fmembers%2F")
	api := f.client.Request(http.MethodGet, "/edit/", nil)
	api.Header.Set("Accept", "application/json")
	f.client.Do(api).WantStatus(t, http.StatusUnauthorized)
}

func TestParallelTriesAreLimited(t *testing.T) {
	t.Parallel()
	f := setup(t, func(c *auth.Config) { c.Throttle = auth.Throttle{PerAccount: 3} })
	var tried, limited atomic.Int32
	var wait sync.WaitGroup
	for range 12 {
		wait.Go(func() {
			client := webtest.New(t, f.site)
			client.Get("/accounts/login/")
			answer := client.Post("/accounts/login/", credentials("ada", "wrong"))
			switch answer.Status {
			case http.StatusOK:
				tried.Add(1)
			case http.StatusTooManyRequests:
				limited.Add(1)
				if answer.Header.Get("Retry-After") == "" || !strings.Contains(answer.Body, "Please wait") {
					t.Errorf("no word on how long to wait: %v", answer.Header)
				}
			}
		})
	}
	wait.Wait()
	if tried.Load() != 3 || limited.Load() != 9 {
		t.Errorf("%d tries and %d refusals, want 3 and 9", tried.Load(), limited.Load())
	}
	// The right password does not help from here, another account is not concerned.
	client := webtest.New(t, f.site)
	client.Get("/accounts/login/")
	client.Post("/accounts/login/", credentials("ada", authtest.Password)).WantStatus(t, http.StatusTooManyRequests)
	authtest.Create(t, f.db, &User{Base: auth.Base{Username: "eve"}})
	login(t, webtest.New(t, f.site), "eve")
}

func TestSuccessfulLoginsAreNotCounted(t *testing.T) {
	t.Parallel()
	f := setup(t, func(c *auth.Config) { c.Throttle = auth.Throttle{PerAccount: 1} })
	for range 3 {
		login(t, webtest.New(t, f.site), "ada")
	}
}

func TestPasswordChange(t *testing.T) {
	t.Parallel()
	f := setup(t)
	other := webtest.New(t, f.site)
	authtest.Login(t, other, f.ada)
	authtest.Login(t, f.client, f.ada)
	const path, fresh = "/accounts/password/change/", "a long walk in the rain"
	send := func(old, first, second string) *webtest.Response {
		f.client.Get(path).WantStatus(t, http.StatusOK)
		return f.client.Post(path, url.Values{"old_password": {old}, "new_password1": {first}, "new_password2": {second}})
	}
	for _, c := range []struct{ old, first, second, want string }{
		{"wrong", fresh, fresh, "not your current password"},
		{authtest.Password, fresh, fresh + "x", "not the same"},
		{authtest.Password, "short", "short", "too short"},
		{authtest.Password, "password123", "password123", "most used"},
		{authtest.Password, "", "", "required"},
	} {
		send(c.old, c.first, c.second).WantStatus(t, http.StatusOK).WantContains(t, c.want).WantNotContains(t, fresh)
	}
	other.Get("/").WantContains(t, "ada")
	send(authtest.Password, fresh, fresh).WantRedirect(t, "/")
	f.client.Get("/").WantContains(t, "ada")
	other.Get("/").WantContains(t, "Anonymous")
	if _, err := f.app.Authenticate(t.Context(), "ada", fresh); err != nil {
		t.Errorf("the new password: %v", err)
	}
	if _, err := f.app.Authenticate(t.Context(), "ada", authtest.Password); !errors.Is(err, auth.ErrCredentials) {
		t.Errorf("the old password: %v", err)
	}
}

func TestPagesHaveNoInlineCodeAndAreNotCached(t *testing.T) {
	t.Parallel()
	f := setup(t)
	page := f.client.Get("/accounts/login/?next=/members/")
	page.WantHeader(t, "Cache-Control", "no-store").WantContains(t, `name="username"`, `name="password"`, `name="next" value="/members/"`, `lang="en"`)
	page.WantNotContains(t, "<script", "style=", "onclick")
}
