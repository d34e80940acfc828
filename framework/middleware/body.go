package middleware

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"net"
	"net/http"
	"strings"
	"sync/atomic"

	"github.com/quintetgo/quintet/framework/message"
	"github.com/quintetgo/quintet/framework/server/response"
	"github.com/quintetgo/quintet/framework/web"
)

// kind is a kind of body.
type kind uint8

const (
	otherBody     kind = iota
	plainForm          // application/x-www-form-urlencoded
	multipartForm      // multipart/form-data
)

// kindOf returns the kind of a request's body, as package mime would but without allocating.
func kindOf(r *http.Request) kind {
	values := r.Header["Content-Type"]
	if len(values) == 0 {
		return otherBody
	}
	base, _, _ := strings.Cut(values[0], ";")
	switch base = strings.TrimSpace(base); {
	case strings.EqualFold(base, "application/x-www-form-urlencoded"):
		return plainForm
	case strings.EqualFold(base, "multipart/form-data"):
		return multipartForm
	}
	return otherBody
}

// guard wraps the body of a request to enforce the limits while it is read.
func (o *LimitOptions) guard(w *response.Writer, r *http.Request) {
	k := kindOf(r)
	b := &body{ReadCloser: r.Body, w: w, r: r, limit: o.size(k)}
	switch k {
	case plainForm:
		b.fields = max(0, o.MaxFields)
	case multipartForm:
		_, params, err := mime.ParseMediaType(r.Header["Content-Type"][0])
		if boundary := params["boundary"]; err == nil && boundary != "" && (o.MaxForm > 0 || o.MaxFields > 0) {
			b.parts = newParts(boundary, o.MaxForm, min(o.MaxFields, maxParts))
		}
	}
	w.Before(b.finish)
	r.Body = b
	if b.limit > 0 { // outermost, as net/http asks for the type
		r.Body = http.MaxBytesReader(innermost(w), b, b.limit)
	}
}

// body is a body that is counted while it is read.
type body struct {
	io.ReadCloser
	w *response.Writer
	r *http.Request

	limit  int64 // in bytes, which are cut elsewhere; 0 means none
	read   int64
	fields int // of a plain form; 0 means no limit
	seen   int
	parts  *parts // of a form with files; may be nil

	failure atomic.Pointer[web.Error] // the first error; another goroutine may write the response
}

func (b *body) Read(p []byte) (int, error) {
	if failure := b.failure.Load(); failure != nil {
		return 0, public(failure)
	}
	n, err := b.ReadCloser.Read(p)
	if b.read += int64(n); b.limit > 0 && b.read > b.limit {
		b.failure.Store(bodyTooLarge(b.limit))
		return n, err // MaxBytesReader has seen it too
	}
	if wrong := b.count(p[:n]); wrong != nil {
		b.failure.Store(wrong)
		return 0, public(wrong)
	}
	if err == io.EOF && b.parts != nil && !b.parts.ended() {
		err = io.ErrUnexpectedEOF
	}
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, http.ErrBodyReadAfterClose) {
		failure := broken(err)
		b.failure.Store(failure)
		return n, failure
	}
	return n, err
}

// count counts the fields in the next bytes of a form.
func (b *body) count(p []byte) *web.Error {
	if b.fields > 0 {
		if b.seen += bytes.Count(p, ampersand); b.seen >= b.fields {
			return tooMany(b.fields, tooManyFields)
		}
	}
	if b.parts != nil {
		return b.parts.write(p)
	}
	return nil
}

var ampersand = []byte{'&'}

// public returns the error that readers get; for the size it is an *http.MaxBytesError.
func public(failure *web.Error) error {
	if tooLarge, ok := failure.Err.(*http.MaxBytesError); ok {
		return tooLarge
	}
	return failure
}

// broken returns the error for a body that did not arrive completely.
func broken(err error) *web.Error {
	if slow, ok := errors.AsType[net.Error](err); ok && slow.Timeout() {
		return &web.Error{Status: http.StatusRequestTimeout, Message: message.Text("The request took too long to arrive."), Err: err}
	}
	return &web.Error{Status: http.StatusBadRequest, Message: message.Text("The request did not arrive completely."), Err: err}
}

// finish runs before the response to a request with an invalid body.
func (b *body) finish() {
	failure := b.failure.Load()
	if failure == nil {
		return
	}
	b.w.Header().Set("Connection", "close")
	if b.w.Sending() < http.StatusBadRequest {
		b.w.Replace(func(w http.ResponseWriter) { web.WriteError(w, b.r, failure) })
	}
}
