package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/quintetgo/quintet/framework/server/bind"
	"github.com/quintetgo/quintet/framework/server/limit"
)

// Run serves handler until ctx ends, then stops in two phases (see the package comment) and returns nil. A context
// canceled with the cause ErrQuick skips the grace period. Run returns an error if an address cannot be listened on,
// in which case nothing is served, or if a listener fails while serving.
func Run(ctx context.Context, handler http.Handler, options Options) error {
	options = options.withDefaults()
	// Everything that this call starts ends with it, also if it fails.
	ctx, end := context.WithCancelCause(ctx)
	defer end(nil)
	s, err := newServing(ctx, handler, options)
	if err != nil {
		return err
	}
	if s.log != nil {
		defer s.log.Close()
	}
	own, err := listen(options.Bind)
	if err != nil {
		return err
	}
	err = serveMetrics(ctx, options, own)
	if err == nil {
		err = s.serveRedirect(ctx)
	}
	if err != nil {
		bind.CloseAll(own)
		return err
	}
	listeners := append(slices.Clone(options.Listeners), own...)
	failed := make(chan error, len(listeners))
	var done sync.WaitGroup
	addrs := make([]net.Addr, len(listeners))
	for i, listener := range listeners {
		addrs[i] = listener.Addr()
		l := &closing{Listener: limit.Listener(listener, s.gate, options.Timeouts.Send), shared: i < len(options.Listeners)}
		s.listeners = append(s.listeners, l)
		front, err := s.wrapListener(l)
		if err != nil {
			bind.CloseAll(listeners)
			return err
		}
		done.Go(func() {
			if err := s.protocol.Serve(front); !errors.Is(err, http.ErrServerClosed) && !s.draining.Load() {
				failed <- fmt.Errorf("serve %s: %w", l.Addr(), err)
			}
		})
	}
	if options.Probes.Health != nil {
		options.Probes.Health.Start()
	}
	if options.Ready != nil {
		options.Ready(addrs)
	}
	if s.retirement != nil {
		go s.retirement.Watch(ctx)
	}
	var broken error
	select {
	case <-ctx.Done():
	case broken = <-failed:
	}
	s.stop(broken != nil || errors.Is(context.Cause(ctx), ErrQuick))
	done.Wait()
	return broken
}

// listen opens all addresses or none.
func listen(binds []string) ([]net.Listener, error) {
	var listeners []net.Listener
	for _, text := range binds {
		address, err := bind.Parse(text)
		if err == nil {
			var opened []net.Listener
			if opened, err = address.ListenAll(); err == nil {
				listeners = append(listeners, opened...)
				continue
			}
		}
		bind.CloseAll(listeners)
		return nil, err
	}
	return listeners, nil
}

func (s *serving) stop(quick bool) {
	if s.options.Probes.Health != nil {
		s.options.Probes.Health.Drain()
	}
	if !quick {
		time.Sleep(s.options.Timeouts.LameDuck)
	}
	s.draining.Store(true)
	if d, ok := s.protocol.(interface{ Drain() }); ok {
		d.Drain()
	}
	var closed sync.WaitGroup
	for _, listener := range s.listeners {
		closed.Go(listener.drain)
	}
	closed.Wait()
	timeout := s.options.Timeouts.Shutdown
	if quick {
		timeout = time.Second
	} else {
		s.waitIdle(s.options.Timeouts.Grace)
	}
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	if err := s.protocol.Shutdown(ctx); err != nil {
		s.options.Log.Logger.Warn("requests were cut off by the stop", "connections", s.open.Load(), "after", timeout)
		_ = s.protocol.Close()
	}
}

// waitIdle waits until no connection is open, at most for the grace period.
func (s *serving) waitIdle(grace time.Duration) {
	deadline := time.NewTimer(grace)
	defer deadline.Stop()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for s.open.Load() > 0 {
		select {
		case <-deadline.C:
			return
		case <-tick.C:
		}
	}
}

// closing is a listener that, when it drains, still accepts the connections in the kernel's queue: closing the socket
// would reset them. The connections of a shared socket are accepted by the other processes that have it.
type closing struct {
	net.Listener
	shared  bool
	drained atomic.Bool
	once    sync.Once
}

func (l *closing) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil && l.drained.Load() {
		return nil, net.ErrClosed
	}
	return conn, err
}

func (l *closing) drain() {
	l.drained.Store(true)
	d, ok := l.Listener.(interface{ SetDeadline(time.Time) error })
	if ok && !l.shared && d.SetDeadline(time.Now().Add(20*time.Millisecond)) == nil {
		time.Sleep(25 * time.Millisecond)
	}
	_ = l.Close()
}

func (l *closing) Close() error {
	var err error
	l.once.Do(func() { err = l.Listener.Close() })
	return err
}

// debugNoise lowers messages of net/http about clients that disconnected or did not speak HTTP to the level Debug:
// they are not errors of the site.
type debugNoise struct{ slog.Handler }

func (q debugNoise) Handle(ctx context.Context, record slog.Record) error {
	for _, noise := range []string{
		"TLS handshake error", "broken pipe", "connection reset",
		"http2: received GOAWAY", "http2: server connection error", "http2: server closing client connection", "timeout waiting for",
	} {
		if strings.Contains(record.Message, noise) {
			record.Level = slog.LevelDebug
			if !q.Enabled(ctx, slog.LevelDebug) {
				return nil
			}
		}
	}
	return q.Handler.Handle(ctx, record)
}
