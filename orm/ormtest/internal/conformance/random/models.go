// Package random compares random queries with their evaluation in plain Go: conditions over a schema with relations of every
// kind, which the database evaluates with joins and subqueries, and this package by following pointers.
package random

import (
	"context"
	"fmt"
	"math/rand/v2"

	"github.com/quintetgo/quintet/orm"
)

// Person has a boss, who is a person, and perhaps a passport.
type Person struct {
	ID     int64
	Name   *string `gorm:"size:20"`
	Age    *int64
	Rank   int64
	BossID *int64
	Boss   *Person
}

// Fields implements orm's Fielder.
func (p *Person) Fields(f *orm.Fields) { orm.FK(f, &p.Boss).OnDelete(orm.SetNull).Related("reports") }

// Passport belongs to one person.
type Passport struct {
	ID      int64
	Name    *string `gorm:"size:20"`
	Age     *int64
	Rank    int64
	OwnerID *int64 `gorm:"uniqueIndex"`
	Owner   *Person
}

// Fields implements orm's Fielder.
func (p *Passport) Fields(f *orm.Fields) {
	orm.FK(f, &p.Owner).OnDelete(orm.Cascade).Related("passport")
}

// Team has members and a lead.
type Team struct {
	ID      int64
	Name    *string `gorm:"size:20"`
	Age     *int64
	Rank    int64
	LeadID  *int64
	Lead    *Person
	Members []Person `gorm:"many2many:random_team_members"`
}

// Fields implements orm's Fielder.
func (t *Team) Fields(f *orm.Fields) {
	orm.FK(f, &t.Lead).OnDelete(orm.SetNull).Related("leads")
	orm.M2M(f, &t.Members).Related("teams")
}

// Note has an author, and perhaps a team that it is about.
type Note struct {
	ID       int64
	Name     *string `gorm:"size:20"`
	Age      *int64
	Rank     int64
	AuthorID int64
	Author   *Person
	TeamID   *int64
	Team     *Team
}

// Fields implements orm's Fielder.
func (n *Note) Fields(f *orm.Fields) {
	orm.FK(f, &n.Author).OnDelete(orm.Cascade).Related("notes")
	orm.FK(f, &n.Team).OnDelete(orm.SetNull).Related("notes")
}

// App has the models.
type App struct{}

// Name returns "random".
func (App) Name() string { return "random" }

// Models returns the models.
func (App) Models() []any { return []any{&Person{}, &Passport{}, &Team{}, &Note{}} }

// row is an object with what the evaluation needs: its values by field, and the rows that its relations lead to.
type row struct {
	id   int64
	name *string
	age  *int64
	rank int64
	one  map[string]*row   // nil for none
	many map[string][]*row // by the name of the relation
}

// world has all rows by model.
type world map[string][]*row

// values are what names and ages are taken from; nil is NULL.
var (
	names = []string{"", "Ann", "ann", "Bob", "böb", "a%", "a_b", "Zoë "}
	ages  = []int64{-1, 0, 1, 2, 40}
)

func randomName(r *rand.Rand) *string {
	if r.IntN(4) == 0 {
		return nil
	}
	return &names[r.IntN(len(names))]
}

func randomAge(r *rand.Rand) *int64 {
	if r.IntN(4) == 0 {
		return nil
	}
	return &ages[r.IntN(len(ages))]
}

// chance returns one of the rows, or nil one time in three.
func chance(r *rand.Rand, rows []*row) *row {
	if len(rows) == 0 || r.IntN(3) == 0 {
		return nil
	}
	return rows[r.IntN(len(rows))]
}

func key(x *row) *int64 {
	if x == nil {
		return nil
	}
	return &x.id
}

func newRow(r *rand.Rand) *row {
	return &row{name: randomName(r), age: randomAge(r), rank: int64(r.IntN(4)), one: map[string]*row{}, many: map[string][]*row{}}
}

// link connects two rows in both directions.
func link(from *row, relation string, to *row, reverse string) {
	from.one[relation] = to
	if to != nil {
		to.many[reverse] = append(to.many[reverse], from)
	}
}

// fill creates random rows in the database and returns them.
func fill(ctx context.Context, db *orm.DB, r *rand.Rand) (world, error) {
	w := world{}
	add := func(model string, x *row, object any, id *int64) error {
		if err := db.SkipValidation().Create(ctx, object); err != nil {
			return fmt.Errorf("create a %s: %w", model, err)
		}
		x.id = *id
		w[model] = append(w[model], x)
		return nil
	}
	for range 14 {
		x := newRow(r)
		link(x, "boss", chance(r, w["Person"]), "reports")
		p := &Person{Name: x.name, Age: x.age, Rank: x.rank, BossID: key(x.one["boss"])}
		if err := add("Person", x, p, &p.ID); err != nil {
			return nil, err
		}
	}
	for i := range 6 {
		x := newRow(r)
		if i%2 == 0 {
			x.one["owner"] = w["Person"][i]
			w["Person"][i].one["passport"] = x
		}
		p := &Passport{Name: x.name, Age: x.age, Rank: x.rank, OwnerID: key(x.one["owner"])}
		if err := add("Passport", x, p, &p.ID); err != nil {
			return nil, err
		}
	}
	for range 7 {
		x := newRow(r)
		link(x, "lead", chance(r, w["Person"]), "leads")
		team := &Team{Name: x.name, Age: x.age, Rank: x.rank, LeadID: key(x.one["lead"])}
		if err := add("Team", x, team, &team.ID); err != nil {
			return nil, err
		}
		var members []any
		for _, i := range r.Perm(len(w["Person"]))[:r.IntN(4)] {
			member := w["Person"][i]
			x.many["members"] = append(x.many["members"], member)
			member.many["teams"] = append(member.many["teams"], x)
			members = append(members, member.id)
		}
		if err := db.Related(team, "members").Add(ctx, members...); err != nil {
			return nil, err
		}
	}
	for range 20 {
		x := newRow(r)
		link(x, "author", w["Person"][r.IntN(9)], "notes") // the others have none
		link(x, "team", chance(r, w["Team"]), "notes")
		n := &Note{Name: x.name, Age: x.age, Rank: x.rank, AuthorID: x.one["author"].id, TeamID: key(x.one["team"])}
		if err := add("Note", x, n, &n.ID); err != nil {
			return nil, err
		}
	}
	return w, nil
}
