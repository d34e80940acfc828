// Package backstage is an app whose models are managed in the admin; it uses every option of the admin.
package backstage

import (
	"time"

	"github.com/quintetgo/quintet/orm"
)

// Agent represents musicians.
type Agent struct {
	ID     int64
	Name   string `gorm:"size:100"`
	Remark string `gorm:"size:200"` // the reason of the last change
}

// Fields keeps the remark out of the form.
func (a *Agent) Fields(f *orm.Fields) { orm.Describe(f, &a.Remark).Blank().ReadOnly() }

// String returns the name that lists and pickers show.
func (a Agent) String() string { return a.Name }

// Booking is an evening at a venue.
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

// Meta sorts the latest booking first.
func (Booking) Meta() orm.Meta { return orm.Meta{Ordering: []string{"-starts_at"}} }

// String returns the venue.
func (b Booking) String() string { return b.Venue }

// Weekday returns the name of the day, a column of the list.
func (b Booking) Weekday() string { return b.StartsAt.Weekday().String() }
