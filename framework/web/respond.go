package web

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"html/template"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"syscall"
)

// Text responds with plain text. As with all functions of this kind, return its error from the view.
func Text(w http.ResponseWriter, text string) error {
	setType(w, "text/plain; charset=utf-8")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	_, err := io.WriteString(w, text)
	return sent(err)
}

// HTML responds with markup that is known to be safe, such as a constant. For anything else, render a template.
func HTML(w http.ResponseWriter, markup template.HTML) error {
	setType(w, "text/html; charset=utf-8")
	_, err := io.WriteString(w, string(markup))
	return sent(err)
}

// JSON responds with v as JSON. Nothing is sent if v cannot be encoded.
func JSON(w http.ResponseWriter, v any) error { return JSONStatus(w, http.StatusOK, v) }

// JSONStatus is [JSON] with another status than 200.
func JSONStatus(w http.ResponseWriter, status int, v any) error {
	var b bytes.Buffer
	if err := json.NewEncoder(&b).Encode(v); err != nil {
		return err
	}
	setType(w, "application/json")
	return send(w, status, b.Bytes())
}

// XML responds with v as an XML document. Nothing is sent if v cannot be encoded.
func XML(w http.ResponseWriter, v any) error {
	var b bytes.Buffer
	b.WriteString(xml.Header)
	if err := xml.NewEncoder(&b).Encode(v); err != nil {
		return err
	}
	setType(w, "application/xml; charset=utf-8")
	return send(w, http.StatusOK, b.Bytes())
}

// NoContent responds with status 204 and no body.
func NoContent(w http.ResponseWriter) error {
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// setType sets the content type unless the view has set one.
func setType(w http.ResponseWriter, contentType string) {
	if h := w.Header(); h.Get("Content-Type") == "" {
		h.Set("Content-Type", contentType)
	}
}

// send writes a complete body with its length.
func send(w http.ResponseWriter, status int, body []byte) error {
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, err := w.Write(body)
	return sent(err)
}

// sent wraps an error of writing the response in a sendError, so that [WriteError] can recognize clients that have disconnected.
func sent(err error) error {
	if err == nil {
		return nil
	}
	return &sendError{err}
}

// sendError is an error of writing a response.
type sendError struct{ err error }

func (e *sendError) Error() string { return "send the response: " + e.err.Error() }

func (e *sendError) Unwrap() error { return e.err }

// clientLeft reports whether a response could not be sent because the client has disconnected.
func clientLeft(r *http.Request, err error) bool {
	if _, sending := errors.AsType[*sendError](err); !sending {
		return false
	}
	for _, closed := range []error{
		net.ErrClosed, io.ErrClosedPipe, os.ErrDeadlineExceeded, syscall.EPIPE, syscall.ECONNRESET, syscall.ECONNABORTED, context.Canceled,
	} {
		if errors.Is(err, closed) {
			return true
		}
	}
	// The errors of HTTP/2 are not exported; its server cancels the context.
	return r.Context().Err() != nil
}

// logUnsent logs that an error page could not be sent.
func logUnsent(r *http.Request, err error) {
	if err != nil && !clientLeft(r, err) {
		logError(r, err, http.StatusInternalServerError)
	}
}
