package auth_test

import (
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/auth"
	"github.com/quintetgo/quintet/auth/authtest"
	"github.com/quintetgo/quintet/auth/password"
	"github.com/quintetgo/quintet/framework/webtest"
)

var hidden = regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)">`)

// hiddenInputs are those of a page.
func hiddenInputs(page *webtest.Response) url.Values {
	values := url.Values{}
	for _, match := range hidden.FindAllStringSubmatch(page.Body, -1) {
		values.Add(html.UnescapeString(match[1]), html.UnescapeString(match[2]))
	}
	return values
}

func TestFormIsKeptDuringLogin(t *testing.T) {
	t.Parallel()
	f := setup(t)
	typed := url.Values{"text": {"typed <with> \"care\" & more"}, "tags": {"b", "a"}, "password": {"not kept"}}
	for name, send := range map[string]func() *webtest.Response{
		"plain": func() *webtest.Response { return f.client.Post("/members/?a=b", typed) },
		"multipart": func() *webtest.Response {
			return f.client.Upload("/members/?a=b", typed, webtest.File{Field: "photo", Name: "a.png", Content: []byte("png")})
		},
	} {
		f.client = webtest.New(t, f.site)
		page := send().WantStatus(t, http.StatusOK).WantContains(t, "was not saved", `action="/accounts/login/"`).WantNotContains(t, "not kept")
		inputs := hiddenInputs(page)
		if inputs.Get("next") != "/members/?a=b" {
			t.Errorf("%s: next is %q", name, inputs.Get("next"))
		}
		inputs.Set("username", "ada")
		inputs.Set("password", authtest.Password)
		// A login page of the project without an action sends the login to the address of the form.
		target := "/accounts/login/"
		if name == "multipart" {
			target = "/members/?a=b"
		}
		page = f.client.Post(target, inputs).WantStatus(t, http.StatusOK).WantContains(t, `action="/members/?a=b"`, "Send it now")
		if files := strings.Contains(page.Body, "Files were not kept"); files != (name == "multipart") {
			t.Errorf("%s: tells about files: %v", name, files)
		}
		resumed := hiddenInputs(page)
		if resumed.Get("text") != typed.Get("text") || strings.Join(resumed["tags"], " ") != "b a" || resumed.Has("password") || resumed.Has("_kept_form") {
			t.Errorf("%s: kept %v", name, resumed)
		}
		f.client.Post("/members/?a=b", resumed).WantStatus(t, http.StatusOK).WantContains(t, "ada")
	}
}

func TestPageOf(t *testing.T) {
	t.Parallel()
	f := setup(t)
	for referer, want := range map[string]string{
		"http://localhost/members/new/?x=1": "/members/new/?x=1", "": "/members/", "https://evil.example/": "/members/", "http://localhost.evil.example/": "/members/",
	} {
		r := f.client.Request(http.MethodPost, "/members/", nil)
		r.Header.Set("Referer", referer)
		f.client.Do(r).WantRedirect(t, "/accounts/login/?next="+url.QueryEscape(want))
	}
	custom := setup(t, func(c *auth.Config) { c.LoginURL = "/my/login/" })
	custom.client.Post("/members/", url.Values{"text": {"typed"}}).WantRedirect(t, "/my/login/?next=%2Fmembers%2F")
}

func TestRefused(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		err    error
		status int
		after  string
	}{
		{nil, 0, ""},
		{auth.ErrCredentials, 0, ""},
		{&auth.ThrottledError{Wait: 90e9}, http.StatusTooManyRequests, "90"},
		{fmt.Errorf("check password: %w", password.ErrBusy), http.StatusServiceUnavailable, "3"},
	} {
		w := httptest.NewRecorder()
		status, message := auth.Refused(w, c.err)
		if status != c.status || w.Header().Get("Retry-After") != c.after || message.IsZero() != (status == 0) {
			t.Errorf("%v: %d, %q, Retry-After %q", c.err, status, message, w.Header().Get("Retry-After"))
		}
	}
}
