package web

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/quintetgo/quintet/framework/message"
)

// Param returns a parameter of the route's pattern, decoded: for /posts/{slug}/ and a request of /posts/a%20b/ the slug is
// "a b". The name of the * at the end of a pattern is "*". It is "" if the route has no such parameter.
func Param(r *http.Request, name string) string { return chi.URLParam(r, name) }

// ParamInt returns a parameter of the route's pattern as an integer. The error, for anything else, has status 404.
func ParamInt(r *http.Request, name string) (int64, error) {
	n, err := strconv.ParseInt(Param(r, name), 10, 64)
	if err != nil {
		return 0, &Error{Status: http.StatusNotFound, Err: err}
	}
	return n, nil
}

// QueryInt returns an integer parameter of the query: fallback if it is absent or empty. The error, for anything that is not
// an int, has status 404. For the page of a list see [Page].
func QueryInt(r *http.Request, name string, fallback int) (int, error) {
	text := r.URL.Query().Get(name)
	if text == "" {
		return fallback, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		return 0, &Error{
			Status:  http.StatusNotFound,
			Message: message.Text("There is no such page."),
			Err:     fmt.Errorf("query parameter %q: %w", name, err),
		}
	}
	return n, nil
}

// Page returns the number of the requested page of a list: that of the query's page=2, 1 if there is none, and -1 if it is not
// a number from 1. orm.Paginate returns an error with status 404 for -1 and for numbers beyond the last page, so a list is
//
//	page, err := orm.Paginate(r.Context(), posts, web.Page(r), 20)
func Page(r *http.Request) int {
	n, err := QueryInt(r, "page", 1)
	if err != nil || n < 1 {
		return -1
	}
	return n
}

// RouteName returns the name of the route that serves the request, such as "blog:detail", or "".
func RouteName(r *http.Request) string {
	if st := stateOf(r); st != nil && st.route != nil {
		return st.route.name
	}
	return ""
}

// RoutePattern returns the pattern of the route that serves the request, such as "/posts/{slug}/", or "". Use it to label metrics.
func RoutePattern(r *http.Request) string {
	if st := stateOf(r); st != nil && st.route != nil {
		return st.route.path
	}
	return ""
}

// RequestID returns the ID that middleware assigned to the request, or "".
func RequestID(r *http.Request) string {
	if st := stateOf(r); st != nil {
		return st.requestID
	}
	return ""
}

// SetRequestID assigns an ID to the request. It is for middleware, and does nothing outside of a site.
func SetRequestID(r *http.Request, id string) {
	if st := stateOf(r); st != nil {
		st.requestID = id
	}
}

// ClientIP returns the address of the client: the one that a trusted proxy reported, or that of the connection. It is "" if
// the connection has none, as with unix sockets.
func ClientIP(r *http.Request) string {
	if st := stateOf(r); st != nil && st.clientIP != "" {
		return st.clientIP
	}
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return ""
	}
	return host
}

// SetClientIP sets the address of the client. It is for middleware that knows the trusted proxies, and does nothing outside of
// a site.
func SetClientIP(r *http.Request, ip string) {
	if st := stateOf(r); st != nil {
		st.clientIP = ip
	}
}

// IsSecure reports whether the client uses https, on this connection or on that to a trusted proxy.
func IsSecure(r *http.Request) bool {
	st := stateOf(r)
	return r.TLS != nil || st != nil && st.secure
}

// SetSecure sets the result of [IsSecure]. It is for middleware that knows the trusted proxies, and does nothing outside of a
// site.
func SetSecure(r *http.Request, secure bool) {
	if st := stateOf(r); st != nil {
		st.secure = secure
	}
}

// AbsoluteURL returns the full address of a path on the host of the request. It trusts the Host header, which the middleware
// for allowed hosts has checked.
func AbsoluteURL(r *http.Request, path string) string {
	scheme := "http://"
	if IsSecure(r) {
		scheme = "https://"
	}
	return scheme + r.Host + path
}

// Logger returns the logger of the request, with the attributes that middleware added; outside of a site, slog.Default().
func Logger(r *http.Request) *slog.Logger {
	st := stateOf(r)
	switch {
	case st == nil:
		return slog.Default()
	case st.logger != nil:
		return st.logger
	}
	return st.site.logger()
}

// SetLogger replaces the logger of the request. It is for middleware that adds attributes, and does nothing outside of a site.
func SetLogger(r *http.Request, logger *slog.Logger) {
	if st := stateOf(r); st != nil {
		st.logger = logger
	}
}

// Debug reports whether the site is in debug mode.
func Debug(r *http.Request) bool {
	st := stateOf(r)
	return st != nil && st.site.Debug
}

// Nonce returns the request's nonce for the Content-Security-Policy, for <script nonce="…">. It is created on first use, and ""
// outside of a site.
func Nonce(r *http.Request) string {
	st := stateOf(r)
	if st == nil {
		return ""
	}
	if st.nonce == "" {
		st.nonce = rand.Text()
		for _, fn := range st.onNonce {
			fn(st.nonce)
		}
		st.onNonce = nil
	}
	return st.nonce
}

// OnNonce registers a function that is called once, with the nonce, when [Nonce] creates it, so that the header is sent only if
// a page uses the nonce. It does nothing outside of a site.
func OnNonce(r *http.Request, fn func(nonce string)) {
	st := stateOf(r)
	switch {
	case st == nil:
	case st.nonce != "":
		fn(st.nonce)
	default:
		st.onNonce = append(st.onNonce, fn)
	}
}

type locationKey struct{}

// WithLocation returns a copy of ctx in which times are shown and read in the given time zone. Middleware that knows the time
// zone of a user passes on r.WithContext(web.WithLocation(r.Context(), zone)). A nil location means UTC.
func WithLocation(ctx context.Context, location *time.Location) context.Context {
	return context.WithValue(ctx, locationKey{}, location)
}

// Location returns the time zone in which times are shown and read: that of [WithLocation], or else that of the site which
// serves the request (the setting TIME_ZONE). It is UTC if neither is set, and never nil.
func Location(ctx context.Context) *time.Location {
	if location, _ := ctx.Value(locationKey{}).(*time.Location); location != nil {
		return location
	}
	return time.UTC
}
