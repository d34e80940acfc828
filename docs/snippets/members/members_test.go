package members_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/quintetgo/quintet/auth"
	"github.com/quintetgo/quintet/auth/authtest"
	"github.com/quintetgo/quintet/docs/snippets/members"
	"github.com/quintetgo/quintet/framework"
	"github.com/quintetgo/quintet/framework/check"
	"github.com/quintetgo/quintet/framework/web"
	"github.com/quintetgo/quintet/framework/webtest"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/ormtest"
)

// site is a project with users, on a database of its own.
func site(t *testing.T) (*webtest.Client, *orm.DB) {
	t.Helper()
	db := ormtest.Open(t, auth.New[members.User](nil), members.App{})
	project := framework.New(framework.Settings{Routes: func(r *web.Router) {
		r.Include("/accounts/", "auth")
		r.Include("/members/", "members")
	}}, auth.New[members.User](db), members.App{DB: db})
	for _, problem := range check.AtLeast(project.Check(t.Context()), check.Error) {
		t.Fatal(problem)
	}
	return webtest.New(t, project), db
}

func TestJoining(t *testing.T) {
	t.Parallel()
	client, db := site(t)
	client.Get("/members/join/").WantStatus(t, http.StatusOK).WantContains(t, `enctype="multipart/form-data"`, "I have read the rules")
	sent := url.Values{"username": {"stephane"}, "email": {"s@example.com"}, "password": {"stephane"}, "plays": {"drums"}, "age": {"8"}}
	client.Post("/members/join/", sent).WantStatus(t, http.StatusOK).WantContains(t, "stephane", "12")
	sent.Set("username", "stephane grappelli")
	client.Post("/members/join/", sent).WantContains(t, "Use letters, digits and hyphens only.")
	sent = url.Values{"username": {"Stephane"}, "email": {"s@example.com"}, "password": {"password123"}, "plays": {"violin"}, "rules": {"on"}}
	client.Post("/members/join/", sent).WantStatus(t, http.StatusOK).WantContains(t, "one of the most used ones")
	sent.Set("password", authtest.Password)
	client.Post("/members/join/", sent).WantRedirect(t, "/members/me/").Follow(t).WantStatus(t, http.StatusOK).WantContains(t, "Log out")
	user, err := orm.From(db, members.Users).Filter(members.Users.Username.Eq("stephane")).Get(t.Context())
	if err != nil || user.Instrument != "violin" || user.IsStaff {
		t.Errorf("user = %+v, %v", user, err)
	}
}

func TestNamesAreTakenOnce(t *testing.T) {
	t.Parallel()
	client, db := site(t)
	authtest.Create(t, db, &members.User{Base: auth.Base{Username: "django"}})
	client.Get("/members/join/")
	sent := url.Values{"username": {"Django"}, "email": {"d@example.com"}, "password": {authtest.Password}, "plays": {"guitar"}, "rules": {"on"}}
	client.Post("/members/join/", sent).WantStatus(t, http.StatusOK).WantContains(t, "already")
}

func TestOwnPageOnly(t *testing.T) {
	t.Parallel()
	client, db := site(t)
	client.Get("/members/me/").WantRedirect(t, "/accounts/login/?next=%2Fmembers%2Fme%2F")
	django := authtest.Create(t, db, &members.User{Base: auth.Base{Username: "django"}})
	authtest.Login(t, client, django)
	client.Get("/members/me/").WantStatus(t, http.StatusOK).WantNotContains(t, "Members")
	client.Post("/members/me/", url.Values{"phone": {"123"}, "is_superuser": {"on"}, "username": {"root"}}).WantRedirect(t, "/members/me/")
	if err := db.Refresh(t.Context(), django); err != nil || django.Phone != "123" || django.IsSuperuser || django.Username != "django" {
		t.Errorf("user = %+v, %v", django, err)
	}
}

func TestMembersAreForThoseWhoMay(t *testing.T) {
	t.Parallel()
	client, db := site(t)
	django := authtest.Create(t, db, &members.User{Base: auth.Base{Username: "django"}})
	authtest.Login(t, client, django)
	client.Get("/members/all/").WantStatus(t, http.StatusForbidden)
	authtest.Grant(t, db, django, "members.view_user")
	client.Get("/members/all/").WantStatus(t, http.StatusOK).WantContains(t, "django")
}
