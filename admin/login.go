package admin

import (
	"errors"
	"math"
	"net/http"
	"net/url"
	"strconv"

	"github.com/quintetgo/quintet/auth"
	"github.com/quintetgo/quintet/framework/web"
)

// toLogin sends a visitor to the login page, from which they come back.
func (q *request) toLogin() error {
	to := q.base + "login/"
	if q.Method == http.MethodGet {
		to += "?next=" + url.QueryEscape(q.URL.RequestURI())
	}
	return q.redirect(to)
}

func (q *request) loginPage() error {
	if q.user.IsAuthenticated() && q.user.Account().IsStaff {
		return q.redirect(web.SafeRedirect(q.Request, q.URL.Query().Get("next"), q.base))
	}
	return q.loginForm(http.StatusOK, q.URL.Query().Get("next"), "", "")
}

// loginRefused shows the login to somebody who is logged in but not staff.
func (q *request) loginRefused() error {
	return q.loginForm(http.StatusForbidden, q.URL.RequestURI(), "", "You are logged in as "+q.user.String()+", who may not use these pages. Log in with a staff account.")
}

func (q *request) loginForm(status int, next, username, problem string) error {
	return q.render(status, "admin/login.html", web.Data{
		"title": "Log in", "next": web.SafeRedirect(q.Request, next, ""), "username": username, "error": problem,
	})
}

func (q *request) login() error {
	name, plain, next := q.PostFormValue("username"), q.PostFormValue("password"), q.PostFormValue("next")
	user, err := auth.TryLogin(q.w, q.Request, name, plain)
	if err == nil && !user.Account().IsStaff {
		err = auth.ErrCredentials // whether an account exists is nobody's business here
	}
	throttled, limited := errors.AsType[*auth.ThrottledError](err)
	switch {
	case limited:
		q.w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(throttled.Wait.Seconds()))))
		return q.loginForm(http.StatusTooManyRequests, next, name, throttled.Message())
	case errors.Is(err, auth.ErrCredentials):
		return q.loginForm(http.StatusOK, next, name, "The username and password do not match a staff account.")
	case err != nil:
		return err
	}
	if err := auth.Login(q.w, q.Request, user); err != nil {
		return err
	}
	return q.redirect(web.SafeRedirect(q.Request, next, q.base))
}

func (q *request) logout() error {
	if err := auth.Logout(q.w, q.Request); err != nil {
		return err
	}
	return q.redirect(q.base + "login/")
}
