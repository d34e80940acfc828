package certs

import (
	"crypto/tls"
	"errors"
	"net/http"
	"net/netip"
	"strings"

	"golang.org/x/crypto/acme"
	"golang.org/x/crypto/acme/autocert"
)

// ACMEOptions configures which certificates are obtained. Using them means agreeing to the terms of the authority.
type ACMEOptions struct {
	Hosts     []string // names of the site; required. Other names get no certificate
	Cache     string   // directory for keys and certificates, shared by all processes; required
	Email     string   // contact address for the authority; may be empty
	Directory string   // URL of the authority; default: Let's Encrypt
}

// ACME obtains certificates when they are needed and renews them before they expire. It is safe for concurrent use.
type ACME struct{ manager *autocert.Manager }

// NewACME checks the options and creates the cache directory. The authority is contacted at the first connection.
func NewACME(o ACMEOptions) (*ACME, error) {
	if len(o.Hosts) == 0 || o.Cache == "" {
		return nil, errors.New("ACME requires the names of the site and a directory for its certificates")
	}
	m := &autocert.Manager{
		Prompt: autocert.AcceptTOS, Cache: autocert.DirCache(o.Cache), HostPolicy: autocert.HostWhitelist(o.Hosts...), Email: o.Email,
	}
	if o.Directory != "" {
		m.Client = &acme.Client{DirectoryURL: o.Directory}
	}
	return &ACME{manager: m}, nil
}

// Config returns the TLS configuration: version 1.2 or newer, HTTP/2 and HTTP/1.1.
func (a *ACME) Config() *tls.Config { return modern(a.manager.TLSConfig()) }

// Handler responds to the challenges of the authority over plain HTTP, on port 80, and redirects everything else to
// https.
func (a *ACME) Handler() http.Handler { return a.manager.HTTPHandler(http.HandlerFunc(Redirect)) }

// Redirect redirects to the same address over https. Only GET and HEAD can be redirected; the content of another
// request was sent in clear text already, so it gets an error.
func Redirect(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		http.Error(w, "Use https.", http.StatusBadRequest)
		return
	}
	host := hostOnly(r.Host)
	if host == "" {
		http.Error(w, "The host name is not valid.", http.StatusBadRequest)
		return
	}
	w.Header().Set("Connection", "close")
	http.Redirect(w, r, "https://"+host+r.URL.RequestURI(), http.StatusPermanentRedirect)
}

// hostOnly returns a Host header without its port, or "" if it is not a name or an address.
func hostOnly(host string) string {
	if end := strings.IndexByte(host, ']'); strings.HasPrefix(host, "[") && end > 0 {
		if addr, err := netip.ParseAddr(host[1:end]); err != nil || !addr.Is6() || addr.Zone() != "" {
			return ""
		}
		return host[:end+1]
	}
	name, _, _ := strings.Cut(host, ":")
	for i := range len(name) {
		c := name[i]
		if c != '.' && c != '-' && (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') {
			return ""
		}
	}
	return name
}
