package admin_test

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/admin"
	"github.com/quintetgo/quintet/auth"
	"github.com/quintetgo/quintet/auth/authtest"
	"github.com/quintetgo/quintet/framework"
	"github.com/quintetgo/quintet/framework/web"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/dynamic"
	"github.com/quintetgo/quintet/orm/ormtest"
)

// Leaflet is hidden from the site while it is a draft, and when it is deleted.
type Leaflet struct {
	ID    int64
	Title string `gorm:"size:20"`
	Draft bool
	orm.SoftDelete
}

func (Leaflet) Meta() orm.Meta {
	return orm.Meta{Scopes: []orm.Scope{orm.DefaultScope("printed", func(context.Context) (orm.Condition, error) {
		return dynamic.Is("draft", false), nil
	})}}
}

func (l *Leaflet) String() string { return l.Title }

type leaflets struct{ unscoped []string }

func (leaflets) Name() string  { return "leaflets" }
func (leaflets) Models() []any { return []any{&Leaflet{}} }
func (l leaflets) AdminModels() []admin.Model {
	return []admin.Model{admin.For[Leaflet](admin.Options{Unscoped: l.unscoped})}
}

func leafletSite(t *testing.T, unscoped ...string) *bundle {
	t.Helper()
	app := leaflets{unscoped}
	db := ormtest.Open(t, auth.New[User](nil), accounts{}, admin.New(nil, admin.Config{}), app)
	users, staff := auth.New[User](db), admin.New(db, admin.Config{})
	var s framework.Settings
	s.Routes = func(r *web.Router) { r.Include("/admin/", staff); r.Include("/accounts/", users) }
	b := &bundle{db: db, project: framework.New(s, users, accounts{}, staff, app)}
	b.root = authtest.Create(t, db, &User{Base: auth.Base{Username: "root", IsStaff: true, IsSuperuser: true}})
	for _, l := range []*Leaflet{{Title: "Printed"}, {Title: "Sketch", Draft: true}, {Title: "Gone"}} {
		if err := db.Create(t.Context(), l); err != nil {
			t.Fatal(err)
		}
		if l.Title == "Gone" {
			if _, err := db.Delete(t.Context(), l); err != nil {
				t.Fatal(err)
			}
		}
	}
	return b
}

func TestDefaultScopesApplyUnlessTheRegistrationLiftsThem(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		unscoped      []string
		shown, hidden []string
	}{
		{nil, []string{"Printed"}, []string{"Sketch", "Gone"}},
		{[]string{"printed"}, []string{"Printed", "Sketch"}, []string{"Gone"}},
		{[]string{"deleted"}, []string{"Printed", "Gone"}, []string{"Sketch"}},
		{[]string{"*"}, []string{"Printed", "Sketch", "Gone"}, nil},
	} {
		b := leafletSite(t, test.unscoped...)
		b.as(t, b.root).Get("/admin/leaflets/leaflet/").WantContains(t, test.shown...).WantNotContains(t, test.hidden...)
	}
}

// A row that the site hides can be changed and deleted.
func TestUnscopedRowsAreEdited(t *testing.T) {
	t.Parallel()
	b := leafletSite(t, "printed")
	client := b.as(t, b.root)
	page := "/admin/leaflets/leaflet/2/"
	client.Get(page+"change/").WantStatus(t, 200)
	client.Post(page+"change/", url.Values{"title": {"Drawing"}, "draft": {"on"}}).WantRedirect(t, "/admin/leaflets/leaflet/")
	client.Get("/admin/leaflets/leaflet/").WantContains(t, "Drawing")
	client.Get(page + "delete/")
	client.Post(page+"delete/", url.Values{"confirm": {"yes"}}).WantRedirect(t, "/admin/leaflets/leaflet/")
	client.Get("/admin/leaflets/leaflet/").WantNotContains(t, "2/change/")
	found, err := orm.Objects[Leaflet](b.db).Unscoped().Where("pk", 2).Get(t.Context())
	if err != nil || !found.IsDeleted() || found.Title != "Drawing" {
		t.Errorf("got %+v, %v", found, err)
	}
	scoped := leafletSite(t)
	scoped.as(t, scoped.root).Get(page+"change/").WantStatus(t, 404)
}

func TestUnknownScopesAreReported(t *testing.T) {
	t.Parallel()
	b := leafletSite(t, "printd")
	for _, p := range b.project.Check(t.Context()) {
		if p.ID == "admin.E013" && strings.Contains(p.Message, `no default scope "printd"`) && strings.Contains(p.Hint, "printed") {
			return
		}
	}
	t.Error("the name of a scope that does not exist was not reported")
}
