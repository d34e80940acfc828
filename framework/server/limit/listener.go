package limit

import (
	"errors"
	"net"
	"sync"
	"time"
)

// Listener returns l with bounds on its connections. The gate, which may be nil, bounds how many are
// open. A positive timeout is a deadline on whatever they send: a client that does not take the next
// 128 KiB within it, or somewhat less, is cut off, so that nobody holds a connection by not reading;
// however long the whole answer takes is left open. Deadlines that are set on a connection hold as
// well, but for the one that net/http sets if http.Server has timeout as its WriteTimeout (see
// SendStreams).
//
// A TCP connection that is cut off is reset when it is closed: the kernel would keep what was not
// sent, some megabytes, for as long as the client is there.
func Listener(l net.Listener, gate *Gate, timeout time.Duration) net.Listener {
	if timeout > 0 {
		keepUnsentLow(l)
	}
	return &listener{Listener: l, gate: gate, timeout: max(timeout, 0), began: time.Now(), closed: make(chan struct{})}
}

type listener struct {
	net.Listener
	gate    *Gate
	timeout time.Duration
	began   time.Time // of the clock of its connections
	once    sync.Once
	closed  chan struct{}
}

// Accept waits for a free place before it takes a connection from the kernel, but does not hold it
// meanwhile: a listener on which nobody calls would keep it from the others. So, when several
// listeners race for the last place, one client of each may be left waiting here.
func (l *listener) Accept() (net.Conn, error) {
	if l.gate != nil {
		if !l.gate.take(l.closed) {
			return nil, net.ErrClosed
		}
		l.gate.leave()
	}
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	gate := l.gate
	if gate != nil && !gate.take(l.closed) {
		gate = nil // the last one rather is too many than lost
	}
	return &conn{Conn: c, gate: gate, timeout: l.timeout, began: l.began}, nil
}

func (l *listener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return l.Listener.Close()
}

// SetDeadline sets the deadline of Accept, where the listener below can do that.
func (l *listener) SetDeadline(t time.Time) error {
	if d, ok := l.Listener.(interface{ SetDeadline(time.Time) error }); ok {
		return d.SetDeadline(t)
	}
	return errors.ErrUnsupported
}
