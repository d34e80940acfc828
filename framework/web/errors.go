package web

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"maps"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/quintetgo/quintet/framework/message"
	"github.com/quintetgo/quintet/framework/server/response"
)

// Error is an error with a status and a user-facing message.
type Error struct {
	// Status is the HTTP status of the response, 400 to 599. Default: 500.
	Status int
	// Message is shown to the visitor; JSON responses include its code. Default: a message for the status.
	Message message.Message
	// Err is the cause, for the log and the debug page only; may be nil.
	Err error
}

// NotFound returns an [*Error] of the status 404. The text is constant and shown to the visitor, see package message; ""
// selects the usual message. The code is "not_found".
func NotFound(text string, args ...message.Args) error {
	return newError(http.StatusNotFound, text, args)
}

// Forbidden returns an [*Error] of the status 403, like [NotFound]. The code is "forbidden".
func Forbidden(text string, args ...message.Args) error {
	return newError(http.StatusForbidden, text, args)
}

// BadRequest returns an [*Error] of the status 400, like [NotFound]. The code is "bad_request".
func BadRequest(text string, args ...message.Args) error {
	return newError(http.StatusBadRequest, text, args)
}

func newError(status int, text string, args []message.Args) error {
	e := &Error{Status: status}
	if text != "" {
		e.Message = message.New(statusCode(status), text, args...)
	}
	return e
}

// Error joins the public message and the cause.
func (e *Error) Error() string {
	text := e.Message.String()
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
func (e *Error) PublicMessage() message.Message { return e.Message }

// HTTPStatus returns Status, or 500 if that is no status of an error.
func (e *Error) HTTPStatus() int {
	if e.Status < 400 || e.Status > 599 {
		return http.StatusInternalServerError
	}
	return e.Status
}

// Status returns the HTTP status of an error: that of the first error in its chain with a method HTTPStatus() int,
// 413 for a body over its limit, 400 for a form or query that is malformed or lacks a file, 503 if the time for the
// request ran out, and 500
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

// publicError is implemented by errors with a user-facing message.
type publicError interface {
	error
	PublicMessage() message.Message
}

// fieldError is implemented by errors with user-facing messages by field; the key "" is the object or form as a whole.
type fieldError interface {
	error
	FieldErrors() map[string][]message.Message
}

// publicMessage returns the first user-facing message in the chain of err, the messages by field joined if there are
// only those, and otherwise that of the status.
func publicMessage(err error, status int, t message.Translator) (code, text string) {
	for cause := err; cause != nil; {
		public, ok := errors.AsType[publicError](cause)
		if !ok {
			break
		}
		if m := public.PublicMessage(); !m.IsZero() {
			return cmp.Or(m.Code, statusCode(status)), m.Render(t)
		}
		cause = errors.Unwrap(public)
	}
	if byField, ok := errors.AsType[fieldError](err); ok {
		if code, text := joinFields(byField.FieldErrors(), t); text != "" {
			return cmp.Or(code, statusCode(status)), text
		}
	}
	m := explanation(status)
	return m.Code, m.Render(t)
}

// joinFields renders messages by field for a page that has no place for them beside inputs. The code is that of the only
// message, or "invalid".
func joinFields(byField map[string][]message.Message, t message.Translator) (code, text string) {
	var list []string
	for _, name := range slices.Sorted(maps.Keys(byField)) {
		texts := make([]string, len(byField[name]))
		for i, m := range byField[name] {
			texts[i] = m.Render(t)
			if code = m.Code; len(list) > 0 || len(texts) > 1 {
				code = "invalid"
			}
		}
		line := strings.Join(texts, " ")
		if name != "" {
			line = name + ": " + line
		}
		list = append(list, line)
	}
	return code, strings.Join(list, "; ")
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
	return strings.HasPrefix(err.Error(), "mime: ") || strings.HasPrefix(err.Error(), "multipart: ") ||
		err.Error() == "invalid semicolon separator in query"
}

// WriteError responds with an error: as JSON for a client that asks for it, with the template 404.html (or 403.html, 500.html
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
	busy, ok := errors.AsType[interface {
		error
		RetryAfter() string
	}](err)
	if ok && h.Get("Retry-After") == "" {
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
	if p, ok := errors.AsType[*PanicError](err); ok {
		attrs = append(attrs, slog.String("stack", string(p.Stack)))
	}
	logger.LogAttrs(r.Context(), level, "request failed", attrs...)
}
