package fastcgi

import (
	"errors"
	"maps"
	"net"
	"net/http"
	"slices"
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

// headerLength is the size of a record's header in bytes.
const headerLength = 8

// maxRequests is how many concurrent requests one connection may carry. Web servers send one.
const maxRequests = 100

// Reasons to close a connection.
var (
	errTooLong = errors.New("fastcgi: the parameters of a request are too long")
	errTooMany = errors.New("fastcgi: too many concurrent requests on one connection")
	errOrder   = errors.New("fastcgi: unexpected record")
	errAborted = errors.New("fastcgi: the web server aborted a request")
	errLeft    = errors.New("fastcgi: the request arrived after the connection was closed as idle")
)

// conn is a connection that parses the records it reads and writes, to know whether it carries requests.
type conn struct {
	net.Conn
	server *Server
	once   sync.Once

	mu        sync.Mutex
	requests  map[uint16]*progress
	incoming  int  // requests that have not been received completely
	sending   int  // ends of responses that are being written
	used      bool // there was a request
	abandoned bool // closed as idle; a request that arrives now is ignored
	reading   recordReader
	closed    bool
	closers   map[int]func() // called by Close
	closerID  int            // key of the last one
}

// progress is how far a request has been received.
type progress struct {
	params   int  // their size in bytes
	started  bool // the body, and with it the handler, has begun
	received bool // received completely
	answered bool
}

// recordReader parses the records of a stream.
type recordReader struct {
	header [headerLength]byte
	have   int // bytes of the header received so far
	skip   int // bytes of the content and padding still expected
}

// between reports whether the stream is between two records.
func (r *recordReader) between() bool { return r.have == 0 && r.skip == 0 }

// feed calls fn for each record whose header is complete, with its type, request and length, until fn returns an
// error.
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

// Read is called by one goroutine. Records that net/http/fcgi could misread are not passed on.
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

// readDeadline bounds a web server that stops in the middle of a request, or that connects and never begins one.
// Between requests there is no limit.
func (c *conn) readDeadline() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.used && c.incoming == 0 && c.reading.between() {
		return time.Time{}
	}
	return c.server.deadline()
}

// record handles an incoming record; the caller holds mu.
func (c *conn) record(kind byte, id uint16, length int) error {
	if c.abandoned {
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
		// The handler would still respond, perhaps into the next request with the same number.
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

// forget removes a finished request; the caller holds mu.
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
		// Recorded before it is sent: the web server may begin the next request before Write returns.
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
		_ = c.Close() // the stream cannot continue after an incomplete record
	}
	return n, err
}

// answered handles the end of a response; the caller holds mu.
func (c *conn) answered(id uint16) {
	request := c.requests[id]
	if request == nil {
		return
	}
	request.answered = true
	if !request.started && !request.received { // rejected, and never passed to the handler
		request.received = true
		c.incoming--
	}
	c.forget(id, request)
}

// changed reports a connection that became active or idle.
func (c *conn) changed(before, after int) {
	switch {
	case before == 0 && after > 0:
		c.server.state(c, http.StateActive)
	case before > 0 && after == 0:
		c.server.state(c, http.StateIdle)
		if c.server.draining.Load() {
			c.closeIfIdle()
		}
	}
}

// closeIfIdle closes the connection unless it carries a request or the beginning of one.
func (c *conn) closeIfIdle() {
	c.mu.Lock()
	idle := len(c.requests) == 0 && c.sending == 0 && c.reading.between()
	c.abandoned = c.abandoned || idle
	c.mu.Unlock()
	if idle {
		_ = c.Close()
	}
}

// onClose registers a function that Close calls, at once if the connection is closed, and returns one that removes it.
func (c *conn) onClose(fn func()) (remove func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		fn()
		return func() {}
	}
	if c.closers == nil {
		c.closers = map[int]func(){}
	}
	c.closerID++
	id := c.closerID
	c.closers[id] = fn
	return func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.closers, id)
	}
}

func (c *conn) Close() error {
	var err error
	c.once.Do(func() {
		err = c.Conn.Close()
		c.mu.Lock()
		c.closed = true
		closers := slices.Collect(maps.Values(c.closers))
		c.mu.Unlock()
		for _, fn := range closers {
			fn()
		}
		c.server.mu.Lock()
		delete(c.server.conns, c)
		c.server.mu.Unlock()
		c.server.state(c, http.StateClosed)
	})
	return err
}
