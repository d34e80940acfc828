package deletion_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"time"

	"github.com/quintetgo/quintet/admin"
	"github.com/quintetgo/quintet/admin/audit"
	"github.com/quintetgo/quintet/admin/deletion"
	"github.com/quintetgo/quintet/admin/env"
	"github.com/quintetgo/quintet/auth"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/migrate"
	"github.com/quintetgo/quintet/orm/schema"
	"github.com/quintetgo/quintet/orm/sqlite"
)

type User struct{ auth.Base }

type Team struct {
	ID   int64
	Name string `gorm:"size:50"`
}

func (t Team) String() string { return t.Name }

type Player struct {
	ID     int64
	Name   string `gorm:"size:50"`
	TeamID int64
	Team   *Team
}

func (p *Player) Fields(f *orm.Fields) { orm.FK(f, &p.Team).OnDelete(orm.Cascade).Related("players") }
func (p Player) String() string        { return p.Name }

type league struct{}

func (league) Name() string  { return "league" }
func (league) Models() []any { return []any{&User{}, &Team{}, &Player{}} }

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

// openLeague returns the environment of a user who may view everything, over a team with two players.
func openLeague(ctx context.Context) (e env.Env, teams *schema.Model, team *Team, done func()) {
	dir, err := os.MkdirTemp("", "league")
	must(err)
	db := orm.MustOpen("sqlite:///"+filepath.Join(dir, "league.sqlite3"), sqlite.Driver)
	must(migrate.Register(db, auth.New[User](nil), league{}, admin.New(nil, admin.Config{})))
	must(migrate.CreateTables(ctx, db))
	user := &User{Base: auth.Base{Username: "rosa", Email: "rosa@example.com"}}
	team = &Team{Name: "Lantern Street"}
	must(db.Create(ctx, user))
	must(db.Create(ctx, team))
	for _, name := range []string{"Ella", "Jonas"} {
		must(db.Create(ctx, &Player{Name: name, TeamID: team.ID}))
	}
	teams, err = db.Model("league.Team")
	must(err)
	e = env.Env{
		DB: db, UserID: user.ID, CanView: func(*schema.Model) bool { return true },
		Link:         func(model *schema.Model, pk any) string { return fmt.Sprintf("/%s/%v/", model.Key(), pk) },
		Autocomplete: func(*schema.Model) string { return "" },
	}
	return e, teams, team, func() { _ = db.Close(); _ = os.RemoveAll(dir) }
}

func options(e env.Env, teams *schema.Model) deletion.Options {
	return deletion.Options{
		ConfirmAbove: 2,
		Forbidden:    func(context.Context, orm.DeletionGroup) (bool, error) { return false, nil },
		Entry: func(obj any) *audit.LogEntry {
			return audit.NewEntry(audit.Actor{ID: e.UserID, Name: "Rosa"}, audit.Delete, teams, obj, time.Now())
		},
	}
}

// Collect returns what a deletion includes, for the page that asks for confirmation.
func ExampleCollect() {
	ctx := context.Background()
	e, teams, team, done := openLeague(ctx)
	defer done()

	plan, err := deletion.Collect(ctx, e, options(e, teams), team)
	must(err)
	view := plan.View()
	fmt.Println("objects:", view.Total, "type to confirm:", view.Confirm)
	for _, group := range view.Groups {
		fmt.Println(group.Count, group.Label, group.Items)
	}
	// Unordered output:
	// objects: 3 type to confirm: 3
	// 1 Team [{Lantern Street /league.team/1/ false}]
	// 2 Players [{Ella /league.player/1/ false} {Jonas /league.player/2/ false}]
}

// Run deletes the objects and records them in the history, unless something prevents it.
func ExampleRun() {
	ctx := context.Background()
	e, teams, team, done := openLeague(ctx)
	defer done()
	o := options(e, teams)

	result, err := deletion.Run(ctx, e, o, teams, []any{team}, "")
	must(err)
	fmt.Println(result.Outcome == deletion.Unconfirmed, result.Deleted)

	result, err = deletion.Run(ctx, e, o, teams, []any{team}, "3")
	must(err)
	fmt.Println(result.Outcome == deletion.Deleted, result.Deleted)

	entries, err := audit.Recent(ctx, e.DB, 10, teams)
	must(err)
	fmt.Println(entries[0])

	result, err = deletion.Run(ctx, e, o, teams, []any{team}, "3")
	must(err)
	fmt.Println(result.Deleted, "deleted,", result.Missing, "missing")
	// Output:
	// true 0
	// true 1
	// Rosa deleted Lantern Street
	// 0 deleted, 1 missing
}
