package strict

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"slices"
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
// speak HTTP/1. Connections that negotiated HTTP/2 are returned as *tls.Conn, so that http.Server recognizes them.
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
	ctx, end := context.WithCancelCause(context.Background())
	l.done, l.end, l.cause = ctx.Done(), end, func() error { return context.Cause(ctx) }
	go l.run(ctx)
	return l
}

type tlsListener struct {
	listener
	config *tls.Config
	ready  chan net.Conn
	slots  chan struct{}

	done     <-chan struct{}         // closed when nothing is accepted any more
	end      context.CancelCauseFunc // closes done
	cause    func() error            // why done was closed
	inFlight sync.WaitGroup
}

// run accepts until that fails permanently.
func (l *tlsListener) run(ctx context.Context) {
	for {
		l.slots <- struct{}{}
		conn, err := l.Listener.Accept()
		if err == nil {
			l.inFlight.Go(func() { l.handshake(ctx, conn) })
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

// temporary returns the errors of Accept that go away.
func temporary() []error {
	return []error{syscall.EMFILE, syscall.ENFILE, syscall.ECONNABORTED, syscall.ENOBUFS, syscall.ENOMEM}
}

// passing reports whether an error of Accept goes away, such as too many open files.
func passing(err error) bool {
	network, ok := errors.AsType[net.Error](err)
	return ok && !network.Timeout() && slices.ContainsFunc(temporary(), func(target error) bool { return errors.Is(err, target) })
}

func (l *tlsListener) handshake(ctx context.Context, conn net.Conn) {
	defer func() { <-l.slots }()
	secure := tls.Server(conn, l.config)
	ctx, cancel := context.WithTimeout(ctx, handshakeTimeout)
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
	case <-l.done:
		_ = conn.Close()
	}
}

// Accept returns the next connection whose handshake is complete.
func (l *tlsListener) Accept() (net.Conn, error) {
	select {
	case conn := <-l.ready:
		return conn, nil
	case <-l.done:
		return nil, l.cause()
	}
}
