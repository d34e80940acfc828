package admin_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/auth"
	"github.com/quintetgo/quintet/auth/authtest"
	"github.com/quintetgo/quintet/auth/password"
	"github.com/quintetgo/quintet/framework/webtest"
)

func TestOwnPasswordRequiresCurrentPassword(t *testing.T) {
	t.Parallel()
	pages := map[string]func(pk int64) (path string, names []string){
		"own page": func(int64) (string, []string) {
			return "/admin/password/", []string{"old_password", "password1", "password2"}
		},
		"page of users": func(pk int64) (string, []string) {
			return fmt.Sprintf("/admin/accounts/user/%d/password/", pk), []string{"old_password", "password1", "password2"}
		},
		"page of the key": func(pk int64) (string, []string) {
			return fmt.Sprintf("/admin/accounts/user/0%d/password/", pk), []string{"old_password", "password1", "password2"}
		},
		"public page": func(int64) (string, []string) {
			return "/accounts/password/change/", []string{"old_password", "new_password1", "new_password2"}
		},
	}
	for name, page := range pages {
		for _, super := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s, superuser %v", name, super), func(t *testing.T) {
				t.Parallel()
				b := setup(t)
				user := b.root
				if !super {
					user = b.staffWith(t, "clerk", accountPermissions()...)
				}
				path, names := page(user.ID)
				stolen, other := b.as(t, user), b.as(t, user)
				send := func(old string) *webtest.Response {
					values := url.Values{names[1]: {phrase}, names[2]: {phrase}}
					if old != "" {
						values.Set(names[0], old)
					}
					stolen.Get(path)
					return stolen.Post(path, values)
				}
				before := accountsState(t, b)
				for _, old := range []string{"", "wrong", strings.ToUpper(authtest.Password), phrase} {
					if response := send(old); response.Status >= 500 || accountsState(t, b) != before {
						t.Fatalf("with %q as the current password: status %d, changed: %v", old, response.Status, accountsState(t, b) != before)
					}
				}
				if name == "page of the key" {
					return // the key may be refused
				}
				send(authtest.Password)
				if accountsState(t, b) == before {
					t.Fatal("the correct password is refused")
				}
				stolen.Get("/admin/").WantStatus(t, http.StatusOK)
				other.Get("/admin/").WantStatus(t, http.StatusFound)
			})
		}
	}
}

// Names that are invisible or change the direction of text are handled on the pages of passwords too.
func TestPasswordPagesOfInvisibleNames(t *testing.T) {
	t.Parallel()
	b := setup(t)
	client := b.as(t, b.root)
	for i, name := range []string{"", "\u200b", "\u2060", "\u202egnp.exe", "a\x00b"} {
		user := &User{Base: auth.Base{Username: fmt.Sprint(i), Email: fmt.Sprint(i), IsActive: true}}
		if err := b.db.SkipValidation().Create(t.Context(), user); err != nil {
			t.Fatal(err)
		}
		b.overwrite(t, "accounts_user", "username", "id", user.ID, name)
		path := fmt.Sprintf("/admin/accounts/user/%d/password/", user.ID)
		page := client.Get(path).WantStatus(t, http.StatusOK)
		title := between(page.Body, "<title>", "</title>")
		if strings.ContainsAny(page.Body, "\x00") || strings.Contains(title, "\u202e") || strings.Contains(title, "for  ") || strings.Contains(title, "for ·") {
			t.Errorf("%q: title %q", name, title)
		}
		if i < 3 && !strings.Contains(title, fmt.Sprint("User ", user.ID)) {
			t.Errorf("%q: title %q has no name", name, title)
		}
	}
}

func TestPasswordRulesOnAllPages(t *testing.T) {
	t.Parallel()
	b := setup(t)
	other := authtest.Create(t, b.db, &User{Base: auth.Base{Username: "benjamin"}})
	client := b.as(t, b.root)
	pages := []string{"/admin/password/", "/admin/accounts/user/add/", fmt.Sprintf("/admin/accounts/user/%d/password/", b.root.ID), fmt.Sprintf("/admin/accounts/user/%d/password/", other.ID)}
	for _, path := range pages {
		client.Get(path).WantContains(t, password.Help)
		for _, bad := range []string{"short", "password123", "1234567890123", strings.Repeat("x", 1025), ""} {
			before := accountsState(t, b)
			client.Post(path, url.Values{"old_password": {authtest.Password}, "username": {"carla"}, "email": {"carla@example.com"}, "password1": {bad}, "password2": {bad}}).WantStatus(t, http.StatusOK)
			if accountsState(t, b) != before {
				t.Fatalf("%s accepts %.20q", path, bad)
			}
		}
	}
}

const phrase = "seven quiet harbors"

func TestSetPassword(t *testing.T) {
	t.Parallel()
	b := setup(t)
	other := authtest.Create(t, b.db, &User{Base: auth.Base{Username: "other", IsStaff: true}})
	theirs, client := b.as(t, other), b.as(t, b.root)
	target := fmt.Sprintf("/admin/accounts/user/%d/", other.ID)
	client.Get(target+"change/").WantContains(t, `href="../password/"`).WantNotContains(t, "argon2id")
	client.Post(target+"password/", url.Values{"password1": {"other"}, "password2": {"other"}}).WantStatus(t, http.StatusOK).WantContains(t, `id="id_password1_error"`)
	client.Post(target+"password/", url.Values{"password1": {phrase}, "password2": {phrase}}).WantRedirect(t, target+"change/")
	client.Get(target+"history/").WantContains(t, "A new password was set.").WantNotContains(t, "argon2id")
	theirs.Get("/admin/").WantRedirect(t, "/admin/login/?next=%2Fadmin%2F")
	theirs.Get("/admin/login/")
	theirs.Post("/admin/login/", url.Values{"username": {"other"}, "password": {phrase}}).WantRedirect(t, "/admin/")
}

func TestOwnPassword(t *testing.T) {
	t.Parallel()
	b := setup(t)
	client := b.as(t, b.root)
	client.Get("/admin/password/").WantContains(t, `name="old_password"`)
	form := url.Values{"old_password": {"wrong"}, "password1": {phrase}, "password2": {phrase}}
	client.Post("/admin/password/", form).WantContains(t, "This is not your current password.")
	form.Set("old_password", authtest.Password)
	client.Post("/admin/password/", form).WantRedirect(t, "/admin/")
	client.Get("/admin/").WantStatus(t, http.StatusOK).WantContains(t, "Your password was changed.")
	fresh := webtest.New(t, b.project)
	fresh.Get("/admin/login/")
	fresh.Post("/admin/login/", url.Values{"username": {"root"}, "password": {phrase}}).WantRedirect(t, "/admin/")
}
