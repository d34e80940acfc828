package sessions

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/gorilla/sessions"

	"github.com/quintetgo/quintet/framework/response"
)

// ErrNoMiddleware is the error of a session in a request that did not pass [Middleware].
var ErrNoMiddleware = errors.New("sessions are not set up for this request: put sessions.Middleware around the handler")

// Session is what the site remembers of one visitor. It is read when it is first used and stored
// just before the response's header is sent, if it was changed. It is safe for concurrent use, but
// changes made after the header was sent reach only sessions that existed before.
type Session struct {
	mu      sync.Mutex
	store   *cookieStore // nil without the middleware
	w       *response.Writer
	r       *http.Request
	inner   *sessions.Session // nil until loaded
	err     error
	changed bool
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

// Err returns the error with which the session could not be read, or a value could not be stored.
func (s *Session) Err() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.load()
	return s.err
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

// Set stores value for key. A value that JSON cannot hold is not stored; [Session.Err] and the log
// then say so.
func (s *Session) Set(key string, value any) {
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
	s.changed = true
}

// Delete removes the value for key.
func (s *Session) Delete(key string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.load()
	if _, ok := s.inner.Values[key]; ok {
		delete(s.inner.Values, key)
		s.changed = true
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

// UserID returns what [Session.SetUserID] stored, or "".
func (s *Session) UserID() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.load()
	id, _ := s.inner.Values[metaUserID].(string)
	return id
}

// SetUserID notes who is logged in. Call [Session.Rotate] with it.
func (s *Session) SetUserID(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.load()
	s.inner.Values[metaUserID] = id
	s.changed = true
}

// Rotate gives the session a new token and keeps its values, so that a token that someone knew
// before is worth nothing. Do it whenever the visitor's rights change, above all at login.
func (s *Session) Rotate() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.load()
	s.retire()
	s.changed = true
}

// Flush ends the session: all values are gone, its record is deleted and the cookie removed. What
// is set afterwards starts a new session.
func (s *Session) Flush() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.load()
	clear(s.inner.Values)
	s.retire()
	s.changed = true
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
