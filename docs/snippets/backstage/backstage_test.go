package backstage_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/quintetgo/quintet/admin"
	"github.com/quintetgo/quintet/auth"
	"github.com/quintetgo/quintet/auth/authtest"
	"github.com/quintetgo/quintet/docs/snippets/backstage"
	"github.com/quintetgo/quintet/framework"
	"github.com/quintetgo/quintet/framework/webtest"
	"github.com/quintetgo/quintet/orm/ormtest"
)

func TestAdminOptions(t *testing.T) {
	t.Parallel()
	db := ormtest.Open(t, auth.New[backstage.User](nil), backstage.Accounts{}, admin.New(nil, admin.Config{}), backstage.App{})
	project := backstage.Project(framework.Settings{Debug: true}, db)
	if err := project.Err(); err != nil {
		t.Fatal(err)
	}
	for _, problem := range project.Check(t.Context()) {
		t.Error(problem)
	}
	agent := &backstage.Agent{Name: "Madame Vola"}
	if err := db.Create(t.Context(), agent); err != nil {
		t.Fatal(err)
	}
	if err := db.Create(t.Context(), &backstage.Booking{Venue: "La Boîte à Matelots", StartsAt: time.Date(2099, 12, 2, 20, 0, 0, 0, time.UTC), Fee: 400, Agent: agent, AgentID: agent.ID}); err != nil {
		t.Fatal(err)
	}
	client := webtest.New(t, project)
	authtest.Login(t, client, authtest.Create(t, db, &backstage.User{Base: auth.Base{Username: "charles", IsStaff: true, IsSuperuser: true}}))
	client.Get("/admin/backstage/booking/?q=vola").WantStatus(t, http.StatusOK).WantContains(t, "La Boîte à Matelots", "Madame Vola", "Wednesday", "€ 400")
	client.Get("/admin/backstage/booking/1/change/").WantContains(t, "Money", "Before tax.", `name="fee"`).WantNotContains(t, "Delete…", `name="created_at"`)
	client.Get("/admin/backstage/booking/1/delete/").WantStatus(t, http.StatusForbidden)

	client.Get("/admin/backstage/agent/1/change/").WantContains(t, `name="reason"`).WantNotContains(t, `name="remark"`)
	client.Post("/admin/backstage/agent/1/change/", url.Values{"name": {"Vola"}}).WantStatus(t, http.StatusOK).WantContains(t, "Give a reason.")
	client.Post("/admin/backstage/agent/1/change/", url.Values{"name": {"Vola"}, "reason": {"short"}}).WantRedirect(t, "/admin/backstage/agent/")
	if err := db.Refresh(t.Context(), agent); err != nil || agent.Name != "Vola" || agent.Remark != "short" {
		t.Errorf("stored %+v, %v", agent, err)
	}
}
