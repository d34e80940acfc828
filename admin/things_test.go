package admin_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"testing"
	"time"

	"github.com/quintetgo/quintet/admin"
	"github.com/quintetgo/quintet/auth"
	"github.com/quintetgo/quintet/auth/authtest"
	"github.com/quintetgo/quintet/framework"
	"github.com/quintetgo/quintet/framework/web"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/ormtest"
)

// Thing has a field of each kind.
type Thing struct {
	Code     string `gorm:"primaryKey;size:30"`
	Text     string `gorm:"size:300"`
	Notes    string `gorm:"type:text"`
	At       time.Time
	Until    *time.Time
	Clock    time.Time `gorm:"type:time"`
	Day      time.Time `gorm:"type:date"`
	Lasts    time.Duration
	Price    string `gorm:"type:decimal(12,2)"`
	Ratio    float64
	Small    float32
	Big      int64
	On       bool
	Maybe    *bool
	Status   string          `gorm:"size:20"`
	Data     json.RawMessage `gorm:"type:json"`
	Blob     []byte
	Revision int
	OwnerID  *int64
	Owner    *Owner
	Owners   []Owner `gorm:"many2many:things_thing_owners"`
}

func (x *Thing) Fields(f *orm.Fields) {
	orm.Describe(f, &x.Text).Blank()
	orm.Describe(f, &x.Notes).Blank()
	orm.Describe(f, &x.Status).Choices(orm.Choice{Value: "new", Label: "New"}, orm.Choice{Value: "old", Label: "Old"})
	orm.FK(f, &x.Owner).OnDelete(orm.SetNull).Related("things")
	orm.M2M(f, &x.Owners).Blank().Related("owned")
}

func (x Thing) String() string { return x.Text }

// Owner has names that not every user may view.
type Owner struct {
	ID   int64
	Name string `gorm:"size:50"`
}

func (o Owner) String() string { return o.Name }

// Part is deleted with its thing.
type Part struct {
	ID      int64
	ThingID string `gorm:"size:30"`
	Thing   *Thing
	Name    string `gorm:"size:50"`
}

func (p *Part) Fields(f *orm.Fields) { orm.FK(f, &p.Thing).OnDelete(orm.Cascade).Related("parts") }

func (p Part) String() string { return p.Name }

// Pair has a key of two columns.
type Pair struct {
	A int64 `gorm:"primaryKey"`
	B int64 `gorm:"primaryKey"`
}

// Node can be its own parent.
type Node struct {
	ID       int64
	Name     string `gorm:"size:50"`
	ParentID *int64
	Parent   *Node
}

func (n *Node) Fields(f *orm.Fields) { orm.FK(f, &n.Parent).OnDelete(orm.Cascade).Related("children") }

func (n Node) String() string {
	if n.Parent != nil {
		return n.Parent.Name + " / " + n.Name
	}
	return n.Name
}

type things struct{ pairs bool }

func (things) Name() string { return "things" }

func (things) Models() []any { return []any{&Thing{}, &Owner{}, &Part{}, &Pair{}, &Node{}} }

func (a things) AdminModels() []admin.Model {
	models := []admin.Model{
		admin.For[Thing](admin.Options{List: []string{"", "owner", "owners"}, Search: []string{"text"}}), admin.For[Owner](admin.Options{Search: []string{"name"}}),
		admin.For[Part](admin.Options{}), admin.For[Node](admin.Options{}),
	}
	if a.pairs {
		models = append(models, admin.For[Pair](admin.Options{}))
	}
	return models
}

func setupThings(t testing.TB, app things) *bundle {
	t.Helper()
	db := ormtest.Open(t, auth.New[User](nil), accounts{}, admin.New(nil, admin.Config{}), app)
	users := auth.New[User](db)
	staff := admin.New(db, admin.Config{Now: func() time.Time { return clock }})
	s := framework.Settings{LanguageCode: "de-AT", Routes: func(r *web.Router) {
		r.Include("/admin/", staff)
		r.Include("/accounts/", users)
	}}
	b := &bundle{db: db, staff: staff, project: framework.New(s, users, accounts{}, staff, app)}
	b.root = authtest.Create(t, db, &User{Base: auth.Base{Username: "root", Name: "Rosa Root", IsStaff: true, IsSuperuser: true}})
	return b
}

// overwrite stores a text in one column of a row, as a program that checks nothing would have done.
func (b *bundle) overwrite(t *testing.T, table, column, keyColumn string, key any, text string) {
	t.Helper()
	statement := fmt.Sprintf("UPDATE %s SET %s = ? WHERE %s = ?", table, column, keyColumn)
	if _, err := b.db.Exec(t.Context(), statement, text, key); err != nil {
		t.Fatal(err)
	}
}

func (b *bundle) create(t *testing.T, objs ...any) {
	t.Helper()
	for _, obj := range objs {
		if err := b.db.SkipValidation().Create(t.Context(), obj); err != nil {
			t.Fatal(err)
		}
	}
}

func thing(code string, changes ...func(x *Thing)) *Thing {
	at := time.Date(2026, 5, 1, 12, 30, 15, 123456000, time.UTC)
	yes, owner := true, int64(1)
	x := &Thing{
		Code: code, Text: "A thing", Notes: "\n\n  two lines\nof text \n\n", At: at, Until: &at, Clock: time.Date(0, 1, 1, 12, 0, 15, 123456000, time.UTC),
		Day: time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC), Lasts: 90*time.Minute + 7*time.Microsecond, Price: "12.30", Ratio: 0.1 + 0.2, Small: 0.1, Big: 1<<62 + 1,
		On: true, Maybe: &yes, Status: "new", Data: json.RawMessage(`{"b":1,"a":[2,  1]}`), Blob: []byte{0, 1, 255}, OwnerID: &owner,
	}
	for _, change := range changes {
		change(x)
	}
	return x
}

func (b *bundle) thing(t *testing.T, code string) *Thing {
	t.Helper()
	x, err := orm.Objects[Thing](b.db).Where("code", code).Get(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func address(code, page string) string {
	return "/admin/things/thing/" + url.PathEscape(code) + "/" + page + "/"
}
