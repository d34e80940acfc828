package admin

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"

	"github.com/quintetgo/quintet/admin/display"
	"github.com/quintetgo/quintet/admin/history"
	"github.com/quintetgo/quintet/auth"
	"github.com/quintetgo/quintet/auth/password"
	"github.com/quintetgo/quintet/framework/forms"
	"github.com/quintetgo/quintet/framework/web"
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

// passwordFields asks for a new password twice.
func passwordFields() []*forms.Field {
	attrs := map[string]string{"autocomplete": "new-password"}
	return []*forms.Field{
		{Name: "password1", Label: "Password", Widget: forms.PasswordInput, Required: true, KeepSpace: true, MaxLength: 4096, Attrs: attrs, Help: "At least 8 characters, not a common one, and not like the name."},
		{Name: "password2", Label: "Password again", Widget: forms.PasswordInput, Required: true, KeepSpace: true, MaxLength: 4096, Attrs: attrs},
	}
}

// newPassword gives the password of a form with passwordFields, or notes in the form what is wrong with it.
func newPassword(form *forms.Form, about password.About) (string, bool) {
	plain, _ := form.Value("password1").(string)
	if again, _ := form.Value("password2").(string); plain != again {
		form.AddError("password2", "The two passwords differ.")
		return "", false
	}
	problems := password.Validate(plain, about)
	for _, problem := range problems {
		form.AddError("password1", problem)
	}
	return plain, len(problems) == 0
}

func aboutUser(account *auth.Base) password.About {
	return password.About{Username: account.Username, Email: account.Email, Name: account.Name}
}

// setPassword gives another user a new password.
func (q *request) setPassword() error {
	if !q.site.isUsers(q.entry) {
		return web.NotFound("These objects have no password.")
	}
	pk := web.Param(q.Request, "pk")
	obj, err := q.load(pk)
	if err != nil {
		return err
	}
	user, ok := obj.(auth.Identity)
	if !ok || !q.can("change", q.entry) || !q.mayTouch(obj) {
		return q.refuse("change the passwords of")
	}
	form := forms.Dynamic(passwordFields()...)
	page := web.Data{
		"title": "New password for " + user.String(), "save_label": "Set password",
		"subtitle": "All sessions of this user end.", "section": "",
		"crumbs": q.crumbs(crumb{display.Cut(user.String(), 60), q.objectURL(q.entry, pk, "change")}, crumb{Label: "Password"}),
	}
	if q.Method == http.MethodPost && form.Parse(q.Request) {
		if plain, good := newPassword(form, aboutUser(user.Account())); good {
			if err := q.storePassword(user, plain); err != nil {
				return err
			}
			q.success("The password of " + user.String() + " was changed.")
			return q.redirect(q.objectURL(q.entry, pk, "change"))
		}
	}
	return q.passwordPage(page, form)
}

// ownPassword changes the password of whoever is logged in.
func (q *request) ownPassword() error {
	e := q.site.users
	if e == nil {
		return web.NotFound("Passwords are not kept here.")
	}
	q.entry = e
	obj, err := q.load(strconv.FormatInt(q.user.UserID(), 10))
	if err != nil {
		return err
	}
	user, ok := obj.(auth.Identity)
	if !ok {
		return web.NotFound("Passwords are not kept here.")
	}
	old := &forms.Field{Name: "old_password", Label: "Current password", Widget: forms.PasswordInput, Required: true, KeepSpace: true, MaxLength: 4096, Attrs: map[string]string{"autocomplete": "current-password"}}
	form := forms.Dynamic(append([]*forms.Field{old}, passwordFields()...)...)
	page := web.Data{"title": "Change your password", "save_label": "Change password", "subtitle": "Your other sessions end.", "crumbs": []crumb{{"Overview", q.base}, {"Password", ""}}}
	if q.Method == http.MethodPost && form.Parse(q.Request) {
		now, _ := form.Value("old_password").(string)
		_, err := auth.TryLogin(q.w, q.Request, user.Account().Username, now)
		throttled, limited := errors.AsType[*auth.ThrottledError](err)
		if limited {
			form.AddError("old_password", throttled.Message())
		} else if errors.Is(err, auth.ErrCredentials) {
			form.AddError("old_password", "This is not your current password.")
		} else if err != nil {
			return err
		} else if plain, good := newPassword(form, aboutUser(user.Account())); good {
			if err := q.storePassword(user, plain); err != nil {
				return err
			}
			if err := auth.KeepSession(q.Request, user); err != nil {
				return err
			}
			q.success("Your password was changed.")
			return q.redirect(q.base)
		}
	}
	q.entry = nil
	return q.passwordPage(page, form)
}

func (q *request) storePassword(user auth.Identity, plain string) error {
	account := user.Account()
	if err := account.SetPassword(q.Context(), plain); err != nil {
		return err
	}
	return q.app.DB.Atomic(q.Context(), func(ctx context.Context) error {
		if err := q.app.DB.SaveFields(ctx, user, "password"); err != nil {
			return err
		}
		return q.log(ctx, history.Change, q.site.users, user, []history.Diff{{Field: "password", Label: "Password", Note: "A new password was set."}})
	})
}

func (q *request) passwordPage(page web.Data, form *forms.Form) error {
	var views []fieldView
	for _, bound := range form.Fields() {
		views = append(views, newFieldView(bound))
	}
	page["fieldsets"] = []sectionView{{Fields: views}}
	page["can_save"], page["only_save"] = true, true
	if len(form.Errors()) > 0 {
		page["errors"], page["error_title"] = summary(form)
	}
	return q.render(http.StatusOK, "admin/form.html", page)
}
