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

// ACMEOptions say for which names certificates are asked. Using them means to agree to the terms of
// the authority.
type ACMEOptions struct {
	Hosts     []string // names of the site; others get no certificate
	Cache     string   // directory for keys and certificates, shared by all processes
	Email     string   // to which the authority writes; may be empty
	Directory string   // address of the authority; "" means Let's Encrypt
}

// ACME gets certificates when they are needed and renews them in time.
type ACME struct{ manager *autocert.Manager }

// NewACME prepares; the authority is asked at the first connection.
func NewACME(o ACMEOptions) (*ACME, error) {
	if len(o.Hosts) == 0 || o.Cache == "" {
		return nil, errors.New("ACME needs the names of the site and a directory for its certificates")
	}
	m := &autocert.Manager{Prompt: autocert.AcceptTOS, Cache: autocert.DirCache(o.Cache), HostPolicy: autocert.HostWhitelist(o.Hosts...), Email: o.Email}
	if o.Directory != "" {
		m.Client = &acme.Client{DirectoryURL: o.Directory}
	}
	return &ACME{manager: m}, nil
}

// Config returns the TLS settings: version 1.2 or newer, HTTP/2 and HTTP/1.1.
func (a *ACME) Config() *tls.Config { return modern(a.manager.TLSConfig()) }

// Handler answers the authority's questions over plain HTTP, on port 80, and sends everyone else to
// https.
func (a *ACME) Handler() http.Handler { return a.manager.HTTPHandler(http.HandlerFunc(Redirect)) }

// Redirect sends a visitor to the same address over https. Only GET and HEAD can be sent on; what
// another request carries was sent in clear already.
func Redirect(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		http.Error(w, "Use https.", http.StatusBadRequest)
		return
	}
	host := hostOnly(r.Host)
	if host == "" {
		http.Error(w, "That is no host name.", http.StatusBadRequest)
		return
	}
	w.Header().Set("Connection", "close")
	http.Redirect(w, r, "https://"+host+r.URL.RequestURI(), http.StatusPermanentRedirect)
}

// hostOnly is a Host header without its port, or "" if it holds anything but a name or an address.
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
