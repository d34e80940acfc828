package auth_test

import (
	"net/http"
	"testing"
	"testing/fstest"
	"time"

	"github.com/quintetgo/quintet/auth"
	"github.com/quintetgo/quintet/auth/authtest"
	"github.com/quintetgo/quintet/framework"
	"github.com/quintetgo/quintet/framework/i18n"
	"github.com/quintetgo/quintet/framework/web"
	"github.com/quintetgo/quintet/framework/webtest"
	"github.com/quintetgo/quintet/orm/migrate"
)

// preferred has the language and the time zone of the users that have a preference, by user name.
var preferred = map[string][2]string{"polyglot": {"de", "Asia/Kathmandu"}, "martian": {"mars", "Mars/Base"}}

func (u *User) PreferredLanguage() string { return preferred[u.Username][0] }
func (u *User) PreferredTimeZone() string { return preferred[u.Username][1] }

// The language and the time zone of a request are those of the user, unless the visitor chose another language.
func TestPreferencesOfUsers(t *testing.T) {
	t.Parallel()
	_, _, db := project(t, false)
	s := framework.Settings{SecretKey: "secret", Debug: true, Languages: []string{"de", "ar"}}
	s.Assets = fstest.MapFS{"locale/de/LC_MESSAGES/messages.po": {Data: []byte("msgid \"Hello\"\nmsgstr \"Guten Tag\"\n")}}
	noon := time.Date(2026, time.May, 1, 12, 0, 0, 0, time.UTC)
	s.Routes = func(r *web.Router) {
		r.Get("/", func(w http.ResponseWriter, r *http.Request) error {
			return web.Text(w, i18n.T(r.Context(), "Hello")+" "+noon.In(web.Location(r.Context())).Format("15:04"))
		})
	}
	site := framework.New(s, migrate.New(db), auth.New[User](db), accounts{}, shop{})
	if err := site.Err(); err != nil {
		t.Fatal(err)
	}
	accountsByName := map[string]*User{}
	for _, name := range []string{"plain", "polyglot", "martian"} {
		accountsByName[name] = authtest.Create(t, db, &User{Base: auth.Base{Username: name}})
	}
	for _, test := range []struct{ user, cookie, want string }{
		{"", "", "Hello 12:00"},
		{"plain", "", "Hello 12:00"},
		{"polyglot", "", "Guten Tag 17:45"},
		{"polyglot", "ar", "Hello 17:45"},
		{"martian", "", "Hello 12:00"},
	} {
		client := webtest.New(t, site)
		if test.cookie != "" {
			client.SetCookie(&http.Cookie{Name: "language", Value: test.cookie})
		}
		if test.user != "" {
			authtest.Login(t, client, accountsByName[test.user])
		}
		if got := client.Get("/").Body; got != test.want {
			t.Errorf("%s with the cookie %q: %q, want %q", test.user, test.cookie, got, test.want)
		}
	}
}
