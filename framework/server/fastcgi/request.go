package fastcgi

import (
	"io"
	"net/http"
)

// sound reports whether the address of a request is that of its host. Package net/http/cgi reads both
// as one text, in which a host such as "a/admin?" would be half of the path.
func sound(r *http.Request) bool { return r.URL.Host == r.Host && r.URL.User == nil }

// measure holds the body of a request to the length that the web server said, as net/http does over
// HTTP. Without that, half an upload would pass for a whole one.
func measure(r *http.Request) {
	_, some := r.Body.(*io.PipeReader)
	if !some {
		r.Body = http.NoBody // the one of net/http/fcgi is shared by all requests
	}
	switch {
	case r.ContentLength > 0:
		r.Body = &measured{r.Body, r.ContentLength}
	case some: // nothing was said, as with a chunked body
		r.ContentLength = -1
	}
}

// measured is a body of a known length.
type measured struct {
	io.ReadCloser
	left int64
}

func (m *measured) Read(p []byte) (int, error) {
	if m.left == 0 {
		return 0, io.EOF
	}
	n, err := m.ReadCloser.Read(p[:min(int64(len(p)), m.left)])
	m.left -= int64(n)
	if err == io.EOF && m.left > 0 {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}
