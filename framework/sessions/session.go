package sessions

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/gorilla/sessions"

	"github.com/quintetgo/quintet/framework/server/response"
)

// ErrNoMiddleware is the error of a session in a request that did not pass [Middleware].
var ErrNoMiddleware = errors.New("sessions are not set up for this request: put sessions.Middleware around the handler")

// ErrRead is the error of a session that its store could not read.
var ErrRead = errors.New("the session could not be read")

// Session holds values of one visitor between requests. It is read when it is first used and stored
// just before the response's header is sent, if it was changed. It is safe for concurrent use, but
// changes made after the header was sent reach only sessions that existed before.
type Session struct {
	mu      sync.Mutex
	store   *cookieStore // nil without the middleware
	w       *response.Writer
	r       *http.Request
	inner   *sessions.Session // nil until loaded
	err     error
	failed  *readError // why the session could not be read; nothing may be stored then
	varies  bool       // Present was asked
	changed bool
	must    bool     // among the changes is one without which the response must not be sent
	retired []string // records to delete when the session is stored
}

// load reads the session on first use; the caller holds mu.
func (s *Session) load() {
	if s.inner != nil {
		return
	}
	if s.store == nil {
		s.err = ErrNoMiddleware
		s.inner = sessions.NewSession(nil, "")
		return
	}
	s.inner, s.err = s.store.Get(s.r, s.store.cookie)
	if s.err != nil {
		s.store.Logger.LogAttrs(s.r.Context(), errorLevel, "session not read", errorAttr(s.err))
		if !errors.As(s.err, &s.failed) {
			s.failed = &readError{err: s.err}
		}
	}
	if stale, ok := s.inner.Values[metaStale].(string); ok {
		delete(s.inner.Values, metaStale)
		s.retired, s.changed = append(s.retired, stale), true
	}
	s.w.Before(s.beforeHeader)
	s.renew()
}

// renew marks a session as changed when a tenth of its time has passed, so that it is stored with
// a later end.
func (s *Session) renew() {
	expiry, ok := s.inner.Values[metaExpiry].(time.Time)
	if !ok {
		return
	}
	since, _ := s.inner.Values[metaSince].(time.Time)
	end := s.store.Now().Add(s.store.MaxAge)
	if last := since.Add(s.store.Lifetime); last.Before(end) {
		end = last
	}
	if end.Sub(expiry) > s.store.MaxAge/10 {
		s.changed = true
	}
}

// Err returns the error with which the session could not be read, which is [ErrRead], or a value
// could not be stored. A session that could not be read appears empty, but nothing can be
// stored in it, and the response to the request becomes that of Options.OnError.
func (s *Session) Err() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.load()
	return s.err
}

// Present reports whether there can be a session: the request brought its cookie, or a value was set.
// Unlike every other method it does not make the response personal. That of a visitor without a
// session is the same for all of them: caches may keep it, for requests without the cookie.
func (s *Session) Present() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.store == nil:
		return false
	case s.inner != nil || len(s.r.CookiesNamed(s.store.cookie)) > 0:
		return true
	}
	if !s.varies {
		s.varies = true
		s.w.Before(func() { response.VaryByCookie(s.w.Header()) })
	}
	return false
}

// IsNew reports whether the visitor has no session in the store yet.
func (s *Session) IsNew() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.load()
	return s.inner.ID == ""
}

// ID returns the ID of the session's record, "" for a session that was not stored yet. It is not
// the secret in the cookie.
func (s *Session) ID() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.load()
	return s.inner.ID
}

// Get returns the value for key, or nil. Numbers are int64 or float64, lists []any, maps
// map[string]any.
func (s *Session) Get(key string) any {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.load()
	return s.inner.Values[key]
}

// GetString returns the text for key, or "" if there is none.
func (s *Session) GetString(key string) string {
	text, _ := s.Get(key).(string)
	return text
}

// GetInt returns the whole number for key, or 0 if there is none.
func (s *Session) GetInt(key string) int64 {
	n, _ := s.Get(key).(int64)
	return n
}

// GetBool returns the boolean for key, or false if there is none.
func (s *Session) GetBool(key string) bool {
	b, _ := s.Get(key).(bool)
	return b
}

// Load stores the value for key in into, as encoding/json would, and reports whether there is one
// that fits.
func (s *Session) Load(key string, into any) bool {
	value := s.Get(key)
	if value == nil {
		return false
	}
	raw, err := json.Marshal(value)
	return err == nil && json.Unmarshal(raw, into) == nil
}

// Set stores value for key. A value that cannot be encoded as JSON is not stored; that is
// logged, and [Session.Err] returns it.
func (s *Session) Set(key string, value any) { s.set(key, value, true) }

// TrySet is [Session.Set] for a value that is less important than the response, such as a notice
// for the next page: if the session cannot be stored, that is logged and the response sent as it is.
func (s *Session) TrySet(key string, value any) { s.set(key, value, false) }

func (s *Session) set(key string, value any, must bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.load()
	kept, err := normal(value)
	if err != nil {
		s.err = fmt.Errorf("session value %q: %w", key, err)
		if s.store != nil {
			s.store.Logger.LogAttrs(s.r.Context(), errorLevel, "session value not stored", errorAttr(s.err))
		}
		return
	}
	s.inner.Values[key] = kept
	s.change(must)
}

// change marks the session to be stored; the caller holds mu.
func (s *Session) change(must bool) { s.changed, s.must = true, s.must || must }

// Delete removes the value for key.
func (s *Session) Delete(key string) { s.remove(key, true) }

// TryDelete is [Session.Delete] for a value that is less important than the response, see
// [Session.TrySet].
func (s *Session) TryDelete(key string) { s.remove(key, false) }

func (s *Session) remove(key string, must bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.load()
	if _, ok := s.inner.Values[key]; ok {
		delete(s.inner.Values, key)
		s.change(must)
	}
}

// Pop returns the value for key and removes it.
func (s *Session) Pop(key string) any {
	value := s.Get(key)
	if value != nil {
		s.Delete(key)
	}
	return value
}

// UserID returns the ID that [Session.SetUserID] stored, or "".
func (s *Session) UserID() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.load()
	id, _ := s.inner.Values[metaUserID].(string)
	return id
}

// SetUserID stores the ID of the user who is logged in. Call [Session.Rotate] as well.
func (s *Session) SetUserID(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.load()
	s.inner.Values[metaUserID] = id
	s.change(true)
}

// Rotate replaces the session's token and keeps its values, which invalidates a token that somebody
// may know. Call it whenever the visitor's rights change, as at login.
func (s *Session) Rotate() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.load()
	s.retire()
	s.change(true)
}

// Flush ends the session: all values are gone, its record is deleted and the cookie removed. What
// is set afterwards starts a new session. A session that could not be read is ended as well; if its
// record cannot be deleted, the response becomes that of Options.OnError.
func (s *Session) Flush() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.load()
	clear(s.inner.Values)
	s.retire()
	if s.failed != nil && s.failed.id != "" {
		s.retired = append(s.retired, s.failed.id)
		s.failed, s.err = nil, nil
	}
	s.change(true)
}

func (s *Session) retire() {
	if s.inner.ID != "" {
		s.retired = append(s.retired, s.inner.ID)
	}
	s.inner.ID = ""
	delete(s.inner.Values, metaToken)
	delete(s.inner.Values, metaExpiry)
	if s.store != nil {
		s.inner.Values[metaSince] = s.store.Now()
	}
}
