package admin

import (
	"context"
	"net/http"
	"slices"

	"github.com/quintetgo/quintet/admin/changeform"
	"github.com/quintetgo/quintet/auth"
	"github.com/quintetgo/quintet/auth/password"
	"github.com/quintetgo/quintet/framework/forms"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/schema"
)

// accounts is the admin of users, groups and permissions: their registrations, and the hooks that keep users from
// granting rights that they do not have.
type accounts struct {
	db    *orm.DB
	users *schema.Model // the project's user model, nil if there is none
	hooks map[*schema.Model]Hooks
}

func newAccounts(db *orm.DB) *accounts {
	a := &accounts{db: db, hooks: map[*schema.Model]Hooks{}}
	a.users = a.model("auth.User")
	for name, hooks := range map[string]Hooks{
		"auth.User": {
			Permit: a.permitUser, ReadOnlyIf: lockUserField, ExtraFields: passwordsOfNew, Clean: cleanPassword,
			Save: a.saveRights, Delete: a.deleteRights, Links: passwordLink,
		},
		"auth.Group":      {Permit: a.permitGroup, ReadOnlyIf: lockGroupField, Save: a.saveRights, Delete: a.deleteRights},
		"auth.Permission": {Permit: permitSuperuser, Save: a.saveRights, Delete: a.deleteRights},
		"auth.Session":    {Permit: permitSuperuser},
		"auth.Counter":    {Permit: permitSuperuser},
	} {
		if model := a.model(name); model != nil {
			a.hooks[model] = hooks
		}
	}
	return a
}

func (a *accounts) model(name string) *schema.Model {
	model, err := a.db.Model(name)
	if err != nil {
		return nil // the project does not have it
	}
	return model
}

// registrations returns the registrations of users and groups. The user model is the project's own: its further
// fields are in a group before the dates.
func (a *accounts) registrations() []Model {
	var models []Model
	if a.users != nil {
		models = append(models, Named(a.users.String(), userOptions(a.users)))
	}
	if group := a.model("auth.Group"); group != nil {
		models = append(models, Named(group.String(), Options{
			List: []string{"name"}, Search: []string{"name"}, Fields: []string{"name", "permissions"},
		}))
	}
	return models
}

func userOptions(user *schema.Model) Options {
	o := Options{
		List:   []string{"username", "name", "email", "is_staff", "is_active", "last_login"},
		Filter: []string{"is_active", "is_staff", "is_superuser", "groups"},
		Search: []string{"username", "name", "email"},
		Order:  []string{"username"},
		Fieldsets: []Fieldset{
			{Title: "Account", Fields: []string{"username", "email", "name"}},
			{Title: "Permissions", Fields: []string{"is_active", "is_staff", "is_superuser", "groups", "permissions"}},
		},
		ReadOnly: []string{"last_login", "date_joined"},
	}
	builtin := append(slices.Clone(privileged), "username", "email", "name", "is_active", "password", "last_login", "date_joined")
	further := slices.DeleteFunc(changeform.Editable(user), func(name string) bool { return slices.Contains(builtin, name) })
	if len(further) > 0 {
		o.Fieldsets = append(o.Fieldsets, Fieldset{Title: "Further fields", Fields: further})
	}
	o.Fieldsets = append(o.Fieldsets, Fieldset{Title: "Dates", Fields: o.ReadOnly})
	return o
}

// privileged are the fields of users that grant rights. Only superusers set them.
var privileged = []string{"is_staff", "is_superuser", "groups", "permissions"}

// lockUserField keeps users from granting rights, and from locking themselves out.
func lockUserField(r *http.Request, obj any, field string) bool {
	user := auth.User(r)
	if slices.Contains(privileged, field) && !user.Account().IsSuperuser {
		return true
	}
	return isSelf(user, obj) && (field == "is_active" || field == "is_staff" || field == "is_superuser")
}

// lockGroupField keeps users from granting permissions through a group.
func lockGroupField(r *http.Request, _ any, field string) bool {
	return field == "permissions" && !auth.User(r).Account().IsSuperuser
}

// isSelf reports whether obj is the account of user.
func isSelf(user auth.Identity, obj any) bool {
	other, ok := obj.(auth.Identity)
	return ok && other.UserID() != 0 && other.UserID() == user.UserID()
}

// passwordsOfNew returns the password inputs of a new user.
func passwordsOfNew(_ *http.Request, obj any) []*forms.Field {
	if user, ok := obj.(auth.Identity); !ok || user.UserID() != 0 {
		return nil
	}
	return passwordFields()
}

// cleanPassword checks the password of a new user and stores its hash in the object.
func cleanPassword(s *Submission) error {
	user, ok := s.Object.(auth.Identity)
	if !ok || s.Extra == nil || !s.Extra.IsValid() {
		return nil
	}
	plain, valid := newPassword(s.Extra, user.Account())
	if !valid || !s.IsValid() {
		return nil
	}
	if err := user.Account().SetPassword(password.Preferred(s.Request.Context()), plain); err != nil {
		s.Extra.AddError("password1", "The password could not be stored. Try again.")
	}
	return nil
}

// passwordLink returns the button to the page that sets a user's password.
func passwordLink(_ *http.Request, _ any, editable bool) []Link {
	if !editable {
		return nil
	}
	return []Link{{Label: "Set password", URL: "../password/"}}
}

// saveRights saves a user, group or permission inside the checks of [accounts.guard].
func (a *accounts) saveRights(ctx context.Context, s *Submission, save func(context.Context) error) error {
	return a.guard(ctx, s.Request, s.Object, save)
}

// deleteRights deletes users, groups or permissions inside the checks of [accounts.guard].
func (a *accounts) deleteRights(ctx context.Context, r *http.Request, execute func(context.Context) error) error {
	return a.guard(ctx, r, nil, execute)
}
