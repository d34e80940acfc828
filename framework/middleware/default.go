package middleware

import (
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/quintetgo/quintet/framework/csrf"
	"github.com/quintetgo/quintet/framework/message"
	"github.com/quintetgo/quintet/framework/sessions"
	"github.com/quintetgo/quintet/framework/web"
)

// Options configures the default middleware. The zero value is a site without https that allows no
// host.
type Options struct {
	// Debug allows local hosts if AllowedHosts is empty. It is for development. Default: off.
	Debug bool
	// Secure is for sites that are served over https: cookies are sent over https only. Default: off.
	Secure bool
	// AllowedHosts are the names of the site, see [AllowedHosts].
	AllowedHosts []string
	// TrustedOrigins are other origins that may send requests that change something, as
	// "https://shop.example.com".
	TrustedOrigins []string
	// TrustedProxies are the addresses or networks of proxies whose X-Forwarded-For and
	// X-Forwarded-Proto are used, such as "127.0.0.1" or "10.0.0.0/8". Default: none.
	TrustedProxies []string
	// Sessions configures sessions; its Secure, OnError and Logger default to those of the site.
	Sessions sessions.Options
	// Headers are the security headers. Default: strict, with HSTS for a year if Secure is set.
	Headers HeaderOptions
	// Limits are the limits of request bodies and forms. Default: see [LimitOptions].
	Limits LimitOptions
	// Timeout is the time after which the context of a request ends, and with it its queries. Default: none.
	Timeout time.Duration
	// AccessLog logs each request. Default: off.
	AccessLog bool
	// Logger receives errors and the access log. Default: slog.Default().
	Logger *slog.Logger
}

// Default returns the middleware of a site, outermost first, in this order:
//
//	request id       for every line of the log
//	client address   from trusted proxies only
//	access log       with the final status, also after a panic
//	recover          a panic becomes a 500 page
//	security headers on every response, errors included
//	allowed hosts    before anything uses the Host header
//	time and size    limits, before anything reads the body
//	sessions         lazy
//	CSRF             reads forms, so it comes after the size limit
//
// The middleware of apps runs inside of these. The error joins the errors of all invalid options.
func Default(o Options) ([]web.Middleware, error) {
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	if o.Headers.HSTS == 0 && o.Secure {
		o.Headers.HSTS = 365 * 24 * time.Hour
	}
	o.Sessions.Secure, o.Sessions.Logger = o.Secure, o.Logger
	if o.Sessions.OnError == nil {
		o.Sessions.OnError = func(w http.ResponseWriter, r *http.Request, err error) {
			if errors.Is(err, sessions.ErrRead) {
				web.WriteError(
					w,
					r,
					&web.Error{
						Status:  http.StatusServiceUnavailable,
						Message: message.Text("Your session could not be read. Please try again."),
						Err:     err,
					},
				)
				return
			}
			web.WriteError(
				w,
				r,
				&web.Error{
					Status:  http.StatusInternalServerError,
					Message: message.Text("Your session could not be saved. Please try again."),
					Err:     err,
				},
			)
		}
	}
	proxies, proxyErr := Proxies(o.TrustedProxies)
	hosts, hostErr := AllowedHosts(o.AllowedHosts, o.Debug)
	protect, csrfErr := csrf.Protect(csrf.Options{
		TrustedOrigins: o.TrustedOrigins, SessionCookie: o.Sessions.Cookie(), Exempt: csrfExempt, Secure: o.Secure, OnError: refuse,
	})
	if err := errors.Join(proxyErr, hostErr, csrfErr); err != nil {
		return nil, err
	}
	chain := []web.Middleware{RequestID, proxies}
	if o.AccessLog {
		chain = append(chain, AccessLog(o.Logger))
	}
	chain = append(chain, Recover(o.Logger), SecurityHeaders(o.Headers), hosts)
	if o.Timeout > 0 {
		chain = append(chain, Timeout(o.Timeout))
	}
	return append(chain, Limits(o.Limits), sessions.Middleware(o.Sessions), protect), nil
}

// csrfExempt reports whether the route that the request reaches is behind [csrf.Exempt].
func csrfExempt(r *http.Request) bool { return web.HasMark(r, csrf.ExemptMark) }

// refuse responds to a request that the CSRF protection refused, with the reason. A form that certainly
// came from this site is shown again, to be sent once more.
func refuse(w http.ResponseWriter, r *http.Request, err error) {
	if refused, ok := errors.AsType[*csrf.Error](err); ok {
		if refused.Retry && offerAgain(w, r, refused) {
			return
		}
		web.WriteError(w, r, &web.Error{Status: refused.HTTPStatus(), Message: refused.Reason, Err: err})
		return
	}
	if tooLarge, ok := errors.AsType[*http.MaxBytesError](err); ok {
		web.WriteError(w, r, bodyTooLarge(tooLarge.Limit))
		return
	}
	web.WriteError(w, r, err)
}

// offerAgain shows the page from which a refused form can be sent again. It returns false for requests
// that are not forms of a page, and for sites without the template.
func offerAgain(w http.ResponseWriter, r *http.Request, refused *csrf.Error) bool {
	if accept := r.Header.Get("Accept"); strings.Contains(accept, "json") && !strings.Contains(accept, "text/html") {
		return false
	}
	kept, ok := csrf.Keep(r)
	if !ok {
		return false
	}
	data := web.Data{"message": refused.Reason, "kept": kept, "csrf_field": csrf.Field(r)}
	page, err := web.RenderString(r, "csrf/retry.html", data)
	if err != nil {
		return false
	}
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(refused.HTTPStatus())
	_, _ = io.WriteString(w, page)
	return true
}
