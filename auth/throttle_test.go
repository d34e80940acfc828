package auth_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/auth"
	"github.com/quintetgo/quintet/auth/authtest"
	"github.com/quintetgo/quintet/framework/webtest"
)

// from makes the next requests of a client come from an address.
func from(site http.Handler, address string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.RemoteAddr = address
		if strings.Contains(address, ":") {
			r.RemoteAddr = "[" + address + "]"
		}
		r.RemoteAddr += ":40000"
		site.ServeHTTP(w, r)
	})
}

// tryLogin posts a login from an address and returns the status: 200 for a wrong one, 303 for a right one, 429.
func tryLogin(t *testing.T, site http.Handler, address, name, password string) int {
	t.Helper()
	client := webtest.New(t, from(site, address))
	client.Get("/accounts/login/")
	return client.Post("/accounts/login/", credentials(name, password)).Status
}

func TestNetworks(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		first, second string
		same          bool
	}{
		"one address":             {"192.0.2.1", "192.0.2.1", true},
		"two addresses":           {"192.0.2.1", "192.0.2.2", false},
		"mapped into IPv6":        {"192.0.2.1", "::ffff:192.0.2.1", true},
		"two mapped ones":         {"::ffff:192.0.2.1", "::ffff:192.0.2.2", false},
		"one /64":                 {"2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", true},
		"two /64s":                {"2001:db8:1:2::1", "2001:db8:1:3::1", false},
		"with a zone":             {"2001:db8:1:2::1%eth0", "2001:db8:1:2::2", true},
		"IPv4 beside its own /64": {"192.0.2.1", "2001:db8::1", false},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := setup(t, func(c *auth.Config) { c.Throttle = auth.Throttle{PerAccount: 100, PerAddress: 2} })
			for i := range 2 {
				tryLogin(t, f.site, c.first, fmt.Sprint("nobody", i), "wrong")
			}
			if got := tryLogin(t, f.site, c.second, "ada", authtest.Password) == http.StatusTooManyRequests; got != c.same {
				t.Errorf("counted as one: %v, want %v", got, c.same)
			}
		})
	}
}

func TestNameAndAddressShareACounter(t *testing.T) {
	t.Parallel()
	f := setup(t, func(c *auth.Config) { c.Throttle = auth.Throttle{PerAccount: 3} })
	for _, name := range []string{"ada", "ADA@example.com", " Ada "} {
		if status := tryLogin(t, f.site, "192.0.2.1", name, "wrong"); status != http.StatusOK {
			t.Errorf("%q: status %d", name, status)
		}
	}
	for _, name := range []string{"ada", "ada@example.com"} {
		if status := tryLogin(t, f.site, "192.0.2.1", name, authtest.Password); status != http.StatusTooManyRequests {
			t.Errorf("%q: status %d, want 429", name, status)
		}
	}
}

func TestCountersAreShared(t *testing.T) {
	t.Parallel()
	f := setup(t, func(c *auth.Config) { c.Throttle = auth.Throttle{PerAccount: 3} })
	tried := 0
	for range 3 { // three workers, or three reloads
		worker := &fixture{db: f.db, app: auth.NewWithConfig[User](f.db, auth.Config{Throttle: auth.Throttle{PerAccount: 3}})}
		site := worker.handler(t)
		for range 3 {
			if tryLogin(t, site, "192.0.2.1", "ada", "wrong") == http.StatusOK {
				tried++
			}
		}
	}
	if tried != 3 {
		t.Errorf("%d tries, want 3", tried)
	}
}

func TestKnownBrowserIsNotLockedOut(t *testing.T) {
	t.Parallel()
	for name, attackers := range map[string]func(i int) string{
		"many addresses":   func(i int) string { return fmt.Sprintf("192.0.2.%d", i) },
		"one /64":          func(i int) string { return fmt.Sprintf("2001:db8::%x", i) },
		"an unnamed proxy": func(int) string { return "127.0.0.1" },
		"the own address":  func(int) string { return "198.51.100.7" },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := setup(t, func(c *auth.Config) {
				c.Throttle = auth.Throttle{PerAccount: 2, PerAddress: 4, PerAccountEverywhere: 6}
			})
			address := "198.51.100.7"
			if name == "an unnamed proxy" {
				address = "127.0.0.1"
			}
			owner := webtest.New(t, from(f.site, address))
			login(t, owner, "ada")
			owner.Get("/accounts/password/change/")
			owner.Post("/accounts/logout/", nil)
			for i := range 8 {
				tryLogin(t, f.site, attackers(i), "ada", "wrong")
			}
			if name != "one /64" { // which the limit of the address has stopped before
				if status := tryLogin(t, f.site, attackers(9), "ada", authtest.Password); status != http.StatusTooManyRequests {
					t.Errorf("the attack is not limited: status %d", status)
				}
			}
			login(t, owner, "ada")
			owner.Get("/accounts/password/change/")
			owner.Post("/accounts/logout/", nil)
			// The browser is known for this account only, and its tries are limited as well.
			owner.Get("/accounts/login/")
			for range 2 {
				owner.Post("/accounts/login/", credentials("ada", "wrong")).WantStatus(t, http.StatusOK)
			}
			owner.Post("/accounts/login/", credentials("ada", authtest.Password)).WantStatus(t, http.StatusTooManyRequests)
		})
	}
}

func TestKnownBrowserCookieIsSigned(t *testing.T) {
	t.Parallel()
	f := setup(t, func(c *auth.Config) { c.Throttle = auth.Throttle{PerAccount: 1} })
	eve := authtest.Create(t, f.db, &User{Base: auth.Base{Username: "eve"}})
	tryLogin(t, f.site, "192.0.2.1", "ada", "wrong")
	hers := webtest.New(t, from(f.site, "192.0.2.1"))
	login(t, hers, eve.Username)
	var value string
	for _, cookie := range hers.Cookies("/") {
		if cookie.Name == "known_browser" {
			value = cookie.Value
		}
	}
	for name, value := range map[string]string{"of another account": value, "made up": "e30.AAAA", "changed": "A" + value, "empty": ""} {
		client := webtest.New(t, from(f.site, "192.0.2.1"))
		client.SetCookie(&http.Cookie{Name: "known_browser", Value: value})
		client.Get("/accounts/login/")
		if status := client.Post("/accounts/login/", credentials("ada", authtest.Password)).Status; status != http.StatusTooManyRequests {
			t.Errorf("%s: status %d, want 429", name, status)
		}
	}
}

// What is typed may mean two accounts if a program has stored them so. A browser of one of them is no way around the limits
// of the other.
func TestKnownBrowserOfOneAccount(t *testing.T) {
	t.Parallel()
	f := setup(t, func(c *auth.Config) { c.Throttle = auth.Throttle{PerAccount: 100, PerAccountEverywhere: 3} })
	eve := &User{Base: auth.Base{Username: "ada@example.com", Email: "eve@example.com", IsActive: true}}
	if err := eve.SetPassword(t.Context(), "another one entirely"); err != nil {
		t.Fatal(err)
	}
	if err := f.db.SkipValidation().Create(t.Context(), eve); err != nil {
		t.Fatal(err)
	}
	tried := 0
	for i := range 5 { // each login makes a browser with a budget of its own
		client := webtest.New(t, from(f.site, fmt.Sprintf("192.0.2.%d", i+1)))
		client.Get("/accounts/login/")
		client.Post("/accounts/login/", credentials("eve@example.com", "another one entirely"))
		client.Get("/accounts/password/change/")
		client.Post("/accounts/logout/", nil)
		client.Get("/accounts/login/")
		if client.Post("/accounts/login/", credentials("ada@example.com", "wrong")).Status == http.StatusOK {
			tried++
		}
	}
	if tried != 3 {
		t.Errorf("%d tries, want 3", tried)
	}
}

func TestUntrustedProxyDoesNotLockOutEverybody(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"127.0.0.1", "::1", "10.1.2.3", "::ffff:10.1.2.3", "192.168.0.9", "fd00::1"} {
		t.Run(address, func(t *testing.T) {
			t.Parallel()
			f := setup(t, func(c *auth.Config) {
				c.Throttle = auth.Throttle{PerAccount: 1, PerAddress: 1, PerAccountEverywhere: 3}
			})
			for range 2 {
				tryLogin(t, f.site, address, "ada", "wrong")
			}
			if status := tryLogin(t, f.site, address, "ada", authtest.Password); status != http.StatusSeeOther {
				t.Errorf("status %d, want a login", status)
			}
			shed := false
			for i := range 12 { // but not without any limit
				shed = shed || tryLogin(t, f.site, address, fmt.Sprint("nobody", i), "wrong") == http.StatusTooManyRequests
			}
			if !shed {
				t.Error("tries are not limited at all")
			}
		})
	}
}

func TestConfirmPasswordIsLimitedSeparately(t *testing.T) {
	t.Parallel()
	f := setup(t, func(c *auth.Config) { c.Throttle = auth.Throttle{PerAccount: 2, PerAccountEverywhere: 2} })
	authtest.Login(t, f.client, f.ada)
	for range 3 {
		tryLogin(t, f.site, "192.0.2.1", "ada", "wrong") // of an attacker
	}
	const path = "/accounts/password/change/"
	form := map[string][]string{"old_password": {"wrong"}, "new_password1": {"a long walk in the rain"}, "new_password2": {"a long walk in the rain"}}
	f.client.Get(path)
	for range 2 {
		f.client.Post(path, form).WantContains(t, "not your current password")
	}
	form["old_password"] = []string{authtest.Password}
	f.client.Post(path, form).WantContains(t, "too many failed tries")
}
