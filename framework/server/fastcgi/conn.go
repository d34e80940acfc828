package fastcgi

import (
	"context"
	"errors"
	"net"
	"net/http"
	"sync"
	"time"
)

// Types of FastCGI records.
const (
	beginRequest = 1
	abortRequest = 2
	endRequest   = 3
	params       = 4
	stdin        = 5
)

// headerLength is that of a record.
const headerLength = 8

// maxRequests is how many requests one connection may carry at a time. Web servers send one.
const maxRequests = 100

// Why a connection ends.
var (
	errTooLong = errors.New("fastcgi: the parameters of a request are too long")
	errTooMany = errors.New("fastcgi: too many requests at a time on one connection")
	errOrder   = errors.New("fastcgi: a record comes where it may not")
	errAborted = errors.New("fastcgi: the web server aborted a request")
	errLeft    = errors.New("fastcgi: the request came after the connection was given up")
)

// conn is a connection that reads along, to know whether it carries requests.
type conn struct {
	net.Conn
	server *Server
	ctx    context.Context // ends with the connection
	cancel context.CancelFunc
	once   sync.Once

	mu       sync.Mutex
	requests map[uint16]*progress
	incoming int  // requests that are not here in full
	sending  int  // ends of answers that are being written
	used     bool // there was a request
	left     bool // it was closed for want of a request; one that comes now is not looked at
	reading  recordReader
}

// progress of a request.
type progress struct {
	params   int  // their bytes
	started  bool // the body has begun, and with it the handler
	received bool // all of it is here
	answered bool
}

// recordReader follows the records in a stream.
type recordReader struct {
	header [headerLength]byte
	have   int // bytes of the header
	skip   int // bytes of the content and padding still to come
}

// between reports whether a record has just ended.
func (r *recordReader) between() bool { return r.have == 0 && r.skip == 0 }

// feed calls fn for each record whose header is complete, with its type, request and length, until
// fn finds a fault.
func (r *recordReader) feed(p []byte, fn func(kind byte, id uint16, length int) error) error {
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
			if err := fn(r.header[1], requestID(r.header[:]), length); err != nil {
				return err
			}
		}
	}
	return nil
}

func requestID(header []byte) uint16 { return uint16(header[2])<<8 | uint16(header[3]) }

// Read is called by one goroutine. What would confuse net/http/fcgi does not get there.
func (c *conn) Read(p []byte) (int, error) {
	_ = c.SetReadDeadline(c.readDeadline())
	n, err := c.Conn.Read(p)
	c.mu.Lock()
	before := len(c.requests)
	wrong := c.reading.feed(p[:n], c.record)
	after := len(c.requests)
	c.mu.Unlock()
	if wrong != nil {
		return 0, wrong
	}
	c.changed(before, after)
	return n, err
}

// readDeadline is for a web server that stops in the middle of a request, or that connects and never
// begins one. Between requests it may take its time.
func (c *conn) readDeadline() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.used && c.incoming == 0 && c.reading.between() {
		return time.Time{}
	}
	return c.server.deadline()
}

// record takes note of a record that comes in; the caller holds mu.
func (c *conn) record(kind byte, id uint16, length int) error {
	if c.left {
		return errLeft
	}
	request := c.requests[id]
	if kind == beginRequest {
		switch {
		case request != nil:
			return errOrder
		case len(c.requests) == maxRequests:
			return errTooMany
		}
		c.requests[id] = &progress{}
		c.incoming++
		c.used = true
		return nil
	}
	if request == nil {
		return nil // net/http/fcgi ignores it too
	}
	switch kind {
	case abortRequest:
		// The handler would still answer, perhaps into the next request of the same number.
		return errAborted
	case params:
		if request.params += length; request.params > c.server.maxHeaderBytes() {
			return errTooLong
		}
		if request.started && length > 0 {
			return errOrder // the handler is reading them
		}
	case stdin:
		request.started = true
		if length == 0 && !request.received {
			request.received = true
			c.incoming--
			c.forget(id, request)
		}
	}
	return nil
}

// forget removes a request that is over; the caller holds mu.
func (c *conn) forget(id uint16, request *progress) {
	if request.received && request.answered {
		delete(c.requests, id)
	}
}

// Write is called with one whole record at a time.
func (c *conn) Write(p []byte) (int, error) {
	_ = c.SetWriteDeadline(c.server.deadline())
	ends := len(p) >= headerLength && p[1] == endRequest
	if ends {
		// Noted before it is sent: the web server may begin the next request before Write returns.
		c.mu.Lock()
		c.answered(requestID(p))
		c.sending++
		c.mu.Unlock()
	}
	n, err := c.Conn.Write(p)
	if ends {
		c.mu.Lock()
		c.sending--
		left := len(c.requests)
		c.mu.Unlock()
		c.changed(left+1, left)
	}
	if err != nil {
		_ = c.Close() // a record that is cut off cannot be mended
	}
	return n, err
}

// answered takes note of the end of an answer; the caller holds mu.
func (c *conn) answered(id uint16) {
	request := c.requests[id]
	if request == nil {
		return
	}
	request.answered = true
	if !request.started && !request.received { // refused, and never to be handled
		request.received = true
		c.incoming--
	}
	c.forget(id, request)
}

// changed tells of a connection that got its first request or got rid of its last.
func (c *conn) changed(before, after int) {
	switch {
	case before == 0 && after > 0:
		c.server.state(c, http.StateActive)
	case before > 0 && after == 0:
		c.server.state(c, http.StateIdle)
		if c.server.draining.Load() {
			c.leave()
		}
	}
}

// leave closes the connection if it carries no request, nor the beginning of one.
func (c *conn) leave() {
	c.mu.Lock()
	idle := len(c.requests) == 0 && c.sending == 0 && c.reading.between()
	c.left = c.left || idle
	c.mu.Unlock()
	if idle {
		_ = c.Close()
	}
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
