package admin

import (
	"errors"
	"html/template"
	"net/http"
	"net/url"

	"github.com/quintetgo/quintet/admin/display"
	"github.com/quintetgo/quintet/auth"
	"github.com/quintetgo/quintet/framework/csrf"
	"github.com/quintetgo/quintet/framework/message"
	"github.com/quintetgo/quintet/framework/web"
)

// loginView is the page of the login.
type loginView struct {
	page
	LoginURL string
	Next     string // address after the login
	Username string
	Error    message.Message
	Notice   message.Message
	Kept     template.HTML // inputs that hold an interrupted form, "" if there is none
}

// resumePage offers to send a form that was interrupted by the end of the session.
type resumePage struct {
	page
	Form csrf.Kept
}

// toLogin redirects a visitor to the login page, which leads back afterwards. If the request is a form, sent after
// the session had ended, it responds with the login page instead, which keeps the form.
func (q *request) toLogin() error {
	if q.Method == http.MethodPost {
		if q.PostFormValue(auth.KeptField) != "" { // from the login page of a project whose form has no action
			return q.login()
		}
		if kept, ok := auth.KeepForm(q.Request); ok {
			q.keptForm = kept
			return q.showLogin(http.StatusOK, loginView{Next: auth.PageOf(q.Request)})
		}
	}
	return q.redirect(q.base + "login/?next=" + url.QueryEscape(auth.PageOf(q.Request)))
}

func (q *request) loginPage() error {
	if q.user.IsAuthenticated() && q.user.Account().IsStaff {
		return q.redirect(web.SafeRedirect(q.Request, q.URL.Query().Get("next"), q.base))
	}
	return q.showLogin(http.StatusOK, loginView{Next: q.URL.Query().Get("next")})
}

// loginRefused shows the login to a user who is not staff.
func (q *request) loginRefused() error {
	text := message.New("not_staff", "You are logged in as {name}, who may not use these pages. Log in with a staff account.",
		message.Args{"name": display.Plain(q.user.String())})
	return q.showLogin(http.StatusForbidden, loginView{Next: q.URL.RequestURI(), Error: text})
}

func (q *request) showLogin(status int, data loginView) error {
	data.Title, data.LoginURL, data.Next = "Log in", q.base+"login/", web.SafeRedirect(q.Request, data.Next, "")
	if q.keptForm != "" {
		data.Kept = auth.KeptInput(q.Request, q.keptForm)
		if data.Error.IsZero() {
			data.Notice = auth.Interrupted
		}
	}
	return q.render(status, "admin/login.html", &data)
}

func (q *request) login() error {
	kept, token, keeps := auth.KeptForm(q.Request)
	q.keptForm = token
	data := loginView{Next: q.PostFormValue("next"), Username: auth.LoginName(q.Request)}
	user, err := auth.TryLogin(q.Request, q.PostFormValue("username"), q.PostFormValue("password"))
	if err == nil && !user.Account().IsStaff {
		err = auth.ErrCredentials // do not disclose that the account exists
	}
	if status, text := auth.Refused(q.w, err); status != 0 {
		data.Error = text
		return q.showLogin(status, data)
	}
	switch {
	case errors.Is(err, auth.ErrCredentials):
		data.Error = message.New("invalid_login", "The username and password do not match a staff account.")
		return q.showLogin(http.StatusOK, data)
	case err != nil:
		return err
	}
	if err := auth.Login(q.Request, user); err != nil {
		return err
	}
	if keeps {
		q.user, q.perms = user, auth.PermsFor(q.Request)
		return q.render(http.StatusOK, "admin/resume.html", &resumePage{
			page: page{Title: "Your form is not saved yet", Crumbs: q.crumbs(crumb{Label: "Send your form"})}, Form: kept,
		})
	}
	return q.redirect(web.SafeRedirect(q.Request, data.Next, q.base))
}

func (q *request) logout() error {
	if err := auth.Logout(q.Request); err != nil {
		return err
	}
	return q.redirect(q.base + "login/")
}
