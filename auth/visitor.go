package auth

import (
	"context"
	"log/slog"
	"net/http"
	"sync"

	"github.com/quintetgo/quintet/framework/sessions"
)

type visitorKey struct{}

// visitor is what is known of the visitor during one request.
type visitor struct {
	core    *core
	session *sessions.Session

	mu    sync.Mutex
	user  Identity // nil until loaded
	perms *Perms
}

// middleware gives each request its visitor. Nothing is loaded before someone asks.
func (c *core) middleware(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v := &visitor{core: c, session: sessions.From(r)}
		r = r.WithContext(context.WithValue(r.Context(), visitorKey{}, v))
		if user := forcedUser(r.Context()); user != nil {
			if err := Login(w, r, user); err != nil {
				c.logger.LogAttrs(r.Context(), slog.LevelError, "test login failed", slog.String("error", err.Error()))
			}
		}
		next.ServeHTTP(w, r)
	})
}

func visitorOf(ctx context.Context) *visitor {
	v, _ := ctx.Value(visitorKey{}).(*visitor)
	return v
}

// User returns the visitor: the user who has logged in, or an [Anonymous]. It is never nil. The user
// is loaded when first asked for; if that fails, the failure is logged and the visitor anonymous.
func User(r *http.Request) Identity { return UserFrom(r.Context()) }

// UserFrom is [User] for code that has only the context of a request. Without one it returns an
// [Anonymous].
func UserFrom(ctx context.Context) Identity {
	v := visitorOf(ctx)
	if v == nil {
		return new(Anonymous)
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.load(ctx)
}

// UserAs returns the user who has logged in as the project's own type, or false if none has. The
// value may be changed; other callers in this request see the change.
func UserAs[U any](r *http.Request) (*U, bool) {
	user, ok := User(r).(any).(*U)
	return user, ok
}

// load finds the user of the session; the caller holds mu.
func (v *visitor) load(ctx context.Context) Identity {
	if v.user != nil {
		return v.user
	}
	user, err := v.core.sessionUser(ctx, v.session)
	if err != nil {
		v.core.logger.LogAttrs(ctx, slog.LevelError, "user not loaded", slog.String("error", err.Error()))
	}
	if user == nil {
		user = new(Anonymous)
	}
	v.user = user
	return user
}

// set replaces the visitor after login and logout.
func (v *visitor) set(user Identity) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.user, v.perms = user, nil
}

// PermsFor returns what the visitor may do. It is loaded when first asked for; if that fails, the
// failure is logged and nothing is allowed.
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
	perms, err := v.core.perms(ctx, v.load(ctx))
	if err != nil {
		v.core.logger.LogAttrs(ctx, slog.LevelError, "permissions not loaded", slog.String("error", err.Error()))
	}
	v.perms = &perms
	return perms
}

// HasPerm reports whether the visitor may do what is called "blog.change_post".
func HasPerm(r *http.Request, name string) bool { return PermsFor(r).Has(name) }
