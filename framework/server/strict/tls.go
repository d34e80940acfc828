package strict

import (
	"crypto/tls"
	"net"
	"sync"
	"time"
)

// handshakeTimeout is how long a client may take for the TLS handshake.
const handshakeTimeout = 10 * time.Second

// TLSListener accepts TLS connections on inner, completes their handshakes, and checks the requests
// on those that speak HTTP/1. Those that agreed on HTTP/2 pass as *tls.Conn, so that http.Server
// recognises them. Serve it with http.Server.Serve, not ServeTLS, and set http.Server.TLSConfig to
// config as well, so that HTTP/2 is set up when config.NextProtos has "h2".
//
// Handshakes run beside each other, at most 512 at a time; one that fails or takes more than ten
// seconds ends its connection without a word.
func TLSListener(inner net.Listener, config *tls.Config, options Options) net.Listener {
	l := &tlsListener{
		listener: listener{Listener: inner, options: options.withDefaults()},
		config:   config,
		ready:    make(chan net.Conn),
		closed:   make(chan struct{}),
		slots:    make(chan struct{}, 512),
	}
	go l.run()
	return l
}

type tlsListener struct {
	listener
	config *tls.Config
	ready  chan net.Conn
	slots  chan struct{}

	once     sync.Once
	closed   chan struct{} // closed after err is set
	err      error
	inFlight sync.WaitGroup
}

// run accepts until that fails for good.
func (l *tlsListener) run() {
	for {
		l.slots <- struct{}{}
		conn, err := l.Listener.Accept()
		if err == nil {
			l.inFlight.Go(func() { l.handshake(conn) })
			continue
		}
		<-l.slots
		//nolint:staticcheck // Temporary is what net/http asks too: too many open files passes
		if passing, ok := err.(interface{ Temporary() bool }); ok && passing.Temporary() && !isTimeout(err) {
			time.Sleep(20 * time.Millisecond)
			continue
		}
		l.inFlight.Wait() // what has been accepted is still served
		l.fail(err)
		return
	}
}

func isTimeout(err error) bool {
	timeout, ok := err.(net.Error)
	return ok && timeout.Timeout()
}

func (l *tlsListener) handshake(conn net.Conn) {
	defer func() { <-l.slots }()
	secure := tls.Server(conn, l.config)
	_ = conn.SetDeadline(time.Now().Add(handshakeTimeout))
	if err := secure.Handshake(); err != nil {
		_ = conn.Close()
		return
	}
	_ = conn.SetDeadline(time.Time{})
	var ready net.Conn = secure
	if secure.ConnectionState().NegotiatedProtocol != "h2" {
		ready = wrap(secure, l.options)
	}
	select {
	case l.ready <- ready:
	case <-l.closed:
		_ = conn.Close()
	}
}

func (l *tlsListener) fail(err error) {
	l.once.Do(func() {
		l.err = err
		close(l.closed)
	})
}

// Accept returns the next connection whose handshake is complete.
func (l *tlsListener) Accept() (net.Conn, error) {
	select {
	case conn := <-l.ready:
		return conn, nil
	case <-l.closed:
		return nil, l.err
	}
}

// Close closes the socket and the connections that nobody has accepted.
func (l *tlsListener) Close() error {
	err := l.Listener.Close()
	l.fail(net.ErrClosed)
	return err
}
