package fastcgi

import (
	"errors"
	"io"
	"net/http"
)

// sound reports whether the URL of a request has the host of the request. Package net/http/cgi parses both as one
// text, in which a host such as "a/admin?" would become a part of the path.
func sound(r *http.Request) bool { return r.URL.Host == r.Host && r.URL.User == nil }

// measure limits the body of a request to the announced length, as net/http does over HTTP. Otherwise half an upload
// would pass for a complete one.
func measure(r *http.Request) {
	_, some := r.Body.(*io.PipeReader)
	if !some {
		r.Body = http.NoBody // the NoBody of net/http/fcgi is shared by all requests
	}
	switch {
	case r.ContentLength > 0:
		r.Body = &measured{r.Body, r.ContentLength}
	case some: // no length was announced, as with a chunked body
		r.ContentLength = -1
	}
}

// measured is a body of a given length.
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
	if errors.Is(err, io.EOF) && m.left > 0 {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}
