// Package backstage is an app whose models are managed in the admin; it shows everything that admin options can say.
package backstage

import (
	"time"

	"github.com/quintetgo/quintet/orm"
)

// Agent looks after musicians.
type Agent struct {
	ID   int64
	Name string `gorm:"size:100"`
}

// String is what lists and pickers show.
func (a Agent) String() string { return a.Name }

// Booking is an evening that somebody plays.
type Booking struct {
	ID        int64
	Venue     string `gorm:"size:200"`
	StartsAt  time.Time
	Fee       int
	Confirmed bool
	AgentID   int64
	Agent     *Agent
	Notes     string `gorm:"type:text"`
	CreatedAt time.Time
}

// Fields configures validation, labels and relations.
func (b *Booking) Fields(f *orm.Fields) {
	orm.FK(f, &b.Agent).OnDelete(orm.Protect).Related("bookings")
	orm.Describe(f, &b.Notes).Blank()
	orm.Describe(f, &b.CreatedAt).AutoNowAdd()
}

// Meta puts the next booking first.
func (Booking) Meta() orm.Meta { return orm.Meta{Ordering: []string{"-starts_at"}} }

// String is what pages call a booking.
func (b Booking) String() string { return b.Venue }

// Weekday is a column of the list.
func (b Booking) Weekday() string { return b.StartsAt.Weekday().String() }
