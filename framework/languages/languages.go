// Package languages chooses the language of each request, and has the view with which visitors choose it themselves.
//
// Package framework adds both to projects whose setting LANGUAGES names more than one language. Pages have the values
// language and languages, and include a form for the choice:
//
//	<html lang="{{ .language.Code }}" dir="{{ .language.Dir }}">
//
//	<form method="post" action="{{ url "languages:set" }}">{{ .csrf_field }}
//		<input type="hidden" name="next" value="{{ .path }}">
//		<select name="language">
//			{{ range .languages }}<option value="{{ .Code }}">{{ .OwnName }}</option>{{ end }}
//		</select>
//		<button>{{ t "Change language" }}</button>
//	</form>
package languages

import (
	"cmp"
	"net/http"
	"time"

	"github.com/quintetgo/quintet/framework/i18n"
	"github.com/quintetgo/quintet/framework/web"
)

// CookieName is the name of the cookie that keeps the choice of a visitor.
const CookieName = "language"

// cookieAge is how long a choice is kept.
const cookieAge = 365 * 24 * time.Hour

// Middleware puts the language of each request into its context, for package i18n and for templates: that of the visitor's
// cookie, or else the one that the header Accept-Language asks for, or else the default language. Responses get the header
// Content-Language, and Vary for what the choice depended on. With one language, no request is looked at and neither is sent.
func Middleware(ls *i18n.Languages) web.Middleware {
	if len(ls.All()) == 1 {
		return func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				next.ServeHTTP(w, r.WithContext(i18n.WithLanguage(r.Context(), ls.Default())))
			})
		}
	}
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			l, ok := chosen(ls, r)
			if !ok {
				l = ls.Match(r.Header.Get("Accept-Language"))
			}
			w.Header().Add("Vary", "Cookie")
			w.Header().Add("Vary", "Accept-Language")
			serve(next, w, r, l)
		})
	}
}

// Preferred returns middleware for the language that the user of a request prefers. It runs inside of [Middleware] and of
// what knows the user. A choice in the cookie is stronger. The function returns the code of a language, or "" for none.
func Preferred(ls *i18n.Languages, user func(r *http.Request) string) web.Middleware {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if _, ok := chosen(ls, r); !ok {
				if l, ok := ls.Lookup(user(r)); ok {
					serve(next, w, r, l)
					return
				}
			}
			next.ServeHTTP(w, r)
		})
	}
}

// chosen returns the language of the cookie.
func chosen(ls *i18n.Languages, r *http.Request) (*i18n.Language, bool) {
	cookie, err := r.Cookie(CookieName)
	if err != nil {
		return nil, false
	}
	return ls.Lookup(cookie.Value)
}

func serve(next http.Handler, w http.ResponseWriter, r *http.Request, l *i18n.Language) {
	w.Header().Set("Content-Language", l.Code)
	next.ServeHTTP(w, r.WithContext(i18n.WithLanguage(r.Context(), l)))
}

// App has the view "languages:set", which stores the choice of a visitor. A project includes it:
//
//	r.Include("/language/", "languages")
type App struct {
	// Languages are those of the project; required.
	Languages *i18n.Languages
	// Secure sets the attribute Secure of the cookie. Default: false.
	Secure bool
}

// Name returns "languages".
func (App) Name() string { return "languages" }

// Routes adds the view at the address of the app.
func (a App) Routes(r *web.Router) { r.Post("/", a.set).Name("set") }

// set stores the field language of a form, and redirects to its field next, or else to where the visitor came from.
func (a App) set(w http.ResponseWriter, r *http.Request) error {
	l, ok := a.Languages.Lookup(r.PostFormValue("language"))
	if !ok {
		return web.BadRequest("This language is not available.")
	}
	http.SetCookie(w, &http.Cookie{
		Name: CookieName, Value: l.Code, Path: "/", MaxAge: int(cookieAge / time.Second), Secure: a.Secure, HttpOnly: true,
		SameSite: http.SameSiteLaxMode,
	})
	return web.Redirect(w, r, web.SafeRedirect(r, cmp.Or(r.PostFormValue("next"), r.Referer()), "/"))
}
