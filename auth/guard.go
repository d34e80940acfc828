package auth

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/quintetgo/quintet/framework/message"
	"github.com/quintetgo/quintet/framework/web"
)

// LoginRequired lets only users pass. Others are sent to the login page, and back after it; a client
// that asks for JSON gets status 401. A form that was sent by someone whose session has ended is kept,
// see [RedirectToLogin].
func LoginRequired(next http.Handler) http.Handler {
	return guard(next, func(Identity, *http.Request) bool { return true })
}

// PermissionRequired lets only users pass who have all of the permissions, as "blog.change_post".
// Others get status 403; who is not logged in is sent to the login page first.
func PermissionRequired(names ...string) web.Middleware {
	return func(next http.Handler) http.Handler {
		return guard(next, func(_ Identity, r *http.Request) bool { return PermsFor(r).HasAll(names...) })
	}
}

// StaffRequired lets only staff pass.
func StaffRequired(next http.Handler) http.Handler {
	return guard(next, func(user Identity, _ *http.Request) bool { return user.Account().IsStaff })
}

// UserRequired lets only users pass for whom test is true.
func UserRequired(test func(user Identity) bool) web.Middleware {
	return func(next http.Handler) http.Handler {
		return guard(next, func(user Identity, _ *http.Request) bool { return test(user) })
	}
}

func guard(next http.Handler, allowed func(Identity, *http.Request) bool) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		user, err := LoadUser(r)
		switch {
		case err != nil:
			web.WriteError(w, r, err)
		case !user.IsAuthenticated():
			if err := RedirectToLogin(w, r); err != nil {
				web.WriteError(w, r, err)
			}
		case !allowed(user, r):
			web.WriteError(w, r, web.Forbidden("You may not do this with your account."))
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// RedirectToLogin sends the visitor to the login page, from which they come back. A client that asks
// for JSON gets status 401.
//
// The form of a POST request is kept: the response is the login page, which holds the form in a signed
// hidden input, and after the login the visitor can send it again, see [KeepForm]. That needs the
// app's own login page; with another LoginURL, or without a form worth keeping, the visitor comes back
// to the page that the form was on.
func RedirectToLogin(w http.ResponseWriter, r *http.Request) error {
	if strings.Contains(r.Header.Get("Accept"), "application/json") && !strings.Contains(r.Header.Get("Accept"), "text/html") {
		return &web.Error{Status: http.StatusUnauthorized, Message: message.Text("Please log in first.")}
	}
	login := "/accounts/login/"
	if v := visitorOf(r.Context()); v != nil {
		login = v.core.loginURL(r)
		if v.core.ownLogin(r) && r.Method == http.MethodPost {
			if r.PostFormValue(KeptField) != "" { // from a login page whose form has no action
				return ServeLogin(w, r, LoginPage{})
			}
			if kept, ok := KeepForm(r); ok {
				return interruptedLogin(w, r, kept)
			}
		}
	}
	w.Header().Set("Cache-Control", "no-store")
	return web.Redirect(w, r, login+"?next="+url.QueryEscape(PageOf(r)))
}

// PageOf returns the page to which a visitor comes back after a login: that of the request, or for a
// form that was sent the page of this site that it was on.
func PageOf(r *http.Request) string {
	here := r.URL.RequestURI()
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return here
	}
	return web.SafeRedirect(r, r.Referer(), here)
}
