package auth_test

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/quintetgo/quintet/auth"
	"github.com/quintetgo/quintet/auth/authtest"
	"github.com/quintetgo/quintet/framework/webtest"
	"github.com/quintetgo/quintet/orm"
)

// A password that is set while another request works with the old one stays: the owner has locked somebody out by it.
func TestConcurrentPasswordChange(t *testing.T) {
	t.Parallel()
	const newest, wanted = "a long walk in the rain", "a short walk in the sun"
	requests := map[string]func(t *testing.T, f *fixture) func() *webtest.Response{
		"a login that renews the hash": func(_ *testing.T, f *fixture) func() *webtest.Response {
			f.client.Get("/accounts/login/")
			return func() *webtest.Response {
				return f.client.Post("/accounts/login/", credentials("ada", authtest.Password))
			}
		},
		"the page for a new password": func(t *testing.T, f *fixture) func() *webtest.Response {
			authtest.Login(t, f.client, f.ada)
			f.client.Get("/accounts/password/change/").WantStatus(t, http.StatusOK)
			return func() *webtest.Response {
				return f.client.Post("/accounts/password/change/", url.Values{"old_password": {authtest.Password}, "new_password1": {wanted}, "new_password2": {wanted}})
			}
		},
	}
	for name, prepare := range requests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := setup(t)
			send := prepare(t, f)
			owner := &User{}
			owner.ID = f.ada.ID
			if err := f.db.Refresh(t.Context(), owner); err != nil {
				t.Fatal(err)
			}
			if err := owner.SetPassword(t.Context(), newest); err != nil {
				t.Fatal(err)
			}
			var once sync.Once
			stop := f.db.Observe(func(s orm.Statement) {
				if strings.Contains(s.SQL, `FROM "accounts_user"`) {
					once.Do(func() {
						if err := f.db.SaveFields(t.Context(), owner, "password"); err != nil {
							t.Error(err)
						}
					})
				}
			})
			send()
			stop()
			if _, err := f.app.Authenticate(t.Context(), "ada", newest); err != nil {
				t.Errorf("the newest password: %v", err)
			}
			for _, old := range []string{authtest.Password, wanted} {
				if _, err := f.app.Authenticate(t.Context(), "ada", old); !errors.Is(err, auth.ErrCredentials) {
					t.Errorf("%q works: %v", old, err)
				}
			}
			if page := f.client.Get("/"); !strings.Contains(page.Body, "Anonymous") {
				t.Errorf("the session lives on: %s", page.Body)
			}
		})
	}
}
