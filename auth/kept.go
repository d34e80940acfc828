package auth

import (
	"html/template"
	"net/http"
	"time"

	"github.com/quintetgo/quintet/framework/csrf"
	"github.com/quintetgo/quintet/framework/message"
	"github.com/quintetgo/quintet/framework/web"
)

// KeptField is the name of the hidden input with a form that was interrupted by a login.
const KeptField = "_kept_form"

const (
	saltKept = "quintet.auth.kept"
	keptAge  = 2 * time.Hour
)

// KeepForm returns the form of a POST request, signed, for the hidden input [KeptField] of a login page. The browser sends it
// with the user name and password, and [ResumeForm] then offers to send it again; the server stores nothing. It returns false
// if there is no form that can be kept. Passwords and files are omitted, and large forms are not kept, see [csrf.Keep].
func KeepForm(r *http.Request) (string, bool) {
	v := visitorOf(r.Context())
	if v == nil {
		return "", false
	}
	kept, ok := csrf.Keep(r, KeptField)
	if r.MultipartForm != nil {
		_ = r.MultipartForm.RemoveAll() // the files are not needed
	}
	if !ok {
		return "", false
	}
	token, err := v.service.sign.Dump(saltKept, kept)
	return token, err == nil
}

// KeptForm returns the form that a login request contains, and its signed token. It returns false if there is none that
// [KeepForm] has signed less than two hours ago, for an address of this site.
func KeptForm(r *http.Request) (kept csrf.Kept, token string, ok bool) {
	v := visitorOf(r.Context())
	token = r.PostFormValue(KeptField)
	if v == nil || token == "" || v.service.sign.Load(saltKept, token, keptAge, &kept) != nil {
		return csrf.Kept{}, "", false
	}
	if kept.Action = web.SafeRedirect(r, kept.Action, ""); kept.Action == "" {
		return csrf.Kept{}, "", false
	}
	return kept, token, true
}

// KeptInput returns the csrf_field of a login page that keeps a form: the hidden inputs with the token of the page and with the
// form. Every login page that prints csrf_field supports it.
func KeptInput(r *http.Request, token string) template.HTML {
	field := csrf.Field(r)
	if token != "" {
		value := template.HTMLEscapeString(token)
		field += template.HTML(`<input type="hidden" name="` + KeptField + `" value="` + value + `">`) //nolint:gosec // escaped
	}
	return field
}

// ResumeForm responds to a login request that contains a kept form: with a page that explains that the form is not saved yet,
// and sends it on a click, with the token of the new session. It is not sent automatically, because the visitor may have
// changed their mind, or be another person. Page is a template that receives kept, next and data; "" selects
// auth/resume.html. It returns false, without a response, if the request contains no form.
func ResumeForm(w http.ResponseWriter, r *http.Request, page string, data web.Data) (bool, error) {
	kept, _, ok := KeptForm(r)
	if !ok {
		return false, nil
	}
	if page == "" {
		page = "auth/resume.html"
	}
	values := web.Data{"kept": kept, "next": web.SafeRedirect(r, r.PostFormValue("next"), "")}
	for key, value := range data {
		values[key] = value
	}
	w.Header().Set("Cache-Control", "no-store")
	return true, web.Render(w, r, page, values)
}

// Interrupted is the message of a login page that keeps a form.
var Interrupted = message.New("interrupted",
	"You are no longer logged in, so your form was not saved. Your input is kept: log in to send it again.")

// interruptedLogin responds with the login page to a form that requires a login.
func interruptedLogin(w http.ResponseWriter, r *http.Request, token string) error {
	v := visitorOf(r.Context())
	w.Header().Set("Cache-Control", "no-store")
	return web.Render(w, r, "auth/login.html", web.Data{
		"next": PageOf(r), "username": "", "error": Interrupted, "login_url": v.service.loginURL(r), "csrf_field": KeptInput(r, token),
	})
}
