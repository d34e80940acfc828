package admin_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/quintetgo/quintet/auth"
	"github.com/quintetgo/quintet/auth/authtest"
	"github.com/quintetgo/quintet/framework/webtest"
	"github.com/quintetgo/quintet/orm"
)

// A password that is set while another request uses the old one is kept.
func TestConcurrentPasswordChange(t *testing.T) {
	t.Parallel()
	const newest = "a short walk in the sun"
	for name, path := range map[string]string{"own page": "/admin/password/", "page of users": "/admin/accounts/user/%d/password/"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			if strings.Contains(path, "%d") {
				path = fmt.Sprintf(path, b.root.ID)
			}
			client := b.as(t, b.root)
			client.Get(path).WantStatus(t, http.StatusOK)
			owner := &User{}
			owner.ID = b.root.ID
			if err := b.db.Refresh(t.Context(), owner); err != nil {
				t.Fatal(err)
			}
			if err := owner.SetPassword(t.Context(), newest); err != nil {
				t.Fatal(err)
			}
			var once sync.Once
			defer b.db.Observe(func(s orm.Statement) {
				if strings.Contains(s.SQL, `FROM "accounts_user"`) {
					once.Do(func() {
						if err := b.db.SaveFields(t.Context(), owner, "password"); err != nil {
							t.Error(err)
						}
					})
				}
			})()
			client.Post(path, url.Values{"old_password": {authtest.Password}, "password1": {phrase}, "password2": {phrase}}).
				WantStatus(t, http.StatusOK).WantContains(t, "changed by another request")
			if !strings.Contains(accountsState(t, b), owner.Password) {
				t.Error("the new password is gone")
			}
			client.Get("/admin/").WantRedirect(t, "/admin/login/?next=%2Fadmin%2F")
		})
	}
}

// A user who loses rights while a request waits for the database cannot grant them.
func TestRightsLostDuringRequest(t *testing.T) {
	t.Parallel()
	losses := map[string]func(u *User){
		"demoted":    func(u *User) { u.IsSuperuser = false },
		"no staff":   func(u *User) { u.IsStaff = false },
		"not active": func(u *User) { u.IsActive = false },
	}
	sends := map[string]func(client *webtest.Client, pk int64) *webtest.Response{
		"change page": func(client *webtest.Client, pk int64) *webtest.Response {
			return client.Post(fmt.Sprintf("/admin/accounts/user/%d/change/", pk), url.Values{"username": {"other"}, "email": {"other@example.com"}, "is_active": {"true"}, "is_staff": {"true"}, "is_superuser": {"true"}})
		},
		"add page": func(client *webtest.Client, _ int64) *webtest.Response {
			return client.Post("/admin/accounts/user/add/", url.Values{"username": {"new"}, "email": {"new@example.com"}, "is_active": {"true"}, "is_staff": {"true"}, "is_superuser": {"true"}, "password1": {phrase}, "password2": {phrase}})
		},
		"group page": func(client *webtest.Client, _ int64) *webtest.Response {
			return client.Post("/admin/auth/group/add/", url.Values{"name": {"editors"}, "permissions": {"1"}})
		},
		"password page": accountForm("password page"),
		"delete page":   accountForm("delete page"),
	}
	for loss, lose := range losses {
		for name, send := range sends {
			t.Run(loss+", "+name, func(t *testing.T) {
				t.Parallel()
				b := setup(t)
				other := authtest.Create(t, b.db, &User{Base: auth.Base{Username: "other"}})
				boss := authtest.Create(t, b.db, &User{Base: auth.Base{Username: "boss", IsStaff: true, IsSuperuser: true}})
				authtest.Grant(t, b.db, boss, accountPermissions()...)
				client := b.as(t, boss)
				before := ""
				var begun atomic.Bool
				defer b.db.Observe(func(s orm.Statement) {
					if strings.Contains(s.SQL, `FROM "accounts_user"`) && begun.CompareAndSwap(false, true) {
						lose(boss)
						if err := b.db.SaveFields(t.Context(), boss, "is_superuser", "is_staff", "is_active"); err != nil {
							t.Error(err)
						}
						before = accountsState(t, b)
					}
				})()
				response := send(client, other.ID)
				if before == "" || accountsState(t, b) != before || response.Status >= 500 {
					t.Errorf("status %d, accounts now\n%s\nbefore\n%s", response.Status, accountsState(t, b), before)
				}
			})
		}
	}
}
