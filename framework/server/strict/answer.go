package strict

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"
)

// errRefused is returned by writes to a connection after the error response has been written.
var errRefused = errors.New("strict: the request was rejected")

// State of the response to a request.
const (
	answerNone int32 = iota
	answerBegun
	answerRefused
)

// Write writes to the client, unless the request has been rejected in the middle of its body: then the response is
// the rejection.
func (c *Conn) Write(p []byte) (int, error) {
	if !interim(p) && !c.beginAnswer() {
		return 0, errRefused
	}
	return c.Conn.Write(p)
}

// ReadFrom copies to the client, with sendfile where possible.
func (c *Conn) ReadFrom(source io.Reader) (int64, error) {
	if !c.beginAnswer() {
		return 0, errRefused
	}
	if to, ok := c.Conn.(io.ReaderFrom); ok {
		return to.ReadFrom(source)
	}
	return io.Copy(struct{ io.Writer }{c.Conn}, source)
}

func (c *Conn) beginAnswer() bool {
	return c.answer.CompareAndSwap(answerNone, answerBegun) || c.answer.Load() == answerBegun
}

// interim reports whether p is an informational response, such as 100 Continue.
func interim(p []byte) bool {
	const start = "HTTP/1.1 1"
	return len(p) > len(start)+2 && string(p[:len(start)]) == start && string(p[len(start):len(start)+2]) != "01" &&
		bytes.HasSuffix(p, []byte("\r\n\r\n"))
}

// refuse sends the error response, once, and returns the error for the reader.
func (c *Conn) refuse() error {
	err := &net.OpError{Op: "read", Net: c.RemoteAddr().Network(), Addr: c.RemoteAddr(), Err: *c.refusal}
	if c.announced {
		return err
	}
	c.announced = true
	if c.refusal.Body && !c.answer.CompareAndSwap(answerNone, answerRefused) {
		return err // the handler's response is being sent
	}
	c.answer.Store(answerRefused)
	_ = c.Conn.SetWriteDeadline(time.Now().Add(time.Second))
	if _, writeErr := c.Conn.Write(c.scanner.refusalText(c.refusal.Reason)); writeErr == nil {
		c.linger()
	}
	return err
}

// refusalText returns the whole error response. It contains nothing that the client sent.
func (s *scanner) refusalText(reason Reason) []byte {
	status := fmt.Sprintf("%d %s", reason.Status(), http.StatusText(reason.Status()))
	body := status + ": " + reason.String() + "\n"
	text := fmt.Appendf(nil, "HTTP/1.1 %s\r\nDate: %s\r\nContent-Type: text/plain; charset=utf-8\r\n"+
		"X-Content-Type-Options: nosniff\r\nContent-Length: %d\r\nConnection: close\r\n\r\n",
		status, time.Now().UTC().Format(http.TimeFormat), len(body))
	if s.method == methodHead {
		return text
	}
	return append(text, body...)
}

// linger reads what the client still sends. Closing a connection with unread bytes resets it, and the client would
// lose the response.
func (c *Conn) linger() {
	if c.scanner.options.Linger < 0 {
		return
	}
	_ = c.CloseWrite()
	_ = c.Conn.SetReadDeadline(time.Now().Add(c.scanner.options.Linger))
	_, _ = io.CopyN(io.Discard, c.Conn, 1<<20)
}
