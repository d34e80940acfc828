package webtest

import (
	"encoding/json"
	"html"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// Response is a response of the handler. Its Want methods report a mismatch as a test error, without
// ending the test, and return the response, so that they can be chained.
type Response struct {
	Status int
	Header http.Header
	Body   string

	client  *Client
	request *http.Request
}

// WantStatus reports an error if the status is another one.
func (r *Response) WantStatus(t testing.TB, status int) *Response {
	t.Helper()
	if r.Status != status {
		t.Errorf("%s: status %d, want %d\n%s", r.place(), r.Status, status, r.excerpt())
	}
	return r
}

// WantContains reports an error for each text that the body contains neither unchanged nor escaped for HTML.
func (r *Response) WantContains(t testing.TB, texts ...string) *Response {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(r.Body, text) && !strings.Contains(html.UnescapeString(r.Body), text) {
			t.Errorf("%s: the body lacks %q\n%s", r.place(), text, r.excerpt())
		}
	}
	return r
}

// WantNotContains reports an error for each text that the body contains unchanged.
func (r *Response) WantNotContains(t testing.TB, texts ...string) *Response {
	t.Helper()
	for _, text := range texts {
		if strings.Contains(r.Body, text) {
			t.Errorf("%s: the body contains %q", r.place(), text)
		}
	}
	return r
}

// WantRedirect reports an error if the response is not a redirect to that location.
func (r *Response) WantRedirect(t testing.TB, to string) *Response {
	t.Helper()
	redirects := []int{
		http.StatusMovedPermanently,
		http.StatusFound,
		http.StatusSeeOther,
		http.StatusTemporaryRedirect,
		http.StatusPermanentRedirect,
	}
	if got := r.Header.Get("Location"); !slices.Contains(redirects, r.Status) || got != to {
		t.Errorf("%s: status %d, location %q; want a redirect to %q\n%s", r.place(), r.Status, got, to, r.excerpt())
	}
	return r
}

// WantHeader reports an error if a header has another value.
func (r *Response) WantHeader(t testing.TB, name, value string) *Response {
	t.Helper()
	if got := r.Header.Get(name); got != value {
		t.Errorf("%s: header %s is %q, want %q", r.place(), name, got, value)
	}
	return r
}

// JSON decodes the body into a value.
func (r *Response) JSON(t testing.TB, into any) *Response {
	t.Helper()
	if err := json.Unmarshal([]byte(r.Body), into); err != nil {
		t.Errorf("%s: %v\n%s", r.place(), err, r.excerpt())
	}
	return r
}

// Follow sends a GET request to the location of a redirect. A response that is no redirect ends the test.
func (r *Response) Follow(t testing.TB) *Response {
	t.Helper()
	to, err := r.request.URL.Parse(r.Header.Get("Location"))
	if err != nil || r.Header.Get("Location") == "" {
		t.Fatalf("%s: status %d is no redirect that could be followed (%v)\n%s", r.place(), r.Status, err, r.excerpt())
	}
	return r.client.Get(to.RequestURI())
}

func (r *Response) place() string { return r.request.Method + " " + r.request.URL.RequestURI() }

// excerpt returns the start of the body.
func (r *Response) excerpt() string {
	const most = 2000
	if len(r.Body) > most {
		return r.Body[:most] + "…"
	}
	return r.Body
}
