package admin

import (
	"errors"
	"net/http"
	"net/url"

	"github.com/quintetgo/quintet/admin/display"
	"github.com/quintetgo/quintet/auth"
	"github.com/quintetgo/quintet/framework/message"
	"github.com/quintetgo/quintet/framework/web"
)

// toLogin sends a visitor to the login page, from which they come back. A form that they sent after their session had
// ended is kept: the login page takes the place of the page, and holds it.
func (q *request) toLogin() error {
	if q.Method == http.MethodPost {
		if q.PostFormValue(auth.KeptField) != "" { // from a login page of a project whose form has no action
			return q.login()
		}
		if kept, ok := auth.KeepForm(q.Request); ok {
			q.kept = kept
			return q.loginForm(http.StatusOK, auth.PageOf(q.Request), "", message.Message{})
		}
	}
	return q.redirect(q.base + "login/?next=" + url.QueryEscape(auth.PageOf(q.Request)))
}

func (q *request) loginPage() error {
	if q.user.IsAuthenticated() && q.user.Account().IsStaff {
		return q.redirect(web.SafeRedirect(q.Request, q.URL.Query().Get("next"), q.base))
	}
	return q.loginForm(http.StatusOK, q.URL.Query().Get("next"), "", message.Message{})
}

// loginRefused shows the login to somebody who is logged in but not staff.
func (q *request) loginRefused() error {
	return q.loginForm(http.StatusForbidden, q.URL.RequestURI(), "", message.New("not_staff",
		"You are logged in as {user}, who may not use these pages. Log in with a staff account.", message.Args{"user": display.Plain(q.user.String())}))
}

func (q *request) loginForm(status int, next, username string, problem message.Message) error {
	data := web.Data{
		"title": "Log in", "next": web.SafeRedirect(q.Request, next, ""), "username": username, "error": nil, "login_url": q.base + "login/",
	}
	if !problem.IsZero() {
		data["error"] = problem
	}
	if q.kept != "" {
		data["csrf_field"] = auth.KeptInput(q.Request, q.kept)
		if problem.IsZero() {
			data["notice"] = auth.Interrupted
		}
	}
	return q.render(status, "admin/login.html", data)
}

func (q *request) login() error {
	plain, next := q.PostFormValue("password"), q.PostFormValue("next")
	name := auth.LoginName(q.Request)
	kept, token, keeps := auth.KeptForm(q.Request)
	q.kept = token
	user, err := auth.TryLogin(q.w, q.Request, q.PostFormValue("username"), plain)
	if err == nil && !user.Account().IsStaff {
		err = auth.ErrCredentials // whether an account exists is nobody's business here
	}
	if status, refused := auth.Refused(q.w, err); status != 0 {
		return q.loginForm(status, next, name, refused)
	}
	switch {
	case errors.Is(err, auth.ErrCredentials):
		return q.loginForm(http.StatusOK, next, name, message.New("invalid_login", "The username and password do not match a staff account."))
	case err != nil:
		return err
	}
	if err := auth.Login(q.w, q.Request, user); err != nil {
		return err
	}
	if keeps {
		q.user, q.perms = user, auth.PermsFor(q.Request)
		return q.render(http.StatusOK, "admin/resume.html", web.Data{"title": "Your form is not saved yet", "kept": kept, "crumbs": q.crumbs(crumb{Label: "Send your form"})})
	}
	return q.redirect(web.SafeRedirect(q.Request, next, q.base))
}

func (q *request) logout() error {
	if err := auth.Logout(q.w, q.Request); err != nil {
		return err
	}
	return q.redirect(q.base + "login/")
}
