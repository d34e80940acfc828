// Package fastcgi serves a handler over FastCGI and stops without losing a request, which
// net/http/fcgi, on which it stands, cannot do.
//
// The protocol has no way to say that a connection is about to close. A web server that keeps
// connections (fastcgi_keep_conn of nginx) may send on one that just closes; it must then send the
// request again, as nginx does with GET unless told otherwise. One that opens a connection for each
// request, which is the default, loses nothing.
package fastcgi

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/fcgi"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"
)

// Server serves FastCGI connections from a web server, which is trusted: what it says of the client
// is believed. The fields must not be changed once it serves.
type Server struct {
	Handler        http.Handler
	MaxHeaderBytes int                            // of a request's parameters; 0 means 1 MiB
	Logger         *slog.Logger                   // gets panics; nil means slog.Default()
	ConnState      func(net.Conn, http.ConnState) // watches connections; may be nil

	mu       sync.Mutex
	conns    map[*conn]struct{}
	draining atomic.Bool
	closed   atomic.Bool
}

// Serve accepts connections until the listener is closed, and then returns http.ErrServerClosed if
// the server was shut down, else the listener's error.
func (s *Server) Serve(l net.Listener) error {
	for {
		raw, err := l.Accept()
		if err != nil {
			if s.draining.Load() || s.closed.Load() {
				return http.ErrServerClosed
			}
			if temporary, ok := errors.AsType[net.Error](err); ok && temporary.Timeout() {
				continue
			}
			return err
		}
		c := s.add(raw)
		// Serving each connection as a listener of its own lets the handler know its connection.
		_ = fcgi.Serve(&single{conn: c}, s.handler(c))
	}
}

func (s *Server) add(raw net.Conn) *conn {
	c := &conn{Conn: raw, server: s, most: s.MaxHeaderBytes}
	if c.most <= 0 {
		c.most = 1 << 20
	}
	c.ctx, c.cancel = context.WithCancel(context.Background())
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.conns == nil {
		s.conns = map[*conn]struct{}{}
	}
	s.conns[c] = struct{}{}
	s.state(c, http.StateNew)
	return c
}

func (s *Server) state(c *conn, state http.ConnState) {
	if s.ConnState != nil {
		s.ConnState(c, state)
	}
}

// handler ends the context of a request when its connection is gone, and cuts the connection of a
// handler that panics, where net/http/fcgi would let the process die.
func (s *Server) handler(c *conn) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithCancel(r.Context())
		defer cancel()
		defer context.AfterFunc(c.ctx, cancel)()
		defer func() {
			value := recover()
			if value == nil {
				return
			}
			if value != http.ErrAbortHandler {
				logger := s.Logger
				if logger == nil {
					logger = slog.Default()
				}
				logger.Error("handler panicked", "method", r.Method, "path", r.URL.Path, "error", value, "stack", string(debug.Stack()))
			}
			_ = c.Close()
		}()
		s.Handler.ServeHTTP(w, r.WithContext(ctx))
	})
}

// Drain has every connection closed after the request that it carries. New ones are still served,
// so that a web server that is just sending loses nothing.
func (s *Server) Drain() { s.draining.Store(true) }

// Shutdown closes connections without a request, and the others as soon as theirs is answered. It
// returns the context's error if that takes longer.
func (s *Server) Shutdown(ctx context.Context) error {
	s.draining.Store(true)
	s.closed.Store(true)
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		if s.closeIdle() {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}

// Close closes all connections.
func (s *Server) Close() error {
	s.draining.Store(true)
	s.closed.Store(true)
	for _, c := range s.open() {
		_ = c.Close()
	}
	return nil
}

func (s *Server) open() (list []*conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.conns {
		list = append(list, c)
	}
	return list
}

// closeIdle reports whether no connection is left.
func (s *Server) closeIdle() bool {
	list := s.open()
	for _, c := range list {
		if c.idle() {
			_ = c.Close()
		}
	}
	return len(list) == 0
}

// single is a listener of one connection.
type single struct{ conn net.Conn }

func (l *single) Accept() (net.Conn, error) {
	if l.conn == nil {
		return nil, io.EOF
	}
	conn := l.conn
	l.conn = nil
	return conn, nil
}

func (l *single) Close() error { return nil }

func (l *single) Addr() net.Addr { return nil }
