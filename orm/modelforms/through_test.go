package modelforms_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/modelforms"
	"github.com/quintetgo/quintet/orm/ormtest"
)

type Player struct {
	ID   int64
	Name string `gorm:"size:20"`
}

// Part requires an instrument.
type Part struct {
	ID         int64
	GigID      int64
	Gig        *Gig
	PlayerID   int64
	Player     *Player
	Instrument string `gorm:"size:20"`
	Notes      string `gorm:"size:20"`
}

func (p *Part) Fields(f *orm.Fields) {
	orm.FK(f, &p.Gig).OnDelete(orm.Cascade)
	orm.FK(f, &p.Player).OnDelete(orm.Cascade)
	orm.Describe(f, &p.Notes).Blank()
}

// Seat has a default for what it requires.
type Seat struct {
	ID       int64
	GigID    int64
	Gig      *Gig
	PlayerID int64
	Player   *Player
	Row      int
}

func (s *Seat) Fields(f *orm.Fields) {
	orm.FK(f, &s.Gig).OnDelete(orm.Cascade)
	orm.FK(f, &s.Player).OnDelete(orm.Cascade)
	orm.Describe(f, &s.Row).Default(func() int { return 7 })
}

type Gig struct {
	ID      int64
	Title   string   `gorm:"size:20"`
	Players []Player `gorm:"many2many:gigs_part"`
	Guests  []Player `gorm:"many2many:gigs_seat"`
}

func (g *Gig) Fields(f *orm.Fields) {
	orm.M2M(f, &g.Players).Through(&Part{}).Related("played").Blank()
	orm.M2M(f, &g.Guests).Through(&Seat{}).Related("seated").Blank()
}

type gigs struct{}

func (gigs) Name() string  { return "gigs" }
func (gigs) Models() []any { return []any{&Player{}, &Gig{}, &Part{}, &Seat{}} }

func openGigs(t *testing.T) *orm.DB {
	t.Helper()
	db := ormtest.Open(t, gigs{})
	for _, name := range []string{"Ann", "Bob"} {
		if err := db.Create(t.Context(), &Player{Name: name}); err != nil {
			t.Fatal(err)
		}
	}
	return db
}

// A form stores links with the values of Options.Through or the defaults of the through model, and keeps those of existing links.
func TestThroughModels(t *testing.T) {
	t.Parallel()
	db := openGigs(t)
	var gig Gig
	save := func(instrument string, players ...string) {
		t.Helper()
		options := modelforms.Options{Through: map[string]any{"players": &Part{Instrument: instrument, Notes: "x"}}}
		if instrument != "violin" {
			options.Fields = []string{"title", "players", "guests"}
		}
		form, err := modelforms.NewWithOptions(t.Context(), db, &gig, options)
		if err != nil {
			t.Fatal(err)
		}
		if !form.ParseValues(url.Values{"title": {"Evening"}, "players": players, "guests": {"2"}}) {
			t.Fatal(form.Errors())
		}
		if err := form.Save(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	rows := func() string {
		t.Helper()
		parts, err := orm.Objects[Part](db).OrderByNames("player").All(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, p := range parts {
			out = append(out, fmt.Sprintf("%d %s %s", p.PlayerID, p.Instrument, p.Notes))
		}
		return strings.Join(out, ", ")
	}
	save("guitar", "1")
	if got := rows(); got != "1 guitar x" {
		t.Errorf("got %q", got)
	}
	if seat, err := orm.Objects[Seat](db).Get(t.Context()); err != nil || seat.Row != 7 || seat.PlayerID != 2 {
		t.Errorf("got %+v, %v", seat, err)
	}
	save("violin", "1", "2")
	if got := rows(); got != "1 guitar x, 2 violin x" {
		t.Errorf("got %q", got)
	}
	save("violin", "2")
	if got := rows(); got != "2 violin x" {
		t.Errorf("got %q", got)
	}
}

func TestThroughModelsAreChecked(t *testing.T) {
	t.Parallel()
	db := openGigs(t)
	for name, test := range map[string]struct {
		options modelforms.Options
		want    string // "" for no error
	}{
		"required":       {modelforms.Options{Fields: []string{"players"}}, `through model gigs.Part require instrument, which has no default`},
		"with a default": {modelforms.Options{Fields: []string{"guests"}}, ""},
		"not named":      {modelforms.Options{}, ""},
		"wrong type":     {modelforms.Options{Through: map[string]any{"players": &Seat{}}}, "pass a *modelforms_test.Part"},
		"no pointer":     {modelforms.Options{Through: map[string]any{"players": Part{}}}, "pass a *modelforms_test.Part"},
		"wrong name": {
			modelforms.Options{Fields: []string{"guests"}, Through: map[string]any{"guest": &Seat{}}}, `did you mean "guests"?`,
		},
	} {
		_, err := modelforms.NewWithOptions(t.Context(), db, &Gig{}, test.options)
		if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got %v, want %q", name, err, test.want)
		}
	}
	model, err := orm.ModelFor[Gig](db)
	if err != nil {
		t.Fatal(err)
	}
	if err := modelforms.Check(model, "players"); err == nil || !strings.Contains(err.Error(), "instrument") {
		t.Errorf("Check: %v", err)
	}
}
