package auth

import (
	"errors"
	"fmt"
	"math"
	"net/http"
	"strconv"

	"github.com/quintetgo/quintet/auth/password"
	"github.com/quintetgo/quintet/framework/forms"
	"github.com/quintetgo/quintet/framework/messages"
	"github.com/quintetgo/quintet/framework/web"
)

// Routes adds login, logout, password change and the set-up of the first superuser.
func (a *App[U]) Routes(r *web.Router) {
	c := a.core()
	both := []string{http.MethodGet, http.MethodPost}
	r.Methods(both, "/login/", func(w http.ResponseWriter, r *http.Request) error { return ServeLogin(w, r, LoginPage{}) }).Name("login")
	r.Post("/logout/", c.logout).Name("logout")
	r.With(LoginRequired).Methods(both, "/password/change/", c.passwordChange).Name("password_change")
	r.Methods(both, "/setup/{token}/", c.setup).Name("setup")
}

// LoginPage says how [ServeLogin] looks and where it leads. The zero value is the app's own page.
type LoginPage struct {
	// Template gets next, username, error and Data. Default: "auth/login.html".
	Template string
	// After is where the visitor goes without a next parameter: a path or the name of a route.
	After string
	// Allow refuses users with a sentence for them, before they are logged in; "" lets them in.
	Allow func(user Identity) string
	// Data are further values of the template.
	Data web.Data
}

// errorCredentials is the same for names that exist and those that do not.
const errorCredentials = "The username or password is not correct. Note that passwords are case-sensitive."

// ServeLogin shows a login page on GET, and on POST logs in and leads to the page that the next
// parameter names, if it is one of this site. The fields are username (or address), password and
// next. A page with an error is sent with status 200, as browsers note others on their console; only
// too many tries answer 429.
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
	show := func(status int, message string) error {
		data := web.Data{"next": web.SafeRedirect(r, next, ""), "username": r.PostFormValue("username"), "error": message}
		for key, value := range page.Data {
			data[key] = value
		}
		return web.RenderStatus(w, r, status, page.Template, data)
	}
	if r.Method != http.MethodPost {
		if user := User(r); user.IsAuthenticated() && (page.Allow == nil || page.Allow(user) == "") {
			return after()
		}
		return show(http.StatusOK, "")
	}
	user, err := TryLogin(w, r, r.PostFormValue("username"), r.PostFormValue("password"))
	if limited, ok := errors.AsType[*ThrottledError](err); ok {
		w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(limited.Wait.Seconds()))))
		return show(http.StatusTooManyRequests, limited.Message())
	}
	switch {
	case errors.Is(err, ErrCredentials):
		return show(http.StatusOK, errorCredentials)
	case err != nil:
		return err
	}
	if page.Allow != nil {
		if reason := page.Allow(user); reason != "" {
			return show(http.StatusForbidden, reason)
		}
	}
	if err := Login(w, r, user); err != nil {
		return err
	}
	return after()
}

// TryLogin returns the user with that name (or address) and password; [Login] then logs them in.
// The error is [ErrCredentials], a [*ThrottledError] after too many wrong tries, or that of the
// database.
func TryLogin(_ http.ResponseWriter, r *http.Request, name, plain string) (Identity, error) {
	v := visitorOf(r.Context())
	if v == nil {
		return nil, ErrNotSetUp
	}
	account := Normalize(name)
	if len(account) > maxLogin {
		account = account[:maxLogin]
	}
	right, wait := v.core.throttle.begin(account, web.ClientIP(r))
	if wait > 0 {
		return nil, &ThrottledError{Wait: wait}
	}
	user, err := v.core.authenticate(r.Context(), name, plain)
	if !errors.Is(err, ErrCredentials) {
		right()
	}
	return user, err
}

func (c *core) logout(w http.ResponseWriter, r *http.Request) error {
	if err := Logout(w, r); err != nil {
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
	forms.Of(f, &p.OldPassword).Label("Present password").Password().Attr("autocomplete", "current-password")
	forms.Of(f, &p.NewPassword1).Label("New password").Help(password.Help).Password().Attr("autocomplete", "new-password")
	forms.Of(f, &p.NewPassword2).Label("New password again").Password().Attr("autocomplete", "new-password")
}

func (c *core) passwordChange(w http.ResponseWriter, r *http.Request) error {
	user := User(r)
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

// changePassword checks the input, whose faults are forms.Errors, and answers when all is done.
func (c *core) changePassword(w http.ResponseWriter, r *http.Request, user Identity, input passwordForm) error {
	ctx, account := r.Context(), user.Account()
	done, wait := c.throttle.begin(account.Username, web.ClientIP(r))
	if wait > 0 {
		return forms.Invalid("", (&ThrottledError{Wait: wait}).Message())
	}
	ok, err := account.CheckPassword(ctx, input.OldPassword)
	if err != nil {
		done()
		return fmt.Errorf("check password: %w", err)
	}
	if !ok {
		return forms.Invalid("old_password", "This is not your present password.")
	}
	done()
	if err := newPassword(input.NewPassword1, input.NewPassword2, "new_password", account); err != nil {
		return err
	}
	before := account.Password
	if err := account.SetPassword(ctx, input.NewPassword1); err != nil {
		return err
	}
	if err := c.saveFields(ctx, user, "password"); err != nil {
		account.Password = before
		return err
	}
	if err := KeepSession(r, user); err != nil {
		return err
	}
	messages.Success(r, "Your password was changed. Other devices have been logged out.")
	return web.Redirect(w, r, orRoot(c.afterLogin))
}

// newPassword says what is wrong with a new password that was typed twice, as errors of the fields
// name1 and name2.
func newPassword(first, second, name string, account *Base) error {
	faults := forms.Errors{}
	if problems := password.Validate(first, account.about()); len(problems) > 0 {
		faults[name+"1"] = problems
	}
	if first != second {
		faults[name+"2"] = []string{"The two passwords are not the same."}
	}
	if len(faults) > 0 {
		return faults
	}
	return nil
}
