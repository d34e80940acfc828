// Package csrf protects against cross-site request forgery: other sites cannot make a visitor's
// browser send requests that change something.
//
// There are two checks. A request whose browser headers (Sec-Fetch-Site, Origin) name another site
// is refused. A request that has a session cookie, or neither of these headers, must also contain a
// token that only pages of this site have:
//
//	<form method="post">{{ .csrf_field }} … </form>
//
// Scripts send the token ([Token]) in the header X-CSRF-Token.
package csrf

import (
	"context"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"sync"

	"github.com/quintetgo/quintet/framework/message"
	"github.com/quintetgo/quintet/framework/server/response"
)

// FieldName is the name of the form field with the token, HeaderName that of the header.
const (
	FieldName  = "csrf_token"
	HeaderName = "X-CSRF-Token"
)

// Options configures the protection. The zero value protects every unsafe request of a site without
// https and without sessions.
type Options struct {
	// TrustedOrigins are other origins whose requests are allowed, such as "https://shop.example.com".
	// Default: none.
	TrustedOrigins []string
	// SessionCookie is the full name of the session cookie (sessions.Options.Cookie): requests that
	// have it need a token. Default: all unsafe requests need a token.
	SessionCookie string
	// Exempt reports whether a request is not checked. It must decide by the handler that the request
	// will reach, never by the text of its path, since middleware and routers may read that differently:
	// a project asks web.HasMark for [ExemptMark]. Default: every unsafe request is checked.
	Exempt func(r *http.Request) bool
	// Secure sends the cookie over https only, with the prefix "__Host-". Default: also over http.
	Secure bool
	// OnError responds to a refused request; err is an *Error, or the error of reading the form: a
	// *http.MaxBytesError, an error with a method HTTPStatus() int, or that of a temporary file. Default:
	// a plain page with the reason.
	OnError func(w http.ResponseWriter, r *http.Request, err error)
}

// Error is the reason for which a request was refused.
type Error struct {
	// Reason is the user-facing message.
	Reason message.Message
	// Status is the HTTP status: 403 if it is 0, 400 or 413 for a form that could not be read.
	Status int
	// Retry reports whether the form may be shown to the visitor again with a new token (see [Keep]):
	// it came from a page of this site, or from a visitor without cookies that could be misused.
	Retry bool
	// Err is the error of reading the form; may be nil.
	Err error
}

// Error returns the reason.
func (e *Error) Error() string {
	if e.Err != nil {
		return "request refused: " + e.Reason.String() + ": " + e.Err.Error()
	}
	return "request refused: " + e.Reason.String()
}

// Unwrap returns the error of reading the form.
func (e *Error) Unwrap() error { return e.Err }

// HTTPStatus returns Status, or 403.
func (e *Error) HTTPStatus() int {
	if e.Status == 0 {
		return http.StatusForbidden
	}
	return e.Status
}

// PublicMessage returns the reason.
func (e *Error) PublicMessage() message.Message { return e.Reason }

// The reasons for which requests are refused.
var (
	reasonOrigin = message.New("csrf_origin", "This request came from another site.")
	reasonHTTPS  = message.New(
		"csrf_cookie",
		"The security cookie is missing, so this form could not be checked. This site sends its cookies over https only: if the "+
			"address begins with http:, use https: instead. If your browser blocks cookies, allow them, then load the form again.",
	)
	reasonCookie = message.New(
		"csrf_cookie",
		"The security cookie is missing, so this form could not be checked. If your browser blocks cookies, allow them for this "+
			"site, then load the form again.",
	)
	reasonAbsent = message.New("csrf_missing", "The form's security token is missing. Load the page again and repeat your change.")
	reasonWrong  = message.New(
		"csrf_incorrect",
		"The form's security token does not match, perhaps because you have logged in since the page was loaded. Load the page "+
			"again and repeat your change.",
	)
	reasonBroken = message.New("csrf_unreadable", "The form could not be read. Load the page again and repeat your change.")
	reasonLarge  = message.New("csrf_too_large", "The form is too large.")
)

type contextKey struct{}

// state is the visitor's secret during one request.
type state struct {
	cookie string // its name
	secure bool
	r      *http.Request
	w      *response.Writer

	mu     sync.Mutex
	secret []byte // nil until read or created
	known  bool   // the browser has the secret
	marked bool   // the response depends on it
}

// Protect returns middleware that refuses forged requests. It reads forms, so it runs after the
// middleware that limits the size of bodies. The error names the invalid option.
func Protect(o Options) (func(http.Handler) http.Handler, error) {
	var origins http.CrossOriginProtection
	for _, origin := range o.TrustedOrigins {
		if err := origins.AddTrustedOrigin(origin); err != nil {
			return nil, fmt.Errorf("csrf: trusted origin %q is not of the form https://example.com: %w", origin, err)
		}
	}
	if o.OnError == nil {
		o.OnError = plainError
	}
	name := "csrf"
	if o.Secure {
		name = "__Host-csrf"
	}
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			s := &state{cookie: name, secure: o.Secure, w: response.Wrap(w), r: r}
			defer removeFiles(r) // those of a form that the check has read
			if !safe(r.Method) && (o.Exempt == nil || !o.Exempt(r)) {
				if err := s.check(&origins, o.SessionCookie); err != nil {
					refused := r.WithContext(context.WithValue(r.Context(), contextKey{}, s))
					o.OnError(s.w, refused, err)
					removeFiles(refused) // those of a form that OnError has read
					return
				}
			}
			next.ServeHTTP(s.w, r.WithContext(context.WithValue(r.Context(), contextKey{}, s)))
		})
	}, nil
}

// Token returns the token for this visitor, or "" in a request that did not pass [Protect]. It is
// different each time, so that compressed pages do not reveal it; all of them are valid.
func Token(r *http.Request) string {
	s, ok := r.Context().Value(contextKey{}).(*state)
	if !ok {
		return ""
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.read()
	if s.secret == nil {
		s.secret = newSecret()
	}
	s.send()
	return mask(s.secret)
}

// Field returns the hidden input with the token, for a form.
func Field(r *http.Request) template.HTML {
	return template.HTML(`<input type="hidden" name="` + FieldName + `" value="` + Token(r) + `">`) //nolint:gosec // base64 only
}

// Rotate creates a new secret for the visitor, which invalidates all earlier tokens. Login calls it.
// It has no effect after the response's header was sent.
func Rotate(r *http.Request) {
	s, ok := r.Context().Value(contextKey{}).(*state)
	if !ok || s.w.Written() {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.secret, s.known = newSecret(), false
	s.send()
}

// send sets the cookie if the browser does not have it, and marks the response as personal; the
// caller holds mu.
func (s *state) send() {
	if !s.marked {
		s.marked = true
		s.w.Before(func() { response.Personal(s.w.Header()) })
	}
	if s.known {
		return
	}
	s.known = true
	dropCookie(s.w.Header(), s.cookie)
	http.SetCookie(s.w, &http.Cookie{
		Name: s.cookie, Value: encoding.EncodeToString(s.secret), Path: "/",
		Secure: s.secure, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
}

// read takes the secret from the request's cookie; the caller holds mu.
func (s *state) read() {
	if s.secret != nil {
		return
	}
	for _, cookie := range s.r.CookiesNamed(s.cookie) {
		if secret, err := encoding.DecodeString(cookie.Value); err == nil && len(secret) == secretBytes {
			s.secret, s.known = secret, true
			return
		}
	}
}

// check returns the reason for which an unsafe request is refused, or nil.
func (s *state) check(origins *http.CrossOriginProtection, sessionCookie string) error {
	r := s.r
	if err := origins.Check(r); err != nil {
		return &Error{Reason: reasonOrigin}
	}
	namesOrigin := r.Header.Get("Sec-Fetch-Site") != "" || r.Header.Get("Origin") != ""
	if namesOrigin && sessionCookie != "" && len(r.CookiesNamed(sessionCookie)) == 0 {
		return nil
	}
	s.read()
	// Without an origin and without cookies there are no rights that the request could misuse.
	retry := sameOrigin(r) || s.secret == nil && sessionCookie != "" && len(r.CookiesNamed(sessionCookie)) == 0
	switch {
	case s.secret == nil && s.secure:
		return &Error{Reason: reasonHTTPS, Retry: retry}
	case s.secret == nil:
		return &Error{Reason: reasonCookie, Retry: retry}
	}
	token := r.Header.Get(HeaderName)
	if token == "" {
		var err error
		if token, err = formToken(r); err != nil {
			return err
		}
	}
	switch {
	case token == "":
		return &Error{Reason: reasonAbsent, Retry: retry}
	case !matches(s.secret, token):
		return &Error{Reason: reasonWrong, Retry: retry}
	}
	return nil
}

func plainError(w http.ResponseWriter, _ *http.Request, err error) {
	var known interface{ HTTPStatus() int }
	status, text := http.StatusInternalServerError, reasonBroken
	if refused, ok := errors.AsType[*Error](err); ok {
		status, text = refused.HTTPStatus(), refused.Reason
	} else if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
		status, text = http.StatusRequestEntityTooLarge, reasonLarge
	} else if errors.As(err, &known) {
		status = known.HTTPStatus()
	}
	http.Error(w, text.String(), status)
}
