package strict

import (
	"bytes"
	"crypto/tls"
	"errors"
	"net"
	"sync/atomic"
	"time"
)

// preface is what an HTTP/2 client sends first.
const preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"

// Conn is a connection whose requests are checked while they are read. It is designed for http.Server: one goroutine
// at a time reads, and the next head is read after the previous response was written. Writing and setting deadlines
// are safe for concurrent use.
type Conn struct {
	net.Conn
	scanner scanner

	pending   []byte // read from the connection, not yet checked
	offset    int    // of the unread rest of pending
	lead      byte   // the first byte of a request, returned but not yet checked
	hasLead   bool
	started   bool // whether HTTP/2 has been ruled out or detected
	refusal   *Refusal
	announced bool

	raw    atomic.Bool  // no more checks
	tunnel atomic.Bool  // the last request asked for another protocol
	answer atomic.Int32 // state of the response to the last request: answerNone, answerBegun, answerRefused
}

// NewConn returns conn with checked requests, for servers that have their own listener; others use Listener. If conn
// is a TLS connection, the result has the method ConnectionState, with which net/http sets Request.TLS.
func NewConn(conn net.Conn, options Options) net.Conn { return wrap(conn, options.withDefaults()) }

func wrap(conn net.Conn, options *Options) net.Conn {
	c := &Conn{Conn: conn, scanner: scanner{options: options, state: atEnd}, started: !options.AllowHTTP2}
	if secure, ok := conn.(interface{ ConnectionState() tls.ConnectionState }); ok {
		return &secureConn{c, secure.ConnectionState}
	}
	return c
}

// secureConn is a connection over TLS.
type secureConn struct {
	*Conn
	state func() tls.ConnectionState
}

// ConnectionState returns the state of the TLS connection.
func (c *secureConn) ConnectionState() tls.ConnectionState { return c.state() }

// NetConn returns the underlying connection.
func (c *Conn) NetConn() net.Conn { return c.Conn }

// PassThrough ends the checks: what is read from now on is passed on unchanged. A handler that hijacks the connection
// of a request without an Upgrade field calls it before it reads; after an Upgrade or a CONNECT, and with
// Options.FramingOnly, it happens automatically.
func (c *Conn) PassThrough() { c.raw.Store(true) }

// SetDeadline sets both deadlines of the connection. Package net/http clears them when it hands the connection to a
// handler, and at no other time.
func (c *Conn) SetDeadline(t time.Time) error {
	if t.IsZero() && (c.tunnel.Load() || c.scanner.options.FramingOnly) {
		c.raw.Store(true)
	}
	return c.Conn.SetDeadline(t)
}

// CloseWrite closes the sending side, where the underlying connection supports it.
func (c *Conn) CloseWrite() error {
	if half, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return errors.ErrUnsupported
}

// Read returns bytes of accepted requests, never of two at once. At the first invalid byte it sends the error
// response, and from then on returns an error that wraps a Refusal.
func (c *Conn) Read(p []byte) (int, error) {
	if len(p) == 0 || c.raw.Load() {
		return c.read(p)
	}
	if c.refusal != nil {
		return 0, c.refuse()
	}
	if !c.started && c.offset < len(c.pending) {
		if err := c.complete(); err != nil {
			return 0, err
		}
	}
	if c.raw.Load() {
		return c.read(p)
	}
	if c.hasLead {
		c.hasLead = false
		if _, v := c.scan([]byte{c.lead}); v == refused {
			return 0, c.refuse()
		}
	}
	// While a handler runs, net/http waits for the first byte of the next request to detect clients that disconnect.
	// An error response to that byte alone would be mixed into the handler's response.
	if len(p) == 1 && c.scanner.state == atEnd && c.started {
		n, err := c.read(p)
		if n == 1 {
			c.lead, c.hasLead = p[0], true
		}
		return n, err
	}
	if c.offset < len(c.pending) {
		return c.readPending(p)
	}
	n, err := c.Conn.Read(p)
	if n == 0 {
		return n, err
	}
	if !c.started && c.beginsHTTP2(p[:n]) {
		return c.Read(p)
	}
	if c.raw.Load() { // hijacked meanwhile
		return n, err
	}
	good, v := c.scan(p[:n])
	if v == end && good < n {
		c.pending, c.offset = append(c.pending[:0], p[good:n]...), 0
		err = nil // it will be returned again
	}
	if good == 0 {
		return 0, c.refuse()
	}
	return good, err
}

// read passes bytes on unchecked.
func (c *Conn) read(p []byte) (int, error) {
	if c.offset == len(c.pending) {
		return c.Conn.Read(p)
	}
	n := copy(p, c.pending[c.offset:])
	c.offset += n
	return n, nil
}

func (c *Conn) readPending(p []byte) (int, error) {
	rest := c.pending[c.offset:]
	good, _ := c.scan(rest[:min(len(p), len(rest))])
	if good == 0 {
		return 0, c.refuse()
	}
	copy(p, rest[:good])
	c.offset += good
	return good, nil
}

// scan checks bytes and updates the state of the connection.
func (c *Conn) scan(b []byte) (int, scanResult) {
	s := &c.scanner
	inHead := s.state == atEnd || s.inHead()
	n, v := s.scan(b)
	if inHead && !s.inHead() {
		// From here on only the response to this request is written: the previous one is complete, or its head would
		// not have been read.
		c.answer.Store(answerNone)
		c.tunnel.Store(s.tunnel())
	}
	if v == refused {
		c.refusal = &Refusal{Reason: s.reason, Body: s.state >= inBody || s.trailer, Remote: c.RemoteAddr()}
		if s.state >= atLine && s.state <= atValueEnd {
			c.refusal.Field = string(s.fieldName())
		}
		if s.options.OnRefuse != nil {
			s.options.OnRefuse(*c.refusal)
		}
	}
	return n, v
}

// beginsHTTP2 reports whether the first bytes of a connection may be an HTTP/2 preface; it holds them back then.
func (c *Conn) beginsHTTP2(b []byte) bool {
	n := min(len(b), len(preface))
	if string(b[:n]) != preface[:n] {
		c.started = true
		return false
	}
	c.pending = bytes.Clone(b)
	return true
}

// complete reads until it is clear whether the connection speaks HTTP/2.
func (c *Conn) complete() error {
	var buffer [len(preface)]byte
	for len(c.pending) < len(preface) && preface[:len(c.pending)] == string(c.pending) {
		n, err := c.Conn.Read(buffer[:len(preface)-len(c.pending)])
		c.pending = append(c.pending, buffer[:n]...)
		if err != nil && n == 0 {
			return err
		}
	}
	c.started = true
	if bytes.HasPrefix(c.pending, []byte(preface)) {
		c.raw.Store(true)
	}
	return nil
}
