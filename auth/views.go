package auth

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"maps"
	"net/http"
	"strconv"

	"github.com/quintetgo/quintet/auth/password"
	"github.com/quintetgo/quintet/framework/forms"
	"github.com/quintetgo/quintet/framework/message"
	"github.com/quintetgo/quintet/framework/messages"
	"github.com/quintetgo/quintet/framework/web"
)

// LoginPage configures [ServeLogin]. The zero value is the app's own page.
type LoginPage struct {
	// Template is the template of the page. It receives next, username, error (nil, or a message.Message), login_url,
	// csrf_field and Data. Default: "auth/login.html".
	Template string
	// After is the path or route name to which the visitor is redirected without a next parameter. Default:
	// Config.AfterLogin.
	After string
	// Allow is called before a user is logged in. A message refuses the login and is shown on the page; the zero Message
	// allows it. Default: every active user may log in.
	Allow func(user Identity) message.Message
	// Data holds additional values for the template. Default: none.
	Data web.Data
}

// errorCredentials is the same message for names that exist and names that do not.
var errorCredentials = message.New("invalid_login", "The username or password is not correct. Note that passwords are case-sensitive.")

// ServeLogin responds to GET with a login page. For POST it logs the visitor in and redirects to the address in the parameter
// next, if it is on this site. The inputs are username (a user name or an email address), password and next. A wrong password
// is reported with the status 200, because browsers log others to their console; too many failed logins with 429, and too many
// logins at once with 503.
//
// A form that the login has interrupted is included in csrf_field as a hidden input, see [KeepForm], so that every template
// contains it.
func ServeLogin(w http.ResponseWriter, r *http.Request, page LoginPage) error {
	v := visitorOf(r.Context())
	if v == nil {
		return ErrNotSetUp
	}
	w.Header().Set("Cache-Control", "no-store")
	if r.Method != http.MethodPost {
		user, err := LoadUser(r)
		if err != nil {
			return err
		}
		if user.IsAuthenticated() && page.refusal(user).IsZero() {
			return page.redirect(w, r, v)
		}
		return page.show(w, r, http.StatusOK, message.Message{})
	}
	user, err := TryLogin(r, r.PostFormValue("username"), r.PostFormValue("password"))
	if status, problem := Refused(w, err); status != 0 {
		return page.show(w, r, status, problem)
	}
	switch {
	case errors.Is(err, ErrCredentials):
		return page.show(w, r, http.StatusOK, errorCredentials)
	case err != nil:
		return err
	}
	if reason := page.refusal(user); !reason.IsZero() {
		return page.show(w, r, http.StatusForbidden, reason)
	}
	if err := Login(r, user); err != nil {
		return err
	}
	if done, err := ResumeForm(w, r, "", nil); done || err != nil {
		return err
	}
	return page.redirect(w, r, v)
}

// refusal returns the message of Allow, or the zero message without it.
func (p LoginPage) refusal(user Identity) message.Message {
	if p.Allow == nil {
		return message.Message{}
	}
	return p.Allow(user)
}

// show responds with the login page, and a message unless it is zero.
func (p LoginPage) show(w http.ResponseWriter, r *http.Request, status int, problem message.Message) error {
	data := web.Data{
		"next": web.SafeRedirect(r, r.FormValue("next"), ""), "username": LoginName(r), "error": nil,
		"login_url": visitorOf(r.Context()).service.loginURL(r),
	}
	if !problem.IsZero() {
		data["error"] = problem
	}
	if _, token, ok := KeptForm(r); ok {
		data["csrf_field"] = KeptInput(r, token)
	}
	maps.Copy(data, p.Data)
	return web.RenderStatus(w, r, status, cmp.Or(p.Template, "auth/login.html"), data)
}

// redirect responds after a login.
func (p LoginPage) redirect(w http.ResponseWriter, r *http.Request, v *visitor) error {
	if target := web.SafeRedirect(r, r.FormValue("next"), ""); target != "" {
		return web.Redirect(w, r, target)
	}
	return web.Redirect(w, r, orRoot(cmp.Or(p.After, v.service.config.AfterLogin)))
}

// LoginName returns the user name of a login form, to show it again, or "" if it is longer than any name.
func LoginName(r *http.Request) string {
	if name := r.PostFormValue("username"); len(name) <= maxLogin {
		return name
	}
	return ""
}

// Refused returns the status and the user-facing message for an error of [TryLogin] that is not about the password: 429 after
// too many failed logins, 503 under too many logins at once. It sets the header Retry-After. The status is 0 for other errors.
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

// TryLogin returns the user with this name or email address and password, without logging them in; call [Login] for that. It
// counts failed logins. The error is [ErrCredentials], a [*ThrottledError] after too many failed logins, [password.ErrBusy]
// under too many logins at once, or that of the database; see [Refused].
func TryLogin(r *http.Request, name, plain string) (Identity, error) {
	v := visitorOf(r.Context())
	if v == nil {
		return nil, ErrNotSetUp
	}
	ctx := password.Bounded(r.Context())
	if password.Busy(ctx) && len(v.service.knownUsers(r)) == 0 { // refuse a flood early
		return nil, password.ErrBusy
	}
	users, err := v.service.usersByLogin(ctx, name)
	if err != nil {
		return nil, err
	}
	tried := try{address: web.ClientIP(r), browser: v.service.knownAs(r, users)}
	if _, shared := networkOf(tried.address); shared && r.Header.Get("X-Forwarded-For") != "" {
		v.service.proxy.Do(func() {
			v.service.logger.LogAttrs(ctx, slog.LevelWarn,
				"logins arrive through a proxy that is not in TRUSTED_PROXIES: all visitors count as one",
				slog.String("address", tried.address))
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
	return v.service.inTurn(ctx, tried, func() (Identity, error) { return v.service.authenticateAny(ctx, users, plain) })
}

// inTurn counts a try, and subtracts it again unless the credentials were wrong.
func (s *service) inTurn(ctx context.Context, tried try, check func() (Identity, error)) (Identity, error) {
	if password.Busy(ctx) { // before any query
		return nil, password.ErrBusy
	}
	undo, err := s.throttle.begin(ctx, tried)
	if err != nil {
		return nil, err
	}
	user, err := check()
	if !errors.Is(err, ErrCredentials) {
		if undoErr := undo(ctx); undoErr != nil {
			s.logger.LogAttrs(ctx, slog.LevelWarn, "could not subtract a try that did not fail", slog.String("error", undoErr.Error()))
		}
	}
	return user, err
}

// ConfirmPassword returns nil if plain is the current password of the visitor, who is logged in. Every page that changes the
// protection of an account should ask for it. The error is [ErrCredentials] for another password, or one of those of
// [TryLogin]. Failed tries are counted for each account, separately from logins.
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
	_, err = v.service.inTurn(ctx, tried, func() (Identity, error) {
		_, err := v.service.checkPassword(ctx, user, plain)
		return user, err
	})
	return err
}

func (s *service) logout(w http.ResponseWriter, r *http.Request) error {
	if err := Logout(r); err != nil {
		return err
	}
	next := web.SafeRedirect(r, r.PostFormValue("next"), "")
	if next == "" {
		next = orRoot(s.config.AfterLogout)
	}
	return web.Redirect(w, r, next)
}

func orRoot(target string) string {
	if target == "" {
		return "/"
	}
	return target
}

// passwordForm asks for the current password, and twice for the new one.
type passwordForm struct {
	OldPassword  string
	NewPassword1 string `form:"new_password1"`
	NewPassword2 string `form:"new_password2"`
}

// Fields configures the inputs.
func (p *passwordForm) Fields(f *forms.Fields) {
	forms.Describe(f, &p.OldPassword).Label("Current password").Password().Attr("autocomplete", "current-password")
	forms.Describe(f, &p.NewPassword1).Label("New password").Help(password.Help).Password().Attr("autocomplete", "new-password")
	forms.Describe(f, &p.NewPassword2).Label("New password again").Password().Attr("autocomplete", "new-password")
}

func (s *service) passwordChange(w http.ResponseWriter, r *http.Request) error {
	user, err := LoadUser(r)
	if err != nil {
		return err
	}
	var input passwordForm
	form := forms.New(&input)
	if r.Method == http.MethodPost && form.Parse(r) {
		err := s.changePassword(w, r, user, input)
		invalid, ok := errors.AsType[forms.Errors](err)
		if !ok {
			return err
		}
		form.AddErrors(invalid)
	}
	w.Header().Set("Cache-Control", "no-store")
	return web.Render(w, r, "auth/password_change.html", web.Data{"form": form})
}

// changePassword validates the input, changes the password and responds. Invalid input is an error of type forms.Errors.
func (s *service) changePassword(w http.ResponseWriter, r *http.Request, user Identity, input passwordForm) error {
	ctx, account := password.Preferred(r.Context()), user.Account()
	err := ConfirmPassword(r, input.OldPassword)
	if status, m := Refused(w, err); status != 0 {
		return forms.Errors{"": {m}}
	}
	if errors.Is(err, ErrCredentials) {
		return forms.Errors{"old_password": {message.New("password_incorrect", "This is not your current password.")}}
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
	if err := ReplacePassword(ctx, s.db, user, before); err != nil {
		account.Password = before
		if errors.Is(err, ErrPasswordChanged) {
			changed := message.New("conflict", "Your password was changed in the meantime. Please log in with the new one.")
			return forms.Errors{"old_password": {changed}}
		}
		return err
	}
	if err := KeepSession(r, user); err != nil {
		return err
	}
	messages.Success(r, "Your password was changed. Other devices have been logged out.")
	return web.Redirect(w, r, orRoot(s.config.AfterLogin))
}

// orBusy turns ErrBusy into an error of the form, so that its input is not lost.
func orBusy(err error) error {
	if errors.Is(err, password.ErrBusy) {
		return forms.Errors{"": {password.BusyMessage}}
	}
	return err
}

// newPassword validates a new password that was entered twice. The error is forms.Errors for the fields name1 and name2.
func newPassword(first, second, name string, account *Base) error {
	invalid := forms.Errors{}
	if problems := password.Validate(first, account.about()); len(problems) > 0 {
		invalid[name+"1"] = problems
	}
	if first != second {
		invalid.Add(name+"2", message.New("mismatch", "The two passwords are not the same."))
	}
	if len(invalid) > 0 {
		return invalid
	}
	return nil
}
