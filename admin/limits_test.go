package admin_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
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

// Desk can be free or not.
type Desk struct {
	ID   int64
	Name string `gorm:"size:50"`
	Free bool
}

func (d Desk) String() string { return d.Name }

// Booking is for a free desk.
type Booking struct {
	ID     int64
	DeskID int64
	Desk   *Desk
	Others []Desk `gorm:"many2many:desks_booking_others"`
}

func (b *Booking) Fields(f *orm.Fields) {
	free := dynamic.ConditionFunc(func(context.Context) (orm.Condition, error) { return dynamic.Is("free", true), nil })
	orm.FK(f, &b.Desk).OnDelete(orm.Cascade).Related("bookings").LimitChoicesTo(free)
	orm.M2M(f, &b.Others).Related("others").Blank().LimitChoicesTo(free)
}

type desks struct{}

func (desks) Name() string  { return "desks" }
func (desks) Models() []any { return []any{&Desk{}, &Booking{}} }
func (desks) AdminModels() []admin.Model {
	return []admin.Model{admin.For[Desk](admin.Options{Search: []string{"name"}}), admin.For[Booking](admin.Options{})}
}

// LimitChoicesTo applies to the lists and pickers of the admin, to what pickers find, and to what forms accept.
func TestLimitChoices(t *testing.T) {
	t.Parallel()
	db := ormtest.Open(t, auth.New[User](nil), accounts{}, admin.New(nil, admin.Config{}), desks{})
	users, staff := auth.New[User](db), admin.New(db, admin.Config{})
	var s framework.Settings
	s.Routes = func(r *web.Router) { r.Include("/admin/", staff); r.Include("/accounts/", users) }
	b := &bundle{db: db, project: framework.New(s, users, accounts{}, staff, desks{})}
	b.root = authtest.Create(t, db, &User{Base: auth.Base{Username: "root", IsStaff: true, IsSuperuser: true}})
	add := func(free bool, n int) {
		for i := range n {
			if err := db.Create(t.Context(), &Desk{Name: fmt.Sprintf("Desk %v %d", free, i), Free: free}); err != nil {
				t.Fatal(err)
			}
		}
	}
	add(true, 1)
	add(false, 120) // more than a list shows, if they were not excluded
	client := b.as(t, b.root)
	page := "/admin/desks/booking/add/"
	client.Get(page).WantContains(t, "Desk true 0").WantNotContains(t, "Desk false 7", "data-url")
	client.Post(page, url.Values{"desk": {"5"}}).WantContains(t, "not one of the choices")
	client.Post(page, url.Values{"desk": {"1"}, "others": {"5"}}).WantContains(t, "not one of the choices")
	client.Post(page, url.Values{"desk": {"1"}, "others": {"1"}}).WantRedirect(t, "/admin/desks/booking/")

	add(true, 120)
	client.Get(page).WantContains(t, `data-url="/admin/desks/desk/autocomplete/?for=desks.booking.desk"`,
		`data-url="/admin/desks/desk/autocomplete/?for=desks.booking.others"`)
	client.Post(page, url.Values{"desk": {"5"}}).WantContains(t, "There is no desk with key 5.")
	client.Post(page, url.Values{"desk": {"1"}, "others": {"5"}}).WantContains(t, "There is no desk with key 5.")
	client.Get("/admin/desks/desk/autocomplete/?q=desk&for=desks.booking.desk").WantContains(t, "Desk true 119").WantNotContains(t, "Desk false")
	client.Get("/admin/desks/desk/autocomplete/?q=false").WantContains(t, "Desk false")
	for _, name := range []string{"desk", "desks.booking", "desks.booking.id", "desks.nothing.desk", "desks.booking.nothing", "x"} {
		client.Get("/admin/desks/desk/autocomplete/?for="+name).WantStatus(t, http.StatusNotFound)
	}
}
