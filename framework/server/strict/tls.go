package strict

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"sync"
	"syscall"
	"time"
)

const (
	handshakeTimeout = 10 * time.Second // how long a client may take for the TLS handshake
	closeTimeout     = time.Second      // how long it may still take once the listener is closed
	maxHandshakes    = 4096             // at a time; further clients wait
)

// TLSListener accepts TLS connections on inner, completes their handshakes, and checks the requests
// on those that speak HTTP/1. Those that agreed on HTTP/2 pass as *tls.Conn, so that http.Server
// recognises them. Serve it with http.Server.Serve, not ServeTLS, and set http.Server.TLSConfig to
// config as well, so that HTTP/2 is set up when config.NextProtos has "h2".
//
// Handshakes run beside each other; one that fails or takes more than ten seconds ends its
// connection without a word. When the listener is closed, those under way have another second to
// end and are still accepted, so that a server that is replaced loses no client.
func TLSListener(inner net.Listener, config *tls.Config, options Options) net.Listener {
	l := &tlsListener{
		listener: listener{Listener: inner, options: options.withDefaults()},
		config:   config,
		ready:    make(chan net.Conn),
		slots:    make(chan struct{}, maxHandshakes),
	}
	l.ctx, l.end = context.WithCancelCause(context.Background())
	go l.run()
	return l
}

type tlsListener struct {
	listener
	config *tls.Config
	ready  chan net.Conn
	slots  chan struct{}

	ctx      context.Context // ends, with the cause, when nothing is accepted any more
	end      context.CancelCauseFunc
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
		if passing(err) {
			time.Sleep(20 * time.Millisecond)
			continue
		}
		over := time.AfterFunc(closeTimeout, func() { l.end(err) })
		l.inFlight.Wait()
		over.Stop()
		l.end(err)
		return
	}
}

// passing reports whether it makes sense to accept again, as when too many files are open.
func passing(err error) bool {
	var network net.Error
	return errors.As(err, &network) && !network.Timeout() && (errors.Is(err, syscall.EMFILE) ||
		errors.Is(err, syscall.ENFILE) || errors.Is(err, syscall.ECONNABORTED) || errors.Is(err, syscall.ENOBUFS) || errors.Is(err, syscall.ENOMEM))
}

func (l *tlsListener) handshake(conn net.Conn) {
	defer func() { <-l.slots }()
	secure := tls.Server(conn, l.config)
	ctx, cancel := context.WithTimeout(l.ctx, handshakeTimeout)
	err := secure.HandshakeContext(ctx)
	cancel()
	if err != nil {
		_ = conn.Close()
		return
	}
	var ready net.Conn = secure
	if secure.ConnectionState().NegotiatedProtocol != "h2" {
		ready = wrap(secure, l.options)
	}
	select {
	case l.ready <- ready:
	case <-l.ctx.Done():
		_ = conn.Close()
	}
}

// Accept returns the next connection whose handshake is complete.
func (l *tlsListener) Accept() (net.Conn, error) {
	select {
	case conn := <-l.ready:
		return conn, nil
	case <-l.ctx.Done():
		return nil, context.Cause(l.ctx)
	}
}
