package certs_test

import (
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/framework/server/certs"
)

// FuzzRedirect searches for a Host header or address that redirects visitors to anything but https of the same host.
func FuzzRedirect(f *testing.F) {
	for _, host := range []string{"example.com", "example.com:80", "[::1]:80", "a@b", "example.com/..", "", ":80"} {
		f.Add(host, "/a?b")
	}
	f.Fuzz(func(t *testing.T, host, path string) {
		r := httptest.NewRequest("GET", "/", nil)
		r.Host, r.URL = host, &url.URL{Path: "/" + path}
		w := httptest.NewRecorder()
		certs.Redirect(w, r)
		location := w.Header().Get("Location")
		if location == "" {
			return
		}
		to, err := url.Parse(location)
		if err != nil {
			return // browsers do not accept such a host
		}
		if to.Scheme != "https" || to.Host == "" || !strings.HasPrefix(host, to.Host) || to.User != nil || to.Port() != "" {
			t.Errorf("host %q is sent to %q", host, location)
		}
	})
}
