package admin

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"

	"github.com/quintetgo/quintet/admin/audit"
	"github.com/quintetgo/quintet/auth"
	"github.com/quintetgo/quintet/auth/password"
	"github.com/quintetgo/quintet/framework/forms"
	"github.com/quintetgo/quintet/framework/message"
	"github.com/quintetgo/quintet/framework/web"
	"github.com/quintetgo/quintet/orm/schema"
)

// accountModels registers users and groups, unless the project has registered them its own way. The user model is the
// project's own: its further fields get a group of their own at the end of the form.
func accountModels(s *site) []Model {
	var models []Model
	if user, err := s.app.db.Model("auth.User"); err == nil && s.byKey[user.Key()] == nil {
		models = append(models, Named(user.String(), userOptions(user)))
	}
	if group, err := s.app.db.Model("auth.Group"); err == nil && s.byKey[group.Key()] == nil {
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

// isUsers reports whether the entry manages the project's user model.
func (s *site) isUsers(e *entry) bool { return e != nil && e == s.users }

func (s *site) groupsEntry() *entry {
	model, err := s.app.db.Model("auth.Group")
	if err != nil {
		return nil
	}
	return s.byKey[model.Key()]
}

// passwordFields asks for a new password twice.
func passwordFields() []*forms.Field {
	attrs := map[string]string{"autocomplete": "new-password"}
	return []*forms.Field{
		{Name: "password1", Label: "Password", Widget: forms.PasswordInput, Required: true, KeepSpace: true, MaxLength: 4096, Attrs: attrs, Help: password.Help},
		{Name: "password2", Label: "Password again", Widget: forms.PasswordInput, Required: true, KeepSpace: true, MaxLength: 4096, Attrs: attrs},
	}
}

// oldPasswordField asks for the present password.
func oldPasswordField() *forms.Field {
	return &forms.Field{Name: "old_password", Label: "Current password", Widget: forms.PasswordInput, Required: true, KeepSpace: true, MaxLength: 4096, Attrs: map[string]string{"autocomplete": "current-password"}}
}

// newPassword gives the password of a form with passwordFields, or notes in the form what is wrong with it.
func newPassword(form *forms.Form, about password.About) (string, bool) {
	plain, _ := form.Value("password1").(string)
	if again, _ := form.Value("password2").(string); plain != again {
		form.AddMessage("password2", message.New("mismatch", "The two passwords differ."))
		return "", false
	}
	problems := password.Validate(plain, about)
	for _, problem := range problems {
		form.AddMessage("password1", problem)
	}
	return plain, len(problems) == 0
}

func aboutUser(account *auth.Base) password.About {
	return password.About{Username: account.Username, Email: account.Email, Name: account.Name}
}

// setPassword gives a user a new password.
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
		if q.failed != nil {
			return q.failed
		}
		return q.refuse("change the passwords of")
	}
	back := q.objectURL(q.entry, pk, "change")
	name := q.plain(q.entry.model, obj, 60)
	page := web.Data{
		"title": "New password for " + name, "save_label": "Set password",
		"subtitle": "All sessions of this user end.", "section": "",
		"crumbs": q.crumbs(crumb{name, back}, crumb{Label: "Password"}),
	}
	return q.changePassword(user, page, back, "The password of “"+name+"” was changed.")
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
	q.entry = nil
	page := web.Data{"title": "Change your password", "save_label": "Change password", "subtitle": "Your other sessions end.", "crumbs": []crumb{{"Overview", q.base}, {"Password", ""}}}
	return q.changePassword(user, page, q.base, "Your password was changed.")
}

// changePassword serves the page of a new password, by whichever address it was reached. Users who change their own password enter the
// present one: a session that someone else got hold of must not become the account.
func (q *request) changePassword(user auth.Identity, page web.Data, next, done string) error {
	own := q.isOwn(user)
	fields := passwordFields()
	if own {
		fields = append([]*forms.Field{oldPasswordField()}, fields...)
		page["subtitle"] = "Your other sessions end."
	}
	form := forms.Dynamic(fields...)
	if q.Method != http.MethodPost || !form.Parse(q.Request) || own && !q.confirmed(form) {
		return q.passwordPage(page, form)
	}
	plain, good := newPassword(form, aboutUser(user.Account()))
	if !good {
		return q.passwordPage(page, form)
	}
	err := q.storePassword(user, plain)
	if errors.Is(err, auth.ErrPasswordChanged) {
		form.AddMessage("old_password", message.New("conflict", "Your password was changed in the meantime. Please log in with the new one."))
		return q.passwordPage(page, form)
	}
	if problem, ok := errors.AsType[accountError](err); ok {
		return web.Forbidden(string(problem))
	}
	if errors.Is(err, password.ErrBusy) {
		_, refused := auth.Refused(q.w, err)
		form.AddMessage("", refused)
		return q.passwordPage(page, form)
	}
	if err != nil {
		return err
	}
	if own {
		if err := auth.KeepSession(q.Request, user); err != nil {
			return err
		}
	}
	q.success(done)
	return q.redirect(next)
}

// confirmed checks the present password, and notes in the form if it is wrong or was not looked at.
func (q *request) confirmed(form *forms.Form) bool {
	now, _ := form.Value("old_password").(string)
	err := auth.ConfirmPassword(q.Request, now)
	switch status, refused := auth.Refused(q.w, err); {
	case err == nil:
		return true
	case status != 0:
		form.AddMessage("old_password", refused)
	case errors.Is(err, auth.ErrCredentials):
		form.AddMessage("old_password", message.New("password_incorrect", "This is not your current password."))
	default:
		q.failed = err
	}
	return false
}

func (q *request) storePassword(user auth.Identity, plain string) error {
	account := user.Account()
	if err := account.SetPassword(password.Preferred(q.Context()), plain); err != nil {
		return err
	}
	return q.app.db.Atomic(q.Context(), func(ctx context.Context) error {
		return q.keepingAccounts(ctx, user, func() error {
			save := func() error { return q.app.db.SaveFields(ctx, user, "password") }
			if q.isOwn(user) { // it was confirmed by the present one
				save = func() error { return auth.ReplacePassword(ctx, q.app.db, user, q.user.Account().Password) }
			}
			if err := save(); err != nil {
				return err
			}
			return q.log(ctx, audit.Change, q.site.users, user, []audit.Diff{{Field: "password", Label: "Password", Note: "A new password was set."}})
		})
	})
}

func (q *request) passwordPage(page web.Data, form *forms.Form) error {
	var views []fieldView
	if q.failed != nil {
		return q.failed
	}
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
