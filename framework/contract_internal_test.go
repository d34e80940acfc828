//go:build unix

package framework

import (
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/cgi"
	"net/http/fcgi"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/framework/server/fastcgi/fastcgitest"
	"github.com/quintetgo/quintet/framework/web"
)

// contractProject returns a project whose views show the request.
func contractProject() *Project {
	return New(Settings{Logger: slog.New(slog.DiscardHandler), Routes: func(r *web.Router) {
		r.Get("/posts/{slug}/", func(w http.ResponseWriter, r *http.Request) error {
			w.Header().Add("X-Two", "1")
			w.Header().Add("X-Two", "2")
			http.SetCookie(w, &http.Cookie{Name: "a", Value: "b"})
			return web.Text(w, fmt.Sprintf("%s %q %s %s %s", r.Method, web.Param(r, "slug"), r.URL.Query().Get("q"), r.Host, r.Header.Get("X-Ask")))
		})
		r.Get("/large/", func(w http.ResponseWriter, _ *http.Request) error {
			return web.Text(w, strings.Repeat("0123456789abcdef", 1<<14))
		})
		r.Post("/form/", func(w http.ResponseWriter, r *http.Request) error { return web.Text(w, r.PostFormValue("name")) })
	}})
}

// transports are the ways in which a Go program can serve an http.Handler without this package.
func transports(t *testing.T) map[string]http.RoundTripper {
	t.Helper()
	p := contractProject()
	listen := func() net.Listener {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = l.Close() })
		return l
	}
	plain, fast := listen(), listen()
	bare := &http.Server{Handler: p}
	go func() { _ = bare.Serve(plain) }()
	go func() { _ = fcgi.Serve(fast, p) }()
	own, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	gateway := &cgi.Handler{Path: own, Root: "/", Env: []string{"QUINTET_TEST_PROJECT=cgi"}, Logger: nil, Stderr: io.Discard}
	return map[string]http.RoundTripper{
		"httptest": recorder{p},
		"http.Server": roundTripper(func(r *http.Request) (*http.Response, error) {
			r = r.Clone(r.Context())
			r.URL.Host = plain.Addr().String()
			return (&http.Transport{DisableKeepAlives: true}).RoundTrip(r)
		}),
		"fcgi": roundTripper(func(r *http.Request) (*http.Response, error) {
			conn, err := fastcgitest.Dial("tcp", fast.Addr().String())
			if err != nil {
				return nil, err
			}
			defer conn.Close()
			return conn.RoundTrip(r)
		}),
		"cgi": recorder{gateway},
	}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (fn roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return fn(r) }

// recorder responds with a handler in this process.
type recorder struct{ http.Handler }

func (h recorder) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	inner := httptest.NewRequestWithContext(r.Context(), r.Method, r.URL.RequestURI(), r.Body)
	inner.Host, inner.Header, inner.ContentLength = r.Host, r.Header, r.ContentLength
	h.ServeHTTP(w, inner)
	return w.Result(), nil
}

// TestProjectIsAPlainHandler sends the same requests to a project under http.Server, net/http/cgi, net/http/fcgi and
// httptest.
func TestProjectIsAPlainHandler(t *testing.T) {
	t.Parallel()
	large := strings.Repeat("0123456789abcdef", 1<<14)
	for name, transport := range transports(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, c := range []struct {
				method, path, body string
				status             int
				want               string
				header             http.Header
			}{
				{"GET", "/posts/a%20b/?q=1%262", "", 200, `GET "a b" 1&2 localhost yes`, http.Header{"X-Two": {"1", "2"}, "Set-Cookie": {"a=b"}, "X-Content-Type-Options": {"nosniff"}}},
				{"GET", "/large/", "", 200, large, nil},
				{"GET", "/large", "", 301, "", http.Header{"Location": {"/large/"}}},
				{"GET", "/absent/", "", 404, "", nil},
				{"POST", "/large/", "name=x", 403, "", nil},
				{"PUT", "/form/", "", 403, "", nil},
			} {
				r, err := http.NewRequest(c.method, "http://localhost"+c.path, strings.NewReader(c.body))
				if err != nil {
					t.Fatal(err)
				}
				r.Host = "localhost"
				r.Header.Set("X-Ask", "yes")
				response, err := transport.RoundTrip(r)
				if err != nil {
					t.Errorf("%s %s: %v", c.method, c.path, err)
					continue
				}
				body, err := io.ReadAll(response.Body)
				_ = response.Body.Close()
				if err != nil || response.StatusCode != c.status || c.want != "" && string(body) != c.want {
					t.Errorf("%s %s: %d %.200q (%v), want %d %.200q", c.method, c.path, response.StatusCode, body, err, c.status, c.want)
				}
				for field, want := range c.header {
					if got := response.Header.Values(field); strings.Join(got, ",") != strings.Join(want, ",") {
						t.Errorf("%s %s: %s is %q, want %q", c.method, c.path, field, got, want)
					}
				}
			}
			postForm(t, transport)
		})
	}
}

// postForm posts a form as a browser does from a page of the site.
func postForm(t *testing.T, transport http.RoundTripper) {
	t.Helper()
	form := url.Values{"name": {"Zoë & Co"}}
	r, err := http.NewRequest("POST", "http://localhost/form/", strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Host = "localhost"
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin") // no session, so no token is required
	response, err := transport.RoundTrip(r)
	if err != nil {
		t.Error(err)
		return
	}
	defer response.Body.Close()
	if body, _ := io.ReadAll(response.Body); response.StatusCode != 200 || string(body) != "Zoë & Co" {
		t.Errorf("a form: %d %q", response.StatusCode, body)
	}
}
