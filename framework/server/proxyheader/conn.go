package proxyheader

import (
	"errors"
	"io"
	"net"
	"sync"
	"time"
)

// conn is the connection of a trusted peer. Its header is read when the connection is first used, never in Accept.
type conn struct {
	net.Conn
	timeout time.Duration

	once   sync.Once
	header header
	err    error
	rest   []byte // read along with the header; consumed by the goroutine that reads

	mu       sync.Mutex
	deadline time.Time // for reading, as set by the owner
	limit    time.Time // while the header is read: when that must be done
}

// begin reads the header, once.
func (c *conn) begin() { c.once.Do(c.readHeader) }

func (c *conn) readHeader() {
	c.mu.Lock()
	c.limit = time.Now().Add(c.timeout)
	_ = c.Conn.SetReadDeadline(c.earlier(c.deadline)) // reading returns the error of the connection
	c.mu.Unlock()
	buffer := make([]byte, 0, 256)
	for length := 0; length == 0 && c.err == nil; {
		if len(buffer) == cap(buffer) {
			buffer = append(make([]byte, 0, fixed+maxVersion), buffer...)
		}
		n, err := c.Conn.Read(buffer[len(buffer):cap(buffer)])
		buffer = buffer[:len(buffer)+n]
		if n == 0 && err != nil {
			c.err = err
			break
		}
		if c.header, length, c.err = parse(buffer); length > 0 {
			c.rest = buffer[length:]
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.limit = time.Time{}
	_ = c.Conn.SetReadDeadline(c.deadline)
}

// earlier returns t, or the limit if that comes first; the caller holds mu.
func (c *conn) earlier(t time.Time) time.Time {
	if !c.limit.IsZero() && (t.IsZero() || c.limit.Before(t)) {
		return c.limit
	}
	return t
}

// Read reads what follows the header.
func (c *conn) Read(p []byte) (int, error) {
	c.begin()
	if c.err != nil {
		return 0, c.err
	}
	if len(c.rest) == 0 || len(p) == 0 {
		return c.Conn.Read(p)
	}
	n := copy(p, c.rest)
	if c.rest = c.rest[n:]; len(c.rest) == 0 {
		c.rest = nil
	}
	return n, nil
}

// RemoteAddr returns the client's address from the header. It waits for the header.
func (c *conn) RemoteAddr() net.Addr {
	if c.begin(); c.err == nil && c.header.client != nil {
		return c.header.client
	}
	return c.Conn.RemoteAddr()
}

// LocalAddr returns the address to which the client connected. It waits for the header.
func (c *conn) LocalAddr() net.Addr {
	if c.begin(); c.err == nil && c.header.server != nil {
		return c.header.server
	}
	return c.Conn.LocalAddr()
}

// SetDeadline sets both deadlines.
func (c *conn) SetDeadline(t time.Time) error {
	return errors.Join(c.SetReadDeadline(t), c.SetWriteDeadline(t))
}

// SetReadDeadline sets the deadline for reading, but does not extend that of a header that is being read.
func (c *conn) SetReadDeadline(t time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.deadline = t
	return c.Conn.SetReadDeadline(c.earlier(t))
}

// ReadFrom copies to the client, by sendfile where possible.
func (c *conn) ReadFrom(source io.Reader) (int64, error) {
	if to, ok := c.Conn.(io.ReaderFrom); ok {
		return to.ReadFrom(source)
	}
	return io.Copy(struct{ io.Writer }{c.Conn}, source)
}

// CloseWrite closes the sending side, where the underlying connection supports it.
func (c *conn) CloseWrite() error {
	if half, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return errors.ErrUnsupported
}

// NetConn returns the underlying connection.
func (c *conn) NetConn() net.Conn { return c.Conn }
