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
	// browserAge is how long a browser is known after its last login. Browsers limit the age of cookies to 400 days.
	browserAge = 365 * 24 * time.Hour
	// browserRenew is the age of a cookie after which a login replaces it.
	browserRenew = 30 * 24 * time.Hour
	// browserUsers is the number of accounts that a browser is known for.
	browserUsers = 5
)

// knownUser records that a user has logged in from a browser. ID is random, and identifies the counter of failed tries.
type knownUser struct {
	User  string `json:"u"`
	ID    string `json:"b"`
	Since int64  `json:"t"` // Unix seconds
}

// knownUsers returns the users who have logged in from the browser of a request, the latest first.
func (s *service) knownUsers(r *http.Request) []knownUser {
	for _, cookie := range r.CookiesNamed(s.browserCookie()) {
		var known []knownUser
		if err := s.sign.Load(saltBrowser, cookie.Value, browserAge, &known); err == nil {
			return known
		} else if !errors.Is(err, signing.ErrSignature) && !errors.Is(err, signing.ErrExpired) {
			s.logger.WarnContext(r.Context(), "cookie of a known browser not read", "error", err.Error())
		}
	}
	return nil
}

// knownAs returns the ID of the browser of a request if all of the users have logged in from it, and otherwise "". If a name
// identifies two accounts, the known browser of one must not raise the limit for the other.
func (s *service) knownAs(r *http.Request, users []Identity) string {
	id := ""
	known := s.knownUsers(r)
	for _, user := range users {
		i := slices.IndexFunc(known, func(k knownUser) bool { return k.User == strconv.FormatInt(user.UserID(), 10) })
		if i < 0 {
			return ""
		}
		id = known[i].ID
	}
	return id
}

// rememberBrowser sets the cookie that makes the browser a known one of user.
func (s *service) rememberBrowser(w http.ResponseWriter, r *http.Request, user Identity) error {
	id, now := strconv.FormatInt(user.UserID(), 10), s.now()
	known := s.knownUsers(r)
	if i := slices.IndexFunc(known, func(k knownUser) bool { return k.User == id }); i >= 0 {
		if now.Sub(time.Unix(known[i].Since, 0)) < browserRenew {
			return nil
		}
		known = slices.Delete(known, i, i+1)
	}
	known = append([]knownUser{{User: id, ID: rand.Text(), Since: now.Unix()}}, known...)
	value, err := s.sign.Dump(saltBrowser, known[:min(len(known), browserUsers)])
	if err != nil {
		return err
	}
	http.SetCookie(w, &http.Cookie{
		Name: s.browserCookie(), Value: value, Path: "/", MaxAge: int(browserAge.Seconds()),
		Secure: s.secure(r), HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
	return nil
}

// secure reports whether cookies are sent over HTTPS only.
func (s *service) secure(r *http.Request) bool {
	if s.project != nil {
		return s.project.Settings().SecureCookies
	}
	return web.IsSecure(r)
}

func (s *service) browserCookie() string {
	if s.project != nil && s.project.Settings().SecureCookies {
		return "__Host-" + browserCookie
	}
	return browserCookie
}
