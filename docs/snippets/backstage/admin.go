package backstage

import (
	"fmt"

	"github.com/quintetgo/quintet/admin"
)

// AdminModels lists the models that staff manage.
func (App) AdminModels() []admin.Model {
	return []admin.Model{
		admin.For[Agent](admin.Options{}),
		admin.For[Booking](bookings),
	}
}

var bookings = admin.Options{
	List:   []string{"venue", "agent", "starts_at", "weekday", "price", "confirmed"},
	Filter: []string{"confirmed", "agent", "starts_at"},
	Search: []string{"^venue", "agent__name", "notes"},
	Order:  []string{"-starts_at"},
	Computed: []admin.Column{
		admin.Computed("price", func(b *Booking) any { return fmt.Sprintf("€ %d", b.Fee) }),
	},
	Fieldsets: []admin.Fieldset{
		{Fields: []string{"venue", "starts_at", "agent"}},
		{Title: "Money", Description: "Before tax.", Fields: []string{"fee", "confirmed"}},
		{Title: "Remarks", Fields: []string{"notes", "created_at"}},
	},
	ReadOnly: []string{"created_at"},
	NoDelete: true,
}
