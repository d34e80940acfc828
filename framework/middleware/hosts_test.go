package middleware_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/framework/middleware"
	"github.com/quintetgo/quintet/framework/web"
)

func TestHosts(t *testing.T) {
	t.Parallel()
	site := []string{"example.com", ".shop.example", "192.0.2.7", "[2001:db8::1]", "Upper.Example"}
	cases := []struct {
		allowed []string
		debug   bool
		host    string
		want    bool
	}{
		{site, false, "example.com", true},
		{site, false, "EXAMPLE.com:8080", true},
		{site, false, "upper.example", true},
		{site, false, "shop.example", true},
		{site, false, "a.b.shop.example:443", true},
		{site, false, "192.0.2.7:80", true},
		{site, false, "[2001:db8::1]:80", true},
		{site, false, "[2001:0db8:0::1]", true},
		{site, false, "www.example.com", false},
		{site, false, "notshop.example", false},
		{site, false, "example.com.", true},
		{site, false, "EXAMPLE.com.:8080", true},
		{site, false, "a.shop.example.", true},
		{site, false, "192.0.2.7.", true},
		{site, false, "example.com..", false},
		{site, false, "..", false},
		{site, false, "[2001:db8::1].", false},
		{site, false, "a_b.shop.example", false},
		{[]string{"example.org."}, false, "example.org", true},
		{[]string{"*"}, false, "any_thing", false},
		{nil, true, "localhost.", true},
		{site, false, "example.com.evil.example", false},
		{site, false, "evil.example:80@example.com", false},
		{site, false, "example.com:80:90", false},
		{site, false, "example.com:port", false},
		{site, false, "example.com:99999", false},
		{site, false, "example.com,evil.example", false},
		{site, false, "example.com/path", false},
		{site, false, "examplе.com", false}, // a Cyrillic letter
		{site, false, "example.com\x00", false},
		{site, false, "[::1", false},
		{site, false, "[::1%25eth0]", false},
		{site, false, "", false},
		{site, false, "localhost", false},
		{site, true, "localhost", false},
		{nil, true, "localhost:8000", true},
		{nil, true, "shop.localhost:8000", true},
		{nil, true, "127.0.0.1:8000", true},
		{nil, true, "127.9.9.9", true},
		{nil, true, "[::1]:8000", true},
		{nil, true, "localhost.evil.example", false},
		{nil, true, "192.168.1.5", false},
		{nil, false, "localhost", false},
		{[]string{"*"}, false, "anything.example", true},
		{[]string{"*"}, false, "any thing", false},
	}
	for _, c := range cases {
		mw, err := middleware.AllowedHosts(c.allowed, c.debug)
		if err != nil {
			t.Fatal(err)
		}
		r := get("/")
		r.Host = c.host
		r.Header.Set("X-Forwarded-Host", "example.com")
		answer := serve(t, []web.Middleware{mw}, r, ok)
		text := body(t, answer)
		if got := answer.StatusCode == http.StatusOK; got != c.want {
			t.Errorf("host %q, allowed %v, debug %v: status %d", c.host, c.allowed, c.debug, answer.StatusCode)
		}
		if !c.want && (answer.StatusCode != http.StatusBadRequest || c.host != "" && strings.Contains(text, c.host)) {
			t.Errorf("host %q: %d, and the page may show it: %q", c.host, answer.StatusCode, text)
		}
	}
}

func TestWrongAllowedHostsAreNamed(t *testing.T) {
	t.Parallel()
	for _, entry := range []string{"", "https://example.com", "example.com/", "*.example.com", ".[::1]", "a b", "my_host", "a.."} {
		if _, err := middleware.AllowedHosts([]string{"good.example", entry}, false); err == nil || !strings.Contains(err.Error(), `"`+entry+`"`) {
			t.Errorf("%q: error %v", entry, err)
		}
	}
}

func TestTheClientsAddress(t *testing.T) {
	t.Parallel()
	trusted := []string{"10.0.0.0/8", "127.0.0.1", "::1"}
	cases := []struct {
		trusted []string
		remote  string
		chain   []string
		want    string
	}{
		{nil, "203.0.113.9:1000", []string{"198.51.100.1"}, "203.0.113.9"},
		{trusted, "203.0.113.9:1000", []string{"198.51.100.1"}, "203.0.113.9"},
		{trusted, "10.1.2.3:1000", nil, "10.1.2.3"},
		{trusted, "10.1.2.3:1000", []string{"198.51.100.1"}, "198.51.100.1"},
		{trusted, "[::ffff:10.1.2.3]:1000", []string{"198.51.100.1"}, "198.51.100.1"},
		{trusted, "[::1]:1000", []string{"2001:db8::7"}, "2001:db8::7"},
		{trusted, "127.0.0.1:1000", []string{"1.1.1.1, 198.51.100.1 , 10.0.0.9"}, "198.51.100.1"},
		{trusted, "127.0.0.1:1000", []string{"1.1.1.1", "198.51.100.1,10.0.0.9"}, "198.51.100.1"},
		{trusted, "127.0.0.1:1000", []string{"10.0.0.8, 10.0.0.9"}, "10.0.0.8"},
		{trusted, "127.0.0.1:1000", []string{"1.1.1.1, unknown"}, "127.0.0.1"},
		{trusted, "127.0.0.1:1000", []string{"1.1.1.1, 198.51.100.1:4711"}, "127.0.0.1"},
		{trusted, "127.0.0.1:1000", []string{","}, "127.0.0.1"},
		{trusted, "127.0.0.1:1000", []string{"<script>"}, "127.0.0.1"},
	}
	for _, c := range cases {
		mw, err := middleware.Proxies(c.trusted)
		if err != nil {
			t.Fatal(err)
		}
		r := get("/")
		r.RemoteAddr = c.remote
		r.Header["X-Forwarded-For"] = c.chain
		r.Header["X_forwarded_for"] = []string{"6.6.6.6"}
		r.Header.Set("X-Real-IP", "6.6.6.6")
		var got string
		serve(t, []web.Middleware{mw}, r, func(_ http.ResponseWriter, r *http.Request) { got = web.ClientIP(r) })
		if got != c.want {
			t.Errorf("%s with %q: %q, want %q", c.remote, c.chain, got, c.want)
		}
	}
}

func FuzzHost(f *testing.F) {
	mw, err := middleware.AllowedHosts([]string{".example.com"}, false)
	if err != nil {
		f.Fatal(err)
	}
	f.Add("a.example.com:80")
	f.Add("[::1]:x")
	f.Fuzz(func(t *testing.T, host string) {
		r := get("/")
		r.Host = host
		answer := serve(t, []web.Middleware{mw}, r, ok)
		name, _, _ := strings.Cut(strings.ToLower(host), ":")
		if answer.StatusCode == http.StatusOK && name != "example.com" && !strings.HasSuffix(name, ".example.com") {
			t.Fatalf("host %q passed", host)
		}
	})
}

func FuzzForwardedFor(f *testing.F) {
	mw, err := middleware.Proxies([]string{"192.0.2.1", "10.0.0.0/8"})
	if err != nil {
		f.Fatal(err)
	}
	f.Add("1.1.1.1, 10.0.0.1")
	f.Add(",,,")
	f.Fuzz(func(t *testing.T, chain string) {
		r := get("/")
		r.Header["X-Forwarded-For"] = []string{chain}
		serve(t, []web.Middleware{mw}, r, func(_ http.ResponseWriter, r *http.Request) {
			if web.ClientIP(r) == "" {
				t.Errorf("%q: no client", chain)
			}
		})
	})
}
