package web

import (
	"bytes"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"strconv"
	"strings"

	"github.com/quintetgo/quintet/framework/message"
)

//go:embed pages/*.html
var pageFiles embed.FS

// pages are the built-in error pages. They are self-contained, since they are shown when something is broken.
var pages = template.Must(template.New("").ParseFS(pageFiles, "pages/*.html"))

// explanation returns the user-facing message for an error that has none.
func explanation(status int) message.Message {
	text := "The request could not be processed."
	switch status {
	case http.StatusBadRequest:
		text = "The request could not be understood."
	case http.StatusUnauthorized:
		text = "You need to sign in to see this."
	case http.StatusForbidden:
		text = "You are not allowed to see this."
	case http.StatusNotFound:
		text = "There is nothing at this address."
	case http.StatusMethodNotAllowed:
		text = "This address does not take that kind of request."
	case http.StatusConflict:
		text = "This conflicts with an existing record."
	case http.StatusRequestEntityTooLarge:
		text = "The request is too large."
	case http.StatusTooManyRequests:
		text = "There were too many requests. Please wait a little."
	case http.StatusServiceUnavailable:
		text = "The site is busy or under maintenance. Please try again soon."
	default:
		if status >= 500 {
			text = "Something went wrong on our side. The error has been logged."
		}
	}
	return message.New(statusCode(status), text)
}

// statusCode returns the code of a message that has no other: the name of the status, such as "not_found".
func statusCode(status int) string {
	return strings.ReplaceAll(strings.ToLower(http.StatusText(status)), " ", "_")
}

// writeErrorPage chooses the format of the response.
func writeErrorPage(w http.ResponseWriter, r *http.Request, err error, status int) {
	code, text := publicMessage(err, status, message.FromContext(r.Context()))
	if prefersJSON(r) {
		writeProblem(w, r, err, status, code, text)
		return
	}
	if Debug(r) && (status >= 500 || isNoRoute(err)) {
		writeDebugPage(w, r, err, status)
		return
	}
	data := Data{"status": status, "title": http.StatusText(status), "message": text, "code": code, "request_id": RequestID(r)}
	if writeSitePage(w, r, status, data) {
		return
	}
	data["csp_nonce"] = ownNonce(w, r)
	writeBuiltin(w, r, "error.html", status, data)
}

func isNoRoute(err error) bool {
	_, ok := errors.AsType[*noRoute](err)
	return ok
}

// writeSitePage renders the site's own page, such as 404.html. An error in that page must not hide the original one.
func writeSitePage(w http.ResponseWriter, r *http.Request, status int, data Data) (done bool) {
	st := stateOf(r)
	name := strconv.Itoa(status) + ".html"
	if st == nil || st.site.Templates == nil || !st.site.Templates.Has(name) {
		return false
	}
	defer func() {
		if value := recover(); value != nil {
			logError(r, fmt.Errorf("render %s: %w", name, Recovered(value)), http.StatusInternalServerError)
			done = false
		}
	}()
	body, err := RenderString(r, name, data)
	if err != nil {
		logError(r, err, http.StatusInternalServerError)
		return false
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	logUnsent(r, send(w, status, []byte(body)))
	return true
}

// ownNonce returns the nonce for the page's style. Without middleware that sends a policy, it sets one.
func ownNonce(w http.ResponseWriter, r *http.Request) string {
	nonce := Nonce(r)
	if h := w.Header(); nonce != "" && h.Get("Content-Security-Policy") == "" {
		h.Set(
			"Content-Security-Policy",
			"default-src 'none'; style-src 'nonce-"+nonce+"'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
		)
	}
	return nonce
}

func writeBuiltin(w http.ResponseWriter, r *http.Request, name string, status int, data any) {
	var b bytes.Buffer
	if err := pages.ExecuteTemplate(&b, name, data); err != nil {
		logError(r, err, http.StatusInternalServerError)
		b.Reset()
		b.WriteString(http.StatusText(status))
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	logUnsent(r, send(w, status, b.Bytes()))
}

// problemDocument is the JSON form of an error, after RFC 9457.
type problemDocument struct {
	Type      string                    `json:"type"`
	Title     string                    `json:"title"`
	Status    int                       `json:"status"`
	Detail    string                    `json:"detail"`
	Code      string                    `json:"code"`
	RequestID string                    `json:"request_id,omitempty"`
	Errors    map[string][]message.View `json:"errors,omitempty"` // by field
	Cause     string                    `json:"cause,omitempty"`
}

func writeProblem(w http.ResponseWriter, r *http.Request, err error, status int, code, text string) {
	doc := problemDocument{
		Type:      "about:blank",
		Title:     http.StatusText(status),
		Status:    status,
		Detail:    text,
		Code:      code,
		RequestID: RequestID(r),
	}
	if byField, ok := errors.AsType[fieldError](err); ok {
		doc.Errors = map[string][]message.View{}
		for name, list := range byField.FieldErrors() {
			for _, m := range list {
				doc.Errors[name] = append(doc.Errors[name], m.View(message.FromContext(r.Context())))
			}
		}
	}
	if Debug(r) {
		doc.Cause = err.Error()
	}
	body, encodeErr := json.Marshal(doc)
	if encodeErr != nil {
		body = []byte(`{"status":500}`)
	}
	w.Header().Set("Content-Type", "application/problem+json")
	logUnsent(r, send(w, status, append(body, '\n')))
}

// prefersJSON reports whether the client prefers JSON to a page: a browser names text/html, an API client
// application/json. A client that names neither gets JSON if that is what it sent.
func prefersJSON(r *http.Request) bool {
	var jsonQ, htmlQ float64
	for _, line := range r.Header.Values("Accept") {
		for item := range strings.SplitSeq(line, ",") {
			kind, q := mediaType(item)
			switch {
			case kind == "text/html" || kind == "application/xhtml+xml":
				htmlQ = max(htmlQ, q)
			case kind == "application/json" || strings.HasPrefix(kind, "application/") && strings.HasSuffix(kind, "+json"):
				jsonQ = max(jsonQ, q)
			}
		}
	}
	if jsonQ != htmlQ {
		return jsonQ > htmlQ
	}
	kind, _ := mediaType(r.Header.Get("Content-Type"))
	return htmlQ == 0 && kind == "application/json"
}

// mediaType splits "text/html;q=0.8" into its type and weight.
func mediaType(item string) (kind string, q float64) {
	kind, params, _ := strings.Cut(item, ";")
	q = 1
	for param := range strings.SplitSeq(params, ";") {
		if name, value, ok := strings.Cut(strings.TrimSpace(param), "="); ok && strings.EqualFold(name, "q") {
			if parsed, err := strconv.ParseFloat(value, 64); err == nil && parsed >= 0 && parsed <= 1 {
				q = parsed
			}
		}
	}
	return strings.ToLower(strings.TrimSpace(kind)), q
}
