package admin_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/quintetgo/quintet/admin"
	"github.com/quintetgo/quintet/admin/audit"
	"github.com/quintetgo/quintet/auth"
	"github.com/quintetgo/quintet/auth/authtest"
	"github.com/quintetgo/quintet/framework"
	"github.com/quintetgo/quintet/framework/web"
	"github.com/quintetgo/quintet/framework/webtest"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/ormtest"
)

// Two users delete the same rows at the same time: each row is deleted and recorded once.
func TestConcurrentDeletions(t *testing.T) {
	t.Parallel()
	b := setupThings(t, things{})
	for i := range 3 {
		b.create(t, &Owner{Name: fmt.Sprint("Owner ", i)})
	}
	clients := []*webtest.Client{b.as(t, b.root), b.as(t, authtest.Create(t, b.db, &User{Base: auth.Base{Username: "second", IsStaff: true, IsSuperuser: true}}))}
	var arrived atomic.Int64
	both := make(chan struct{})
	stop := b.db.Observe(func(s orm.Statement) {
		if strings.Contains(s.SQL, `FROM "things_owner"`) { // both requests read the rows before either deletes them
			switch arrived.Add(1) {
			case 1:
				<-both
			case 2:
				close(both)
			}
		}
	})
	defer stop()
	var wait sync.WaitGroup
	pages := make([]*webtest.Response, len(clients))
	for i, client := range clients {
		wait.Go(func() {
			pages[i] = client.Post("/admin/things/owner/", url.Values{"action": {"delete_selected"}, "_selected_action": {"1", "2", "3"}, "post": {"yes"}})
		})
	}
	wait.Wait()
	var shown []string
	for i, page := range pages {
		page.WantRedirect(t, "/admin/things/owner/")
		shown = append(shown, between(clients[i].Get("/admin/things/owner/").Body, `<div class="message `, "</div>"))
	}
	if text := strings.Join(shown, " "); strings.Count(text, "3 owners were deleted.") != 1 || strings.Count(text, "no longer exist") != 1 {
		t.Errorf("messages %q", shown)
	}
	if n := count[audit.LogEntry](t, b, "action", "delete"); n != 3 || count[Owner](t, b) != 0 {
		t.Errorf("%d entries of deletions, %d owners", n, count[Owner](t, b))
	}
}

func TestDeletionOfMissingObjects(t *testing.T) {
	t.Parallel()
	b := setupThings(t, things{})
	b.create(t, &Owner{Name: "one"}, &Owner{Name: "two"})
	client := b.as(t, b.root)
	chosen := url.Values{"action": {"delete_selected"}, "_selected_action": {"1", "2"}, "post": {"yes"}}
	client.Post("/admin/things/owner/1/delete/", url.Values{"post": {"yes"}}).WantRedirect(t, "/admin/things/owner/")
	client.Post("/admin/things/owner/", chosen).WantRedirect(t, "/admin/things/owner/")
	client.Get("/admin/things/owner/").WantContains(t, "“two”")
	client.Post("/admin/things/owner/", chosen).WantRedirect(t, "/admin/things/owner/")
	client.Get("/admin/things/owner/").WantContains(t, "no longer exist")
	client.Post("/admin/things/owner/1/delete/", url.Values{"post": {"yes"}}).WantStatus(t, http.StatusNotFound)
	if n := count[audit.LogEntry](t, b, "action", "delete"); n != 2 {
		t.Errorf("%d entries", n)
	}
}

// A relation that is deleted between the check and the save is an error of its field.
func TestDeletedRelationOnSave(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ field, value string }{{"owner", "2"}, {"owners", "2"}} {
		b := setupThings(t, things{})
		b.create(t, &Owner{Name: "Ann"}, &Owner{Name: "Bob"}, thing("x"))
		client := b.as(t, b.root)
		values := inputs(t, client.Get(address("x", "change")).Body)
		values.Set(test.field, test.value)
		values.Set("text", "Typed with care")
		var once sync.Once
		var lists atomic.Int64
		stop := b.db.Observe(func(s orm.Statement) {
			choices := strings.Contains(s.SQL, `FROM "things_owner" AS t0 LIMIT`) && !strings.Contains(s.SQL, "COUNT")
			if choices && lists.Add(1) == 2 { // of both fields
				once.Do(func() {
					if _, err := b.db.Exec(t.Context(), "DELETE FROM things_owner WHERE id = 2"); err != nil {
						t.Error(err)
					}
				})
			}
		})
		page := client.Post(address("x", "change"), values).WantStatus(t, http.StatusOK)
		stop()
		page.WantContains(t, `href="#id_`+test.field+`"`, "no longer exists", `Typed with care`)
	}
}

// Member is a user that is deleted with a team.
type Member struct {
	auth.Base
	TeamID *int64
	Team   *Team
}

func (m *Member) Fields(f *orm.Fields) { orm.FK(f, &m.Team).OnDelete(orm.Cascade).Related("members") }

// Team is deleted with its members.
type Team struct {
	ID   int64
	Name string `gorm:"size:50"`
}

func (t Team) String() string { return t.Name }

type teams struct{}

func (teams) Name() string               { return "teams" }
func (teams) Models() []any              { return []any{&Team{}, &Member{}} }
func (teams) AdminModels() []admin.Model { return []admin.Model{admin.For[Team](admin.Options{})} }

// A deletion that includes the current user is refused with an explanation, or recorded without the user.
func TestDeletionIncludingCurrentUser(t *testing.T) {
	t.Parallel()
	db := ormtest.Open(t, auth.New[Member](nil), teams{}, admin.New(nil, admin.Config{}))
	users := auth.New[Member](db)
	staff := admin.New(db, admin.Config{})
	project := framework.New(framework.Settings{Routes: func(r *web.Router) {
		r.Include("/admin/", staff)
		r.Include("/accounts/", users)
	}}, users, teams{}, staff)
	one := int64(1)
	if err := db.Create(t.Context(), &Team{Name: "Ours"}); err != nil {
		t.Fatal(err)
	}
	authtest.Create(t, db, &Member{Base: auth.Base{Username: "other", IsStaff: true, IsSuperuser: true}})
	self := authtest.Create(t, db, &Member{Base: auth.Base{Username: "root", IsStaff: true, IsSuperuser: true}, TeamID: &one})
	client := webtest.New(t, project)
	authtest.Login(t, client, self)
	client.Get("/admin/")
	page := client.Post("/admin/teams/team/1/delete/", url.Values{"post": {"yes"}})
	switch teams, err := orm.Objects[Team](db).Count(t.Context()); {
	case err != nil:
		t.Fatal(err)
	case page.Status == http.StatusSeeOther && teams == 0:
		if n, err := orm.Objects[audit.LogEntry](db).Where("action", "delete").Where("user__isnull", true).Count(t.Context()); err != nil || n != 1 {
			t.Errorf("%d entries, %v", n, err)
		}
	case page.Status == http.StatusConflict && teams == 1:
		page.WantContains(t, "This cannot be deleted")
	default:
		t.Errorf("status %d, %d teams", page.Status, teams)
	}
}
