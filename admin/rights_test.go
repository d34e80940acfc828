package admin_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/admin"
	"github.com/quintetgo/quintet/auth"
	"github.com/quintetgo/quintet/auth/authtest"
	"github.com/quintetgo/quintet/framework/webtest"
	"github.com/quintetgo/quintet/orm"
)

// accountsState returns the rights and credentials of all accounts as text.
func accountsState(t *testing.T, b *bundle) string {
	t.Helper()
	users, err := orm.Objects[User](b.db).OrderByNames("id").All(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, u := range users {
		perms, err := auth.New[User](b.db).PermsOfUser(t.Context(), u)
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, fmt.Sprint(u.Username, u.Email, u.Password, u.IsActive, u.IsStaff, u.IsSuperuser, perms.Names()))
	}
	groups, err := orm.Objects[auth.Group](b.db).OrderByNames("id").All(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range groups {
		lines = append(lines, fmt.Sprint(g.ID, g.Name, count[auth.Permission](t, b, "groups__id", g.ID), count[User](t, b, "groups__id", g.ID)))
	}
	return strings.Join(lines, "\n")
}

// accountForms are the pages of an account or a group, each with a form that would change something.
var accountForms = map[string]func(client *webtest.Client, model string, pk int64) *webtest.Response{
	"change page": func(client *webtest.Client, model string, pk int64) *webtest.Response {
		return client.Post(fmt.Sprintf("/admin/%s/%d/change/", model, pk), url.Values{
			"username": {"renamed"}, "email": {"renamed@example.com"}, "name": {"renamed"}, "is_staff": {"true"}, "is_superuser": {"true"}, "permissions": {"1"},
		})
	},
	"password page": func(client *webtest.Client, model string, pk int64) *webtest.Response {
		return client.Post(fmt.Sprintf("/admin/%s/%d/password/", model, pk), url.Values{"password1": {phrase}, "password2": {phrase}})
	},
	"delete page": func(client *webtest.Client, model string, pk int64) *webtest.Response {
		return client.Post(fmt.Sprintf("/admin/%s/%d/delete/", model, pk), url.Values{"post": {"yes"}})
	},
	"delete selected": func(client *webtest.Client, model string, pk int64) *webtest.Response {
		return client.Post("/admin/"+model+"/", url.Values{"action": {"delete_selected"}, "_selected_action": {fmt.Sprint(pk)}, "post": {"yes"}})
	},
}

// accountPermissions returns all permissions for users and groups.
func accountPermissions() []string {
	var names []string
	for _, action := range []string{"view", "add", "change", "delete"} {
		names = append(names, "accounts."+action+"_user", "auth."+action+"_group")
	}
	return append(names, "admin.view_logentry", "admin.delete_logentry")
}

func TestRightsCannotBeGained(t *testing.T) {
	t.Parallel()
	targets := map[string]struct {
		model string
		may   bool
		build func(t *testing.T, b *bundle) int64
	}{
		"a user without rights": {"accounts/user", true, func(t *testing.T, b *bundle) int64 {
			return authtest.Create(t, b.db, &User{Base: auth.Base{Username: "other"}}).ID
		}},
		"staff with fewer permissions": {"accounts/user", true, func(t *testing.T, b *bundle) int64 {
			return b.staffWith(t, "other", "accounts.view_user").ID
		}},
		"staff with another permission": {"accounts/user", false, func(t *testing.T, b *bundle) int64 {
			return b.staffWith(t, "other", "blog.delete_post").ID
		}},
		"staff with one more permission": {"accounts/user", false, func(t *testing.T, b *bundle) int64 {
			return b.staffWith(t, "other", append(accountPermissions(), "blog.view_post")...).ID
		}},
		"a member of a group with more permissions": {"accounts/user", false, func(t *testing.T, b *bundle) int64 {
			other := b.staffWith(t, "other")
			addGroup(t, b, "editors", other, "blog.change_post")
			return other.ID
		}},
		"an inactive user": {"accounts/user", false, func(t *testing.T, b *bundle) int64 {
			other := b.staffWith(t, "other", "blog.delete_post")
			other.IsActive = false
			if err := b.db.SaveFields(t.Context(), other, "is_active"); err != nil {
				t.Fatal(err)
			}
			return other.ID
		}},
		"not staff, with permissions for the site": {"accounts/user", false, func(t *testing.T, b *bundle) int64 {
			other := authtest.Create(t, b.db, &User{Base: auth.Base{Username: "other"}})
			authtest.Grant(t, b.db, other, "blog.publish")
			return other.ID
		}},
		"a superuser": {"accounts/user", false, func(_ *testing.T, b *bundle) int64 { return b.root.ID }},
		"a group with more permissions": {"auth/group", false, func(t *testing.T, b *bundle) int64 {
			return addGroup(t, b, "editors", b.staffWith(t, "other"), "blog.change_post")
		}},
		"a group with more permissions, without members": {"auth/group", false, func(t *testing.T, b *bundle) int64 {
			return addGroup(t, b, "editors", nil, "blog.change_post")
		}},
		"a group without permissions": {"auth/group", true, func(t *testing.T, b *bundle) int64 { return addGroup(t, b, "friends", nil) }},
	}
	for name, target := range targets {
		for door, open := range accountForms {
			if target.model == "auth/group" && door == "password page" {
				continue
			}
			t.Run(name+" by the "+door, func(t *testing.T) {
				t.Parallel()
				b := setup(t)
				clerk := b.staffWith(t, "clerk", accountPermissions()...)
				pk := target.build(t, b)
				client := b.as(t, clerk)
				before := accountsState(t, b)
				response := open(client, target.model, pk)
				changed := accountsState(t, b) != before
				if changed != target.may || response.Status >= 500 {
					t.Errorf("status %d, changed: %v, want %v", response.Status, changed, target.may)
				}
				if !target.may && response.Status != http.StatusForbidden && response.Status != http.StatusConflict {
					t.Errorf("status %d, want a refusal", response.Status)
				}
				if count[User](t, b, "username__in", []string{"renamed", "other"}, "is_superuser", true) != 0 || count[auth.Group](t, b, "name", "renamed", "permissions__isnull", false) != 0 && !target.may {
					t.Error("rights were granted")
				}
			})
		}
	}
}

func addGroup(t *testing.T, b *bundle, name string, member *User, permissions ...string) int64 {
	t.Helper()
	group := &auth.Group{Name: name}
	if err := b.db.Create(t.Context(), group); err != nil {
		t.Fatal(err)
	}
	holder := authtest.Create(t, b.db, &User{Base: auth.Base{Username: "holder-of-" + name}})
	authtest.Grant(t, b.db, holder, permissions...) // makes the rows
	for _, permission := range permissions {
		_, codename, _ := strings.Cut(permission, ".")
		row, err := orm.Objects[auth.Permission](b.db).Where("codename", codename).First(t.Context())
		if err == nil {
			err = b.db.Related(group, "permissions").Add(t.Context(), row)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if member != nil {
		if err := b.db.Related(member, "groups").Add(t.Context(), group); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := b.db.Delete(t.Context(), holder); err != nil {
		t.Fatal(err)
	}
	return group.ID
}

// Only superusers add rows that grant rights, also if the project registers their models.
func TestOnlySuperusersAddSessionsAndPermissions(t *testing.T) {
	t.Parallel()
	models := append(registered(), admin.For[auth.Session](admin.Options{}), admin.For[auth.Permission](admin.Options{}), admin.For[auth.Counter](admin.Options{}))
	b := setup(t, models...)
	clerk := b.staffWith(t, "clerk", "auth.add_session", "auth.view_session", "auth.add_permission", "auth.view_permission", "auth.add_counter", "auth.view_counter")
	for who, want := range map[*User]int{clerk: http.StatusForbidden, b.root: http.StatusOK} {
		client := b.as(t, who)
		for _, model := range []string{"session", "permission", "counter"} {
			path := "/admin/auth/" + model + "/add/"
			client.Get(path).WantStatus(t, want)
			if who == clerk {
				client.Post(path, url.Values{"id": {"x"}, "data": {"{}"}, "user": {"1"}, "expires_at": {"2030-01-01T10:00"}, "app": {"x"}, "codename": {"x"}, "name": {"x"}}).WantStatus(t, want)
			}
		}
	}
}

func accountForm(name string) func(client *webtest.Client, pk int64) *webtest.Response {
	return func(client *webtest.Client, pk int64) *webtest.Response {
		return accountForms[name](client, "accounts/user", pk)
	}
}

// The members of a deleted group lose rights. Only users who may change the members may delete it.
func TestGroupDeletionRequiresRightsOfMembers(t *testing.T) {
	t.Parallel()
	members := map[string]struct {
		may  bool
		user func(t *testing.T, b *bundle) *User
	}{
		"no members":   {true, func(*testing.T, *bundle) *User { return nil }},
		"fewer rights": {true, func(t *testing.T, b *bundle) *User { return b.staffWith(t, "other", "accounts.view_user") }},
		"more rights":  {false, func(t *testing.T, b *bundle) *User { return b.staffWith(t, "other", "blog.delete_post") }},
		"a superuser":  {false, func(_ *testing.T, b *bundle) *User { return b.root }},
		"of other group": {false, func(t *testing.T, b *bundle) *User {
			u := b.staffWith(t, "other")
			addGroup(t, b, "editors", u, "blog.change_post")
			return u
		}},
	}
	for name, member := range members {
		for _, door := range []string{"delete page", "delete selected"} {
			t.Run(name+", "+door, func(t *testing.T) {
				t.Parallel()
				b := setup(t)
				clerk := b.staffWith(t, "clerk", accountPermissions()...)
				group := addGroup(t, b, "viewers", member.user(t, b), "accounts.view_user")
				client := b.as(t, clerk)
				response := accountForms[door](client, "auth/group", group)
				if gone := count[auth.Group](t, b, "id", group) == 0; gone != member.may || !member.may && response.Status != http.StatusForbidden {
					t.Errorf("status %d, gone: %v", response.Status, gone)
				}
			})
		}
	}
}

func TestOwnAccountAndLastSuperuserAreKept(t *testing.T) {
	t.Parallel()
	attempts := map[string]func(client *webtest.Client, own, other int64) *webtest.Response{
		"delete page": func(client *webtest.Client, own, _ int64) *webtest.Response {
			return accountForms["delete page"](client, "accounts/user", own)
		},
		"delete selected": func(client *webtest.Client, own, _ int64) *webtest.Response {
			return accountForms["delete selected"](client, "accounts/user", own)
		},
		"delete all": func(client *webtest.Client, own, other int64) *webtest.Response {
			return client.Post("/admin/accounts/user/", url.Values{"action": {"delete_selected"}, "_selected_action": {fmt.Sprint(own), fmt.Sprint(other)}, "post": {"yes"}})
		},
		"switch off": func(client *webtest.Client, own, _ int64) *webtest.Response {
			return client.Post(fmt.Sprintf("/admin/accounts/user/%d/change/", own), url.Values{"username": {"root"}, "email": {"root@example.com"}})
		},
	}
	for name, attempt := range attempts {
		for _, history := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, with history: %v", name, history), func(t *testing.T) {
				t.Parallel()
				b := setup(t)
				other := authtest.Create(t, b.db, &User{Base: auth.Base{Username: "other"}})
				client := b.as(t, b.root)
				if history {
					client.Post("/admin/blog/tag/add/", url.Values{"name": {"one"}})
				}
				response := attempt(client, b.root.ID, other.ID)
				if count[User](t, b, "username", "root", "is_superuser", true, "is_active", true, "is_staff", true) != 1 || count[User](t, b) != 2 {
					t.Error("the account is deleted or has lost its rights")
				}
				if !slices.Contains([]int{http.StatusForbidden, http.StatusSeeOther, http.StatusConflict}, response.Status) {
					t.Errorf("status %d", response.Status)
				}
				if strings.HasPrefix(name, "delete") {
					response.WantStatus(t, http.StatusForbidden).WantContains(t, "You cannot delete your own account")
				}
			})
		}
	}
}

func TestAnotherSuperuserCanBeDeletedAndDemoted(t *testing.T) {
	t.Parallel()
	b := setup(t)
	client := b.as(t, b.root)
	for _, name := range []string{"eve", "mallory"} {
		user := authtest.Create(t, b.db, &User{Base: auth.Base{Username: name, IsStaff: true, IsSuperuser: true}})
		if name == "eve" {
			accountForms["delete page"](client, "accounts/user", user.ID).WantRedirect(t, "/admin/accounts/user/")
			continue
		}
		client.Post(fmt.Sprintf("/admin/accounts/user/%d/change/", user.ID), url.Values{"username": {name}, "email": {name + "@example.com"}, "is_active": {"true"}}).WantRedirect(t, "/admin/accounts/user/")
	}
	if count[User](t, b, "is_superuser", true) != 1 || count[User](t, b) != 2 {
		t.Error("not deleted, or not demoted")
	}
}
