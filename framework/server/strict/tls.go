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
	handshakeTimeout = 10 * time.Second // time for a client to complete the TLS handshake
	closeTimeout     = time.Second      // time for it once the listener is closed
	maxHandshakes    = 4096             // concurrent handshakes; further clients wait
)

// TLSListener accepts TLS connections on inner, completes their handshakes, and checks the requests on those that
// speak HTTP/1. Connections that negotiated HTTP/2 are returned as *tls.Conn, so that http.Server recognises them.
// Serve it with http.Server.Serve, not ServeTLS, and set http.Server.TLSConfig to config as well, so that HTTP/2 is
// set up when config.NextProtos has "h2".
//
// Handshakes run concurrently; one that fails or takes more than ten seconds ends its connection silently. When the
// listener is closed, those in progress have another second to end and are still accepted, so that a server that is
// replaced loses no client.
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

// run accepts until that fails permanently.
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

// passing reports whether an error of Accept goes away, such as too many open files.
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
