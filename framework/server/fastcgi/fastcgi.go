// Package fastcgi serves a handler over FastCGI and stops without losing a request. It is built on net/http/fcgi,
// which cannot stop gracefully.
//
// The protocol cannot announce that a connection is about to close. A web server that keeps connections
// (fastcgi_keep_conn of nginx) may send on one that is closing; it must then send the request again, as nginx does
// with GET by default. A web server that opens a connection for each request, which is the default, loses nothing.
//
// The information from a web server is trusted, but its records are validated: records in the wrong order, parameters
// without end and a web server that stops in the middle end their connection, and no other. So does the abort of a
// request.
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

// Server serves FastCGI connections of a web server, whose information about clients is trusted. Its methods are safe
// for concurrent use; the fields must not be changed once it serves.
type Server struct {
	Handler        http.Handler
	MaxHeaderBytes int                            // size of a request's parameters; default: 1 MiB
	Stall          time.Duration                  // how long the web server may delay; default: two minutes, negative: no limit
	Logger         *slog.Logger                   // receives panics of the handler; default: slog.Default()
	ConnState      func(net.Conn, http.ConnState) // called when a connection changes its state; default: nil

	mu       sync.Mutex
	conns    map[*conn]struct{}
	draining atomic.Bool
	closed   atomic.Bool
}

// Serve accepts connections until the listener is closed. It returns http.ErrServerClosed after Shutdown or Close,
// otherwise the listener's error. While the system has no resources for more connections, it waits up to a second and
// tries again.
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
			s.logger().Warn("cannot accept a connection; trying again", "error", err, "in", pause)
			time.Sleep(pause)
			continue
		}
		pause = 0
		c := s.add(raw)
		// Each connection is served as a separate listener, so that the handler knows its connection.
		_ = fcgi.Serve(&single{conn: c}, s.handler(c))
	}
}

// temporary is an error that goes away, such as too many open files.
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

// deadline returns when an inactive web server is disconnected.
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

// handler ends the context of a request when its connection is closed, holds the body to its length, and closes the
// connection of a handler that panics, for which net/http/fcgi would let the process crash.
func (s *Server) handler(c *conn) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithCancel(r.Context())
		defer cancel()
		defer c.onClose(cancel)()
		defer func() {
			value := recover()
			if value == nil {
				return
			}
			if err, ok := value.(error); !ok || !errors.Is(err, http.ErrAbortHandler) {
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

// Drain makes the server close every connection after the request that it carries. New connections are still served.
func (s *Server) Drain() { s.draining.Store(true) }

// Shutdown closes idle connections, and the others as soon as their request is finished. If ctx ends first, it
// returns the error of ctx.
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

// Close closes all connections at once.
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

// closeIdle closes idle connections and reports whether none is left.
func (s *Server) closeIdle() bool {
	list := s.open()
	for _, c := range list {
		c.closeIfIdle()
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
