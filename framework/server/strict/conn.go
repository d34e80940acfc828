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

// Conn is a connection whose requests are checked while they are read. It is made for http.Server:
// one goroutine at a time reads, and the next head is read after the answer before it was written.
// Writing and setting deadlines may happen at any time.
type Conn struct {
	net.Conn
	scanner scanner

	pending   []byte // read from the connection, not yet checked
	offset    int    // of what is left of it
	lead      byte   // the first byte of a request, handed out but not yet checked
	hasLead   bool
	started   bool // whether HTTP/2 has been ruled out, or found
	refusal   *Refusal
	announced bool

	raw    atomic.Bool  // nothing is checked any more
	tunnel atomic.Bool  // the last request asked for another protocol
	answer atomic.Int32 // to the last request: answerNone, answerBegun, answerRefused
}

// NewConn checks the requests on one connection; a server that has its own listener uses it in
// place of Listener. If conn is a TLS connection, the result has the ConnectionState method by which
// net/http fills Request.TLS.
func NewConn(conn net.Conn, options Options) net.Conn { return wrap(conn, options.withDefaults()) }

func wrap(conn net.Conn, options *Options) net.Conn {
	c := &Conn{Conn: conn, scanner: scanner{options: options, state: atEnd}, started: !options.AllowHTTP2}
	if secure, ok := conn.(interface{ ConnectionState() tls.ConnectionState }); ok {
		return &secureConn{c, secure.ConnectionState}
	}
	return c
}

// secureConn is a connection on top of TLS.
type secureConn struct {
	*Conn
	state func() tls.ConnectionState
}

// ConnectionState returns the state of the TLS connection below.
func (c *secureConn) ConnectionState() tls.ConnectionState { return c.state() }

// NetConn returns the connection below.
func (c *Conn) NetConn() net.Conn { return c.Conn }

// PassThrough ends the checks: what is read from now on passes as it is. A handler that hijacks the
// connection of a request without Upgrade field calls it before it reads; after an Upgrade or a
// CONNECT, and with Options.FramingOnly, it happens by itself.
func (c *Conn) PassThrough() { c.raw.Store(true) }

// SetDeadline sets both deadlines of the connection. Package net/http clears them when it hands the
// connection to a handler, and at no other time.
func (c *Conn) SetDeadline(t time.Time) error {
	if t.IsZero() && (c.tunnel.Load() || c.scanner.options.FramingOnly) {
		c.raw.Store(true)
	}
	return c.Conn.SetDeadline(t)
}

// CloseWrite ends the sending side, where the connection below can do that.
func (c *Conn) CloseWrite() error {
	if half, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return errors.ErrUnsupported
}

// Read returns bytes of accepted requests, never of two at once. At the first byte that is wrong it
// answers the client and from then on returns an error that holds a Refusal.
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
	// While a handler runs, net/http waits for the first byte of the next request to notice clients
	// that go away. An answer to that byte alone would get between the handler's words.
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
		err = nil // it comes again
	}
	if good == 0 {
		return 0, c.refuse()
	}
	return good, err
}

// read takes bytes as they are.
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

// scan checks bytes and keeps account of what they say about the connection.
func (c *Conn) scan(b []byte) (int, verdict) {
	s := &c.scanner
	inHead := s.state == atEnd || s.inHead()
	n, v := s.scan(b)
	if inHead && !s.inHead() {
		// Nobody but the answer to this request writes from here on: the one before is complete, or
		// its head would not have been read.
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

// beginsHTTP2 looks at the first bytes of a connection; it reports whether they may be an HTTP/2
// preface, and then holds them back.
func (c *Conn) beginsHTTP2(b []byte) bool {
	n := min(len(b), len(preface))
	if string(b[:n]) != preface[:n] {
		c.started = true
		return false
	}
	c.pending = bytes.Clone(b)
	return true
}

// complete reads on until it is clear whether the connection speaks HTTP/2.
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
