package server

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"time"
)

// Options says where and within which limits a handler is served. The zero value is a sane
// production set-up on 127.0.0.1:8000.
type Options struct {
	Bind      []string       // addresses as ParseBind reads them; none means 127.0.0.1:8000
	Listeners []net.Listener // sockets that a parent process opened and shares; with them and no Bind, nothing else is opened

	ReadHeaderTimeout time.Duration // for a request's head; 0 means 10 s, negative none
	ReadTimeout       time.Duration // for a whole request with its body; 0 means 60 s, negative none
	WriteTimeout      time.Duration // from the end of the head to the end of the answer; 0 and negative mean none, as event streams and downloads take long
	IdleTimeout       time.Duration // for the next request on an open connection; 0 means 75 s, negative none
	MaxHeaderBytes    int           // of a request's head; 0 means 64 KiB

	Grace           time.Duration // how long open connections go on being served after a stop; 0 means DefaultGrace, negative none
	GracefulTimeout time.Duration // when requests that still run are cut off; 0 means 30 s

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
		{&o.IdleTimeout, 75 * time.Second},
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
	if o.MaxHeaderBytes <= 0 {
		o.MaxHeaderBytes = 64 << 10
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
