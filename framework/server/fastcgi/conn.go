package fastcgi

import (
	"context"
	"errors"
	"net"
	"net/http"
	"sync"
)

// Types of FastCGI records.
const (
	beginRequest = 1
	endRequest   = 3
	params       = 4
)

// headerLength is that of a record.
const headerLength = 8

// conn is a connection that reads along, to know whether it carries requests.
type conn struct {
	net.Conn
	server *Server
	most   int
	ctx    context.Context // ends with the connection
	cancel context.CancelFunc
	once   sync.Once

	mu       sync.Mutex
	requests int
	reading  recordReader
	params   int
}

// recordReader follows the records in a stream.
type recordReader struct {
	header [headerLength]byte
	have   int // bytes of the header
	skip   int // bytes of the content and padding still to come
}

// between reports whether a record has just ended.
func (r *recordReader) between() bool { return r.have == 0 && r.skip == 0 }

// feed calls fn for each record whose header is complete, with its type and length.
func (r *recordReader) feed(p []byte, fn func(kind byte, length int)) {
	for len(p) > 0 {
		if r.skip > 0 {
			n := min(r.skip, len(p))
			r.skip -= n
			p = p[n:]
			continue
		}
		n := copy(r.header[r.have:], p)
		r.have += n
		p = p[n:]
		if r.have == headerLength {
			length := int(r.header[4])<<8 | int(r.header[5])
			r.have, r.skip = 0, length+int(r.header[6])
			fn(r.header[1], length)
		}
	}
}

var errTooLong = errors.New("fastcgi: the parameters of a request are too long")

func (c *conn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.mu.Lock()
	began, tooLong := false, false
	c.reading.feed(p[:n], func(kind byte, length int) {
		switch kind {
		case beginRequest:
			c.requests++
			c.params = 0
			began = true
		case params:
			c.params += length
			tooLong = c.params > c.most
		}
	})
	c.mu.Unlock()
	if began {
		c.server.state(c, http.StateActive)
	}
	if tooLong {
		return 0, errTooLong
	}
	return n, err
}

// Write is called with one whole record at a time.
func (c *conn) Write(p []byte) (int, error) {
	n, err := c.Conn.Write(p)
	if len(p) < headerLength || p[1] != endRequest {
		return n, err
	}
	c.mu.Lock()
	c.requests--
	left := c.requests
	c.mu.Unlock()
	if left == 0 {
		c.server.state(c, http.StateIdle)
		if c.server.draining.Load() && c.idle() {
			_ = c.Close()
		}
	}
	return n, err
}

// idle reports whether the connection carries no request, nor the beginning of one.
func (c *conn) idle() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.requests <= 0 && c.reading.between()
}

func (c *conn) Close() error {
	var err error
	c.once.Do(func() {
		err = c.Conn.Close()
		c.cancel()
		c.server.mu.Lock()
		delete(c.server.conns, c)
		c.server.mu.Unlock()
		c.server.state(c, http.StateClosed)
	})
	return err
}
