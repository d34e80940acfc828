package auth

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/quintetgo/quintet/framework/message"
	"github.com/quintetgo/quintet/framework/web"
)

// LoginRequired is middleware that admits users. Other visitors are redirected to the login page, and back after the login; a
// client that accepts JSON receives the status 401. The form of a visitor whose session has ended is kept, see
// [RedirectToLogin].
func LoginRequired(next http.Handler) http.Handler {
	return guard(next, func(Identity, *http.Request) bool { return true })
}

// PermissionRequired returns middleware that admits users who have all of the permissions, such as "blog.change_post". Other
// users receive the status 403; visitors who are not logged in are redirected as by [LoginRequired].
func PermissionRequired(names ...string) web.Middleware {
	return func(next http.Handler) http.Handler {
		return guard(next, func(_ Identity, r *http.Request) bool { return PermsFor(r).HasAll(names...) })
	}
}

// StaffRequired is middleware that admits staff. Others are handled as by [PermissionRequired].
func StaffRequired(next http.Handler) http.Handler {
	return guard(next, func(user Identity, _ *http.Request) bool { return user.Account().IsStaff })
}

// UserRequired returns middleware that admits users for whom test returns true. Others are handled as by
// [PermissionRequired].
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
			web.WriteError(w, r, web.Forbidden("Your account does not have permission for this."))
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// RedirectToLogin redirects the visitor to the login page, and from there back to this page. For a client that accepts JSON it
// returns an error of the status 401.
//
// The form of a POST request is kept: the response is the login page, which contains the form in a signed hidden input, and
// after the login the visitor can send it again, see [KeepForm]. This requires the app's own login page; with another
// LoginURL, or without a form that can be kept, the visitor returns to the page that the form was on.
func RedirectToLogin(w http.ResponseWriter, r *http.Request) error {
	if strings.Contains(r.Header.Get("Accept"), "application/json") && !strings.Contains(r.Header.Get("Accept"), "text/html") {
		return &web.Error{Status: http.StatusUnauthorized, Message: message.Text("Please log in first.")}
	}
	login := "/accounts/login/"
	if v := visitorOf(r.Context()); v != nil {
		login = v.service.loginURL(r)
		if v.service.ownLogin(r) && r.Method == http.MethodPost {
			if r.PostFormValue(KeptField) != "" { // sent by a login page whose form has no action
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

// PageOf returns the address to which a visitor returns after a login: that of the request, or, for a form, that of the page
// of this site that contained it.
func PageOf(r *http.Request) string {
	address := r.URL.RequestURI()
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return address
	}
	return web.SafeRedirect(r, r.Referer(), address)
}
