package server

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync/atomic"

	"github.com/quintetgo/quintet/framework/server/exchange"
	"github.com/quintetgo/quintet/framework/server/limit"
)

// serving is one http.Server and what is needed to bound it and to stop it without loss.
type serving struct {
	http       *http.Server
	options    Options
	listeners  []*closing
	gate       *limit.Gate       // nil without a limit
	queue      *limit.Queue      // nil without a limit
	retirement *limit.Retirement // nil if there is nobody to ask for a successor
	draining   atomic.Bool
	open       atomic.Int64 // connections
}

func newServing(handler http.Handler, options Options) *serving {
	s := &serving{options: options}
	if options.MaxConnections > 0 {
		s.gate = limit.NewGate(options.MaxConnections)
	}
	s.http = &http.Server{
		Handler:           s.surround(handler),
		ReadHeaderTimeout: options.ReadHeaderTimeout,
		ReadTimeout:       options.ReadTimeout,
		WriteTimeout:      options.WriteTimeout,
		IdleTimeout:       options.IdleTimeout,
		MaxHeaderBytes:    options.MaxHeaderBytes,
		BaseContext:       func(net.Listener) context.Context { return options.Base },
		ErrorLog:          slog.NewLogLogger(quiet{options.Logger.Handler()}, slog.LevelWarn),
		ConnState:         s.watch,
	}
	return s
}

// watch counts connections.
func (s *serving) watch(conn net.Conn, state http.ConnState) {
	switch state {
	case http.StateNew:
		s.open.Add(1)
	case http.StateClosed, http.StateHijacked:
		s.open.Add(-1)
	}
	if s.options.Metrics != nil {
		s.options.Metrics.Conn(conn, state)
	}
	if s.options.Conn != nil {
		s.options.Conn(conn, state)
	}
}

// front puts what works on connections around a listener.
func (s *serving) front(l net.Listener) net.Listener {
	if s.gate != nil {
		l = s.gate.Listener(l)
	}
	return l
}

// surround puts what works on requests around the handler, the innermost first. What is not asked
// for is not there.
func (s *serving) surround(h http.Handler) http.Handler {
	o := &s.options
	if o.RequestTimeout > 0 {
		h = (&limit.Deadline{Timeout: o.RequestTimeout, Logger: o.Logger}).Handler(h)
	}
	if o.Concurrency > 0 {
		s.queue = limit.NewQueue(o.Concurrency, o.Queue, o.QueueTimeout)
		h = s.queue.Handler(h)
	}
	if o.Retire != nil && (o.MaxRequests > 0 || o.ReloadOnMemory > 0) {
		s.retirement = &limit.Retirement{Requests: o.MaxRequests, Jitter: o.MaxRequestsJitter, Memory: o.ReloadOnMemory, Retire: o.Retire}
		s.retirement.Start()
		h = s.retirement.Handler(h)
	}
	var observers []exchange.Observer
	if o.Metrics != nil {
		o.Metrics.Queue = s.queue
		observers = append(observers, o.Metrics)
	}
	h = s.announce(exchange.Handler(h, observers...))
	if o.Health != nil {
		h = o.Health.Handler(h)
	}
	return h
}

// announce tells clients to leave once a stop has begun, and drops header fields with an underscore
// in their name: programs behind CGI-like interfaces take X_Real for X-Real, which a proxy in front
// may have set or removed with care.
func (s *serving) announce(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.draining.Load() {
			w.Header()["Connection"] = []string{"close"}
		}
		for name := range r.Header {
			if strings.IndexByte(name, '_') >= 0 {
				delete(r.Header, name)
			}
		}
		next.ServeHTTP(w, r)
	})
}
