package server

import (
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

// Options says where and within which limits a handler is served. The zero value is a sane
// production set-up on 127.0.0.1:8000.
type Options struct {
	Bind      []string       // addresses as bind.Parse reads them; none means 127.0.0.1:8000
	Listeners []net.Listener // sockets that a parent process opened and shares; with them and no Bind, nothing else is opened

	Protocol      string          // "http", which is the default, or "fcgi" for FastCGI behind a web server
	H2C           bool            // speak HTTP/2 without TLS too, to clients and proxies that begin with it
	Strict        *strict.Options // which HTTP/1 requests are refused; nil means those of which it is ambiguous where they end (strict.Options.FramingOnly)
	ProxyProtocol bool            // connections from ProxyAllow and over unix sockets begin with the PROXY protocol, version 1 or 2
	ProxyAllow    []string        // addresses and networks; none means proxyheader.DefaultTrusted

	TLSCert, TLSKey string            // files in PEM form; both or neither. They are read anew when they change
	ACME            certs.ACMEOptions // gets certificates; it has Hosts or is not used

	RedirectBind      []string       // addresses that send visitors to https and answer the ACME authority
	RedirectListeners []net.Listener // sockets for that which a parent process opened

	ReadHeaderTimeout time.Duration // for a request's head; 0 means 10 s, negative none
	ReadTimeout       time.Duration // for a whole request with its body; 0 means 60 s, negative none
	WriteTimeout      time.Duration // from the end of the head to the end of the answer; 0 and negative mean none, as event streams and downloads take long
	SendTimeout       time.Duration // for a client to take the next piece of an answer (see limit.Listener); 0 means 60 s, negative none
	IdleTimeout       time.Duration // for the next request on an open connection; 0 means 75 s, negative none
	MaxHeaderBytes    int           // of a request's head; 0 means 32 KiB
	MaxFields         int           // header fields of a request; 0 means 100, negative no limit

	MaxConnections int           // open at the same time, over all listeners; more wait in the kernel's queue; 0 means limit.DefaultConnections, negative no limit
	Concurrency    int           // requests at work at the same time; 0 means limit.DefaultConcurrency, negative no limit
	Queue          int           // requests that wait for their turn; more get 503 at once
	QueueTimeout   time.Duration // how long they wait before they get 503; 0 means limit.DefaultQueueTimeout
	RequestTimeout time.Duration // when the context of a request ends, and a handler that ignores it is answered for (see limit.Deadline); 0 means never

	MaxRequests       int                 // after so many requests the process asks for a successor; 0 means never
	MaxRequestsJitter int                 // at most so many more, by chance, so that workers do not go together
	ReloadOnMemory    uint64              // above so many bytes of resident memory the process asks for a successor; 0 means never
	Retire            func(reason string) // asks for the successor; nil, as without a master, means that there is nobody to ask

	AccessLog       string // file for a line of each request, accesslog.Stdout for standard output; "" means none
	AccessLogFormat string // accesslog.Combined, which is the default, or accesslog.JSON

	Health      *health.Health   // answers probes in front of the handler; nil means that nobody does
	Metrics     *metrics.Metrics // counts; nil means that nobody does
	MetricsBind string           // address on which Metrics are served, as bind.Parse reads it; "" means none

	LameDuck        time.Duration // how long a stop waits after readiness turned red, for load balancers to notice; 0 and negative mean not at all
	Grace           time.Duration // how long open connections go on being served after a stop; 0 means DefaultGrace, negative none
	GracefulTimeout time.Duration // when requests that still run are cut off; 0 means 30 s

	Reopen <-chan struct{}                // each value has the access log reopened and certificates read anew; may be nil
	Logger *slog.Logger                   // nil means slog.Default()
	Ready  func([]net.Addr)               // called once when every socket listens; may be nil
	Base   context.Context                // parent of the requests' contexts; nil means context.Background()
	Conn   func(net.Conn, http.ConnState) // watches connections; may be nil
}

// DefaultGrace is how long open connections go on being served after a stop.
const DefaultGrace = 1500 * time.Millisecond

func (o Options) withDefaults() Options {
	if len(o.Bind) == 0 && len(o.Listeners) == 0 {
		o.Bind = []string{"127.0.0.1:8000"}
	}
	for _, field := range []struct {
		value    *time.Duration
		standard time.Duration
	}{
		{&o.ReadHeaderTimeout, 10 * time.Second},
		{&o.ReadTimeout, 60 * time.Second},
		{&o.WriteTimeout, 0},
		{&o.SendTimeout, 60 * time.Second},
		{&o.IdleTimeout, 75 * time.Second},
		{&o.LameDuck, 0},
		{&o.Grace, DefaultGrace},
		{&o.GracefulTimeout, 30 * time.Second},
	} {
		switch {
		case *field.value == 0:
			*field.value = field.standard
		case *field.value < 0:
			*field.value = 0
		}
	}
	if o.MaxConnections == 0 {
		o.MaxConnections = limit.DefaultConnections()
	}
	if o.Concurrency == 0 {
		o.Concurrency = limit.DefaultConcurrency()
	}
	if len(o.ProxyAllow) == 0 {
		o.ProxyAllow = proxyheader.DefaultTrusted()
	}
	if o.MaxHeaderBytes <= 0 {
		o.MaxHeaderBytes = 32 << 10
	}
	if o.MaxFields == 0 {
		o.MaxFields = 100
	}
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	if o.Base == nil {
		o.Base = context.Background()
	}
	return o
}

// ErrQuick is the cause with which a context is cancelled to stop at once: connections are closed
// without grace, and requests in flight get one second.
var ErrQuick = errors.New("quick stop")
