package web_test

import (
	"crypto/tls"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/framework/web"
)

func TestSafeRedirectKeepsLocalAddresses(t *testing.T) {
	t.Parallel()
	r := httptest.NewRequest("GET", "http://shop.example:8000/login/", nil)
	for next, want := range map[string]string{
		"/":                                  "/",
		"/posts/":                            "/posts/",
		"/posts/?page=2&q=a%20b#c":           "/posts/?page=2&q=a%20b#c",
		"/admin/?next=https://evil.example/": "/admin/?next=https://evil.example/",
		"/été/":                              "/%C3%A9t%C3%A9/",
		"/a%20b/":                            "/a%20b/",
		"http://shop.example:8000/x?y=1":     "/x?y=1",
		"HTTP://SHOP.example:8000":           "/",
		"/a:b@c/":                            "/a:b@c/",
	} {
		if got := web.SafeRedirect(r, next, "/safe"); got != want {
			t.Errorf("SafeRedirect(%q) = %q, want %q", next, got, want)
		}
	}
}

// TestSafeRedirectRefusesForeignAddresses reads one address a line, Go-quoted.
func TestSafeRedirectRefusesForeignAddresses(t *testing.T) {
	t.Parallel()
	file, err := os.ReadFile("testdata/redirects.txt")
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest("GET", "https://shop.example/login/", nil)
	r.TLS = &tls.ConnectionState{}
	n := 0
	for line := range strings.Lines(string(file)) {
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		next, err := strconv.Unquote(line)
		if err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		n++
		if got := web.SafeRedirect(r, next, "/safe"); got != "/safe" {
			t.Errorf("SafeRedirect(%q) = %q, want the fallback", next, got)
		}
	}
	if n < 80 {
		t.Errorf("only %d forms", n)
	}
}

func FuzzSafeRedirect(f *testing.F) {
	for _, s := range []string{"/", "//x", `/\x`, "https://shop.example/a", "/%2f/x", "/a/../..//x", "/\t/x"} {
		f.Add(s)
	}
	base, err := url.Parse("https://shop.example/login/")
	if err != nil {
		f.Fatal(err)
	}
	r := httptest.NewRequest("GET", base.String(), nil)
	f.Fuzz(func(t *testing.T, next string) {
		got := web.SafeRedirect(r, next, "/safe")
		u, err := base.Parse(got)
		if err != nil || u.Host != "shop.example" || u.Scheme != "https" || !strings.HasPrefix(got, "/") || strings.HasPrefix(got, "//") {
			t.Fatalf("SafeRedirect(%q) = %q leads to %v, %v", next, got, u, err)
		}
		for _, c := range got {
			if c <= ' ' || c >= 0x7f || c == '\\' {
				t.Fatalf("SafeRedirect(%q) = %q holds %q", next, got, c)
			}
		}
	})
}

type model struct{ slug string }

func (m model) Route() web.Ref { return web.Reverse("detail", m.slug) }

func TestRedirect(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		method string
		to     any
		args   []any
		status int
		want   string
	}{
		{"GET", "/x/", nil, 302, "/x/"},
		{"POST", "detail", []any{"a b"}, 303, "/d/a%20b/"},
		{"POST", model{"été"}, nil, 303, "/d/%C3%A9t%C3%A9/"},
		{"GET", "https://example.com/", nil, 302, "https://example.com/"},
		{"GET", "?page=2", nil, 302, "?page=2"},
		{"GET", "//evil.example/", nil, 302, "/%2Fevil.example/"},
		{"GET", `/\evil.example/`, nil, 302, "/%5Cevil.example/"},
		{"GET", "/x\r\nSet-Cookie: a=b", nil, 302, "/x%0D%0ASet-Cookie:%20a=b"},
		{"GET", "deatil", []any{1}, 500, ""},
		{"GET", 7, nil, 500, ""},
	} {
		r := web.NewRouter()
		r.Get("/d/{slug}/", text("")).Name("detail")
		r.Any("/go", func(w http.ResponseWriter, r *http.Request) error { return web.Redirect(w, r, c.to, c.args...) })
		res := do(t, r, c.method, "/go")
		if res.StatusCode != c.status || res.Header.Get("Location") != c.want {
			t.Errorf("%s %v: %d %q, want %d %q", c.method, c.to, res.StatusCode, res.Header.Get("Location"), c.status, c.want)
		}
	}
}
