package admin_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/quintetgo/quintet/admin"
	"github.com/quintetgo/quintet/auth"
	"github.com/quintetgo/quintet/auth/authtest"
	"github.com/quintetgo/quintet/auth/password"
	"github.com/quintetgo/quintet/framework/webtest"
	"github.com/quintetgo/quintet/orm"
)

// accountsState is all that accounts may do and log in with, as text.
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

// doors are the ways to an account or a group in the admin, each with a form that would change something.
var doors = map[string]func(client *webtest.Client, model string, pk int64) *webtest.Response{
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

// accountPermissions are all that there are on users and groups.
func accountPermissions() []string {
	var names []string
	for _, action := range []string{"view", "add", "change", "delete"} {
		names = append(names, "accounts."+action+"_user", "auth."+action+"_group")
	}
	return append(names, "admin.view_logentry", "admin.delete_logentry")
}

func TestNobodyReachesRightsThatTheyDoNotHave(t *testing.T) {
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
		"a member of a group that may more": {"accounts/user", false, func(t *testing.T, b *bundle) int64 {
			other := b.staffWith(t, "other")
			addGroup(t, b, "editors", other, "blog.change_post")
			return other.ID
		}},
		"someone who is not active": {"accounts/user", false, func(t *testing.T, b *bundle) int64 {
			other := b.staffWith(t, "other", "blog.delete_post")
			other.IsActive = false
			if err := b.db.SaveFields(t.Context(), other, "is_active"); err != nil {
				t.Fatal(err)
			}
			return other.ID
		}},
		"no staff, but permissions for the site": {"accounts/user", false, func(t *testing.T, b *bundle) int64 {
			other := authtest.Create(t, b.db, &User{Base: auth.Base{Username: "other"}})
			authtest.Grant(t, b.db, other, "blog.publish")
			return other.ID
		}},
		"a superuser": {"accounts/user", false, func(_ *testing.T, b *bundle) int64 { return b.root.ID }},
		"a group that may more": {"auth/group", false, func(t *testing.T, b *bundle) int64 {
			return addGroup(t, b, "editors", b.staffWith(t, "other"), "blog.change_post")
		}},
		"a group that may more, without members": {"auth/group", false, func(t *testing.T, b *bundle) int64 {
			return addGroup(t, b, "editors", nil, "blog.change_post")
		}},
		"a group that may nothing": {"auth/group", true, func(t *testing.T, b *bundle) int64 { return addGroup(t, b, "friends", nil) }},
	}
	for name, target := range targets {
		for door, open := range doors {
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
				answer := open(client, target.model, pk)
				changed := accountsState(t, b) != before
				if changed != target.may || answer.Status >= 500 {
					t.Errorf("status %d, changed: %v, want %v", answer.Status, changed, target.may)
				}
				if !target.may && answer.Status != http.StatusForbidden && answer.Status != http.StatusConflict {
					t.Errorf("status %d, want a refusal", answer.Status)
				}
				if count[User](t, b, "username__in", []string{"renamed", "other"}, "is_superuser", true) != 0 || count[auth.Group](t, b, "name", "renamed", "permissions__isnull", false) != 0 && !target.may {
					t.Error("power was given")
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

func TestEveryDoorToOnesOwnPasswordAsksForThePresentOne(t *testing.T) {
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
					if answer := send(old); answer.Status >= 500 || accountsState(t, b) != before {
						t.Fatalf("with %q as the present password: status %d, changed: %v", old, answer.Status, accountsState(t, b) != before)
					}
				}
				if name == "page of the key" {
					return // whether such a key is taken at all is not the matter
				}
				send(authtest.Password)
				if accountsState(t, b) == before {
					t.Fatal("the right password does not help")
				}
				stolen.Get("/admin/").WantStatus(t, http.StatusOK)
				other.Get("/admin/").WantStatus(t, http.StatusFound)
			})
		}
	}
}

// What rights consist of is added by superusers only, whatever is registered.
func TestSessionsAndPermissionsAreAddedBySuperusersOnly(t *testing.T) {
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

// Names of users that show nothing, or turn text round, are no different on the pages about passwords.
func TestUsersWithOddNamesOnPagesAboutPasswords(t *testing.T) {
	t.Parallel()
	b := setup(t)
	client := b.as(t, b.root)
	for i, name := range []string{"", "\u200b", "\u2060", "\u202egnp.exe", "a\x00b"} {
		user := &User{Base: auth.Base{Username: name, Email: fmt.Sprint(i), IsActive: true}}
		if err := b.db.SkipValidation().Create(t.Context(), user); err != nil {
			t.Fatal(err)
		}
		path := fmt.Sprintf("/admin/accounts/user/%d/password/", user.ID)
		page := client.Get(path).WantStatus(t, http.StatusOK)
		title := between(page.Body, "<title>", "</title>")
		if strings.ContainsAny(page.Body, "\x00") || strings.Contains(title, "\u202e") || strings.Contains(title, "for  ") || strings.Contains(title, "for ·") {
			t.Errorf("%q: title %q", name, title)
		}
		if i < 3 && !strings.Contains(title, fmt.Sprint("User ", user.ID)) {
			t.Errorf("%q: title %q names nobody", name, title)
		}
	}
}

// A password that is set while another request works with the old one stays.
func TestANewOwnPasswordIsNotUndone(t *testing.T) {
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

// Whoever loses their rights while their form waits for the database gives none with it.
func TestRightsThatAreTakenMeanwhileGiveNone(t *testing.T) {
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
		"password page": doorOf("password page"),
		"delete page":   doorOf("delete page"),
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
				answer := send(client, other.ID)
				if before == "" || accountsState(t, b) != before || answer.Status >= 500 {
					t.Errorf("status %d, accounts now\n%s\nbefore\n%s", answer.Status, accountsState(t, b), before)
				}
			})
		}
	}
}

func doorOf(name string) func(client *webtest.Client, pk int64) *webtest.Response {
	return func(client *webtest.Client, pk int64) *webtest.Response {
		return doors[name](client, "accounts/user", pk)
	}
}

// Members of a group that is deleted lose rights: that is not left to those who may not take them one by one.
func TestAGroupIsDeletedByThoseWhoMayManageItsMembers(t *testing.T) {
	t.Parallel()
	members := map[string]struct {
		may  bool
		user func(t *testing.T, b *bundle) *User
	}{
		"nobody":       {true, func(*testing.T, *bundle) *User { return nil }},
		"a friend":     {true, func(t *testing.T, b *bundle) *User { return b.staffWith(t, "other", "accounts.view_user") }},
		"who may more": {false, func(t *testing.T, b *bundle) *User { return b.staffWith(t, "other", "blog.delete_post") }},
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
				answer := doors[door](client, "auth/group", group)
				if gone := count[auth.Group](t, b, "id", group) == 0; gone != member.may || !member.may && answer.Status != http.StatusForbidden {
					t.Errorf("status %d, gone: %v", answer.Status, gone)
				}
			})
		}
	}
}

func TestNewPasswordsAreCheckedAtEveryDoorByOneRule(t *testing.T) {
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
				t.Fatalf("%s takes %.20q", path, bad)
			}
		}
	}
}

func TestTheOwnAccountAndTheLastSuperuserStay(t *testing.T) {
	t.Parallel()
	attempts := map[string]func(client *webtest.Client, own, other int64) *webtest.Response{
		"delete page": func(client *webtest.Client, own, _ int64) *webtest.Response {
			return doors["delete page"](client, "accounts/user", own)
		},
		"delete selected": func(client *webtest.Client, own, _ int64) *webtest.Response {
			return doors["delete selected"](client, "accounts/user", own)
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
				answer := attempt(client, b.root.ID, other.ID)
				if count[User](t, b, "username", "root", "is_superuser", true, "is_active", true, "is_staff", true) != 1 || count[User](t, b) != 2 {
					t.Error("the account is gone, or has lost its rights")
				}
				if !slices.Contains([]int{http.StatusForbidden, http.StatusSeeOther, http.StatusConflict}, answer.Status) {
					t.Errorf("status %d", answer.Status)
				}
				if strings.HasPrefix(name, "delete") {
					answer.WantStatus(t, http.StatusForbidden).WantContains(t, "You cannot delete your own account")
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
			doors["delete page"](client, "accounts/user", user.ID).WantRedirect(t, "/admin/accounts/user/")
			continue
		}
		client.Post(fmt.Sprintf("/admin/accounts/user/%d/change/", user.ID), url.Values{"username": {name}, "email": {name + "@example.com"}, "is_active": {"true"}}).WantRedirect(t, "/admin/accounts/user/")
	}
	if count[User](t, b, "is_superuser", true) != 1 || count[User](t, b) != 2 {
		t.Error("not deleted, or not demoted")
	}
}
