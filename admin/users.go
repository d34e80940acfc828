package admin

import (
	"slices"

	"github.com/quintetgo/quintet/auth"
	"github.com/quintetgo/quintet/orm/schema"
)

// accountModels registers users and groups, unless the project has registered them its own way. The user model is the
// project's own: its further fields get a group of their own at the end of the form.
func accountModels(s *site) []Model {
	var models []Model
	if user, err := s.app.DB.Model("auth.User"); err == nil && s.byKey[user.Key()] == nil {
		models = append(models, Named(user.String(), userOptions(user)))
	}
	if group, err := s.app.DB.Model("auth.Group"); err == nil && s.byKey[group.Key()] == nil {
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
			{Title: "Permissions", Description: "What this user may do here.", Fields: []string{"is_active", "is_staff", "is_superuser", "groups", "permissions"}},
		},
		ReadOnly: []string{"last_login", "date_joined"},
	}
	known := append(slices.Clone(privileged), "username", "email", "name", "is_active", "password", "last_login", "date_joined")
	var more []string
	for _, name := range editableNames(user) {
		if !slices.Contains(known, name) {
			more = append(more, name)
		}
	}
	if len(more) > 0 {
		o.Fieldsets = append(o.Fieldsets, Fieldset{Title: "More", Fields: more})
	}
	o.Fieldsets = append(o.Fieldsets, Fieldset{Title: "Dates", Fields: o.ReadOnly})
	return o
}

// privileged are the fields of users that give power; only superusers set them.
var privileged = []string{"is_staff", "is_superuser", "groups", "permissions"}

// isUsers reports whether the entry manages the project's user model.
func (s *site) isUsers(e *entry) bool { return e != nil && e == s.users }

// locked reports whether the user may not set a field of obj although they may change the rest: power is given by
// superusers only, and nobody locks themselves out.
func (q *request) locked(name string, obj any) bool {
	if !q.site.isUsers(q.entry) {
		if q.entry == q.site.groupsEntry() { // whoever may edit groups could otherwise join them to every permission
			return name == "permissions" && !q.user.Account().IsSuperuser
		}
		return false
	}
	if slices.Contains(privileged, name) && !q.user.Account().IsSuperuser {
		return true
	}
	if other, ok := obj.(auth.Identity); ok && other.UserID() != 0 && other.UserID() == q.user.UserID() {
		return name == "is_active" || name == "is_staff" || name == "is_superuser"
	}
	return false
}

// mayTouch reports whether the user may change or delete this object: superusers are left to superusers.
func (q *request) mayTouch(obj any) bool {
	other, ok := obj.(auth.Identity)
	if !ok || q.user.Account().IsSuperuser {
		return true
	}
	return !other.Account().IsSuperuser
}

func (s *site) groupsEntry() *entry {
	model, err := s.app.DB.Model("auth.Group")
	if err != nil {
		return nil
	}
	return s.byKey[model.Key()]
}
