package auth

import (
	"crypto/rand"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/quintetgo/quintet/framework/signing"
	"github.com/quintetgo/quintet/framework/web"
)

const (
	browserCookie = "known_browser"
	saltBrowser   = "quintet.auth.browser"
	// browserAge is how long a browser is known after its last login; browsers keep no cookie for longer than 400 days.
	browserAge = 365 * 24 * time.Hour
	// browserRenew is how old the cookie is when a login makes a new one.
	browserRenew = 30 * 24 * time.Hour
	// browserUsers is how many accounts a browser is known for.
	browserUsers = 5
)

// knownUser says that a user has logged in from a browser. ID is random: it names the counter of failed tries.
type knownUser struct {
	User  string `json:"u"`
	ID    string `json:"b"`
	Since int64  `json:"t"` // Unix seconds
}

// knownUsers returns who has logged in from the browser of a request, the last one first.
func (c *core) knownUsers(r *http.Request) []knownUser {
	for _, cookie := range r.CookiesNamed(c.browserCookie()) {
		var known []knownUser
		if err := c.signer().Load(saltBrowser, cookie.Value, browserAge, &known); err == nil {
			return known
		} else if !errors.Is(err, signing.ErrSignature) && !errors.Is(err, signing.ErrExpired) {
			c.logger.WarnContext(r.Context(), "cookie of a known browser not read", "error", err.Error())
		}
	}
	return nil
}

// knownAs returns the ID of the browser of a request, if all of the users have logged in from it. If what
// was typed may mean two accounts, the browser of one of them must not be the way to the other.
func (c *core) knownAs(r *http.Request, users []Identity) string {
	id := ""
	known := c.knownUsers(r)
	for _, user := range users {
		i := slices.IndexFunc(known, func(k knownUser) bool { return k.User == strconv.FormatInt(user.UserID(), 10) })
		if i < 0 {
			return ""
		}
		id = known[i].ID
	}
	return id
}

// rememberBrowser makes the browser one that is known for user.
func (c *core) rememberBrowser(w http.ResponseWriter, r *http.Request, user Identity) error {
	id, now := strconv.FormatInt(user.UserID(), 10), c.now()
	known := c.knownUsers(r)
	if i := slices.IndexFunc(known, func(k knownUser) bool { return k.User == id }); i >= 0 {
		if now.Sub(time.Unix(known[i].Since, 0)) < browserRenew {
			return nil
		}
		known = slices.Delete(known, i, i+1)
	}
	known = append([]knownUser{{User: id, ID: rand.Text(), Since: now.Unix()}}, known...)
	value, err := c.signer().Dump(saltBrowser, known[:min(len(known), browserUsers)])
	if err != nil {
		return err
	}
	http.SetCookie(w, &http.Cookie{
		Name: c.browserCookie(), Value: value, Path: "/", MaxAge: int(browserAge.Seconds()),
		Secure: c.secure(r), HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
	return nil
}

// secure reports whether cookies are sent over https only.
func (c *core) secure(r *http.Request) bool {
	if c.project != nil {
		return c.project.Settings().SecureCookies
	}
	return web.IsSecure(r)
}

func (c *core) browserCookie() string {
	if c.project != nil && c.project.Settings().SecureCookies {
		return "__Host-" + browserCookie
	}
	return browserCookie
}
