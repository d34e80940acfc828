package auth

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/quintetgo/quintet/auth/password"
	"github.com/quintetgo/quintet/framework/forms"
	"github.com/quintetgo/quintet/framework/message"
	"github.com/quintetgo/quintet/framework/messages"
	"github.com/quintetgo/quintet/framework/web"
	"github.com/quintetgo/quintet/orm"
)

const (
	saltSetup = "quintet.auth.setup"
	// setupAge is how long a setup link is valid.
	setupAge = 24 * time.Hour
)

// setupURL returns the path of the page that creates the first superuser, see [App.SetupURL].
func (s *service) setupURL(ctx context.Context) (string, bool, error) {
	if s.project == nil {
		return "", false, nil
	}
	first, err := s.user(ctx, "is_superuser", true)
	if err != nil {
		return "", false, err
	}
	if first != nil {
		if err := s.recordSuperuser(ctx); err != nil { // the tables may not exist yet
			s.logger.LogAttrs(ctx, slog.LevelWarn, "setup links of the last day may still be valid", slog.String("error", err.Error()))
		}
		return "", false, nil
	}
	token, err := s.sign.Dump(saltSetup, setupLink{Made: s.now().UnixMilli()})
	if err != nil {
		return "", false, err
	}
	path, err := s.project.Router().URL("auth:setup", token)
	if err != nil {
		return "", false, nil //nolint:nilerr // the routes are not included
	}
	return path, true, nil
}

// setupLink is the signed content of a setup link.
type setupLink struct {
	Made int64 `json:"made"` // when it was created, in Unix milliseconds
}

// hasSuperuser reports whether there is a superuser, and if so records it: earlier links must not become valid again when the
// superuser is deleted.
func (s *service) hasSuperuser(ctx context.Context) (bool, error) {
	user, err := s.user(ctx, "is_superuser", true)
	if user == nil || err != nil {
		return false, err
	}
	return true, s.recordSuperuser(ctx)
}

// superuserSeen is the counter that ends setupAge after a superuser was last seen.
var superuserSeen = counterID("superuser seen")

// recordSuperuser invalidates the setup links that were created before now.
func (s *service) recordSuperuser(ctx context.Context) error {
	row := &Counter{ID: superuserSeen, Count: 1, EndsAt: s.now().Add(setupAge).UTC()}
	err := s.db.Atomic(ctx, func(ctx context.Context) error {
		old, err := orm.From(s.db, Counters).Filter(Counters.ID.Eq(row.ID)).First(ctx)
		switch {
		case err != nil && !errors.Is(err, orm.ErrNotFound):
			return err
		case old == nil:
			return s.db.Create(ctx, row)
		}
		return s.db.Save(ctx, row)
	})
	if err != nil {
		return fmt.Errorf("record that there is a superuser: %w", err)
	}
	return nil
}

// isCurrent reports whether there has been no superuser since the link was created.
func (s *service) isCurrent(ctx context.Context, link setupLink) (bool, error) {
	seen, err := orm.From(s.db, Counters).Filter(Counters.ID.Eq(superuserSeen)).First(ctx)
	switch {
	case err != nil && !errors.Is(err, orm.ErrNotFound):
		return false, fmt.Errorf("look up earlier superusers: %w", err)
	case seen == nil:
		return true, nil
	}
	return time.UnixMilli(link.Made).After(seen.EndsAt.Add(-setupAge)), nil
}

// setupForm asks for the account of the first superuser.
type setupForm struct {
	Username  string
	Email     string
	Password1 string `form:"password1"`
	Password2 string `form:"password2"`
}

// Fields describes the inputs.
func (s *setupForm) Fields(f *forms.Fields) {
	forms.Describe(f, &s.Username).Max(150).Help(usernameHelp).
		Attr("autocomplete", "username").Attr("autocapitalize", "none").Attr("spellcheck", "false")
	forms.Describe(f, &s.Email).Label("Email address").Max(254).Email().Attr("autocomplete", "email")
	forms.Describe(f, &s.Password1).Label("Password").Help(password.Help).Password().Attr("autocomplete", "new-password")
	forms.Describe(f, &s.Password2).Label("Password again").Password().Attr("autocomplete", "new-password")
}

// errSuperuserExists ends the setup if somebody else has completed it in the meantime.
var errSuperuserExists = errors.New("a superuser already exists")

// setup serves the link of SetupURL.
func (s *service) setup(w http.ResponseWriter, r *http.Request) error {
	invalid := func(err error) error {
		return &web.Error{
			Status: http.StatusNotFound,
			Message: message.New("invalid_link",
				"This link is invalid or has expired. Restart the site for a new one, or use the command createsuperuser."),
			Err: err,
		}
	}
	var link setupLink
	if err := s.sign.Load(saltSetup, web.Param(r, "token"), setupAge, &link); err != nil {
		return invalid(err)
	}
	switch exists, err := s.hasSuperuser(r.Context()); {
	case err != nil:
		return err
	case exists:
		return web.Redirect(w, r, s.loginURL(r))
	}
	switch current, err := s.isCurrent(r.Context(), link); {
	case err != nil:
		return err
	case !current:
		return invalid(errors.New("there has been a superuser since the link was created"))
	}
	var input setupForm
	form := forms.New(&input)
	if r.Method == http.MethodPost && form.Parse(r) {
		user, err := s.firstSuperuser(r.Context(), input)
		switch {
		case errors.Is(err, errSuperuserExists):
			return web.Redirect(w, r, s.loginURL(r))
		case err == nil:
			if err := Login(r, user); err != nil {
				return err
			}
			messages.Success(r, "Welcome, {user}. You are the first superuser.", message.Args{"user": user.String()})
			return web.Redirect(w, r, s.afterSetup())
		case !asFormErrors(form, err):
			return err
		}
	}
	w.Header().Set("Cache-Control", "no-store")
	return web.Render(w, r, "auth/setup.html", web.Data{"form": form})
}

// afterSetup returns the address of the admin, if the project has one.
func (s *service) afterSetup() string {
	if s.project != nil {
		if path, err := s.project.Router().URL("admin:index"); err == nil {
			return path
		}
	}
	return orRoot(s.config.AfterLogin)
}

// firstSuperuser creates the user, unless there is a superuser by now.
func (s *service) firstSuperuser(ctx context.Context, input setupForm) (Identity, error) {
	user, err := s.newUser()
	if err != nil {
		return nil, err
	}
	account := user.Account()
	account.Username, account.Email = input.Username, input.Email
	if err := newPassword(input.Password1, input.Password2, "password", account); err != nil {
		return nil, err
	}
	if err := account.SetPassword(ctx, input.Password1); err != nil {
		return nil, err
	}
	account.IsActive, account.IsStaff, account.IsSuperuser = true, true, true
	err = s.db.Atomic(ctx, func(ctx context.Context) error {
		exists, err := s.hasSuperuser(ctx)
		if err != nil {
			return err
		}
		if exists {
			return errSuperuserExists
		}
		if err := s.db.Create(ctx, user); err != nil {
			return err
		}
		return s.recordSuperuser(ctx)
	})
	return user, err
}

// asFormErrors adds the messages of err to the form, and reports whether err was about its input.
func asFormErrors(form *forms.Form, err error) bool {
	if errors.Is(err, password.ErrBusy) {
		form.AddMessage("", password.BusyMessage)
		return true
	}
	if taken, ok := errors.AsType[*orm.IntegrityError](err); ok && (taken.Kind != orm.IntegrityUnique || len(taken.Fields) == 0) {
		return false
	}
	_, ok := errors.AsType[interface {
		error
		FieldErrors() map[string][]message.Message
	}](err)
	if ok {
		form.AddErrors(err)
	}
	return ok
}
