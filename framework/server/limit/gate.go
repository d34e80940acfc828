package limit

import (
	"io"
	"net"
	"sync"
)

// Gate bounds the open connections of all listeners that it guards together. While it is full no
// connection is accepted: clients wait in the kernel's queue, or are served by another process
// that shares the socket.
type Gate struct{ places chan struct{} }

// NewGate makes a gate for at most n connections, which must be positive.
func NewGate(n int) *Gate { return &Gate{places: make(chan struct{}, n)} }

// Open returns the number of connections that hold a place. It may be called at any time.
func (g *Gate) Open() int { return len(g.places) }

// Listener returns l guarded by the gate.
func (g *Gate) Listener(l net.Listener) net.Listener {
	return &gated{Listener: l, gate: g, closed: make(chan struct{})}
}

type gated struct {
	net.Listener
	gate   *Gate
	once   sync.Once
	closed chan struct{}
}

// Accept waits for a free place before it takes a connection from the kernel, but does not hold it
// meanwhile: a listener on which nobody calls would keep it from the others. So, when several
// listeners race for the last place, one client of each may be left waiting here.
func (l *gated) Accept() (net.Conn, error) {
	if !l.take() {
		return nil, net.ErrClosed
	}
	<-l.gate.places
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	if !l.take() {
		_ = conn.Close()
		return nil, net.ErrClosed
	}
	return &guest{Conn: conn, gate: l.gate}, nil
}

// take takes a place, unless the listener is closed first.
func (l *gated) take() bool {
	select {
	case l.gate.places <- struct{}{}:
		return true
	case <-l.closed:
		return false
	}
}

func (l *gated) Close() error {
	l.once.Do(func() { close(l.closed) })
	return l.Listener.Close()
}

// guest is a connection that gives its place back once.
type guest struct {
	net.Conn
	gate *Gate
	once sync.Once
}

func (c *guest) Close() error {
	c.once.Do(func() { <-c.gate.places })
	return c.Conn.Close()
}

// ReadFrom keeps sendfile working.
func (c *guest) ReadFrom(r io.Reader) (int64, error) {
	if to, ok := c.Conn.(io.ReaderFrom); ok {
		return to.ReadFrom(r)
	}
	return io.Copy(struct{ io.Writer }{c.Conn}, r)
}

// CloseWrite lets net/http end a connection without losing the last answer.
func (c *guest) CloseWrite() error {
	if half, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return nil
}

// NetConn returns the connection inside.
func (c *guest) NetConn() net.Conn { return c.Conn }
