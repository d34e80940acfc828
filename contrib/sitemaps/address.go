package sitemaps

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/quintetgo/quintet/framework/web"
)

// base is the address of the site.
func (a App) base(r *http.Request) *url.URL {
	if u, err := url.Parse(a.BaseURL); err == nil && u.Host != "" {
		return u
	}
	scheme := "http"
	if web.IsSecure(r) {
		scheme = "https"
	}
	return &url.URL{Scheme: scheme, Host: r.Host}
}

// absolute makes a whole, escaped address of a location. What cannot be part of an address is escaped, so that one strange
// location does not take the others away.
func absolute(site *url.URL, location string) (string, error) {
	if location = strings.TrimSpace(location); location == "" {
		return "", errors.New("the location is empty")
	}
	location = escape(location)
	u, err := url.Parse(location)
	if err != nil && !strings.Contains(location, "://") {
		u, err = url.Parse("/" + location) // "a:b" has the form of a scheme
	}
	if err != nil {
		return "", err
	}
	if u.Scheme != "" {
		return u.String(), nil
	}
	full := *site
	if prefix := strings.TrimSuffix(site.EscapedPath(), "/"); prefix != "" || !strings.HasPrefix(u.Path, "/") {
		path := prefix + "/" + strings.TrimPrefix(u.EscapedPath(), "/")
		if full.Path, err = url.PathUnescape(path); err != nil {
			return "", err
		}
		full.RawPath = path
	} else {
		full.Path, full.RawPath = u.Path, u.RawPath
	}
	if u.Host != "" {
		full.Host = u.Host
	}
	full.RawQuery, full.Fragment, full.RawFragment = u.RawQuery, u.Fragment, u.RawFragment
	return full.String(), nil
}

// escape escapes what no address may contain: white space, control characters, everything that is not ASCII, some signs, and
// percent signs that encode nothing. Angle brackets are left to the encoder of XML.
func escape(s string) string {
	var b strings.Builder
	for i := range len(s) {
		c := s[i]
		switch {
		case c == '%' && (len(s) < i+3 || strings.Trim(s[i+1:i+3], "0123456789abcdefABCDEF") != ""),
			c <= ' ', c >= 0x7f, strings.IndexByte("\"\\^`{|}", c) >= 0:
			fmt.Fprintf(&b, "%%%02X", c)
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}
