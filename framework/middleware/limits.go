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

// The limits unless others are set.
const (
	DefaultMaxBody = 32 << 20
	DefaultMaxForm = 5 << 19 // 2.5 MiB

	// DefaultMaxFields is where net/url stops. A smaller number would save little, as a field costs some
	// hundred bytes and the bytes are limited too, but would get in the way of long lists of forms and of
	// actions on many rows, as the 1000 of other frameworks does. Forms that are declared with package
	// forms have a limit of their own, of 1000.
	DefaultMaxFields = 10_000
)

// What net/http reads at most: of a request with more cookies it reads none, so that a visitor would
// seem to be logged out, and of a form with files and more parts nothing either.
const (
	maxCookies = 3000
	maxParts   = 1000
)

// LimitOptions bound what a request may bring.
type LimitOptions struct {
	// MaxBody is the largest body in bytes, [DefaultMaxBody] by default; -1 means no limit.
	MaxBody int64
	// MaxForm is the largest form in bytes, its files excepted, [DefaultMaxForm] by default; -1 means
	// that only MaxBody counts. It is what a form takes in memory; files go to disk.
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

// Limits refuses requests with more than the options allow: what can be seen at once before the view
// runs, with status 413 if a body is too large and 400 if there are too many fields or cookies; and
// what shows only while the body is read by an error of the reader, a *http.MaxBytesError or one that
// answers 400. The same goes for a body that ends early or is malformed, a form with files included.
//
// Such an error must not be lost: if the view answers with success or a redirect all the same, as one
// does that uses FormValue, the answer is replaced.
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

// check looks at what can be seen without reading. It counts as net/url and net/http do, which
// return nothing of what is too much.
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

// size is the largest body of a kind in bytes; 0 means no limit.
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

// Timeout ends the context of a request after d, so that queries and calls that it started stop. A
// view that then has nothing to answer is answered for with status 503. A view that ignores its
// context runs on.
func Timeout(d time.Duration) web.Middleware {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			ctx, cancel := context.WithTimeout(r.Context(), d)
			defer cancel()
			rw := response.Wrap(w)
			next.ServeHTTP(rw, r.WithContext(ctx))
			if ctx.Err() == context.DeadlineExceeded && !rw.Written() {
				web.WriteError(rw, r, &web.Error{Status: http.StatusServiceUnavailable, Message: message.Text("This took too long. Please try again."), Err: ctx.Err()})
			}
		})
	}
}
