package web

import (
	"net/url"
	"strings"
)

// slashMark replaces an escaped slash in a path that is otherwise decoded, so that it does not end its segment. It is a
// noncharacter of Unicode, which no text for interchange contains; [Router.URL] refuses values with it.
const slashMark = "\U0010FFFE"

// decodePath decodes a path or a piece of one into the form that routes are compared in: every percent-encoding is decoded,
// and an encoded slash becomes a slashMark. A percent sign that encodes nothing stays as it is.
func decodePath(s string) string {
	i := strings.IndexByte(s, '%')
	if i < 0 {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for ; i >= 0; i = strings.IndexByte(s, '%') {
		b.WriteString(s[:i])
		if s = s[i:]; len(s) < 3 || !isHex(s[1]) || !isHex(s[2]) {
			b.WriteByte('%')
			s = s[1:]
			continue
		}
		if c := unhex(s[1])<<4 | unhex(s[2]); c == '/' {
			b.WriteString(slashMark)
		} else {
			b.WriteByte(c)
		}
		s = s[3:]
	}
	b.WriteString(s)
	return b.String()
}

// encodePath is the reverse of [decodePath]: an address.
func encodePath(decoded string) string {
	segments := strings.Split(decoded, "/")
	for i, s := range segments {
		segments[i] = url.PathEscape(unmark(s))
	}
	return strings.Join(segments, "/")
}

// mark replaces the slashes of a value that is one segment.
func mark(value string) string { return strings.ReplaceAll(value, "/", slashMark) }

func unmark(value string) string { return strings.ReplaceAll(value, slashMark, "/") }

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}

func unhex(c byte) byte {
	if c <= '9' {
		return c - '0'
	}
	return c&^0x20 - 'A' + 10
}

// decodedPath returns the path of a request in the form that routes are compared in. left is what an outer chi router left of
// the path, or "" for all of it.
func decodedPath(u *url.URL, left string) string {
	if !rawPathCounts(u) {
		if left == "" {
			left = u.Path
		}
		return left
	}
	if left == "" {
		left = u.RawPath
	}
	return decodePath(left)
}

// rawPathCounts reports whether RawPath has the path as it was sent. It is set if the path is not encoded in the usual way, and
// does not count if somebody changed Path since.
func rawPathCounts(u *url.URL) bool {
	if u.RawPath == "" {
		return false
	}
	path, err := url.PathUnescape(u.RawPath)
	return err == nil && path == u.Path
}

// escapedPath returns the path as it was sent. EscapedPath of package url loses an escaped slash as soon as the path has a
// character that should be escaped and is not, as clients send letters beyond ASCII.
func escapedPath(u *url.URL) string {
	if rawPathCounts(u) {
		return u.RawPath
	}
	return u.EscapedPath()
}

// cutSegments returns what follows the first n segments of a path that begins with a slash.
func cutSegments(path string, n int) string {
	for range n {
		if path == "" {
			return ""
		}
		i := strings.IndexByte(path[1:], '/')
		if i < 0 {
			return ""
		}
		path = path[i+1:]
	}
	return path
}
