package concerts

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/quintetgo/quintet/orm"
)

// Status is the state of a concert.
type Status string

// The states of a concert.
const (
	Planned  Status = "planned"
	Sold     Status = "sold"
	Canceled Status = "canceled"
)

// Choices lists the states; every field of this type is limited to them.
func (Status) Choices() []orm.Choice {
	return []orm.Choice{{Value: Planned, Label: "Planned"}, {Value: Sold, Label: "Sold out"}, {Value: Canceled, Label: "Canceled"}}
}

// Venue is where concerts are given.
type Venue struct {
	ID      int64
	Name    string `gorm:"size:120;uniqueIndex"`
	Website string `gorm:"size:200"`
	Seats   int
	orm.Timestamps
}

// Fields configures validation, labels and relations.
func (v *Venue) Fields(f *orm.Fields) {
	orm.Describe(f, &v.Website).URL().Blank()
	orm.Describe(f, &v.Seats).Help("Standing places count.").Validate(orm.AtLeast(1)).Default(func() int { return 100 })
}

// String is what people read.
func (v Venue) String() string { return v.Name }

// Musician plays at concerts.
type Musician struct {
	ID        int64
	Name      string `gorm:"size:120"`
	TeacherID *int64
	Teacher   *Musician
	Friends   []Musician `gorm:"many2many:concerts_friends"`
	Admires   []Musician `gorm:"many2many:concerts_admires"`
}

// Fields configures validation, labels and relations.
func (m *Musician) Fields(f *orm.Fields) {
	orm.FK(f, &m.Teacher).OnDelete(orm.SetNull).Related("pupils")
	orm.M2M(f, &m.Friends).Symmetrical()
	orm.M2M(f, &m.Admires).OneWay().Related("admirers")
}

// String is what people read.
func (m Musician) String() string { return m.Name }

// Concert is one evening.
type Concert struct {
	ID       int64
	Title    string `gorm:"size:200"`
	Slug     string `gorm:"size:200"`
	Status   Status `gorm:"size:10;index"`
	StartsAt time.Time
	EndsAt   *time.Time
	Price    string `gorm:"type:decimal(8,2)"`
	Setlist  orm.JSON[[]string]
	VenueID  int64
	Venue    *Venue
	Players  []Musician `gorm:"many2many:concerts_engagement"`
}

// Fields configures validation, labels and relations.
func (c *Concert) Fields(f *orm.Fields) {
	orm.Describe(f, &c.Slug).Slug().Blank()
	orm.Describe(f, &c.Status).Default(func() Status { return Planned })
	orm.Describe(f, &c.EndsAt).Label("End")
	orm.FK(f, &c.Venue).OnDelete(orm.Protect).Related("concerts")
	orm.M2M(f, &c.Players).Through(&Engagement{}).Related("concerts").Blank()
}

// Meta configures the model as a whole.
func (Concert) Meta() orm.Meta {
	return orm.Meta{
		Ordering: []string{"-starts_at"},
		Unique:   []orm.Unique{{Fields: []string{"venue", "starts_at"}}},
		Checks:   []orm.Check{{Name: "concert_price_positive", SQL: "price >= 0"}},
		Permissions: []orm.Permission{
			{Codename: "cancel_concert", Name: "Can cancel concerts"},
		},
	}
}

// String is what people read.
func (c Concert) String() string { return c.Title }

// BeforeSave runs before validation, so it may fill fields.
func (c *Concert) BeforeSave(ctx context.Context) error {
	if c.Slug == "" {
		c.Slug = strings.ReplaceAll(strings.ToLower(c.Title), " ", "-")
	}
	return nil
}

// Clean checks fields against each other.
func (c *Concert) Clean() error {
	if c.EndsAt != nil && c.EndsAt.Before(c.StartsAt) {
		return orm.Invalid("ends_at", "A concert cannot end before it begins.")
	}
	return nil
}

// BeforeDelete runs for every concert that is deleted, also along with a venue. An error stops it.
func (c *Concert) BeforeDelete(ctx context.Context) error {
	if c.Status == Sold {
		return errors.New("tickets for " + c.Title + " are sold")
	}
	return nil
}

// Engagement is the part that a musician plays at a concert.
type Engagement struct {
	ID         int64
	ConcertID  int64
	Concert    *Concert
	MusicianID int64
	Musician   *Musician
	Instrument string `gorm:"size:60"`
}

// Fields configures validation, labels and relations.
func (e *Engagement) Fields(f *orm.Fields) {
	orm.FK(f, &e.Concert).OnDelete(orm.Cascade).Related("engagements")
	orm.FK(f, &e.Musician).OnDelete(orm.Protect).Related("engagements")
}

// Rider is what the musicians want backstage, at most one for a concert.
type Rider struct {
	ID        int64
	ConcertID int64
	Concert   *Concert
	Text      string `gorm:"type:text"`
}

// Fields configures validation, labels and relations.
func (r *Rider) Fields(f *orm.Fields) {
	orm.FK(f, &r.Concert).OneToOne().OnDelete(orm.Cascade).Related("rider")
}

// Visit points at a model by its name, for an app that does not import the other's package.
type Visit struct {
	ID        int64
	ConcertID *int64
	At        time.Time
}

// Fields configures validation, labels and relations.
func (v *Visit) Fields(f *orm.Fields) {
	orm.FKTo(f, &v.ConcertID, "concerts.Concert").OnDelete(orm.SetNull).Related("visits")
	orm.Describe(f, &v.At).AutoNowAdd()
}
