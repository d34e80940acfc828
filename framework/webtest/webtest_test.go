package webtest_test

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/framework/webtest"
)

// site echoes what it is sent.
func site() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /form", func(w http.ResponseWriter, _ *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "seen", Value: "yes", Path: "/"})
		fmt.Fprint(w, `<form><input type="hidden" name="csrf_token" value="a&#43;b"></form> caf&eacute; &lt;b&gt;`)
	})
	mux.HandleFunc("POST /form", func(w http.ResponseWriter, r *http.Request) {
		cookie, err := r.Cookie("seen")
		if err != nil || r.FormValue("csrf_token") != "a+b" || r.Header.Get("Sec-Fetch-Site") != "same-origin" || r.Header.Get("Origin") != "http://localhost" {
			http.Error(w, fmt.Sprint(cookie, r.Form, r.Header), http.StatusForbidden)
			return
		}
		http.Redirect(w, r, "/done?name="+url.QueryEscape(r.FormValue("name")), http.StatusSeeOther)
	})
	mux.HandleFunc("GET /done", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Secure", fmt.Sprint(r.TLS != nil))
		fmt.Fprintf(w, `{"name": %q}`, r.FormValue("name"))
	})
	mux.HandleFunc("POST /upload", func(w http.ResponseWriter, r *http.Request) {
		file, header, err := r.FormFile("file")
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		content, _ := io.ReadAll(file)
		fmt.Fprintf(w, "%s %s %s %s", header.Filename, header.Header.Get("Content-Type"), content, r.FormValue("title"))
	})
	return mux
}

func TestClientKeepsCookiesAndToken(t *testing.T) {
	t.Parallel()
	client := webtest.New(t, site())
	client.Post("/form", nil).WantStatus(t, http.StatusForbidden)
	client.Get("/form").WantStatus(t, http.StatusOK).WantContains(t, "café <b>", "caf&eacute;").WantNotContains(t, "<b>")
	if client.Token() != "a+b" || len(client.Cookies("/")) != 1 {
		t.Errorf("token %q, cookies %v", client.Token(), client.Cookies("/"))
	}
	var got struct{ Name string }
	client.Post("/form", url.Values{"name": {"Django R"}}).WantRedirect(t, "/done?name=Django+R").Follow(t).JSON(t, &got).WantHeader(t, "X-Secure", "false")
	if got.Name != "Django R" {
		t.Errorf("name %q", got.Name)
	}
	client.Secure = true
	client.Get("/done").WantHeader(t, "X-Secure", "true")
}

func TestUpload(t *testing.T) {
	t.Parallel()
	client := webtest.New(t, site())
	client.Upload("/upload", url.Values{"title": {"T"}}, webtest.File{Field: "file", Name: "a.txt", Type: "text/plain", Content: []byte("hello")}).
		WantStatus(t, http.StatusOK).WantContains(t, "a.txt text/plain hello T")
}

// recorder is a testing.TB that counts errors.
type recorder struct {
	testing.TB
	errors []string
}

func (r *recorder) Helper() {}
func (r *recorder) Errorf(format string, args ...any) {
	r.errors = append(r.errors, fmt.Sprintf(format, args...))
}

func TestMismatchesAreReported(t *testing.T) {
	t.Parallel()
	response := webtest.New(t, site()).Get("/done?name=x")
	for name, want := range map[string]func(testing.TB){
		"status 200, want 404":     func(t testing.TB) { response.WantStatus(t, http.StatusNotFound) },
		`lacks "absent"`:           func(t testing.TB) { response.WantContains(t, "absent") },
		`the body contains "name"`: func(t testing.TB) { response.WantNotContains(t, "name") },
		"want a redirect":          func(t testing.TB) { response.WantRedirect(t, "/") },
		`header X-Secure is "f`:    func(t testing.TB) { response.WantHeader(t, "X-Secure", "true") },
		"cannot unmarshal":         func(t testing.TB) { response.JSON(t, new([]int)) },
	} {
		r := &recorder{TB: t}
		want(r)
		if len(r.errors) != 1 || !strings.Contains(r.errors[0], name) || !strings.Contains(r.errors[0], "GET /done?name=x") {
			t.Errorf("want an error with %q, got %q", name, r.errors)
		}
	}
}
