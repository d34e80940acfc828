package limit

import (
	"errors"
	"io"
	"net"
	"os"
	"sync/atomic"
	"time"
)

// piece is how much of an answer is sent under one deadline: a client that takes a piece in time is
// slow, but honest.
const piece = 128 << 10

// Send returns l with a deadline on whatever its connections send: a client that does not take the
// next 128 KiB within timeout, or somewhat less, is cut off, so that nobody holds a connection by not reading. However
// long the whole answer takes is left open. Deadlines that are set on the connection hold as well, but
// for the one that net/http sets if http.Server has timeout as its WriteTimeout (see SendStreams).
// A TCP connection that is cut off is reset when it is closed: the kernel would keep what was not
// sent, some megabytes, for as long as the client is there.
func Send(l net.Listener, timeout time.Duration) net.Listener {
	keepUnsentLow(l)
	return &sending{Listener: l, timeout: timeout, began: time.Now()}
}

type sending struct {
	net.Listener
	timeout time.Duration
	began   time.Time // of the clock of its connections
}

func (l *sending) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &sender{Conn: conn, timeout: l.timeout, began: l.began}, nil
}

// SetDeadline sets the deadline of Accept, where the listener below can do that.
func (l *sending) SetDeadline(t time.Time) error {
	if d, ok := l.Listener.(interface{ SetDeadline(time.Time) error }); ok {
		return d.SetDeadline(t)
	}
	return errors.ErrUnsupported
}

// sender is a connection that sends in pieces, each with a deadline. Its clock is the time since began,
// which does not jump as that of the machine may.
type sender struct {
	net.Conn
	timeout time.Duration
	began   time.Time
	outer   atomic.Int64 // the deadline that was asked for from outside; 0 means none
	until   atomic.Int64 // the one that was set last; 0 if it is another
}

func (c *sender) Write(p []byte) (total int, err error) {
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

// ReadFrom keeps sendfile working, which wants a file, or a part of one, as it is.
func (c *sender) ReadFrom(r io.Reader) (total int64, err error) {
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

// noted prepares the end of a connection whose deadline is over.
func (c *sender) noted(err error) error {
	if errors.Is(err, os.ErrDeadlineExceeded) {
		if tcp, ok := c.Conn.(*net.TCPConn); ok {
			_ = tcp.SetLinger(0)
		}
	}
	return err
}

// SetWriteDeadline sets a deadline for all pieces together. One that is just the timeout away is that
// of net/http for a whole answer.
func (c *sender) SetWriteDeadline(t time.Time) error {
	if left := time.Until(t); left <= c.timeout && left > c.timeout-c.timeout/64 {
		return nil
	}
	c.until.Store(0)
	c.outer.Store(0)
	if !t.IsZero() {
		c.outer.Store(max(int64(t.Sub(c.began)), 1))
	}
	return c.Conn.SetWriteDeadline(t)
}

// SetDeadline sets both deadlines.
func (c *sender) SetDeadline(t time.Time) error {
	if err := c.Conn.SetReadDeadline(t); err != nil {
		return err
	}
	return c.SetWriteDeadline(t)
}

// extend sees to the deadline of the next piece. One that leaves three quarters of the time is left as it
// is: setting it costs more than most requests wait.
func (c *sender) extend() {
	now, outer := int64(time.Since(c.began)), c.outer.Load()
	if outer == 0 && c.until.Load()-now > int64(c.timeout-c.timeout/4) {
		return
	}
	deadline := now + int64(c.timeout)
	if outer != 0 {
		deadline = min(deadline, outer)
	}
	c.until.Store(deadline)
	_ = c.Conn.SetWriteDeadline(c.began.Add(time.Duration(deadline)))
}

// CloseWrite lets net/http end a connection without losing the last answer.
func (c *sender) CloseWrite() error {
	if half, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return nil
}

// NetConn returns the connection inside.
func (c *sender) NetConn() net.Conn { return c.Conn }
