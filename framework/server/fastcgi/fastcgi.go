// Package fastcgi serves a handler over FastCGI and stops without losing a request, which
// net/http/fcgi, on which it stands, cannot do.
//
// The protocol has no way to say that a connection is about to close. A web server that keeps
// connections (fastcgi_keep_conn of nginx) may send on one that just closes; it must then send the
// request again, as nginx does with GET unless told otherwise. One that opens a connection for each
// request, which is the default, loses nothing.
//
// A web server is trusted in what it says, but not to be without faults: records in the wrong order,
// parameters without end and a web server that stops in the middle end their connection, and no
// other. So does the abort of a request.
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
	Stall          time.Duration                  // how long the web server may keep a request or an answer waiting; 0 means two minutes, negative for ever
	Logger         *slog.Logger                   // gets panics; nil means slog.Default()
	ConnState      func(net.Conn, http.ConnState) // watches connections; may be nil

	mu       sync.Mutex
	conns    map[*conn]struct{}
	draining atomic.Bool
	closed   atomic.Bool
}

// Serve accepts connections until the listener is closed, and then returns http.ErrServerClosed if
// the server was shut down, else the listener's error. It waits, at most a second at a time, while
// the system has no room for more connections.
func (s *Server) Serve(l net.Listener) error {
	var pause time.Duration
	for {
		raw, err := l.Accept()
		if err != nil {
			if s.draining.Load() || s.closed.Load() {
				return http.ErrServerClosed
			}
			if passing, ok := errors.AsType[temporary](err); !ok || !passing.Temporary() {
				return err
			}
			pause = min(max(2*pause, 5*time.Millisecond), time.Second)
			s.logger().Warn("cannot accept a connection, trying again", "error", err, "in", pause)
			time.Sleep(pause)
			continue
		}
		pause = 0
		c := s.add(raw)
		// Serving each connection as a listener of its own lets the handler know its connection.
		_ = fcgi.Serve(&single{conn: c}, s.handler(c))
	}
}

// temporary is an error such as too many open files.
type temporary interface {
	error
	Temporary() bool
}

func (s *Server) logger() *slog.Logger {
	if s.Logger == nil {
		return slog.Default()
	}
	return s.Logger
}

func (s *Server) maxHeaderBytes() int {
	if s.MaxHeaderBytes <= 0 {
		return 1 << 20
	}
	return s.MaxHeaderBytes
}

// deadline is when a web server that does nothing is given up.
func (s *Server) deadline() time.Time {
	switch {
	case s.Stall < 0:
		return time.Time{}
	case s.Stall == 0:
		return time.Now().Add(2 * time.Minute)
	}
	return time.Now().Add(s.Stall)
}

func (s *Server) add(raw net.Conn) *conn {
	c := &conn{Conn: raw, server: s, requests: map[uint16]*progress{}}
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

// handler ends the context of a request when its connection is gone, holds the body to its length,
// and cuts the connection of a handler that panics, where net/http/fcgi would let the process die.
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
				s.logger().Error("handler panicked", "method", r.Method, "path", r.URL.Path, "error", value, "stack", string(debug.Stack()))
			}
			_ = c.Close()
		}()
		if !sound(r) {
			http.Error(w, "400 Bad Request: invalid host", http.StatusBadRequest)
			return
		}
		r = r.WithContext(ctx)
		measure(r)
		defer func() {
			if r.MultipartForm != nil {
				_ = r.MultipartForm.RemoveAll()
			}
		}()
		s.Handler.ServeHTTP(w, r)
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
		c.leave()
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
