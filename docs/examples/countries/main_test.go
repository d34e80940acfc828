package main

import (
	"net/http"
	"net/url"
	"os"
	"testing"

	"github.com/quintetgo/quintet/auth"
	"github.com/quintetgo/quintet/framework"
	"github.com/quintetgo/quintet/framework/check"
	"github.com/quintetgo/quintet/framework/webtest"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/ormtest"
	"github.com/quintetgo/quintet/orm/ormtest/testdb"

	"github.com/quintetgo/quintet/docs/examples/countries/accounts"
	"github.com/quintetgo/quintet/docs/examples/countries/world"
)

// site returns the whole project with its own database, created by the migrations.
func site(t *testing.T) (*framework.Project, *orm.DB) {
	t.Helper()
	db := testdb.Open(t)
	p := project(framework.Settings{Debug: true}, db)
	ormtest.Migrate(t, p)
	return p, db
}

// TestProjectChecks runs the checks of the project, and ormvet over its queries.
func TestProjectChecks(t *testing.T) {
	t.Parallel()
	ormtest.Vet(t)
	p, _ := site(t)
	for _, problem := range check.AtLeast(p.Check(t.Context()), check.Warning) {
		t.Error(problem)
	}
}

func TestPages(t *testing.T) {
	t.Parallel()
	p, _ := site(t)
	client := webtest.New(t, p)
	client.Get("/").WantStatus(t, http.StatusOK)
	client.Get("/accounts/login/").WantStatus(t, http.StatusOK)
	client.Get("/absent/").WantStatus(t, http.StatusNotFound)
}

func TestAdminLogin(t *testing.T) {
	t.Parallel()
	p, db := site(t)
	ada := &accounts.User{Base: auth.Base{Username: "ada", Email: "ada@example.com", IsActive: true, IsStaff: true, IsSuperuser: true}}
	if err := ada.SetPassword(t.Context(), "correct horse battery"); err != nil {
		t.Fatal(err)
	}
	if err := db.Create(t.Context(), ada); err != nil {
		t.Fatal(err)
	}
	client := webtest.New(t, p)
	client.Get("/admin/login/").WantStatus(t, http.StatusOK)
	client.Post("/admin/login/", url.Values{"username": {"ada"}, "password": {"correct horse battery"}})
	client.Get("/admin/").WantStatus(t, http.StatusOK)
}

func TestCountriesAreManagedInTheAdmin(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat(world.ListsDir); err != nil {
		t.Skip("the lists are not installed: apt install iso-codes")
	}
	p, db := site(t)
	if _, err := world.Load(t.Context(), db, world.ListsDir, world.LocalesDir); err != nil {
		t.Fatal(err)
	}
	ada := &accounts.User{Base: auth.Base{Username: "ada", Email: "ada@example.com", IsActive: true, IsStaff: true, IsSuperuser: true}}
	if err := ada.SetPassword(t.Context(), "correct horse battery"); err != nil {
		t.Fatal(err)
	}
	if err := db.Create(t.Context(), ada); err != nil {
		t.Fatal(err)
	}
	client := webtest.New(t, p)
	client.Get("/admin/login/")
	client.Post("/admin/login/", url.Values{"username": {"ada"}, "password": {"correct horse battery"}})
	for path, want := range map[string]string{
		"/admin/world/country/?q=" + url.QueryEscape("ÅLAND"):        "Åland Islands",
		"/admin/world/language/?q=" + url.QueryEscape("ǁgana"):       "ǁGana",
		"/admin/world/subdivision/?q=" + url.QueryEscape("kǝngǝrli"): "Kǝngǝrli",
		"/admin/world/subdivision/?p=2":                              "AL-",
		"/admin/world/currency/?q=CHF":                               "Swiss Franc",
		"/world/?q=" + url.QueryEscape("réunion"):                    "Réunion",
		"/world/AZ/": "Kǝngǝrli",
	} {
		client.Get(path).WantStatus(t, http.StatusOK).WantContains(t, want)
	}
	client.Get("/world/QQ/").WantStatus(t, http.StatusNotFound)
}
