package sessions

import (
	"errors"
	"log/slog"
	"net/http"
	"time"

	"github.com/quintetgo/quintet/framework/signing"
)

// Options configures sessions. The zero value works for a site of one process without https.
type Options struct {
	// Store keeps the records. Default: a new [MemoryStore].
	Store Store
	// Signer signs the token in the cookie, so that forged cookies never reach the store. Default:
	// none; the token is unsigned, which is safe (256 random bits) but causes lookups.
	Signer *signing.Signer
	// CookieName is the name of the cookie, "session" by default. If Secure is set and Domain is
	// not, "__Host-" is put before it, so that no other host can set it.
	CookieName string
	// MaxAge is the time for which a session lasts after its last use; it is renewed after a tenth of
	// it. Default: two weeks.
	MaxAge time.Duration
	// Lifetime is the time after which a session ends even if it is used, from its start or its last
	// [Session.Rotate]. Default: 90 days.
	Lifetime time.Duration
	// Secure sends the cookie over https only. Default: also over http.
	Secure bool
	// Domain sends the cookie to all subdomains of a domain too. Default: this host only, which is safer.
	Domain string
	// SameSite is the attribute of the cookie. Default: Lax.
	SameSite http.SameSite
	// OnError responds to a request whose session could not be read ([ErrRead]) or stored, in place
	// of the handler's response. Default: a plain page of status 503 or 500.
	OnError func(w http.ResponseWriter, r *http.Request, err error)
	// Logger receives errors. Default: slog.Default().
	Logger *slog.Logger
	// Now is the clock. Default: time.Now.
	Now func() time.Time
}

func (o Options) withDefaults() Options {
	if o.Store == nil {
		o.Store = NewMemoryStore()
	}
	if o.MaxAge <= 0 {
		o.MaxAge = 14 * 24 * time.Hour
	}
	if o.Lifetime <= 0 {
		o.Lifetime = 90 * 24 * time.Hour
	}
	if o.SameSite == 0 {
		o.SameSite = http.SameSiteLaxMode
	}
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	if o.OnError == nil {
		o.OnError = func(w http.ResponseWriter, _ *http.Request, err error) {
			if errors.Is(err, ErrRead) {
				http.Error(w, "Your session could not be read. Please try again.", http.StatusServiceUnavailable)
				return
			}
			http.Error(w, "Your session could not be saved. Please try again.", http.StatusInternalServerError)
		}
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return o
}

// Cookie returns the name of the cookie as browsers see it, with its prefix.
func (o Options) Cookie() string {
	name := o.CookieName
	if name == "" {
		name = "session"
	}
	if o.Secure && o.Domain == "" {
		return "__Host-" + name
	}
	return name
}
