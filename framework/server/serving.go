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

// protocol is what serves connections: an http.Server or a fastcgi.Server.
type protocol interface {
	Serve(net.Listener) error
	Shutdown(context.Context) error
	Close() error
}

// serving is a server and what is needed to bound it and to stop it without loss.
type serving struct {
	protocol   protocol
	options    Options
	tls        *tls.Config // nil without TLS
	acme       *certs.ACME // nil without ACME
	listeners  []*closing
	gate       *limit.Gate       // nil without a limit
	queue      *limit.Queue      // nil without a limit
	retirement *limit.Retirement // nil if there is nobody to ask for a successor
	log        *accesslog.Log    // nil without an access log
	reopened   []func() error    // what happens when files are to be opened anew
	draining   atomic.Bool
	open       atomic.Int64 // connections
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
	handler = s.surround(handler)
	switch options.Protocol {
	case "fcgi":
		s.protocol = &fastcgi.Server{Handler: handler, MaxHeaderBytes: options.Limits.HeaderBytes + fastCGIBytes, Logger: options.Log.Logger, ConnState: s.watch, Stall: s.stall()}
	case "", "http":
		s.protocol = s.newHTTP(handler)
	default:
		return nil, fmt.Errorf("unknown protocol %q; there are http and fcgi", options.Protocol)
	}
	return s, nil
}

// fastCGIBytes is for what a web server says beside the fields of a request.
const fastCGIBytes = 16 << 10

// stall is how long a web server that speaks FastCGI may keep a request or an answer waiting.
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
		ErrorLog:          slog.NewLogLogger(quiet{o.Log.Logger.Handler()}, slog.LevelWarn),
		ConnState:         s.watch,
		TLSConfig:         s.tls,
		HTTP2: &http.HTTP2Config{
			// A client can hold so many goroutines and heads in memory for each connection. Less than 100
			// would be against the advice of RFC 9113.
			MaxConcurrentStreams: 100,
			// Frames are read into memory as a whole, and a head that is too long only ends its connection
			// with the next frame. Every client sends 16 KiB at most unless it is told that it may send more.
			MaxReadFrameSize: 16 << 10,
			// What a handler does not read is kept in memory. As a part of what the connection may send, it
			// does not keep the other streams from sending.
			MaxReceiveBufferPerConnection: 1 << 20,
			MaxReceiveBufferPerStream:     256 << 10,
			// Idle connections end after IdleTimeout; those with open streams, or in the middle of a head,
			// for which HTTP/2 knows no timeout, have to prove by then that they are alive. The answer may
			// come late: on a slow line the ping waits behind what was sent before.
			SendPingTimeout: o.Timeouts.Idle,
			PingTimeout:     time.Minute,
			// WriteByteTimeout is left to limit.Listener, which knows all protocols.
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

// sendStreams reports whether answers over HTTP/2, if there are any, need limit.SendStreams: a
// WriteTimeout bounds them already.
func (s *serving) sendStreams() bool {
	o := &s.options
	return o.Timeouts.Send > 0 && o.Timeouts.Write == 0 && (s.tls != nil || o.H2C)
}

// reopen opens files anew when it is asked to.
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
				s.options.Log.Logger.Error("going on with the old file", "error", err)
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

// front puts what works on connections around a listener, which bounds them already, from the socket
// up: the word of the load balancer, TLS, and the check of what is then clear text.
func (s *serving) front(l net.Listener) (net.Listener, error) {
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

// rules are what is refused before net/http sees it. A request with both a length and a coding is
// never served, whatever the mode: who forwarded it may take a part of it for the next request. Refusals
// are logged for debugging only, unless someone else wants them: anyone can cause them.
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
			s.options.Log.Logger.Debug("refused a request", "reason", refusal.Reason.Text(), "field", refusal.Field, "remote", refusal.Remote)
		}
	}
	return rules
}

// surround puts what works on requests around the handler, the innermost first. What is not asked
// for is not there.
func (s *serving) surround(h http.Handler) http.Handler {
	o := &s.options
	if o.Timeouts.Request > 0 {
		h = (&limit.Deadline{Timeout: o.Timeouts.Request, Logger: o.Log.Logger}).Handler(h)
	}
	if o.Limits.Concurrency > 0 {
		s.queue = limit.NewQueue(o.Limits.Concurrency, o.Limits.Queue, o.Timeouts.Queue)
		s.queue.OnRefuse = s.complain()
		h = s.queue.Handler(h)
	}
	if o.Retire != nil && (o.Limits.Requests > 0 || o.Limits.Memory > 0) {
		s.retirement = &limit.Retirement{Requests: o.Limits.Requests, Jitter: o.Limits.RequestsJitter, Memory: o.Limits.Memory, Retire: o.Retire}
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
	h = s.announce(exchange.Handler(h, observers...))
	if s.sendStreams() {
		h = limit.SendStreams(h, o.Timeouts.Send)
	}
	if o.Probes.Health != nil {
		h = o.Probes.Health.Handler(h)
	}
	return h
}

// complain logs that requests are refused, every ten seconds as long as it goes on.
func (s *serving) complain() func() {
	var last atomic.Int64
	return func() {
		now := time.Now().UnixNano()
		before := last.Load()
		if (before == 0 || now-before > int64(10*time.Second)) && last.CompareAndSwap(before, now) {
			s.options.Log.Logger.Warn("too busy: requests are refused", "at_work", s.options.Limits.Concurrency, "waiting", s.queue.Waiting())
		}
	}
}

// announce tells clients to leave once a stop has begun, refuses requests with too many header fields,
// and drops fields with an underscore in their name: programs behind CGI-like interfaces take X_Real for
// X-Real, which a proxy in front may have set or removed with care.
func (s *serving) announce(next http.Handler) http.Handler {
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
			clear(r.Header) // they need not wait for the client to take the answer
			w.Header()["Connection"] = []string{"close"}
			http.Error(w, "The request has too many header fields.", http.StatusRequestHeaderFieldsTooLarge)
			return
		}
		next.ServeHTTP(w, r)
	})
}
