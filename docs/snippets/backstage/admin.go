package backstage

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/quintetgo/quintet/admin"
	"github.com/quintetgo/quintet/auth"
	"github.com/quintetgo/quintet/framework/forms"
	"github.com/quintetgo/quintet/framework/web"
)

// AdminModels returns the models that staff manage.
func (App) AdminModels() []admin.Model {
	return []admin.Model{
		admin.For[Agent](admin.Options{Hooks: agentHooks}),
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
	Hooks:    admin.Hooks{Permit: keepPast, ReadOnlyIf: lockFee},
}

// keepPast keeps users from changing bookings of the past.
func keepPast(_ *http.Request, action admin.Action, obj any) error {
	booking := obj.(*Booking)
	if action == admin.ActionChange && booking.StartsAt.Before(time.Now()) {
		return web.Forbidden("This evening is over.")
	}
	return nil
}

// lockFee lets only superusers change the fee of a confirmed booking.
func lockFee(r *http.Request, obj any, field string) bool {
	return field == "fee" && obj.(*Booking).Confirmed && !auth.User(r).Account().IsSuperuser
}

// agentHooks ask for the reason of a change and write it down in the transaction of the change.
var agentHooks = admin.Hooks{
	ExtraFields: func(_ *http.Request, obj any) []*forms.Field {
		if obj.(*Agent).ID == 0 {
			return nil
		}
		return []*forms.Field{{Name: "reason", Label: "Reason of the change"}}
	},
	Clean: func(s *admin.Submission) error {
		if !s.Adding && s.Extra.Value("reason") == "" {
			s.Extra.AddError("reason", "Give a reason.")
		}
		return nil
	},
	Save: func(ctx context.Context, s *admin.Submission, save func(context.Context) error) error {
		if s.Extra != nil {
			s.Object.(*Agent).Remark = fmt.Sprint(s.Extra.Value("reason"))
		}
		return save(ctx)
	},
}
