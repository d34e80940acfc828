package web

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/quintetgo/quintet/framework/server/response"
)

// Error is an error with a status and a public half. Message is shown to the visitor, Err is for the log and the debug page
// only; both may be left out. A zero Status means 500.
type Error struct {
	Status  int
	Message string
	Err     error
}

// NotFound returns an error that answers 404 with a message for the visitor, which may be "".
func NotFound(message string) error { return &Error{Status: http.StatusNotFound, Message: message} }

// Forbidden returns an error that answers 403 with a message for the visitor, which may be "".
func Forbidden(message string) error { return &Error{Status: http.StatusForbidden, Message: message} }

// BadRequest returns an error that answers 400 with a message for the visitor, which may be "".
func BadRequest(message string) error {
	return &Error{Status: http.StatusBadRequest, Message: message}
}

// Error joins the public message and the cause.
func (e *Error) Error() string {
	text := e.Message
	if text == "" {
		text = http.StatusText(e.HTTPStatus())
	}
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// PublicMessage returns Message.
func (e *Error) PublicMessage() string { return e.Message }

// HTTPStatus returns Status, or 500 if that is no status of an error.
func (e *Error) HTTPStatus() int {
	if e.Status < 400 || e.Status > 599 {
		return http.StatusInternalServerError
	}
	return e.Status
}

// Status returns the status that an error stands for: that of the first error in its chain with a method HTTPStatus() int,
// 413 for a body over its limit, 400 for a form or query that is malformed or lacks a file, 503 if the time for the request ran out, and 500
// for anything else. No error is 200.
func Status(err error) int {
	var known interface{ HTTPStatus() int }
	var tooLarge *http.MaxBytesError
	switch {
	case err == nil:
		return http.StatusOK
	case errors.As(err, &known):
		if status := known.HTTPStatus(); status >= 400 && status <= 599 {
			return status
		}
	case errors.As(err, &tooLarge), errors.Is(err, multipart.ErrMessageTooLarge):
		return http.StatusRequestEntityTooLarge
	case errors.Is(err, http.ErrNotMultipart), errors.Is(err, http.ErrMissingBoundary), errors.Is(err, http.ErrMissingFile), malformed(err):
		return http.StatusBadRequest
	case errors.Is(err, context.DeadlineExceeded):
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}

// publicMessage is the first message in the chain that was meant for visitors: what a method PublicMessage() string returns.
func publicMessage(err error, status int) string {
	for rest := err; rest != nil; {
		var public interface {
			error
			PublicMessage() string
		}
		if !errors.As(rest, &public) {
			break
		}
		if message := public.PublicMessage(); message != "" {
			return message
		}
		rest = errors.Unwrap(public)
	}
	if status == http.StatusConflict {
		if message := conflict(err); message != "" {
			return message
		}
	}
	return explanation(status)
}

// malformed reports whether an error is one of [http.Request.ParseForm] about what was sent: a query or form that is not encoded
// as it should be, or a content type that is none. Most of these errors have no type, only a text.
func malformed(err error) bool {
	if _, address := errors.AsType[*url.Error](err); address { // of url.Parse: that is not what was sent
		return false
	}
	if _, escape := errors.AsType[url.EscapeError](err); escape {
		return true
	}
	for inner := err; inner != nil; inner = errors.Unwrap(err) {
		err = inner
	}
	return strings.HasPrefix(err.Error(), "mime: ") || strings.HasPrefix(err.Error(), "multipart: ") || err.Error() == "invalid semicolon separator in query"
}

// conflict lists what an error reports by field, for a conflict with what is stored that has no message of its own.
func conflict(err error) string {
	var fields interface{ FieldErrors() map[string][]string }
	if !errors.As(err, &fields) {
		return ""
	}
	byField := fields.FieldErrors()
	var list []string
	for _, name := range slices.Sorted(maps.Keys(byField)) {
		text := strings.Join(byField[name], " ")
		if name != "" {
			text = name + ": " + text
		}
		list = append(list, text)
	}
	return strings.Join(list, " ")
}

// WriteError answers with an error: as JSON for a client that asks for it, with the template 404.html (or 403.html, 500.html
// and so on) if the site has one, with a plain page otherwise, and with all there is to know in debug mode. Errors of
// status 500 and above are logged, and so is 409, a conflict with what is stored, as a warning. An error in the chain with a
// method RetryAfter() string sets the header of that name. If part of the response was sent already, the connection is dropped,
// so that the client does not take it for whole. A response that could not be sent since the client is gone is no error.
func WriteError(w http.ResponseWriter, r *http.Request, err error) {
	if err == nil {
		return
	}
	if errors.Is(err, http.ErrAbortHandler) {
		panic(http.ErrAbortHandler)
	}
	if errors.Is(err, context.Canceled) && r.Context().Err() != nil || clientLeft(r, err) {
		Logger(r).LogAttrs(r.Context(), slog.LevelDebug, "client went away", slog.String("path", r.URL.Path))
		return
	}
	status := Status(err)
	logError(r, err, status)
	if sent := response.Find(w); sent != nil && sent.Written() {
		panic(http.ErrAbortHandler)
	}
	h := w.Header()
	for _, name := range []string{"Content-Length", "Content-Encoding", "Content-Disposition", "Etag", "Last-Modified", "Accept-Ranges"} {
		h.Del(name)
	}
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Add("Vary", "Accept")
	var busy interface{ RetryAfter() string }
	if errors.As(err, &busy) && h.Get("Retry-After") == "" {
		h.Set("Retry-After", busy.RetryAfter())
	}
	writeErrorPage(w, r, err, status)
}

// logError logs what somebody should look into. The message is constant; the cause is an attribute.
func logError(r *http.Request, err error, status int) {
	level := slog.LevelError
	switch {
	case status == http.StatusConflict:
		level = slog.LevelWarn
	case status < 500:
		level = slog.LevelDebug
	}
	logger := Logger(r)
	if !logger.Enabled(r.Context(), level) {
		return
	}
	attrs := []slog.Attr{
		slog.Int("status", status), slog.String("method", r.Method), slog.String("path", r.URL.Path), slog.String("error", err.Error()),
	}
	if id := RequestID(r); id != "" {
		attrs = append(attrs, slog.String("request_id", id))
	}
	if name := RouteName(r); name != "" {
		attrs = append(attrs, slog.String("route", name))
	}
	var p *PanicError
	if errors.As(err, &p) {
		attrs = append(attrs, slog.String("stack", string(p.Stack)))
	}
	logger.LogAttrs(r.Context(), level, "request failed", attrs...)
}
