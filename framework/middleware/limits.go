package middleware

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/quintetgo/quintet/framework/message"
	"github.com/quintetgo/quintet/framework/server/response"
	"github.com/quintetgo/quintet/framework/web"
)

// The default limits.
const (
	DefaultMaxBody = 32 << 20
	DefaultMaxForm = 5 << 19 // 2.5 MiB

	// DefaultMaxFields is the limit of net/url. A smaller number would save little, since a field takes
	// some hundred bytes and the bytes are limited too, but it would break long lists of forms and
	// actions on many rows. Forms declared with package forms have another limit of 1000.
	DefaultMaxFields = 10_000
)

// The limits of net/http: of a request with more cookies it reads none, so that a visitor would
// appear to be logged out, and of a form with files and more parts it reads nothing.
const (
	maxCookies = 3000
	maxParts   = 1000
)

// LimitOptions are the limits of a request. The zero value has the defaults.
type LimitOptions struct {
	// MaxBody is the largest body in bytes, [DefaultMaxBody] by default; -1 means no limit.
	MaxBody int64
	// MaxForm is the largest form in bytes, its files excepted, [DefaultMaxForm] by default; -1 means
	// that only MaxBody applies. It limits the memory for a form; files are stored on disk.
	MaxForm int64
	// MaxFields is the largest number of query parameters, and of values in a form,
	// [DefaultMaxFields] by default. A form with files has 1000 values and files at most, since net/http
	// reads no more. -1 leaves it to Go, which then returns nothing of what is too much; above the
	// default its own limit comes first too (GODEBUG=urlmaxqueryparams=…).
	MaxFields int
}

func (o LimitOptions) withDefaults() *LimitOptions {
	if o.MaxBody == 0 {
		o.MaxBody = DefaultMaxBody
	}
	if o.MaxForm == 0 {
		o.MaxForm = DefaultMaxForm
	}
	if o.MaxFields == 0 {
		o.MaxFields = DefaultMaxFields
	}
	return &o
}

// Limits refuses requests that exceed the options. What the header shows is checked before the view
// runs: the status is 413 for a body that is too large, and 400 for too many fields or cookies. What
// only the body shows is an error of its reader: a *http.MaxBytesError, or an error with status 400,
// as for a body that ends early or is malformed, including a form with files.
//
// The error is not lost if the view ignores it, as views do that use FormValue: a response with
// success or a redirect is replaced by the error.
func Limits(options LimitOptions) web.Middleware {
	o := options.withDefaults()
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if err := o.check(r); err != nil {
				w.Header().Set("Connection", "close")
				web.WriteError(w, r, err)
				return
			}
			if r.Body == nil || r.Body == http.NoBody && kindOf(r) != multipartForm {
				next.ServeHTTP(w, r)
				return
			}
			rw := response.Wrap(w)
			o.guard(rw, r)
			next.ServeHTTP(rw, r)
		})
	}
}

// MaxBody is [Limits] for the size of bodies alone.
func MaxBody(limit int64) web.Middleware {
	return Limits(LimitOptions{MaxBody: limit, MaxForm: -1, MaxFields: -1})
}

// check checks what the header shows. It counts as net/url and net/http do, which return nothing of a
// request that exceeds their limits.
func (o *LimitOptions) check(r *http.Request) error {
	if o.MaxFields > 0 && strings.Count(r.URL.RawQuery, "&") >= o.MaxFields {
		return tooMany(o.MaxFields, "The request has more than {limit} query parameters.")
	}
	cookies := 0
	for _, line := range r.Header["Cookie"] {
		cookies += strings.Count(line, ";") + 1
	}
	if cookies > maxCookies {
		return tooMany(maxCookies, "The request has more than {limit} cookies.")
	}
	if limit := o.size(kindOf(r)); limit > 0 && r.ContentLength > limit {
		return bodyTooLarge(limit)
	}
	return nil
}

// size returns the largest body of a kind in bytes; 0 means no limit.
func (o *LimitOptions) size(k kind) int64 {
	limit := max(0, o.MaxBody)
	if k == plainForm && o.MaxForm > 0 && (limit == 0 || o.MaxForm < limit) {
		return o.MaxForm
	}
	return limit
}

// tooManyFields is the text for a form with too many values.
const tooManyFields = "The request has more than {limit} form fields."

// tooMany returns the error of a body with more than limit of something; text names it and has the placeholder {limit}.
func tooMany(limit int, text string) *web.Error {
	return &web.Error{Status: http.StatusBadRequest, Message: message.New("max_items", text, message.Args{"limit": limit})}
}

func bodyTooLarge(limit int64) *web.Error {
	return &web.Error{
		Status:  http.StatusRequestEntityTooLarge,
		Message: message.New("max_size", "The request is too large: the limit is {limit}.", message.Args{"limit": size(limit)}),
		Err:     &http.MaxBytesError{Limit: limit},
	}
}

func size(bytes int64) string {
	for _, unit := range []struct {
		bytes int64
		name  string
	}{{1 << 20, "MB"}, {1 << 10, "KB"}} {
		if bytes >= unit.bytes {
			number := fmt.Sprintf("%.1f", float64(bytes)/float64(unit.bytes))
			return strings.TrimSuffix(number, ".0") + " " + unit.name
		}
	}
	return fmt.Sprintf("%d bytes", bytes)
}

// innermost returns the server's own writer, which closes the connection of a body that is too
// large.
func innermost(w http.ResponseWriter) http.ResponseWriter {
	for {
		inner, ok := w.(interface{ Unwrap() http.ResponseWriter })
		if !ok {
			return w
		}
		w = inner.Unwrap()
	}
}

// Timeout returns middleware that ends the context of a request after d, so that its queries and calls
// stop. If the view has not responded by then, the response has status 503. A view that ignores its
// context is not interrupted.
func Timeout(d time.Duration) web.Middleware {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			ctx, cancel := context.WithTimeout(r.Context(), d)
			defer cancel()
			rw := response.Wrap(w)
			next.ServeHTTP(rw, r.WithContext(ctx))
			if ctx.Err() == context.DeadlineExceeded && !rw.Written() {
				web.WriteError(
					rw,
					r,
					&web.Error{
						Status:  http.StatusServiceUnavailable,
						Message: message.Text("This took too long. Please try again."),
						Err:     ctx.Err(),
					},
				)
			}
		})
	}
}
