package web

import (
	"fmt"
	"net/http"
	"net/url"
	"path"
	"strings"
	"unicode/utf8"
)

// Redirect redirects the client, with status 303 after a POST, so that reloading the page does not submit the form again, and
// 302 otherwise. The target is the name of a route with its arguments, a path or full address, a [Ref], or a [Routable] such
// as a model. Pass addresses that come from the client through [SafeRedirect] first.
func Redirect(w http.ResponseWriter, r *http.Request, to any, args ...any) error {
	status := http.StatusFound
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		status = http.StatusSeeOther
	}
	return RedirectStatus(w, r, status, to, args...)
}

// RedirectStatus is [Redirect] with another status, such as 301 or 308.
func RedirectStatus(w http.ResponseWriter, r *http.Request, status int, to any, args ...any) error {
	address, err := target(r, to, args)
	if err != nil {
		return fmt.Errorf("redirect: %w", err)
	}
	w.Header().Set("Location", headerSafe(address))
	w.WriteHeader(status)
	return nil
}

// target returns the address that a redirect leads to.
func target(r *http.Request, to any, args []any) (string, error) {
	if ref, ok := refOf(to); ok {
		if len(args) > 0 {
			return "", fmt.Errorf("a %T takes no arguments", to)
		}
		address, err := ref.URL(r)
		if err == nil && strings.HasPrefix(address, "/") {
			address = localPath(address)
		}
		return address, err
	}
	s, ok := to.(string)
	switch {
	case !ok:
		return "", fmt.Errorf("a %T is neither an address nor has it a method Route() web.Ref", to)
	case s == "":
		return "", fmt.Errorf("the target is empty")
	case strings.HasPrefix(s, "/"):
		return localPath(s), nil
	case strings.ContainsAny(s, "/?#."):
		return s, nil
	}
	return URL(r, s, args...)
}

// headerSafe escapes what a header must not contain: control characters, spaces, backslashes and everything that is not
// ASCII.
func headerSafe(s string) string {
	var b strings.Builder
	for i := range len(s) {
		if c := s[i]; c <= ' ' || c >= 0x7f || c == '\\' || c == '"' || c == '<' || c == '>' {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

// maxRedirect is the length in bytes above which an address is not followed.
const maxRedirect = 4096

// SafeRedirect returns next, as a path, if it is an address of this site, and fallback otherwise. It is for addresses from the
// client, such as the parameter next of a login page. Only a path that begins with exactly one slash, or a full address on the
// host of the request, passes; anything that some browser or proxy might read as another host is refused.
func SafeRedirect(r *http.Request, next, fallback string) string {
	if next == "" || len(next) > maxRedirect || !utf8.ValidString(next) || strings.ContainsFunc(next, unsafeRune) {
		return fallback
	}
	if i := strings.Index(next, "://"); i > 0 && next[0] != '/' {
		scheme, rest := strings.ToLower(next[:i]), next[i+3:]
		host, _, _ := strings.Cut(rest, "/")
		if scheme != "http" && scheme != "https" || IsSecure(r) && scheme == "http" || r.Host == "" || !strings.EqualFold(host, r.Host) {
			return fallback
		}
		if next = rest[len(host):]; next == "" {
			next = "/"
		}
	}
	u, err := url.Parse(next)
	if err != nil || u.Scheme != "" || u.Opaque != "" || u.User != nil || u.Host != "" || !strings.HasPrefix(next, "/") {
		return fallback
	}
	if !plainPath(u.Path) {
		return fallback
	}
	return u.String()
}

// unsafeRune reports whether browsers drop the character or may read it as a slash.
func unsafeRune(c rune) bool {
	switch {
	case c < ' ', c == 0x7f, c == '\\', c == utf8.RuneError:
		return true
	case c >= 0x80 && c <= 0xa0,
		c == 0x1680,
		c >= 0x2000 && c <= 0x200f,
		c >= 0x2028 && c <= 0x202f,
		c >= 0x205f && c <= 0x206f,
		c == 0x3000,
		c == 0xfeff:
		return true // invisible, or a space
	case c == 0x2044, c == 0x2215, c == 0x29f8, c == 0xff0f, c == 0xff3c, c == 0xfe68, c == 0x29f5, c == 0x2216:
		return true // looks like a slash, and becomes one under some normal forms
	}
	return false
}

// plainPath reports whether a decoded path has one slash at its start and no dots, even if someone decodes it once more.
func plainPath(p string) bool {
	for range 3 {
		if strings.HasPrefix(p, "//") || strings.ContainsFunc(p, unsafeRune) {
			return false
		}
		if clean := path.Clean(p); clean != p && clean != strings.TrimSuffix(p, "/") {
			return false
		}
		decoded, err := url.PathUnescape(p)
		if err != nil || decoded == p {
			return true
		}
		p = decoded
	}
	return false
}
