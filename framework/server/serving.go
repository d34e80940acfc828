package server

import (
	"context"
	"crypto/tls"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/quintetgo/quintet/framework/server/accesslog"
	"github.com/quintetgo/quintet/framework/server/certs"
	"github.com/quintetgo/quintet/framework/server/exchange"
	"github.com/quintetgo/quintet/framework/server/fastcgi"
	"github.com/quintetgo/quintet/framework/server/limit"
	"github.com/quintetgo/quintet/framework/server/proxyheader"
	"github.com/quintetgo/quintet/framework/server/strict"
)

// protocol serves connections: an http.Server or a fastcgi.Server.
type protocol interface {
	Serve(net.Listener) error
	Shutdown(context.Context) error
	Close() error
}

// serving is a running server with its limits and the state of its stop.
type serving struct {
	protocol   protocol
	options    Options
	tls        *tls.Config // nil without TLS
	acme       *certs.ACME // nil without ACME
	listeners  []*closing
	gate       *limit.Gate       // nil without a limit
	queue      *limit.Queue      // nil without a limit
	retirement *limit.Retirement // nil if no successor can be requested
	log        *accesslog.Log    // nil without an access log
	reopened   []func() error    // called to reopen files
	draining   atomic.Bool
	open       atomic.Int64 // open connections
}

func newServing(ctx context.Context, handler http.Handler, options Options) (*serving, error) {
	s := &serving{options: options}
	if options.Limits.Connections > 0 {
		s.gate = limit.NewGate(options.Limits.Connections)
	}
	if err := s.prepareTLS(ctx); err != nil {
		return nil, err
	}
	if options.Log.Access != "" {
		var err error
		if s.log, err = accesslog.Open(options.Log.Access, options.Log.AccessFormat, options.Log.Logger); err != nil {
			return nil, err
		}
		s.reopened = append(s.reopened, s.log.Reopen)
	}
	go s.reopen(ctx)
	handler = s.wrapHandler(handler)
	switch options.Protocol {
	case "fcgi":
		s.protocol = &fastcgi.Server{
			Handler: handler, MaxHeaderBytes: options.Limits.HeaderBytes + fastCGIBytes, Logger: options.Log.Logger,
			ConnState: s.watch, Stall: s.stall(),
		}
	case "", "http":
		s.protocol = s.newHTTP(handler)
	default:
		return nil, fmt.Errorf(`unknown protocol %q; it must be "http" or "fcgi"`, options.Protocol)
	}
	return s, nil
}

// fastCGIBytes is the space for parameters that a web server sends besides the header fields of a request.
const fastCGIBytes = 16 << 10

// stall returns how long a web server that speaks FastCGI may delay a request or a response.
func (s *serving) stall() time.Duration {
	if s.options.Timeouts.Read == 0 || s.options.Timeouts.Send == 0 {
		return -1
	}
	return max(s.options.Timeouts.Read, s.options.Timeouts.Send)
}

func (s *serving) newHTTP(handler http.Handler) *http.Server {
	o := &s.options
	h := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: o.Timeouts.ReadHeader,
		ReadTimeout:       o.Timeouts.Read,
		WriteTimeout:      o.Timeouts.Write,
		IdleTimeout:       o.Timeouts.Idle,
		MaxHeaderBytes:    o.Limits.HeaderBytes,
		BaseContext:       o.BaseContext,
		ErrorLog:          slog.NewLogLogger(debugNoise{o.Log.Logger.Handler()}, slog.LevelWarn),
		ConnState:         s.watch,
		TLSConfig:         s.tls,
		HTTP2: &http.HTTP2Config{
			// A client can make the server keep this many goroutines and heads in memory for each connection. RFC
			// 9113 advises against less than 100.
			MaxConcurrentStreams: 100,
			// Frames are read into memory as a whole, and a head that is too long ends its connection only with the
			// next frame. Clients send at most 16 KiB unless they are allowed more.
			MaxReadFrameSize: 16 << 10,
			// What a handler does not read is kept in memory. Because it is a part of what the connection may send,
			// it does not block the other streams.
			MaxReceiveBufferPerConnection: 1 << 20,
			MaxReceiveBufferPerStream:     256 << 10,
			// Idle connections end after Timeouts.Idle; those with open streams, or in the middle of a head, for
			// which HTTP/2 has no timeout, must have responded to a ping by then. The response may be late: on a slow
			// line the ping waits behind data that was sent before.
			SendPingTimeout: o.Timeouts.Idle,
			PingTimeout:     time.Minute,
			// WriteByteTimeout is not set: limit.Listener bounds all protocols.
		},
	}
	if s.sendStreams() {
		h.WriteTimeout = o.Timeouts.Send
	}
	if o.H2C {
		h.Protocols = new(http.Protocols)
		h.Protocols.SetHTTP1(true)
		h.Protocols.SetHTTP2(true)
		h.Protocols.SetUnencryptedHTTP2(true)
	}
	return h
}

// sendStreams reports whether responses over HTTP/2 need limit.SendStreams. With a write timeout they are bounded
// already.
func (s *serving) sendStreams() bool {
	o := &s.options
	return o.Timeouts.Send > 0 && o.Timeouts.Write == 0 && (s.tls != nil || o.H2C)
}

// reopen reopens files whenever it is requested.
func (s *serving) reopen(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case _, ok := <-s.options.Reopen:
			if !ok {
				return
			}
		}
		for _, fn := range s.reopened {
			if err := fn(); err != nil {
				s.options.Log.Logger.Error("cannot reopen the file; the old one stays in use", "error", err)
			}
		}
	}
}

// watch counts connections.
func (s *serving) watch(conn net.Conn, state http.ConnState) {
	switch state {
	case http.StateNew:
		s.open.Add(1)
	case http.StateClosed, http.StateHijacked:
		s.open.Add(-1)
	}
	if s.options.Probes.Metrics != nil {
		s.options.Probes.Metrics.Conn(conn, state)
	}
	if s.options.ConnState != nil {
		s.options.ConnState(conn, state)
	}
}

// wrapListener wraps a listener in what works on connections, from the socket up: the PROXY protocol, TLS, and the
// check of the clear text.
func (s *serving) wrapListener(l net.Listener) (net.Listener, error) {
	o := &s.options
	if o.ProxyProtocol {
		var err error
		if l, err = proxyheader.Listener(l, o.ProxyAllow, o.Timeouts.ReadHeader); err != nil {
			return nil, err
		}
	}
	checked := o.Protocol != "fcgi"
	switch {
	case s.tls != nil && checked:
		return strict.TLSListener(l, s.tls, s.rules()), nil
	case s.tls != nil:
		return tls.NewListener(l, s.tls), nil
	case checked:
		return strict.Listener(l, s.rules()), nil
	}
	return l, nil
}

// rules returns which requests are rejected before net/http sees them. A request with both a length and a transfer
// coding is always rejected: a proxy that forwarded it may take a part of it for the next request. Rejections are
// logged at level Debug by default, since anyone can cause them.
func (s *serving) rules() strict.Options {
	rules := strict.Options{FramingOnly: true}
	if s.options.Strict != nil {
		rules = *s.options.Strict
	}
	if rules.MaxHead == 0 {
		rules.MaxHead = s.options.Limits.HeaderBytes
	}
	if rules.MaxFields == 0 {
		rules.MaxFields = s.options.Limits.HeaderFields
	}
	rules.AllowHTTP2 = rules.AllowHTTP2 || s.options.H2C
	if rules.OnRefuse == nil {
		rules.OnRefuse = func(refusal strict.Refusal) {
			s.options.Log.Logger.Debug("rejected a request",
				"reason", refusal.Reason.String(), "field", refusal.Field, "remote", refusal.Remote)
		}
	}
	return rules
}

// wrapHandler wraps the handler in what works on requests, the innermost first. Features that are off add no wrapper.
func (s *serving) wrapHandler(h http.Handler) http.Handler {
	o := &s.options
	if o.Timeouts.Request > 0 {
		h = (&limit.Deadline{Timeout: o.Timeouts.Request, Logger: o.Log.Logger}).Handler(h)
	}
	if o.Limits.Concurrency > 0 {
		s.queue = limit.NewQueue(o.Limits.Concurrency, o.Limits.Queue, o.Timeouts.Queue)
		s.queue.OnRefuse = s.logOverload()
		h = s.queue.Handler(h)
	}
	if o.Retire != nil && (o.Limits.Requests > 0 || o.Limits.Memory > 0) {
		s.retirement = &limit.Retirement{
			Requests: o.Limits.Requests, Jitter: o.Limits.RequestsJitter, Memory: o.Limits.Memory, Retire: o.Retire,
		}
		s.retirement.Start()
		h = s.retirement.Handler(h)
	}
	var observers []exchange.Observer
	if o.Probes.Metrics != nil {
		o.Probes.Metrics.Queue = s.queue
		observers = append(observers, o.Probes.Metrics)
	}
	if s.log != nil {
		observers = append(observers, s.log)
	}
	h = s.guard(exchange.Handler(h, observers...))
	if s.sendStreams() {
		h = limit.SendStreams(h, o.Timeouts.Send)
	}
	if o.Probes.Health != nil {
		h = o.Probes.Health.Handler(h)
	}
	return h
}

// logOverload returns a function that logs, at most every ten seconds, that requests are rejected.
func (s *serving) logOverload() func() {
	var last atomic.Int64
	return func() {
		now := time.Now().UnixNano()
		before := last.Load()
		if (before == 0 || now-before > int64(10*time.Second)) && last.CompareAndSwap(before, now) {
			s.options.Log.Logger.Warn("overload: requests are rejected",
				"at_work", s.options.Limits.Concurrency, "waiting", s.queue.Waiting())
		}
	}
}

// guard does what every request needs in one pass over its header: it tells clients to close during a stop, rejects requests
// with too many fields, and drops fields with an underscore in their name, because programs behind CGI-like interfaces cannot
// distinguish X_Real from X-Real, which a proxy may have set or removed deliberately.
func (s *serving) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.draining.Load() {
			w.Header()["Connection"] = []string{"close"}
		}
		fields := 1 // Host
		for name, values := range r.Header {
			fields += len(values)
			if strings.IndexByte(name, '_') >= 0 {
				delete(r.Header, name)
			}
		}
		if most := s.options.Limits.HeaderFields; most > 0 && fields > most {
			clear(r.Header) // no need to keep them until the client has read the response
			w.Header()["Connection"] = []string{"close"}
			http.Error(w, "The request has too many header fields.", http.StatusRequestHeaderFieldsTooLarge)
			return
		}
		next.ServeHTTP(w, r)
	})
}
