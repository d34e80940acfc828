package limit

import (
	"errors"
	"net"
	"sync"
	"time"
)

// Listener returns l with limits on its connections. The gate, which may be nil, bounds how many are open. A positive
// timeout bounds sending: a client that does not accept the next 128 KiB within it, or somewhat less, is
// disconnected, so that it cannot hold a connection by not reading; the duration of the whole response is not
// bounded. Deadlines that are set on a connection apply as well, except the one that net/http sets if http.Server has
// timeout as its WriteTimeout (see SendStreams).
//
// A TCP connection that exceeds the timeout is reset when it is closed: otherwise the kernel would keep the unsent
// data, some megabytes, as long as the client stays connected.
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
	began   time.Time // start of the clock of its connections
	once    sync.Once
	closed  chan struct{}
}

// Accept waits for a free place before it accepts a connection, but does not hold the place meanwhile: an idle
// listener would keep it from the others. As a result, when several listeners compete for the last place, one client
// of each may have to wait.
func (l *listener) Accept() (net.Conn, error) {
	if l.gate != nil {
		if !l.gate.acquire(l.closed) {
			return nil, net.ErrClosed
		}
		l.gate.release()
	}
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	gate := l.gate
	if gate != nil && !gate.acquire(l.closed) {
		gate = nil // exceeding the limit is better than losing the connection
	}
	return &conn{Conn: c, gate: gate, timeout: l.timeout, began: l.began}, nil
}

func (l *listener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return l.Listener.Close()
}

// SetDeadline sets the deadline of Accept. It returns errors.ErrUnsupported if the underlying listener has none.
func (l *listener) SetDeadline(t time.Time) error {
	if d, ok := l.Listener.(interface{ SetDeadline(time.Time) error }); ok {
		return d.SetDeadline(t)
	}
	return errors.ErrUnsupported
}
