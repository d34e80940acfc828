package auth

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strconv"

	"github.com/quintetgo/quintet/auth/password"
	"github.com/quintetgo/quintet/framework/forms"
	"github.com/quintetgo/quintet/framework/message"
	"github.com/quintetgo/quintet/framework/messages"
	"github.com/quintetgo/quintet/framework/web"
)

// Routes adds login, logout, password change and the set-up of the first superuser.
func (a *App[U]) Routes(r *web.Router) {
	c := a.core()
	r.Form("/login/", func(w http.ResponseWriter, r *http.Request) error { return ServeLogin(w, r, LoginPage{}) }).Name("login")
	r.Post("/logout/", c.logout).Name("logout")
	r.With(LoginRequired).Form("/password/change/", c.passwordChange).Name("password_change")
	r.Form("/setup/{token}/", c.setup).Name("setup")
}

// LoginPage says how [ServeLogin] looks and where it leads. The zero value is the app's own page.
type LoginPage struct {
	// Template gets next, username, error, login_url, csrf_field and Data. Default: "auth/login.html".
	Template string
	// After is where the visitor goes without a next parameter: a path or the name of a route.
	After string
	// Allow is called before a user is logged in. A message refuses the login and is shown on the page; the zero Message
	// allows it. Default: every active user may log in.
	Allow func(user Identity) message.Message
	// Data are further values of the template.
	Data web.Data
}

// errorCredentials is the same for names that exist and those that do not.
var errorCredentials = message.New("invalid_login", "The username or password is not correct. Note that passwords are case-sensitive.")

// ServeLogin shows a login page on GET, and on POST logs in and leads to the page that the next
// parameter names, if it is one of this site. The fields are username (or address), password and
// next. A page with an error is sent with status 200, as browsers note others on their console; only
// too many tries get 429, and too many logins at once 503.
//
// A form that the login has interrupted comes along in a hidden input, see [KeepForm]; it is part of
// csrf_field, so that every template carries it.
func ServeLogin(w http.ResponseWriter, r *http.Request, page LoginPage) error {
	v := visitorOf(r.Context())
	if v == nil {
		return ErrNotSetUp
	}
	if page.Template == "" {
		page.Template = "auth/login.html"
	}
	w.Header().Set("Cache-Control", "no-store")
	next := r.FormValue("next")
	after := func() error {
		fallback := page.After
		if fallback == "" {
			fallback = v.core.afterLogin
		}
		if target := web.SafeRedirect(r, next, ""); target != "" {
			return web.Redirect(w, r, target)
		}
		return web.Redirect(w, r, orRoot(fallback))
	}
	show := func(status int, problem message.Message) error {
		data := web.Data{
			"next": web.SafeRedirect(r, next, ""), "username": LoginName(r), "error": nil, "login_url": v.core.loginURL(r),
		}
		if !problem.IsZero() {
			data["error"] = problem
		}
		if _, token, ok := KeptForm(r); ok {
			data["csrf_field"] = KeptInput(r, token)
		}
		for key, value := range page.Data {
			data[key] = value
		}
		return web.RenderStatus(w, r, status, page.Template, data)
	}
	if r.Method != http.MethodPost {
		user, err := LoadUser(r)
		if err != nil {
			return err
		}
		if user.IsAuthenticated() && (page.Allow == nil || page.Allow(user).IsZero()) {
			return after()
		}
		return show(http.StatusOK, message.Message{})
	}
	user, err := TryLogin(r, r.PostFormValue("username"), r.PostFormValue("password"))
	if status, problem := Refused(w, err); status != 0 {
		return show(status, problem)
	}
	switch {
	case errors.Is(err, ErrCredentials):
		return show(http.StatusOK, errorCredentials)
	case err != nil:
		return err
	}
	if page.Allow != nil {
		if reason := page.Allow(user); !reason.IsZero() {
			return show(http.StatusForbidden, reason)
		}
	}
	if err := Login(r, user); err != nil {
		return err
	}
	if done, err := ResumeForm(w, r, "", nil); done || err != nil {
		return err
	}
	return after()
}

// LoginName is the user name that was typed in a login form, to show it again; "" if it is longer than
// any name.
func LoginName(r *http.Request) string {
	if name := r.PostFormValue("username"); len(name) <= maxLogin {
		return name
	}
	return ""
}

// Refused returns the status and the user-facing message for a login that [TryLogin] did not try: 429
// after too many failed tries, 503 under too many logins at once. It sets the header Retry-After. The
// status is 0 for other errors.
func Refused(w http.ResponseWriter, err error) (status int, m message.Message) {
	if limited, ok := errors.AsType[*ThrottledError](err); ok {
		w.Header().Set("Retry-After", limited.RetryAfter())
		return http.StatusTooManyRequests, limited.PublicMessage()
	}
	if errors.Is(err, password.ErrBusy) {
		w.Header().Set("Retry-After", strconv.Itoa(password.RetryAfter))
		return http.StatusServiceUnavailable, password.BusyMessage
	}
	return 0, message.Message{}
}

// TryLogin returns the user with that name (or address) and password; [Login] then logs them in.
// The error is [ErrCredentials], a [*ThrottledError] after too many wrong tries, [password.ErrBusy]
// under too many logins at once, or that of the database; see [Refused].
func TryLogin(r *http.Request, name, plain string) (Identity, error) {
	v := visitorOf(r.Context())
	if v == nil {
		return nil, ErrNotSetUp
	}
	ctx := password.Bounded(r.Context())
	if password.Busy(ctx) && len(v.core.knownUsers(r)) == 0 { // a flood costs as little as can be
		return nil, password.ErrBusy
	}
	users, err := v.core.usersByLogin(ctx, name)
	if err != nil {
		return nil, err
	}
	tried := try{address: web.ClientIP(r), browser: v.core.knownAs(r, users)}
	if _, shared := networkOf(tried.address); shared && r.Header.Get("X-Forwarded-For") != "" {
		v.core.unnamed.Do(func() {
			v.core.logger.LogAttrs(ctx, slog.LevelWarn, "logins come through a proxy that TRUSTED_PROXIES does not name: all visitors count as one", slog.String("address", tried.address))
		})
	}
	for _, user := range users {
		tried.accounts = append(tried.accounts, "id "+strconv.FormatInt(user.UserID(), 10))
	}
	if len(users) == 0 && len(name) <= maxLogin {
		tried.accounts = []string{"name " + Normalize(name)}
	}
	if tried.browser != "" {
		ctx = password.Preferred(ctx)
	}
	return v.core.inTurn(ctx, tried, func() (Identity, error) { return v.core.authenticateAny(ctx, users, plain) })
}

// inTurn counts a try, and takes it back unless the credentials were wrong.
func (c *core) inTurn(ctx context.Context, tried try, check func() (Identity, error)) (Identity, error) {
	if password.Busy(ctx) { // before the database is asked for anything
		return nil, password.ErrBusy
	}
	undo, err := c.throttle.begin(ctx, tried)
	if err != nil {
		return nil, err
	}
	user, err := check()
	if !errors.Is(err, ErrCredentials) {
		if undoErr := undo(ctx); undoErr != nil {
			c.logger.LogAttrs(ctx, slog.LevelWarn, "a try stays counted", slog.String("error", undoErr.Error()))
		}
	}
	return user, err
}

// ConfirmPassword reports whether plain is the present password of the visitor, who is logged in: every
// page on which they change what protects their account asks for it. The error is [ErrCredentials] if it
// is not, or one of those of [TryLogin]. Tries are counted by account, apart from those of logins.
func ConfirmPassword(r *http.Request, plain string) error {
	v := visitorOf(r.Context())
	if v == nil {
		return ErrNotSetUp
	}
	user, err := LoadUser(r)
	if err != nil {
		return err
	}
	if !user.IsAuthenticated() {
		return ErrCredentials
	}
	ctx := password.Preferred(password.Bounded(r.Context()))
	tried := try{browser: "confirm " + strconv.FormatInt(user.UserID(), 10)}
	_, err = v.core.inTurn(ctx, tried, func() (Identity, error) {
		_, err := v.core.checkPassword(ctx, user, plain)
		return user, err
	})
	return err
}

func (c *core) logout(w http.ResponseWriter, r *http.Request) error {
	if err := Logout(r); err != nil {
		return err
	}
	next := web.SafeRedirect(r, r.PostFormValue("next"), "")
	if next == "" {
		next = orRoot(c.afterLogout)
	}
	return web.Redirect(w, r, next)
}

func orRoot(target string) string {
	if target == "" {
		return "/"
	}
	return target
}

// passwordForm asks for the present password and twice for the new one.
type passwordForm struct {
	OldPassword  string
	NewPassword1 string `form:"new_password1"`
	NewPassword2 string `form:"new_password2"`
}

// Fields describes the inputs.
func (p *passwordForm) Fields(f *forms.Fields) {
	forms.Describe(f, &p.OldPassword).Label("Present password").Password().Attr("autocomplete", "current-password")
	forms.Describe(f, &p.NewPassword1).Label("New password").Help(password.Help).Password().Attr("autocomplete", "new-password")
	forms.Describe(f, &p.NewPassword2).Label("New password again").Password().Attr("autocomplete", "new-password")
}

func (c *core) passwordChange(w http.ResponseWriter, r *http.Request) error {
	user, err := LoadUser(r)
	if err != nil {
		return err
	}
	var input passwordForm
	form := forms.New(&input)
	if r.Method == http.MethodPost && form.Parse(r) {
		err := c.changePassword(w, r, user, input)
		var invalid forms.Errors
		if !errors.As(err, &invalid) {
			return err
		}
		form.AddErrors(invalid)
	}
	w.Header().Set("Cache-Control", "no-store")
	return web.Render(w, r, "auth/password_change.html", web.Data{"form": form})
}

// changePassword checks the input, whose faults are forms.Errors, and responds when all is done.
func (c *core) changePassword(w http.ResponseWriter, r *http.Request, user Identity, input passwordForm) error {
	ctx, account := password.Preferred(r.Context()), user.Account()
	err := ConfirmPassword(r, input.OldPassword)
	if status, m := Refused(w, err); status != 0 {
		return forms.Errors{"": {m}}
	}
	if errors.Is(err, ErrCredentials) {
		return forms.Errors{"old_password": {message.New("password_incorrect", "This is not your present password.")}}
	}
	if err != nil {
		return err
	}
	if err := newPassword(input.NewPassword1, input.NewPassword2, "new_password", account); err != nil {
		return err
	}
	before := account.Password
	if err := account.SetPassword(ctx, input.NewPassword1); err != nil {
		return orBusy(err)
	}
	if err := ReplacePassword(ctx, c.db, user, before); err != nil {
		account.Password = before
		if errors.Is(err, ErrPasswordChanged) {
			return forms.Errors{"old_password": {message.New("conflict", "Your password was changed in the meantime. Please log in with the new one.")}}
		}
		return err
	}
	if err := KeepSession(r, user); err != nil {
		return err
	}
	messages.Success(r, "Your password was changed. Other devices have been logged out.")
	return web.Redirect(w, r, orRoot(c.afterLogin))
}

// orBusy makes an error of the form of ErrBusy, so that what was entered is not lost.
func orBusy(err error) error {
	if errors.Is(err, password.ErrBusy) {
		return forms.Errors{"": {password.BusyMessage}}
	}
	return err
}

// newPassword says what is wrong with a new password that was typed twice, as errors of the fields
// name1 and name2.
func newPassword(first, second, name string, account *Base) error {
	faults := forms.Errors{}
	if problems := password.Validate(first, account.about()); len(problems) > 0 {
		faults[name+"1"] = problems
	}
	if first != second {
		faults.Add(name+"2", message.New("mismatch", "The two passwords are not the same."))
	}
	if len(faults) > 0 {
		return faults
	}
	return nil
}
