package sessions

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"

	"github.com/quintetgo/quintet/framework/server/response"
)

const errorLevel = slog.LevelError

func errorAttr(err error) slog.Attr { return slog.String("error", err.Error()) }

type contextKey struct{}

// Middleware provides each request with a session, see [From]. A request that does not use it causes
// neither a lookup nor a cookie.
func Middleware(o Options) func(http.Handler) http.Handler {
	store := newCookieStore(o)
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			s := &Session{store: store, w: response.Wrap(w), r: r}
			next.ServeHTTP(s.w, r.WithContext(context.WithValue(r.Context(), contextKey{}, s)))
			s.afterHandler()
		})
	}
}

// From returns the session of the request, never nil. In a request that did not pass [Middleware] it
// stores nothing, and its [Session.Err] is [ErrNoMiddleware].
func From(r *http.Request) *Session {
	if s, ok := r.Context().Value(contextKey{}).(*Session); ok {
		return s
	}
	return &Session{}
}

// Save stores the session now instead of just before the header is sent, and returns the error.
func (s *Session) Save() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.load()
	if s.store == nil {
		return s.err
	}
	return s.save()
}

// save stores the session if it was changed; the caller holds mu.
func (s *Session) save() error {
	if s.failed != nil {
		return s.failed
	}
	if !s.changed {
		return nil
	}
	s.changed = false
	ctx := context.WithoutCancel(s.r.Context()) // logging out must succeed after the client has disconnected
	for len(s.retired) > 0 {
		if err := s.store.Store.Delete(ctx, s.retired[0]); err != nil {
			s.changed = true
			return fmt.Errorf("delete session: %w", err)
		}
		s.retired = s.retired[1:]
	}
	s.inner.Options.MaxAge = 0
	if s.empty() {
		s.inner.Options.MaxAge = -1
	}
	if err := s.inner.Save(s.r, s.w); err != nil {
		return err
	}
	s.must = false
	return nil
}

// empty reports whether the session has no values.
func (s *Session) empty() bool {
	for key, value := range s.inner.Values {
		if _, ours := key.(metaKey); !ours || key == metaUserID && value != "" {
			return false
		}
	}
	return true
}

// beforeHeader stores a changed session while its cookie can still be set, and keeps shared caches
// from sending one visitor's page to another.
func (s *Session) beforeHeader() {
	s.mu.Lock()
	err := s.save()
	must, unread := s.must, s.failed != nil
	s.mu.Unlock()
	response.Personal(s.w.Header())
	switch {
	case err == nil:
	case !unread && !must: // the view has succeeded and must not be repeated
		s.store.Logger.LogAttrs(s.r.Context(), slog.LevelWarn, "session not stored, the response was sent without it", errorAttr(err))
	case unread && s.w.Sending() >= http.StatusInternalServerError: // the view has responded with an error
	default:
		if !unread {
			s.store.Logger.LogAttrs(s.r.Context(), errorLevel, "session not stored", errorAttr(err))
		}
		s.w.Replace(func(w http.ResponseWriter) { s.store.OnError(w, s.r, err) })
	}
}

// afterHandler stores what was changed after the header was sent, or when nothing was written at
// all.
func (s *Session) afterHandler() {
	s.mu.Lock()
	loaded := s.inner != nil || s.varies
	s.mu.Unlock()
	if !loaded {
		return
	}
	if !s.w.Written() {
		s.w.WriteHeader(http.StatusOK)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.changed {
		return
	}
	if s.inner.ID == "" {
		s.store.Logger.LogAttrs(
			s.r.Context(),
			slog.LevelWarn,
			"session started or ended after the response was sent: its cookie could not be set",
		)
	}
	if s.inner.ID != "" || len(s.retired) > 0 {
		if err := s.save(); err != nil {
			s.store.Logger.LogAttrs(s.r.Context(), errorLevel, "session not stored", errorAttr(err))
		}
	}
}
