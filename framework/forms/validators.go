package forms

import (
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"unicode"
)

// The time of these checks is linear in the length of the value.

// validEmail reports whether s is a dot-atom, an at sign and a domain of two labels or more, or an address in brackets. Quoted
// names and comments are not accepted: mail providers do not use them.
func validEmail(s string) bool {
	at := strings.LastIndexByte(s, '@')
	if len(s) > 254 || at < 1 || at > 64 {
		return false
	}
	local, domain := s[:at], s[at+1:]
	if strings.HasPrefix(local, ".") || strings.HasSuffix(local, ".") || strings.Contains(local, "..") {
		return false
	}
	for _, r := range local {
		ascii := r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || strings.ContainsRune("!#$%&'*+/=?^_`{|}~.-", r)
		if !ascii && (r < 128 || !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r)) {
			return false
		}
	}
	if inner, ok := strings.CutPrefix(domain, "["); ok {
		inner = strings.TrimPrefix(strings.TrimSuffix(inner, "]"), "IPv6:")
		_, err := netip.ParseAddr(inner)
		return err == nil && strings.HasSuffix(domain, "]")
	}
	return strings.Contains(domain, ".") && validDomain(domain)
}

// validDomain accepts letters of every script: domains are entered before they are encoded.
func validDomain(domain string) bool {
	domain = strings.TrimSuffix(domain, ".")
	if domain == "" || len(domain) > 253 {
		return false
	}
	labels := strings.Split(domain, ".")
	for _, label := range labels {
		if label == "" || len(label) > 63*4 || strings.HasPrefix(label, "-") || strings.HasSuffix(label, "-") {
			return false
		}
		for _, r := range label {
			if r != '-' && !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) {
				return false
			}
		}
	}
	return strings.Trim(labels[len(labels)-1], "0123456789") != "" // not a mistyped IP address
}

func validSlug(s string) bool {
	for i := range len(s) {
		c := s[i]
		if c != '-' && c != '_' && (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'z') {
			return false
		}
	}
	return s != ""
}

// maxURL is the length in bytes that browsers and servers support.
const maxURL = 2048

// urlText is the message for a value that is not a URL.
const urlText = "Please enter a web address, like https://example.org/."

// parseURL adds https to a URL without a scheme, and requires a host.
func (f *Field) parseURL(value string) (any, error) {
	schemes := f.Schemes
	if len(schemes) == 0 {
		schemes = []string{"http", "https"}
	}
	if len(value) > maxURL || strings.IndexFunc(value, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }) >= 0 {
		return nil, f.invalidText(urlText)
	}
	if !strings.Contains(value, "://") {
		if scheme, _, found := strings.Cut(value, ":"); found && !strings.ContainsAny(scheme, "./") && scheme != "localhost" {
			return nil, f.invalidText(urlText) // javascript:, mailto:
		}
		value = "https://" + value
	}
	u, err := url.Parse(value)
	if err != nil || u.Opaque != "" || !slices.Contains(schemes, strings.ToLower(u.Scheme)) {
		return nil, f.invalidText(urlText)
	}
	host := u.Hostname()
	if _, err := netip.ParseAddr(host); err != nil && host != "localhost" && (!strings.Contains(host, ".") || !validDomain(host)) {
		return nil, f.invalidText(urlText)
	}
	return value, nil
}

// canonicalUUID accepts 32 hexadecimal digits with or without hyphens, and returns the canonical form.
func canonicalUUID(s string) (string, bool) {
	if len(s) == 36 {
		for _, i := range []int{8, 13, 18, 23} {
			if s[i] != '-' {
				return "", false
			}
		}
		s = s[:8] + s[9:13] + s[14:18] + s[19:23] + s[24:]
	}
	if len(s) != 32 {
		return "", false
	}
	s = strings.ToLower(s)
	if strings.Trim(s, "0123456789abcdef") != "" {
		return "", false
	}
	return s[:8] + "-" + s[8:12] + "-" + s[12:16] + "-" + s[16:20] + "-" + s[20:], true
}
