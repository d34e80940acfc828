package admin_test

import (
	"net/url"
	"testing"

	"github.com/quintetgo/quintet/admin"
	"github.com/quintetgo/quintet/auth"
	"github.com/quintetgo/quintet/auth/authtest"
	"github.com/quintetgo/quintet/framework"
	"github.com/quintetgo/quintet/framework/web"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/ormtest"
)

type Memo struct {
	ID      int64
	Title   string `gorm:"size:20"`
	Text    string `gorm:"size:20"`
	Version int64
}

func (m *Memo) Fields(f *orm.Fields) { orm.Describe(f, &m.Version).Version() }

type memos struct{}

func (memos) Name() string               { return "memos" }
func (memos) Models() []any              { return []any{&Memo{}} }
func (memos) AdminModels() []admin.Model { return []admin.Model{admin.For[Memo](admin.Options{})} }

// The page of an object shows an error if its row has another version, and keeps the input.
func TestVersionsAreCompared(t *testing.T) {
	t.Parallel()
	db := ormtest.Open(t, auth.New[User](nil), accounts{}, admin.New(nil, admin.Config{}), memos{})
	users, staff := auth.New[User](db), admin.New(db, admin.Config{})
	var s framework.Settings
	s.Routes = func(r *web.Router) { r.Include("/admin/", staff); r.Include("/accounts/", users) }
	b := &bundle{db: db, project: framework.New(s, users, accounts{}, staff, memos{})}
	b.root = authtest.Create(t, db, &User{Base: auth.Base{Username: "root", IsStaff: true, IsSuperuser: true}})
	m := &Memo{Title: "Old", Text: "x"}
	if err := db.Create(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	client := b.as(t, b.root)
	page := "/admin/memos/memo/1/change/"
	client.Get(page).WantContains(t, `name="version" value="1"`)
	m.Text = "theirs"
	if err := db.Save(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	client.Post(page, url.Values{"title": {"Mine"}, "text": {"x"}, "version": {"1"}}).WantContains(t, "Somebody else has changed this memo", `value="Mine"`, `name="version" value="2"`)
	client.Post(page, url.Values{"title": {"Mine"}, "text": {"x"}, "version": {"2"}}).WantRedirect(t, "/admin/memos/memo/")
	n, err := orm.Objects[Memo](db).Where("title", "Mine").Count(t.Context())
	if n != 1 || err != nil {
		t.Errorf("%d stored, %v", n, err)
	}
}
