package strict

import (
	"errors"
	"net"
	"time"
)

// Listener checks the requests on every connection that inner accepts. It needs clear text: use TLSListener for
// HTTPS.
func Listener(inner net.Listener, options Options) net.Listener {
	return &listener{Listener: inner, options: options.withDefaults()}
}

type listener struct {
	net.Listener
	options *Options
}

func (l *listener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return wrap(conn, l.options), nil
}

// SetDeadline sets the deadline of Accept, if the underlying listener supports it.
func (l *listener) SetDeadline(t time.Time) error {
	if d, ok := l.Listener.(interface{ SetDeadline(time.Time) error }); ok {
		return d.SetDeadline(t)
	}
	return errors.ErrUnsupported
}
