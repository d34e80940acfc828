package middleware_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/quintetgo/quintet/framework/middleware"
	"github.com/quintetgo/quintet/framework/sessions"
	"github.com/quintetgo/quintet/framework/signing"
	"github.com/quintetgo/quintet/framework/web"
)

// serve sends one request through the middleware to a view.
func serve(t *testing.T, chain []web.Middleware, r *http.Request, view http.HandlerFunc) *http.Response {
	t.Helper()
	router := web.NewRouter()
	router.Handle("/*", view)
	site := &web.Site{Router: router, Middleware: chain, Logger: slog.New(slog.DiscardHandler)}
	recorder := httptest.NewRecorder()
	site.Handler().ServeHTTP(recorder, r)
	return recorder.Result()
}

func get(path string) *http.Request { return httptest.NewRequest(http.MethodGet, path, nil) }

func ok(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "ok") }

func body(t *testing.T, answer *http.Response) string {
	t.Helper()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestRequestIDsAreUniqueAndOurOwn(t *testing.T) {
	t.Parallel()
	chain := []web.Middleware{middleware.RequestID}
	seen := map[string]bool{}
	for range 100 {
		r := get("/")
		r.Header.Set("X-Request-ID", "chosen\r\nby: them")
		var inside string
		answer := serve(t, chain, r, func(_ http.ResponseWriter, r *http.Request) { inside = web.RequestID(r) })
		id := answer.Header.Get("X-Request-ID")
		if id != inside || len(id) != 13 || seen[id] {
			t.Fatalf("id %q in the answer, %q inside, seen before: %v", id, inside, seen[id])
		}
		seen[id] = true
	}
}

func TestAPanicBecomesA500(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	chain := []web.Middleware{middleware.Recover(slog.New(slog.NewTextHandler(&log, nil)))}
	answer := serve(t, chain, get("/"), func(http.ResponseWriter, *http.Request) { panic("the secret cause") })
	if text := body(t, answer); answer.StatusCode != http.StatusInternalServerError || strings.Contains(text, "secret cause") {
		t.Errorf("got %d %q", answer.StatusCode, text)
	}
	defer func() {
		if err, _ := recover().(error); !errors.Is(err, http.ErrAbortHandler) {
			t.Error("a response that was begun is not cut off")
		}
		if !strings.Contains(log.String(), "the second") || !strings.Contains(log.String(), "middleware_test.go") {
			t.Errorf("the log does not tell cause and place: %s", &log)
		}
	}()
	serve(t, chain, get("/"), func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "half a page")
		panic("the second")
	})
}

func TestSecurityHeadersAreOnEveryResponse(t *testing.T) {
	t.Parallel()
	chain, err := middleware.Default(middleware.Options{Secure: true, AllowedHosts: []string{"example.com"}, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	views := map[string]http.HandlerFunc{
		"200":   ok,
		"304":   func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotModified) },
		"404":   func(w http.ResponseWriter, r *http.Request) { web.WriteError(w, r, web.NotFound("")) },
		"panic": func(http.ResponseWriter, *http.Request) { panic("x") },
		"empty": func(http.ResponseWriter, *http.Request) {},
	}
	requests := map[string]*http.Request{
		"a page":       get("https://example.com/"),
		"another host": get("https://evil.example/"),
		"cross-site":   httptest.NewRequest(http.MethodPost, "https://example.com/", nil),
		"too large":    httptest.NewRequest(http.MethodPut, "https://example.com/", nil),
	}
	requests["cross-site"].Header.Set("Sec-Fetch-Site", "cross-site")
	requests["too large"].ContentLength = 1 << 40
	for viewName, view := range views {
		for name, r := range requests {
			header := serve(t, chain, r.Clone(t.Context()), view).Header
			csp := header.Get("Content-Security-Policy")
			for _, directive := range []string{"default-src 'self'", "object-src 'none'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'"} {
				if !strings.Contains(csp, directive) {
					t.Errorf("%s, %s: the policy %q lacks %q", viewName, name, csp, directive)
				}
			}
			for key, want := range map[string]string{
				"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "same-origin",
				"Cross-Origin-Opener-Policy": "same-origin", "Strict-Transport-Security": "max-age=31536000",
			} {
				if got := header.Get(key); got != want {
					t.Errorf("%s, %s: %s = %q, want %q", viewName, name, key, got, want)
				}
			}
			if header.Get("X-Request-ID") == "" {
				t.Errorf("%s, %s: no request id", viewName, name)
			}
		}
	}
}

func TestTheNonceIsInThePolicyOnlyWhenUsed(t *testing.T) {
	t.Parallel()
	chain := []web.Middleware{middleware.SecurityHeaders(middleware.HeaderOptions{})}
	if csp := serve(t, chain, get("/"), ok).Header.Get("Content-Security-Policy"); strings.Contains(csp, "nonce") || !strings.Contains(csp, "script-src 'self';") {
		t.Errorf("without a nonce: %q", csp)
	}
	seen := ""
	for range 2 {
		var nonce string
		csp := serve(t, chain, get("/"), func(w http.ResponseWriter, r *http.Request) { nonce = web.Nonce(r); ok(w, r) }).Header.Get("Content-Security-Policy")
		if nonce == "" || nonce == seen || strings.Count(csp, "'nonce-"+nonce+"'") != 2 {
			t.Errorf("nonce %q, policy %q", nonce, csp)
		}
		seen = nonce
	}
	own := serve(t, chain, get("/"), func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", "default-src 'none'")
		_ = web.Nonce(r)
	})
	if got := own.Header.Get("Content-Security-Policy"); got != "default-src 'none'" {
		t.Errorf("a view's own policy became %q", got)
	}
	none := serve(t, []web.Middleware{middleware.SecurityHeaders(middleware.HeaderOptions{CSP: "none"})}, get("/"), ok)
	if got, there := none.Header["Content-Security-Policy"]; there {
		t.Errorf("CSP none sends %q", got)
	}
}

func TestHSTSGoesOverHTTPSOnly(t *testing.T) {
	t.Parallel()
	proxies, err := middleware.Proxies([]string{"192.0.2.0/24"})
	if err != nil {
		t.Fatal(err)
	}
	chain := []web.Middleware{proxies, middleware.SecurityHeaders(middleware.HeaderOptions{HSTS: time.Hour, HSTSSubdomains: true})}
	for name, c := range map[string]struct {
		from, proto string
		want        string
	}{
		"plain":                 {"192.0.2.1:1", "", ""},
		"behind https":          {"192.0.2.1:1", "https", "max-age=3600; includeSubDomains"},
		"behind http":           {"192.0.2.1:1", "http", ""},
		"claimed by a stranger": {"198.51.100.1:1", "https", ""},
	} {
		r := get("/")
		r.RemoteAddr = c.from
		r.Header.Set("X-Forwarded-Proto", c.proto)
		if got := serve(t, chain, r, ok).Header.Get("Strict-Transport-Security"); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestBodiesAreLimited(t *testing.T) {
	t.Parallel()
	chain := []web.Middleware{middleware.MaxBody(1000)}
	read := func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.Copy(io.Discard, r.Body); err != nil {
			w.WriteHeader(http.StatusTeapot)
			return
		}
		ok(w, r)
	}
	for name, c := range map[string]struct {
		size    int
		unknown bool
		want    int
	}{
		"at the limit":             {1000, false, http.StatusOK},
		"over the limit":           {1001, false, http.StatusRequestEntityTooLarge},
		"at the limit, unsaid":     {1000, true, http.StatusOK},
		"over the limit, unsaid":   {1001, true, http.StatusTeapot},
		"a lie about its length":   {0, false, http.StatusOK},
		"far over the limit, said": {1 << 20, false, http.StatusRequestEntityTooLarge},
	} {
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(strings.Repeat("x", c.size)))
		if c.unknown {
			r.ContentLength = -1
		}
		if got := serve(t, chain, r, read).StatusCode; got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}

func TestTimeoutStopsTheContext(t *testing.T) {
	t.Parallel()
	chain := []web.Middleware{middleware.Timeout(10 * time.Millisecond)}
	slow := serve(t, chain, get("/"), func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	if slow.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("a view that gave up: %d, want 503", slow.StatusCode)
	}
	chain = []web.Middleware{middleware.Timeout(time.Hour)}
	if fast := serve(t, chain, get("/"), ok); fast.StatusCode != http.StatusOK {
		t.Errorf("a fast view: %d", fast.StatusCode)
	}
}

func TestAccessLogTellsOneLineARequest(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	logger := slog.New(slog.NewTextHandler(&log, nil))
	chain := []web.Middleware{middleware.RequestID, middleware.AccessLog(logger), middleware.Recover(logger)}
	serve(t, chain, get("/a%0Ab?token=secret"), func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusCreated)
		_, _ = io.WriteString(w, "12345")
	})
	serve(t, chain, get("/panic"), func(http.ResponseWriter, *http.Request) { panic("x") })
	serve(t, chain, get("/empty"), func(http.ResponseWriter, *http.Request) {})
	lines := strings.Split(strings.TrimSpace(log.String()), "\n")
	if len(lines) != 3 {
		t.Fatalf("%d lines:\n%s", len(lines), &log)
	}
	for i, parts := range [][]string{
		{`path="/a\nb"`, "status=201", "bytes=5", "client=192.0.2.1", "request_id=", "method=GET"},
		{"path=/panic", "status=500"},
		{"path=/empty", "status=200"},
	} {
		for _, part := range parts {
			if !strings.Contains(lines[i], part) {
				t.Errorf("line %q lacks %q", lines[i], part)
			}
		}
	}
	if strings.Contains(log.String(), "secret") {
		t.Error("the query is in the log")
	}
}

func TestDefaultWiresSessionsAndCSRFTogether(t *testing.T) {
	t.Parallel()
	chain, err := middleware.Default(middleware.Options{
		Debug: true, Logger: slog.New(slog.DiscardHandler), Sessions: sessions.Options{Signer: signing.New("secret")},
	})
	if err != nil {
		t.Fatal(err)
	}
	first := serve(t, chain, get("http://localhost:8000/"), func(_ http.ResponseWriter, r *http.Request) { sessions.From(r).Set("a", 1) })
	cookies := first.Cookies()
	if len(cookies) != 1 || cookies[0].Name != "session" || cookies[0].Secure {
		t.Fatalf("cookies %v", cookies)
	}
	post := httptest.NewRequest(http.MethodPost, "http://localhost:8000/", nil)
	post.Header.Set("Sec-Fetch-Site", "same-origin")
	if got := serve(t, chain, post.Clone(t.Context()), ok); got.StatusCode != http.StatusOK {
		t.Errorf("a visitor without a session: %d", got.StatusCode)
	}
	post.AddCookie(cookies[0])
	refused := serve(t, chain, post, ok)
	if text := body(t, refused); refused.StatusCode != http.StatusForbidden || !strings.Contains(text, "cookie") {
		t.Errorf("a session without a token: %d %q; want 403 that says why", refused.StatusCode, text)
	}
}

func TestDefaultNamesEveryWrongOption(t *testing.T) {
	t.Parallel()
	_, err := middleware.Default(middleware.Options{
		AllowedHosts: []string{"https://example.com"}, TrustedOrigins: []string{"example.org"}, TrustedProxies: []string{"proxy.local"},
	})
	if err == nil {
		t.Fatal("no error")
	}
	for _, part := range []string{`"https://example.com"`, `"example.org"`, `"proxy.local"`} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("the error does not name %s: %v", part, err)
		}
	}
}

func TestUnixSocketsAreTrustedIfTheyAreNamed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		trusted []string
		local   net.Addr
		want    string
	}{
		"named":          {[]string{"unix"}, &net.UnixAddr{Name: "/run/a", Net: "unix"}, "198.51.100.7 true"},
		"not named":      {[]string{"127.0.0.1"}, &net.UnixAddr{Name: "/run/a", Net: "unix"}, " false"},
		"another socket": {[]string{"unix"}, &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)}, " false"},
		"no socket":      {[]string{"unix"}, nil, " false"},
	} {
		proxies, err := middleware.Proxies(c.trusted)
		if err != nil {
			t.Fatal(err)
		}
		r := get("/")
		r.RemoteAddr = "@"
		r.Header.Set("X-Forwarded-For", "198.51.100.7")
		r.Header.Set("X-Forwarded-Proto", "https")
		if c.local != nil {
			r = r.WithContext(context.WithValue(r.Context(), http.LocalAddrContextKey, c.local))
		}
		got := serve(t, []web.Middleware{proxies}, r, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Got", fmt.Sprint(web.ClientIP(r), " ", web.IsSecure(r)))
		}).Header.Get("Got")
		if got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
