package auth

import (
	"context"
	"log/slog"
	"net/http"
	"reflect"
	"sync"
	"time"

	"github.com/quintetgo/quintet/framework/message"
	"github.com/quintetgo/quintet/framework/server/response"
	"github.com/quintetgo/quintet/framework/sessions"
	"github.com/quintetgo/quintet/framework/web"
)

type visitorKey struct{}

// visitor is the state of one request: its session, and the user once loaded.
type visitor struct {
	service *service
	session *sessions.Session
	w       *response.Writer // of the response, for the cookies of a login

	mu    sync.Mutex
	user  Identity // nil until loaded
	perms *Perms
	err   error // why the user or the permissions could not be loaded
}

// middleware attaches a visitor to each request. The user is loaded on first use.
func (s *service) middleware(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rw := response.Wrap(w)
		v := &visitor{service: s, session: sessions.From(r), w: rw}
		rw.Before(func() { v.replaceFailed(rw, r) })
		w = rw
		r = r.WithContext(context.WithValue(r.Context(), visitorKey{}, v))
		if user := forcedUser(r.Context()); user != nil {
			if err := Login(r, user); err != nil {
				s.logger.LogAttrs(r.Context(), slog.LevelError, "test login failed", slog.String("error", err.Error()))
			}
		}
		next.ServeHTTP(w, r)
	})
}

func visitorOf(ctx context.Context) *visitor {
	v, _ := ctx.Value(visitorKey{}).(*visitor)
	return v
}

// replaceFailed replaces the response with an error if the user could not be loaded: it was created for an anonymous visitor.
func (v *visitor) replaceFailed(w *response.Writer, r *http.Request) {
	v.mu.Lock()
	err := v.err
	v.mu.Unlock()
	if err == nil || w.Sending() >= http.StatusInternalServerError {
		return
	}
	w.Replace(func(w http.ResponseWriter) { web.WriteError(w, r, unavailable(err)) })
}

// unavailable returns the error of a request whose user could not be loaded.
func unavailable(err error) error {
	return &web.Error{
		Status:  http.StatusServiceUnavailable,
		Message: message.New("unavailable", "Your account could not be looked up. Please try again."),
		Err:     err,
	}
}

// User returns the visitor: the user who is logged in, or an [Anonymous]. It is never nil. The user is loaded on the first call
// of a request. If that fails, the result is an [Anonymous] and the response becomes an error of the status 503; code with
// side effects that depend on the visitor uses [LoadUser]. It is safe for concurrent use.
func User(r *http.Request) Identity { return UserFrom(r.Context()) }

// LoadUser is [User] with the error of loading the user. It has the HTTP status 503.
func LoadUser(r *http.Request) (Identity, error) {
	v := visitorOf(r.Context())
	if v == nil {
		return new(Anonymous), nil
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	user := v.load(r.Context())
	if v.err != nil {
		return user, unavailable(v.err)
	}
	return user, nil
}

// UserFrom is [User] for code that has only the context of a request. For another context it returns an [Anonymous].
func UserFrom(ctx context.Context) Identity {
	v := visitorOf(ctx)
	if v == nil {
		return new(Anonymous)
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.load(ctx)
}

// UserAs returns the user who is logged in, as the project's own type, or false for an anonymous visitor. All callers of a
// request share the value.
func UserAs[U any](r *http.Request) (*U, bool) {
	user, ok := User(r).(any).(*U)
	return user, ok
}

// load returns the user of the session; the caller holds mu.
func (v *visitor) load(ctx context.Context) Identity {
	if v.user != nil {
		return v.user
	}
	user, err := v.service.sessionUser(ctx, v.session)
	if err != nil {
		v.service.logger.LogAttrs(ctx, slog.LevelError, "user not loaded", slog.String("error", err.Error()))
		v.err = err
	}
	if user == nil {
		user = new(Anonymous)
	}
	v.user = user
	return user
}

// set replaces the user after a login or logout.
func (v *visitor) set(user Identity) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.user, v.perms, v.err = user, nil, nil
}

// PermsFor returns the permissions of the visitor. They are loaded on the first call of a request; if that fails, there are
// none, and the response becomes an error of the status 503. It is safe for concurrent use.
func PermsFor(r *http.Request) Perms { return PermsFrom(r.Context()) }

// PermsFrom is [PermsFor] for code that has only the context of a request.
func PermsFrom(ctx context.Context) Perms {
	v := visitorOf(ctx)
	if v == nil {
		return Perms{}
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.perms != nil {
		return *v.perms
	}
	perms, err := v.service.perms(ctx, v.load(ctx))
	if err != nil {
		v.service.logger.LogAttrs(ctx, slog.LevelError, "permissions not loaded", slog.String("error", err.Error()))
		v.err = err
	}
	v.perms = &perms
	return perms
}

// HasPerm reports whether the visitor has a permission, such as "blog.change_post".
func HasPerm(r *http.Request, name string) bool { return PermsFor(r).Has(name) }

// LanguagePreferrer is an optional interface of user models: the pages of a logged-in user are in the language with the code
// that PreferredLanguage returns, such as "de", unless the visitor chose another one. "" means no preference.
type LanguagePreferrer interface{ PreferredLanguage() string }

// TimeZonePreferrer is an optional interface of user models: times on the pages of a logged-in user are shown, and read, in
// the zone that PreferredTimeZone returns, such as "Europe/Paris". "" means that of the setting TIME_ZONE.
type TimeZonePreferrer interface{ PreferredTimeZone() string }

// UserLanguage returns the language that the user of a request prefers; see [LanguagePreferrer].
func (a *App[U]) UserLanguage(r *http.Request) string {
	if !reflect.TypeFor[*U]().Implements(reflect.TypeFor[LanguagePreferrer]()) {
		return "" // without loading the user
	}
	if user, ok := User(r).(LanguagePreferrer); ok {
		return user.PreferredLanguage()
	}
	return ""
}

// zoned is middleware that puts the time zone of the user into the context.
func (s *service) zoned(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if user, ok := User(r).(TimeZonePreferrer); ok && user.PreferredTimeZone() != "" {
			zone, err := zones.load(user.PreferredTimeZone())
			if err != nil {
				s.logger.LogAttrs(r.Context(), slog.LevelWarn, "time zone of a user not found", slog.String("error", err.Error()))
			} else {
				r = r.WithContext(web.WithLocation(r.Context(), zone))
			}
		}
		next.ServeHTTP(w, r)
	})
}

// zoneCache keeps time zones, which are read from files.
type zoneCache struct{ byName sync.Map }

var zones zoneCache

func (c *zoneCache) load(name string) (*time.Location, error) {
	if known, ok := c.byName.Load(name); ok {
		return known.(*time.Location), nil
	}
	zone, err := time.LoadLocation(name)
	if err == nil {
		c.byName.Store(name, zone) // there are about 600 names
	}
	return zone, err
}
