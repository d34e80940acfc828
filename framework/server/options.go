package server

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/quintetgo/quintet/framework/server/certs"
	"github.com/quintetgo/quintet/framework/server/health"
	"github.com/quintetgo/quintet/framework/server/limit"
	"github.com/quintetgo/quintet/framework/server/metrics"
	"github.com/quintetgo/quintet/framework/server/proxyheader"
	"github.com/quintetgo/quintet/framework/server/strict"
)

// Options configures [Run]. The zero value serves plain HTTP on 127.0.0.1:8000 with limits that suit production.
type Options struct {
	// Bind lists the addresses to listen on, in the syntax of bind.Parse: "host:port", "unix:/run/site.sock?mode=0660" or
	// "systemd:NAME". Default: DefaultAddr, unless Listeners has sockets.
	Bind []string
	// Listeners are sockets that a parent process opened and shares with other processes. A stop does not wait for the
	// connections in their queues, since the other processes accept those. Default: none.
	Listeners []net.Listener
	// Protocol is "http", or "fcgi" for FastCGI behind a web server. Default: "http".
	Protocol string
	// H2C also accepts HTTP/2 without TLS, from clients and proxies that start with it. Default: false.
	H2C bool
	// Strict selects which malformed HTTP/1 requests are rejected. Set it to reject all of them. Default: nil, which rejects
	// requests whose end is ambiguous (strict.Options.FramingOnly).
	Strict *strict.Options
	// ProxyProtocol expects the PROXY protocol, version 1 or 2, on connections from ProxyAllow and on unix sockets. Enable it
	// behind a TCP load balancer that sends it. Default: false.
	ProxyProtocol bool
	// ProxyAllow lists the addresses and networks of such load balancers. Default: proxyheader.DefaultTrusted.
	ProxyAllow []string

	// Limits bound connections, requests and memory.
	Limits Limits
	// Timeouts bound clients, requests and the stop.
	Timeouts Timeouts
	// TLS configures certificates. Its zero value serves without TLS.
	TLS TLS
	// Log configures the access log and the server's own log.
	Log Log
	// Probes configures health probes and metrics. Its zero value serves neither.
	Probes Probes

	// Retire asks for a successor of this process, with the reason, when Limits.Requests or Limits.Memory is exceeded. A
	// master's Worker sets it. Default: nil, which ignores both limits.
	Retire func(reason string)
	// Reopen reopens the access log and reads the certificates again whenever it receives a value. Default: nil, never.
	Reopen <-chan struct{}
	// Ready is called once, with the addresses, when all sockets accept connections. Default: nil.
	Ready func([]net.Addr)
	// BaseContext returns the parent of the request contexts of a listener, as in http.Server. It must not return nil. FastCGI
	// ignores it. Default: nil, for context.Background.
	BaseContext func(net.Listener) context.Context
	// ConnState is called when a client's connection changes its state, as in http.Server. Default: nil.
	ConnState func(net.Conn, http.ConnState)
}

// Limits bounds what clients can make a process hold. In each field a negative number means no limit where that is noted.
type Limits struct {
	// Connections is the number of open connections over all listeners; more wait in the kernel's queue. Lower it on machines
	// with little memory. Default: limit.DefaultConnections, from the limit of open files. Negative: no limit.
	Connections int
	// Concurrency is the number of requests that are handled at the same time. Lower it if handlers need much memory.
	// Default: limit.DefaultConcurrency, from the memory of the machine. Negative: no limit.
	Concurrency int
	// Queue is the number of requests that wait when Concurrency is reached; more get status 503 at once. Default: 0, none.
	Queue int
	// HeaderBytes is the size of a request's head in bytes. Raise it for large cookies. Default: 32 KiB.
	HeaderBytes int
	// HeaderFields is the number of header fields of a request. Default: 100. Negative: no limit.
	HeaderFields int
	// Requests is the number of requests after which the process asks for a successor (see Options.Retire). Set it to contain
	// a memory leak. Default: 0, never.
	Requests int
	// RequestsJitter adds a random number of requests, up to this one, so that workers are not replaced at the same time.
	// Default: 0.
	RequestsJitter int
	// Memory is the resident memory in bytes above which the process asks for a successor. Default: 0, never.
	Memory uint64
}

// Timeouts bounds how long clients, requests and a stop may take. Unless noted, zero is the default and a negative duration
// means no limit.
type Timeouts struct {
	// ReadHeader is the time for a client to send the head of a request. Default: 10 seconds.
	ReadHeader time.Duration
	// Read is the time for a client to send a whole request with its body. Raise it for large uploads. Default: 60 seconds.
	Read time.Duration
	// Write is the time from the end of the head to the end of the response. Default: no limit, since downloads and event
	// streams take long; Send bounds clients that stop reading.
	Write time.Duration
	// Send is the time for a client to accept the next 128 KiB of a response (see limit.Listener). Default: 60 seconds.
	Send time.Duration
	// Idle is how long a connection is kept open between requests. Default: 75 seconds.
	Idle time.Duration
	// Queue is how long a request waits for Limits.Concurrency before it gets status 503. Default: limit.DefaultQueueTimeout.
	Queue time.Duration
	// Request is when the context of a request is canceled; a handler that ignores it gets status 503 sent in its place (see
	// limit.Deadline). Default: 0, never.
	Request time.Duration
	// LameDuck is how long a stop keeps serving while the readiness probe fails, so that load balancers notice. Set it to a
	// little more than the interval of their probes. Default: 0, not at all.
	LameDuck time.Duration
	// Grace is how long open connections are served after the listeners are closed, before idle ones are closed. Default:
	// DefaultGrace. Negative: not at all.
	Grace time.Duration
	// Shutdown is how long a stop waits for requests in flight before it cuts them off. Raise it if requests take longer.
	// Default: 30 seconds.
	Shutdown time.Duration
}

// TLS configures certificates, from files or from an ACME authority, and the redirect from http to https.
type TLS struct {
	// CertFile and KeyFile are the certificate chain and its key in PEM form. They are read again when they change. Set both or
	// neither. Default: none.
	CertFile, KeyFile string
	// ACME obtains certificates for its Hosts, instead of files. Default: no hosts, not used.
	ACME certs.ACMEOptions
	// RedirectBind lists addresses that redirect http to https and respond to the ACME authority. Default: none.
	RedirectBind []string
	// RedirectListeners are sockets for the same purpose that a parent process opened. Default: none.
	RedirectListeners []net.Listener
}

// Log configures the logs of a server.
type Log struct {
	// Logger receives warnings and errors. Default: slog.Default().
	Logger *slog.Logger
	// Access is the file that gets a line for each request, or accesslog.Stdout for the standard output. Default: "", none.
	Access string
	// AccessFormat is accesslog.Combined or accesslog.JSON. Default: accesslog.Combined.
	AccessFormat string
}

// Probes configures how a server is observed.
type Probes struct {
	// Health responds to liveness, readiness and startup probes, before the handler. Default: nil, no probes.
	Health *health.Health
	// Metrics counts requests and connections. Default: nil, no counting.
	Metrics *metrics.Metrics
	// MetricsBind is the address that serves Metrics in the format of Prometheus. Choose one that the public cannot reach.
	// Default: "", none.
	MetricsBind string
}

// DefaultAddr is the default of Options.Bind.
const DefaultAddr = "127.0.0.1:8000"

// DefaultGrace is the default of Timeouts.Grace.
const DefaultGrace = 1500 * time.Millisecond

// ErrQuick is the cause with which a context is canceled to stop at once: connections are closed without grace, and
// requests in flight get one second.
var ErrQuick = errors.New("quick stop")

func (o Options) withDefaults() Options {
	if len(o.Bind) == 0 && len(o.Listeners) == 0 {
		o.Bind = []string{DefaultAddr}
	}
	if len(o.ProxyAllow) == 0 {
		o.ProxyAllow = proxyheader.DefaultTrusted()
	}
	if o.BaseContext == nil {
		o.BaseContext = func(net.Listener) context.Context { return context.Background() }
	}
	o.Limits, o.Timeouts = o.Limits.withDefaults(), o.Timeouts.withDefaults()
	if o.Log.Logger == nil {
		o.Log.Logger = slog.Default()
	}
	return o
}

func (l Limits) withDefaults() Limits {
	if l.Connections == 0 {
		l.Connections = limit.DefaultConnections()
	}
	if l.Concurrency == 0 {
		l.Concurrency = limit.DefaultConcurrency()
	}
	l.HeaderBytes = cmp.Or(max(l.HeaderBytes, 0), 32<<10)
	l.HeaderFields = cmp.Or(l.HeaderFields, 100)
	return l
}

// withDefaults replaces zero by the default, and negative durations, which mean no limit, by zero.
func (t Timeouts) withDefaults() Timeouts {
	for _, field := range []struct {
		value    *time.Duration
		standard time.Duration
	}{
		{&t.ReadHeader, 10 * time.Second},
		{&t.Read, 60 * time.Second},
		{&t.Write, 0},
		{&t.Send, 60 * time.Second},
		{&t.Idle, 75 * time.Second},
		{&t.LameDuck, 0},
		{&t.Grace, DefaultGrace},
		{&t.Shutdown, 30 * time.Second},
	} {
		*field.value = max(cmp.Or(*field.value, field.standard), 0)
	}
	return t
}
