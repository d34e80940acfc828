package middleware

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/quintetgo/quintet/framework/web"
)

// DefaultCSP is the default content security policy: everything is loaded from this site, and inline
// scripts and styles need the nonce of the page.
const DefaultCSP = "default-src 'self'; script-src 'self' 'nonce'; style-src 'self' 'nonce'; img-src 'self' data:; " +
	"object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// HeaderOptions are the security headers of every response. The zero value is strict.
type HeaderOptions struct {
	// CSP is the content security policy, [DefaultCSP] by default. 'nonce' in it becomes the nonce
	// of the page ('nonce-…', see web.Nonce), or nothing if the page does not use one. "none" sends
	// no policy.
	CSP string
	// HSTS is the time for which browsers use https only. It is sent over https only. 0 sends none;
	// HSTSSubdomains includes all subdomains.
	HSTS           time.Duration
	HSTSSubdomains bool
	// ReferrerPolicy is "same-origin" by default.
	ReferrerPolicy string
	// OpenerPolicy is the Cross-Origin-Opener-Policy, "same-origin" by default.
	OpenerPolicy string
	// PermissionsPolicy is "camera=(), geolocation=(), microphone=()" by default.
	PermissionsPolicy string
}

// SecurityHeaders sets the headers before the view runs, so that a view may change or remove them.
func SecurityHeaders(o HeaderOptions) web.Middleware {
	policy := newPolicy(or(o.CSP, DefaultCSP))
	// Header values are shared between requests, since slices are never changed in place.
	fixed := map[string][]string{
		"X-Content-Type-Options":     {"nosniff"},
		"X-Frame-Options":            {"DENY"},
		"Referrer-Policy":            {or(o.ReferrerPolicy, "same-origin")},
		"Cross-Origin-Opener-Policy": {or(o.OpenerPolicy, "same-origin")},
		"Permissions-Policy":         {or(o.PermissionsPolicy, "camera=(), geolocation=(), microphone=()")},
	}
	if !strings.Contains(policy.bare, "frame-ancestors 'none'") {
		delete(fixed, "X-Frame-Options") // the policy is more specific
	}
	if policy.bare != "" {
		fixed["Content-Security-Policy"] = []string{policy.bare}
	}
	var hsts []string
	if o.HSTS > 0 {
		value := "max-age=" + strconv.Itoa(int(o.HSTS.Seconds()))
		if o.HSTSSubdomains {
			value += "; includeSubDomains"
		}
		hsts = []string{value}
	}
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			header := w.Header()
			for name, value := range fixed {
				header[name] = value
			}
			if hsts != nil && web.IsSecure(r) {
				header["Strict-Transport-Security"] = hsts
			}
			if policy.hasNonce {
				web.OnNonce(r, func(nonce string) {
					if header.Get("Content-Security-Policy") == policy.bare { // a view's own policy stays
						header.Set("Content-Security-Policy", policy.with(nonce))
					}
				})
			}
			next.ServeHTTP(w, r)
		})
	}
}

func or(value, otherwise string) string {
	if value == "" {
		return otherwise
	}
	return value
}

// noncePlace is the placeholder for the nonce in a policy.
const noncePlace = "'nonce'"

// policy is a content security policy, cut at the places of the nonce.
type policy struct {
	bare     string // without a nonce
	parts    []string
	hasNonce bool
}

func newPolicy(csp string) policy {
	if csp == "none" {
		return policy{}
	}
	parts := strings.Split(csp, noncePlace)
	bare := strings.ReplaceAll(strings.ReplaceAll(csp, " "+noncePlace, ""), noncePlace, "'none'")
	return policy{bare: bare, parts: parts, hasNonce: len(parts) > 1}
}

func (p policy) with(nonce string) string { return strings.Join(p.parts, "'nonce-"+nonce+"'") }
