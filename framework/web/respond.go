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

// Text answers with plain text.
func Text(w http.ResponseWriter, text string) error {
	setType(w, "text/plain; charset=utf-8")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	_, err := io.WriteString(w, text)
	return sent(err)
}

// HTML answers with markup that is known to be safe. A constant passes as it is; for anything else render a template.
func HTML(w http.ResponseWriter, markup template.HTML) error {
	setType(w, "text/html; charset=utf-8")
	_, err := io.WriteString(w, string(markup))
	return sent(err)
}

// JSON answers with v as JSON. Nothing is sent if v cannot be encoded.
func JSON(w http.ResponseWriter, v any) error { return JSONStatus(w, http.StatusOK, v) }

// JSONStatus is [JSON] with a status of choice.
func JSONStatus(w http.ResponseWriter, status int, v any) error {
	var b bytes.Buffer
	if err := json.NewEncoder(&b).Encode(v); err != nil {
		return err
	}
	setType(w, "application/json")
	return send(w, status, b.Bytes())
}

// XML answers with v as an XML document. Nothing is sent if v cannot be encoded.
func XML(w http.ResponseWriter, v any) error {
	var b bytes.Buffer
	b.WriteString(xml.Header)
	if err := xml.NewEncoder(&b).Encode(v); err != nil {
		return err
	}
	setType(w, "application/xml; charset=utf-8")
	return send(w, http.StatusOK, b.Bytes())
}

// NoContent answers 204.
func NoContent(w http.ResponseWriter) error {
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// setType sets the content type unless the view has chosen one.
func setType(w http.ResponseWriter, contentType string) {
	if h := w.Header(); h.Get("Content-Type") == "" {
		h.Set("Content-Type", contentType)
	}
}

// send writes a whole body with its length.
func send(w http.ResponseWriter, status int, body []byte) error {
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, err := w.Write(body)
	return sent(err)
}

// sent marks an error of writing the response, for [WriteError] to tell whether it is the client's.
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

// clientLeft reports whether a response could not be sent because nobody receives it any more.
func clientLeft(r *http.Request, err error) bool {
	if _, sending := errors.AsType[*sendError](err); !sending {
		return false
	}
	for _, gone := range []error{net.ErrClosed, io.ErrClosedPipe, os.ErrDeadlineExceeded, syscall.EPIPE, syscall.ECONNRESET, syscall.ECONNABORTED, context.Canceled} {
		if errors.Is(err, gone) {
			return true
		}
	}
	// The errors of HTTP/2 have no names; its server ends the context.
	return r.Context().Err() != nil
}

// logUnsent logs that an error page could not be sent.
func logUnsent(r *http.Request, err error) {
	if err != nil && !clientLeft(r, err) {
		logError(r, err, http.StatusInternalServerError)
	}
}
