package sitemaps

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"unicode"

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

// absolute makes a whole, escaped address of a location.
func absolute(site *url.URL, location string) (string, error) {
	location = strings.TrimSpace(location)
	if location == "" {
		return "", errors.New("the location is empty")
	}
	if strings.ContainsFunc(location, unicode.IsControl) {
		return "", errors.New("the location holds control characters")
	}
	u, err := url.Parse(location)
	if err != nil {
		return "", err
	}
	if u.Scheme != "" {
		return u.String(), nil
	}
	full := *site
	if prefix := strings.TrimSuffix(site.Path, "/"); prefix != "" || !strings.HasPrefix(u.Path, "/") {
		full.Path, full.RawPath = prefix+"/"+strings.TrimPrefix(u.Path, "/"), ""
	} else {
		full.Path, full.RawPath = u.Path, u.RawPath
	}
	if u.Host != "" {
		full.Host = u.Host
	}
	full.RawQuery, full.Fragment = u.RawQuery, u.Fragment
	return full.String(), nil
}
