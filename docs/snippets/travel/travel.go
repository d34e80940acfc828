// Package travel is a site in two languages, for the guide to languages.
package travel

import (
	"embed"
	"net/http"

	"github.com/quintetgo/quintet/framework"
	"github.com/quintetgo/quintet/framework/i18n"
	"github.com/quintetgo/quintet/framework/message"
	"github.com/quintetgo/quintet/framework/messages"
	"github.com/quintetgo/quintet/framework/web"
)

//go:embed all:templates all:locale
var files embed.FS

// Project returns the site.
func Project(s framework.Settings) *framework.Project {
	s.Assets = files
	s.LanguageCode = "en"
	s.Languages = []string{"de"}
	s.Routes = func(r *web.Router) {
		r.Include("/language/", "languages")
		r.Get("/", index)
		r.Post("/trips/", book)
	}
	return framework.New(s)
}

func index(w http.ResponseWriter, r *http.Request) error {
	return web.Render(w, r, "home.html", web.Data{"Name": "Ada", "Trips": 1})
}

func book(w http.ResponseWriter, r *http.Request) error {
	greeting := i18n.T(r.Context(), "Welcome back, {name}", message.Args{"name": "Ada"})
	messages.Success(r, "The trip to {place} was booked.", message.Args{"place": r.PostFormValue("place")})
	return web.Text(w, greeting)
}

// User is a part of a user model with preferences.
type User struct {
	Language string
	Zone     string
}

// PreferredLanguage makes the pages of a logged-in user appear in this language.
func (u *User) PreferredLanguage() string { return u.Language }

// PreferredTimeZone makes the times on these pages appear in this zone.
func (u *User) PreferredTimeZone() string { return u.Zone }
