package sessions

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/gorilla/sessions"
)

// tokenBytes is the length of the random token: 256 bits.
const tokenBytes = 32

// cookieStore is the gorilla/sessions store of this package: the cookie holds a token, the record
// behind it is in a Store.
type cookieStore struct {
	Options
	cookie string
}

// Keys of our own among the values of a gorilla session. They are not strings, so that no key of a
// handler is one of them.
type metaKey int

const (
	metaUserID metaKey = iota // string
	metaSince                 // time.Time: start or last rotation
	metaExpiry                // time.Time: when the stored record ends
	metaToken                 // string: the token in the cookie
	metaStale                 // string: ID of a record that can never be used again
)

func newCookieStore(o Options) *cookieStore {
	o = o.withDefaults()
	return &cookieStore{Options: o, cookie: o.Cookie()}
}

// Get returns the session of the request, loaded once.
func (c *cookieStore) Get(r *http.Request, name string) (*sessions.Session, error) {
	return sessions.GetRegistry(r).Get(c, name)
}

// readError is the error of a record that may be there but could not be read.
type readError struct {
	id  string
	err error
}

func (e *readError) Error() string   { return "load session: " + e.err.Error() }
func (e *readError) Unwrap() []error { return []error{ErrRead, e.err} }

// New loads the session that the request's cookie names. It never returns nil: without a genuine
// cookie or a record the session is new. The error, a *readError, is that of a store that fails.
func (c *cookieStore) New(r *http.Request, name string) (*sessions.Session, error) {
	s := sessions.NewSession(c, name)
	s.Options = &sessions.Options{Path: "/", Domain: c.Domain, Secure: c.Secure, HttpOnly: true, SameSite: c.SameSite}
	s.IsNew = true
	now := c.Now()
	s.Values[metaSince] = now
	token, ok := c.token(r, name)
	if !ok {
		return s, nil
	}
	record, err := c.Store.Load(r.Context(), recordID(token))
	if errors.Is(err, ErrNotFound) {
		return s, nil
	}
	if err != nil {
		return s, &readError{recordID(token), err}
	}
	doc, err := decode(record.Data)
	if err != nil { // it will not become readable by waiting: the visitor starts again
		c.Logger.LogAttrs(r.Context(), errorLevel, "unreadable session ended", errorAttr(err))
		s.Values[metaStale] = record.ID
		return s, nil
	}
	end, genuine := doc.end(record.ExpiresAt, now, c.Options)
	switch {
	case !genuine:
		c.Logger.LogAttrs(r.Context(), slog.LevelWarn, "session ended that was made while the clock was ahead")
		s.Values[metaStale] = record.ID
		return s, nil
	case !now.Before(end):
		return s, nil
	case record.ExpiresAt.Sub(end) > clockSkew:
		end = time.Time{} // store it with its right end
	}
	s.IsNew, s.ID = false, record.ID
	for key, value := range doc.Values {
		s.Values[key] = value
	}
	s.Values[metaUserID], s.Values[metaSince] = record.UserID, time.Unix(doc.Since, 0)
	s.Values[metaExpiry], s.Values[metaToken] = end, token
	return s, nil
}

// token returns the token of the request's cookie, if its signature is right. Among several
// cookies of that name the first genuine one counts.
func (c *cookieStore) token(r *http.Request, name string) (string, bool) {
	for _, cookie := range r.CookiesNamed(name) {
		token := cookie.Value
		if c.Signer != nil {
			value, err := c.Signer.Verify("quintet.sessions."+name, token)
			if err != nil {
				continue
			}
			token = value
		}
		if len(token) == base64.RawURLEncoding.EncodedLen(tokenBytes) {
			return token, true
		}
	}
	return "", false
}

// Save stores the record and sets the cookie; a session whose Options.MaxAge is negative is
// deleted. A new token is made if the session has none.
func (c *cookieStore) Save(r *http.Request, w http.ResponseWriter, s *sessions.Session) error {
	ctx := context.WithoutCancel(r.Context()) // a visitor who has left still logs out
	if s.Options.MaxAge < 0 {
		if s.ID != "" {
			if err := c.Store.Delete(ctx, s.ID); err != nil {
				return fmt.Errorf("delete session: %w", err)
			}
			s.ID = ""
		}
		if _, err := r.Cookie(s.Name()); err == nil {
			setCookie(w, sessions.NewCookie(s.Name(), "", s.Options))
		} else {
			dropCookie(w, s.Name())
		}
		return nil
	}
	since, _ := s.Values[metaSince].(time.Time)
	userID, _ := s.Values[metaUserID].(string)
	data, err := encode(since, c.Now(), s.Values)
	if err != nil {
		return fmt.Errorf("save session: %w", err)
	}
	expiry := c.Now().Add(c.MaxAge)
	if end := since.Add(c.Lifetime); end.Before(expiry) {
		expiry = end
	}
	record := Record{ID: s.ID, Data: data, UserID: userID, ExpiresAt: expiry}
	if s.ID == "" {
		token := newToken()
		record.ID = recordID(token)
		if err := c.Store.Create(ctx, record); err != nil {
			return fmt.Errorf("save session: %w", err)
		}
		s.Values[metaToken] = token
	} else if err := c.Store.Update(ctx, record); err != nil {
		if errors.Is(err, ErrNotFound) {
			return nil // ended by another request meanwhile: it stays ended
		}
		return fmt.Errorf("save session: %w", err)
	}
	s.ID, s.Values[metaExpiry] = record.ID, expiry
	s.Options.MaxAge = int(expiry.Sub(c.Now()).Seconds())
	value, _ := s.Values[metaToken].(string)
	if c.Signer != nil {
		value = c.Signer.Sign("quintet.sessions."+s.Name(), value)
	}
	setCookie(w, sessions.NewCookie(s.Name(), value, s.Options))
	return nil
}

func newToken() string {
	raw := make([]byte, tokenBytes)
	rand.Read(raw) //nolint:errcheck // never fails since Go 1.24
	return base64.RawURLEncoding.EncodeToString(raw)
}

// recordID is what a store sees of a token.
func recordID(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// setCookie sets the cookie in place of one of the same name that was set before.
func setCookie(w http.ResponseWriter, cookie *http.Cookie) {
	dropCookie(w, cookie.Name)
	http.SetCookie(w, cookie)
}

func dropCookie(w http.ResponseWriter, name string) {
	header := w.Header()
	set := slices.DeleteFunc(header["Set-Cookie"], func(line string) bool { return strings.HasPrefix(line, name+"=") })
	if len(set) == 0 {
		delete(header, "Set-Cookie")
	} else {
		header["Set-Cookie"] = set
	}
}

var _ sessions.Store = (*cookieStore)(nil)
