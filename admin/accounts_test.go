package admin_test

import (
	"fmt"
	"net/http"
	"net/url"
	"testing"

	"github.com/quintetgo/quintet/admin/audit"
	"github.com/quintetgo/quintet/auth"
	"github.com/quintetgo/quintet/orm"
)

func TestAddUser(t *testing.T) {
	t.Parallel()
	b := setup(t)
	client := b.as(t, b.root)
	client.Get("/admin/accounts/user/add/").WantContains(t, `name="password1"`, `name="password2"`, `name="phone"`, `autocomplete="new-password"`).WantNotContains(t, `name="password"`)
	form := url.Values{"username": {"Zoe"}, "email": {"zoe@example.com"}, "is_active": {"true"}, "is_staff": {"true"}, "phone": {"123"}, "password1": {phrase}, "password2": {"another"}}
	client.Post("/admin/accounts/user/add/", form).WantContains(t, "The two passwords differ.").WantNotContains(t, phrase)
	form.Set("password2", "12345")
	form.Set("password1", "12345")
	client.Post("/admin/accounts/user/add/", form).WantContains(t, `id="id_password1_error"`)
	if count[User](t, b) != 1 {
		t.Fatal("a user with a bad password was stored")
	}
	form.Set("password1", phrase)
	form.Set("password2", phrase)
	client.Post("/admin/accounts/user/add/", form).WantRedirect(t, "/admin/accounts/user/")
	zoe, err := orm.Objects[User](b.db).Where("username", "zoe").Get(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if ok, err := zoe.CheckPassword(t.Context(), phrase); !ok || err != nil || zoe.Phone != "123" {
		t.Errorf("stored %+v, password right: %v, %v", zoe, ok, err)
	}
	client.Get(fmt.Sprintf("/admin/accounts/user/%d/history/", zoe.ID)).WantNotContains(t, "argon2id", phrase)
}

func TestPasswordHashIsHidden(t *testing.T) {
	t.Parallel()
	b := setup(t)
	client := b.as(t, b.root)
	for _, page := range []string{"/admin/accounts/user/", "/admin/accounts/user/1/change/", "/admin/accounts/user/1/delete/", "/admin/accounts/user/1/history/", "/admin/accounts/user/?password__startswith=$argon", "/admin/accounts/user/autocomplete/?q=$argon2id", "/admin/search/?q=argon2id"} {
		client.Get(page).WantNotContains(t, "argon2id$v=", "m=8,t=1")
	}
	client.Get("/admin/accounts/user/?password__startswith=$argon").WantStatus(t, http.StatusBadRequest)
}

func TestGroups(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.staffWith(t, "x", "blog.view_post")
	client := b.as(t, b.root)
	client.Post("/admin/auth/group/add/", url.Values{"name": {"Editors"}, "permissions": {"1"}}).WantRedirect(t, "/admin/auth/group/")
	if count[auth.Group](t, b, "name", "Editors", "permissions__codename", "view_post") != 1 {
		t.Error("the group has no permission")
	}
	client.Get("/admin/auth/group/").WantContains(t, "Editors")
	client.Get("/admin/").WantContains(t, "Groups").WantNotContains(t, `>Auth<`)
}

// User names are stored in lower case. Upper case is accepted, and is not a change.
func TestUserNamesInUpperCase(t *testing.T) {
	t.Parallel()
	b := setup(t)
	client := b.as(t, b.root)
	path := fmt.Sprintf("/admin/accounts/user/%d/change/", b.root.ID)
	values := inputs(t, client.Get(path).Body)
	values.Set("username", "ROOT")
	values.Set("email", "Root@Example.com")
	client.Post(path, values).WantRedirect(t, "/admin/accounts/user/")
	client.Get("/admin/accounts/user/").WantContains(t, "Nothing was changed")
	if count[User](t, b, "username", "root") != 1 || count[audit.LogEntry](t, b) != 0 {
		t.Error("a change was stored or recorded")
	}
}
