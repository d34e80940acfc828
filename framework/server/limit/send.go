package limit

import (
	"errors"
	"io"
	"net"
	"os"
	"time"
)

// piece is how much of a response is sent under one deadline: a client that accepts a piece in time is slow but not
// malicious.
const piece = 128 << 10

func (c *conn) Write(p []byte) (total int, err error) {
	for {
		n := min(len(p), piece)
		c.extend()
		written, err := c.Conn.Write(p[:n])
		total += written
		if p = p[n:]; err != nil || len(p) == 0 {
			return total, c.noted(err)
		}
	}
}

// ReadFrom keeps sendfile working, which requires a file or a section of one.
func (c *conn) ReadFrom(r io.Reader) (total int64, err error) {
	to, ok := c.Conn.(io.ReaderFrom)
	if !ok {
		return io.Copy(struct{ io.Writer }{c}, r)
	}
	source, left := r, int64(-1)
	limited, ok := r.(*io.LimitedReader)
	if ok {
		source, left = limited.R, limited.N
	}
	for left != 0 {
		n := int64(piece)
		if left >= 0 {
			n = min(n, left)
		}
		c.extend()
		sent, err := to.ReadFrom(&io.LimitedReader{R: source, N: n})
		total += sent
		if ok {
			left -= sent
			limited.N = left
		}
		if err != nil || sent < n {
			return total, c.noted(err)
		}
	}
	return total, nil
}

// noted prepares the close of a connection whose deadline expired.
func (c *conn) noted(err error) error {
	if errors.Is(err, os.ErrDeadlineExceeded) {
		if tcp, ok := c.Conn.(*net.TCPConn); ok {
			_ = tcp.SetLinger(0)
		}
	}
	return err
}

// SetWriteDeadline sets a deadline for all pieces together. A deadline exactly one timeout away is that of net/http
// for a whole response and is ignored; removing a deadline that was never set, as net/http does after each request,
// keeps the deadline of the piece.
func (c *conn) SetWriteDeadline(t time.Time) error {
	by := c.since(t)
	if left := by - int64(time.Since(c.began)); c.timeout > 0 && left <= int64(c.timeout) && left > int64(c.timeout-c.timeout/64) {
		return nil
	}
	if by == 0 && c.writeBy.Load() == 0 {
		return nil
	}
	c.setting.Lock()
	defer c.setting.Unlock()
	c.writeBy.Store(by)
	c.writeSet.Store(0)
	return c.Conn.SetWriteDeadline(t)
}

// extend sets the deadline of the next piece. A deadline that leaves three quarters of the time is kept: setting it
// costs more than most requests wait.
func (c *conn) extend() {
	if c.timeout <= 0 {
		return
	}
	now := int64(time.Since(c.began))
	if c.writeSet.Load()-now > int64(c.timeout-c.timeout/4) {
		return
	}
	c.setting.Lock()
	defer c.setting.Unlock()
	by := c.writeBy.Load()
	deadline := now + int64(c.timeout)
	switch {
	case by == 0:
		c.writeSet.Store(deadline)
	case by == past:
		return // it is set
	default:
		deadline = min(deadline, by)
	}
	_ = c.Conn.SetWriteDeadline(c.at(deadline))
}
