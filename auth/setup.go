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
	// setupAge is how long a set-up link works.
	setupAge = 24 * time.Hour
)

// SetupURL returns the path of the page on which the first superuser is made: a signed link that
// works for a day, and only if there was no superuser since it was made. It returns false if there is
// one, or if the project does not include the app's routes.
func (a *App[U]) SetupURL(ctx context.Context) (string, bool, error) {
	c := a.core()
	if c.project == nil {
		return "", false, nil
	}
	first, err := c.user(ctx, "is_superuser", true)
	if err != nil {
		return "", false, err
	}
	if first != nil {
		if err := c.noteSuperuser(ctx); err != nil { // perhaps migrate did not run yet
			c.logger.LogAttrs(ctx, slog.LevelWarn, "set-up links of the last day may still work", slog.String("error", err.Error()))
		}
		return "", false, nil
	}
	token, err := c.signer().Dump(saltSetup, setupLink{Made: c.now().UnixMilli()})
	if err != nil {
		return "", false, err
	}
	path, err := c.project.Router().URL("auth:setup", token)
	if err != nil {
		return "", false, nil //nolint:nilerr // the routes are not included
	}
	return path, true, nil
}

// setupLink is what a set-up link proves.
type setupLink struct {
	Made int64 `json:"made"` // Unix milliseconds
}

// hasSuperuser reports whether there is a superuser, and remembers if there is: links that were made
// before must not work when the superuser is gone, as whoever had them is not the owner by that.
func (c *core) hasSuperuser(ctx context.Context) (bool, error) {
	user, err := c.user(ctx, "is_superuser", true)
	if user == nil || err != nil {
		return false, err
	}
	return true, c.noteSuperuser(ctx)
}

// superuserSeen is the counter whose end is setupAge after a superuser was last seen.
var superuserSeen = counterID("superuser seen")

// noteSuperuser ends the set-up links that were made before now.
func (c *core) noteSuperuser(ctx context.Context) error {
	row := &Counter{ID: superuserSeen, Count: 1, EndsAt: c.now().Add(setupAge).UTC()}
	err := c.db.Atomic(ctx, func(ctx context.Context) error {
		old, err := orm.From(c.db, Counters).Filter(Counters.ID.Eq(row.ID)).First(ctx)
		switch {
		case err != nil && !errors.Is(err, orm.ErrNotFound):
			return err
		case old == nil:
			return c.db.Create(ctx, row)
		}
		return c.db.Save(ctx, row)
	})
	if err != nil {
		return fmt.Errorf("note that there is a superuser: %w", err)
	}
	return nil
}

// current reports whether there was no superuser since the link was made.
func (c *core) current(ctx context.Context, link setupLink) (bool, error) {
	seen, err := orm.From(c.db, Counters).Filter(Counters.ID.Eq(superuserSeen)).First(ctx)
	switch {
	case err != nil && !errors.Is(err, orm.ErrNotFound):
		return false, fmt.Errorf("look for earlier superusers: %w", err)
	case seen == nil:
		return true, nil
	}
	return time.UnixMilli(link.Made).After(seen.EndsAt.Add(-setupAge)), nil
}

// setupForm makes the first superuser.
type setupForm struct {
	Username  string
	Email     string
	Password1 string `form:"password1"`
	Password2 string `form:"password2"`
}

// Fields describes the inputs.
func (s *setupForm) Fields(f *forms.Fields) {
	forms.Describe(f, &s.Username).Max(150).Help(usernameHelp).Attr("autocomplete", "username").Attr("autocapitalize", "none").Attr("spellcheck", "false")
	forms.Describe(f, &s.Email).Label("Email address").Max(254).Email().Attr("autocomplete", "email")
	forms.Describe(f, &s.Password1).Label("Password").Help(password.Help).Password().Attr("autocomplete", "new-password")
	forms.Describe(f, &s.Password2).Label("Password again").Password().Attr("autocomplete", "new-password")
}

// errSuperuserExists ends the set-up when someone else was faster.
var errSuperuserExists = errors.New("there is a superuser already")

// setup serves the link of SetupURL.
func (c *core) setup(w http.ResponseWriter, r *http.Request) error {
	invalid := func(err error) error {
		return &web.Error{Status: http.StatusNotFound, Message: message.Text("This link is not valid, or no longer. Start the site again for a new one, or use the command createsuperuser."), Err: err}
	}
	var link setupLink
	if err := c.signer().Load(saltSetup, web.Param(r, "token"), setupAge, &link); err != nil {
		return invalid(err)
	}
	switch there, err := c.hasSuperuser(r.Context()); {
	case err != nil:
		return err
	case there:
		return web.Redirect(w, r, c.loginURL(r))
	}
	switch current, err := c.current(r.Context(), link); {
	case err != nil:
		return err
	case !current:
		return invalid(errors.New("there was a superuser since the link was made"))
	}
	var input setupForm
	form := forms.New(&input)
	if r.Method == http.MethodPost && form.Parse(r) {
		user, err := c.firstSuperuser(r.Context(), input)
		switch {
		case errors.Is(err, errSuperuserExists):
			return web.Redirect(w, r, c.loginURL(r))
		case err == nil:
			if err := Login(r, user); err != nil {
				return err
			}
			messages.Success(r, "Welcome, {user}. You are the first superuser.", message.Args{"user": user.String()})
			return web.Redirect(w, r, c.afterSetup())
		case !asFormErrors(form, err):
			return err
		}
	}
	w.Header().Set("Cache-Control", "no-store")
	return web.Render(w, r, "auth/setup.html", web.Data{"form": form})
}

// afterSetup is the admin if the project has one.
func (c *core) afterSetup() string {
	if c.project != nil {
		if path, err := c.project.Router().URL("admin:index"); err == nil {
			return path
		}
	}
	return orRoot(c.afterLogin)
}

// firstSuperuser makes the user, unless there is a superuser by now.
func (c *core) firstSuperuser(ctx context.Context, input setupForm) (Identity, error) {
	user, err := c.blankUser()
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
	err = c.db.Atomic(ctx, func(ctx context.Context) error {
		there, err := c.hasSuperuser(ctx)
		if err != nil {
			return err
		}
		if there {
			return errSuperuserExists
		}
		if err := c.db.Create(ctx, user); err != nil {
			return err
		}
		return c.noteSuperuser(ctx)
	})
	return user, err
}

// blankUser returns a new user with the model's defaults.
func (c *core) blankUser() (Identity, error) {
	model, err := c.db.ModelOf(c.newUser())
	if err != nil {
		return nil, err
	}
	obj := model.New()
	user, ok := obj.(Identity)
	if !ok {
		return nil, fmt.Errorf("%T does not embed auth.Base", obj)
	}
	return user, nil
}

// asFormErrors adds to the form what is wrong with its input, and reports whether err was that.
func asFormErrors(form *forms.Form, err error) bool {
	var faults forms.Errors
	var invalid *orm.ValidationError
	var taken *orm.IntegrityError
	switch {
	case errors.Is(err, password.ErrBusy):
		form.AddMessage("", password.BusyMessage)
	case errors.As(err, &faults):
		form.AddErrors(faults)
	case errors.As(err, &invalid):
		form.AddErrors(invalid)
	case errors.As(err, &taken) && taken.Kind == orm.IntegrityUnique && len(taken.Fields) > 0:
		form.AddErrors(taken)
	default:
		return false
	}
	return true
}
