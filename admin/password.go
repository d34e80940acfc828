package admin

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"github.com/quintetgo/quintet/admin/audit"
	"github.com/quintetgo/quintet/admin/changeform"
	"github.com/quintetgo/quintet/auth"
	"github.com/quintetgo/quintet/auth/password"
	"github.com/quintetgo/quintet/framework/forms"
	"github.com/quintetgo/quintet/framework/message"
	"github.com/quintetgo/quintet/framework/web"
)

// passwordFields returns inputs for a new password and its repetition.
func passwordFields() []*forms.Field {
	first, again := passwordField("password1", "Password", "new-password"), passwordField("password2", "Password again", "new-password")
	first.Help = password.Help
	return []*forms.Field{first, again}
}

// currentPasswordField returns an input for the current password.
func currentPasswordField() *forms.Field {
	return passwordField("old_password", "Current password", "current-password")
}

func passwordField(name, label, autocomplete string) *forms.Field {
	return &forms.Field{
		Name: name, Label: label, Widget: forms.PasswordInput, Required: true, KeepSpace: true, MaxLength: 4096,
		Attrs: map[string]string{"autocomplete": autocomplete},
	}
}

// newPassword returns the password of a form with passwordFields. It adds errors to the form if the password is not
// valid for the account.
func newPassword(form *forms.Form, account *auth.Base) (plain string, valid bool) {
	plain, _ = form.Value("password1").(string)
	if again, _ := form.Value("password2").(string); plain != again {
		form.AddError("password2", "The two passwords differ.")
		return "", false
	}
	problems := password.Validate(plain, password.About{Username: account.Username, Email: account.Email, Name: account.Name})
	for _, problem := range problems {
		form.AddMessage("password1", problem)
	}
	return plain, len(problems) == 0
}

// setPassword is the page that sets the password of a user.
func (q *request) setPassword() error {
	e := q.entry
	if e.model != q.site.accounts.users {
		return web.NotFound("These objects have no password.")
	}
	pk := web.Param(q.Request, "pk")
	obj, err := q.load(e, pk)
	if err != nil {
		return err
	}
	user, ok := obj.(auth.Identity)
	if !ok || !q.can(ActionChange, e) {
		return web.Forbidden("You may not change the passwords of {objects}.", message.Args{"objects": e.model.LabelPlural})
	}
	if err := q.permit(ActionChange, e.model, obj); err != nil {
		return q.refused(ActionChange, err)
	}
	objectURL := q.objectURL(e, pk, "change")
	name := q.plain(e.model, obj, 60)
	args := message.Args{"name": name}
	return q.changePassword(passwordChange{
		user: user, next: objectURL, done: message.New("", "The password of “{name}” was changed.", args),
		page: formPage{
			page: page{
				Title: message.New("", "New password for {name}", args).String(), Subtitle: "All sessions of this user will end.",
				Crumbs: q.crumbs(crumb{name, objectURL}, crumb{Label: "Password"}),
			},
			SaveLabel: "Set password",
		},
	})
}

// ownPassword is the page that changes the password of the current user.
func (q *request) ownPassword() error {
	e := q.site.entryOf(q.site.accounts.users)
	if e == nil {
		return web.NotFound("Passwords cannot be changed here.")
	}
	obj, err := q.load(e, strconv.FormatInt(q.user.UserID(), 10))
	if err != nil {
		return err
	}
	user, ok := obj.(auth.Identity)
	if !ok {
		return web.NotFound("Passwords cannot be changed here.")
	}
	return q.changePassword(passwordChange{
		user: user, next: q.base, done: message.Text("Your password was changed."),
		page: formPage{
			page:      page{Title: "Change your password", Crumbs: []crumb{{"Overview", q.base}, {Label: "Password"}}},
			SaveLabel: "Change password",
		},
	})
}

// passwordChange is a page that changes a password.
type passwordChange struct {
	user auth.Identity
	page formPage
	next string          // address after the change
	done message.Message // shown there
}

// changePassword serves the page. Users enter their current password to change their own: a user who takes over a
// session must not gain the account.
func (q *request) changePassword(c passwordChange) error {
	own := isSelf(q.user, c.user)
	fields := passwordFields()
	if own {
		fields = append([]*forms.Field{currentPasswordField()}, fields...)
		c.page.Subtitle = "Your other sessions will end."
	}
	form := forms.Dynamic(fields...)
	if q.Method != http.MethodPost || !form.Parse(q.Request) {
		return q.showPassword(c, form)
	}
	if own {
		confirmed, err := q.confirmPassword(form)
		if err != nil {
			return err
		}
		if !confirmed {
			return q.showPassword(c, form)
		}
	}
	plain, valid := newPassword(form, c.user.Account())
	if !valid {
		return q.showPassword(c, form)
	}
	switch err := q.storePassword(c.user, plain); {
	case errors.Is(err, auth.ErrPasswordChanged):
		form.AddError("old_password", "Your password was changed by another request. Log in with the new one.")
		return q.showPassword(c, form)
	case errors.Is(err, password.ErrBusy):
		_, text := auth.Refused(q.w, err)
		form.AddMessage("", text)
		return q.showPassword(c, form)
	case err != nil:
		return err
	}
	if own {
		if err := auth.KeepSession(q.Request, c.user); err != nil {
			return err
		}
	}
	q.notify(c.done.Text, c.done.Args)
	return q.redirect(c.next)
}

// confirmPassword checks the current password. It adds an error to the form if it is wrong or could not be checked.
func (q *request) confirmPassword(form *forms.Form) (bool, error) {
	current, _ := form.Value("old_password").(string)
	err := auth.ConfirmPassword(q.Request, current)
	switch _, text := auth.Refused(q.w, err); {
	case err == nil:
		return true, nil
	case !text.IsZero():
		form.AddMessage("old_password", text)
	case errors.Is(err, auth.ErrCredentials):
		form.AddError("old_password", "This is not your current password.")
	default:
		return false, err
	}
	return false, nil
}

// storePassword stores the hash of a password and records the change.
func (q *request) storePassword(user auth.Identity, plain string) error {
	account := user.Account()
	if err := account.SetPassword(password.Preferred(q.Context()), plain); err != nil {
		return err
	}
	accounts := q.site.accounts
	return q.app.db.Atomic(q.Context(), func(ctx context.Context) error {
		return accounts.guard(ctx, q.Request, user, func(ctx context.Context) error {
			if isSelf(q.user, user) { // the user has confirmed the current password
				if err := auth.ReplacePassword(ctx, q.app.db, user, q.user.Account().Password); err != nil {
					return err
				}
			} else if err := q.app.db.SaveFields(ctx, user, "password"); err != nil {
				return err
			}
			diff := audit.Diff{Field: "password", Label: "Password", Note: audit.NotePassword}
			return audit.Record(ctx, q.app.db, q.logEntry(audit.Change, accounts.users, user), diff)
		})
	})
}

func (q *request) showPassword(c passwordChange, form *forms.Form) error {
	var fields []changeform.Field
	for _, bound := range form.Fields() {
		fields = append(fields, changeform.NewField(bound))
	}
	c.page.Sections = []changeform.Section{{Fields: fields}}
	c.page.CanSave, c.page.SaveOnly = true, true
	c.page.Errors = changeform.Summarize(form)
	return q.render(http.StatusOK, "admin/form.html", &c.page)
}
