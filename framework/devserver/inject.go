package devserver

import (
	"bytes"
	"errors"
	"fmt"
	"html"
	"io"
	"mime"
	"net/http"
	"regexp"
	"strconv"
)

// inject inserts the script into a page: before </body>, or at the end if there is none. Other responses stay
// unchanged.
func inject(response *http.Response, script string) {
	header := response.Header
	mediaType, _, _ := mime.ParseMediaType(header.Get("Content-Type"))
	switch {
	case mediaType != "text/html" || header.Get("Content-Encoding") != "" || header.Get("Content-Disposition") != "":
		return
	case response.Request.Method == http.MethodHead || response.StatusCode == http.StatusPartialContent:
		return
	case response.StatusCode == http.StatusNoContent || response.StatusCode == http.StatusNotModified || response.StatusCode < 200:
		return
	case response.Request.Header.Get("X-Requested-With") != "" || response.Request.Header.Get("Sec-Fetch-Dest") == "empty":
		return // a part of a page requested by a script
	}
	tag := fmt.Sprintf(`<script src="%s"`, html.EscapeString(script))
	if nonce := nonceOf(header.Values("Content-Security-Policy")); nonce != "" {
		tag += fmt.Sprintf(` nonce="%s"`, html.EscapeString(nonce))
	}
	tag += " defer></script>"
	response.Body = &injector{source: response.Body, tag: []byte(tag)}
	if response.ContentLength >= 0 {
		response.ContentLength += int64(len(tag))
		header.Set("Content-Length", strconv.FormatInt(response.ContentLength, 10))
	}
}

var nonce = regexp.MustCompile(`'nonce-([A-Za-z0-9+/=_-]+)'`)

// nonceOf returns the nonce by which a policy allows scripts, or "".
func nonceOf(policies []string) string {
	for _, policy := range policies {
		if m := nonce.FindStringSubmatch(policy); m != nil {
			return m[1]
		}
	}
	return ""
}

// injector copies a page and inserts tag before its first </body>, or at its end. It only holds back what could be
// the beginning of </body>, so that a page that is streamed arrives in the same pieces.
type injector struct {
	source io.ReadCloser
	tag    []byte
	held   []byte // read from source, not yet searched
	out    []byte // ready to be read
	done   bool   // tag was inserted
	err    error  // of source
}

var bodyEnd = []byte("</body")

func (i *injector) Read(b []byte) (int, error) {
	for len(i.out) == 0 {
		if i.err != nil {
			return 0, i.err
		}
		if i.done {
			return i.source.Read(b)
		}
		buffer := make([]byte, 8<<10)
		n, err := i.source.Read(buffer)
		i.held = append(i.held, buffer[:n]...)
		i.err = err
		i.look()
	}
	n := copy(b, i.out)
	i.out = i.out[n:]
	return n, nil
}

// look moves the searched part from held to out.
func (i *injector) look() {
	lower := asciiLower(i.held)
	at, ended := bytes.Index(lower, bodyEnd), errors.Is(i.err, io.EOF)
	switch {
	case at >= 0:
		i.out = append(append(append(i.out, i.held[:at]...), i.tag...), i.held[at:]...)
		i.held, i.done = nil, true
	case ended:
		i.out = append(append(i.out, i.held...), i.tag...)
		i.held, i.done = nil, true
	default:
		keep := 0
		for n := min(len(bodyEnd)-1, len(lower)); n > 0; n-- {
			if bytes.HasSuffix(lower, bodyEnd[:n]) {
				keep = n
				break
			}
		}
		cut := len(i.held) - keep
		i.out = append(i.out, i.held[:cut]...)
		i.held = append([]byte(nil), i.held[cut:]...)
	}
}

func (i *injector) Close() error { return i.source.Close() }

// asciiLower keeps the length, unlike bytes.ToLower.
func asciiLower(b []byte) []byte {
	out := bytes.Clone(b)
	for i, c := range out {
		if c >= 'A' && c <= 'Z' {
			out[i] = c + 'a' - 'A'
		}
	}
	return out
}
