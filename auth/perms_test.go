package auth_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/auth"
	"github.com/quintetgo/quintet/auth/authtest"
	"github.com/quintetgo/quintet/orm"
)

func TestPermissionsOfUserAndGroups(t *testing.T) {
	t.Parallel()
	f := setup(t)
	authtest.Grant(t, f.db, f.ada, "blog.add_post", "shop.view_order")
	group := &auth.Group{Name: "editors"}
	if err := f.db.Create(t.Context(), group); err != nil {
		t.Fatal(err)
	}
	edit := &auth.Permission{App: "blog", Codename: "change_post", Name: "Can change post"}
	if err := f.db.Create(t.Context(), edit); err != nil {
		t.Fatal(err)
	}
	if err := f.db.Related(group, "permissions").Add(t.Context(), edit); err != nil {
		t.Fatal(err)
	}
	if err := f.db.Related(f.ada, "groups").Add(t.Context(), group); err != nil {
		t.Fatal(err)
	}
	stranger := authtest.Create(t, f.db, &User{Base: auth.Base{Username: "stranger"}})

	perms := func(u *User) auth.Perms {
		t.Helper()
		p, err := f.app.PermsOfUser(t.Context(), u)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	p := perms(f.ada)
	if got := strings.Join(p.Names(), " "); got != "blog.add_post blog.change_post shop.view_order" {
		t.Errorf("Names = %s", got)
	}
	if !p.Has("Blog.Change_Post") || p.Has("blog.delete_post") || p.Has("") || !p.HasApp("shop") || p.HasApp("sho") ||
		!p.HasAll("blog.add_post", "shop.view_order") || p.HasAll("blog.add_post", "x.y") || !p.HasAny("x.y", "blog.add_post") {
		t.Error("Has and its kin are wrong")
	}
	if names := perms(stranger).Names(); len(names) != 0 {
		t.Errorf("a stranger may %v", names)
	}
	f.ada.IsSuperuser = true
	if p := perms(f.ada); !p.Has("anything.at_all") || !p.HasApp("x") {
		t.Error("a superuser may not do everything")
	}
	f.ada.IsActive = false
	if perms(f.ada).Has("blog.add_post") {
		t.Error("an account that is off may do something")
	}
}

func TestMigrateCreatesPermissions(t *testing.T) {
	t.Parallel()
	f := setup(t)
	for range 2 { // repeatable
		if err := f.app.PostMigrate(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	rows, err := orm.Objects[auth.Permission](f.db).All(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, row := range rows {
		names = append(names, row.Perm())
	}
	slices.Sort(names)
	var want []string
	for _, model := range []string{"accounts.%_user", "auth.%_group", "auth.%_permission", "auth.%_session"} {
		for _, action := range []string{"add", "change", "delete", "view"} {
			want = append(want, strings.ReplaceAll(model, "%", action))
		}
	}
	slices.Sort(want)
	if strings.Join(names, " ") != strings.Join(want, " ") {
		t.Errorf("permissions\n %v\nwant\n %v", names, want)
	}
	if rows[0].String() != "accounts | Can add user" {
		t.Errorf("the first is %q", rows[0])
	}
	rows[0].Name = "renamed"
	if err := f.db.Save(t.Context(), rows[0]); err != nil {
		t.Fatal(err)
	}
	if err := f.app.PostMigrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := f.db.Refresh(t.Context(), rows[0]); err != nil || rows[0].Name != "Can add user" {
		t.Errorf("the name is not brought up to date: %q, %v", rows[0].Name, err)
	}
}

func TestPermName(t *testing.T) {
	t.Parallel()
	if got := auth.PermName("change", "blog.Post"); got != "blog.change_post" {
		t.Errorf("PermName = %q", got)
	}
}
