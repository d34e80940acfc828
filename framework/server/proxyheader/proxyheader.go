// Package proxyheader reads the PROXY protocol, versions 1 and 2, by which load balancers that pass
// connections on say who the client is.
//
// Of its extensions nothing is read. What a load balancer says of clients that it reached by other
// means than TCP or UDP over IP, or does not know, is that there is no address: a client over a unix
// socket has none, and for "UNKNOWN", "UNSPEC" and the load balancer's own connections ("LOCAL") it
// is that of the load balancer.
package proxyheader

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"time"
)

// DefaultTrusted are the peers that are believed unless others are given: this machine.
func DefaultTrusted() []string { return []string{"127.0.0.1", "::1"} }

// defaultTimeout is how long a header may take.
const defaultTimeout = 10 * time.Second

// Listener wraps l. Connections from trusted addresses and networks, and those over unix sockets,
// must begin with the header, and come from the client that it names. On all others a header is not
// looked for: what a stranger says of himself is taken for a malformed request. A header that takes
// longer than timeout ends its connection; 0 means 10 s. Nobody waits for it but those who read from
// the connection or ask for its addresses.
func Listener(l net.Listener, trusted []string, timeout time.Duration) (net.Listener, error) {
	var networks []netip.Prefix
	for _, entry := range trusted {
		network, err := parseNetwork(strings.TrimSpace(entry))
		if err != nil {
			return nil, fmt.Errorf("trusted peer %q: write an address such as 127.0.0.1 or a network such as 10.0.0.0/8", entry)
		}
		networks = append(networks, network)
	}
	if timeout <= 0 {
		timeout = defaultTimeout
	}
	return &listener{Listener: l, networks: networks, timeout: timeout}, nil
}

type listener struct {
	net.Listener
	networks []netip.Prefix
	timeout  time.Duration
}

func (l *listener) Accept() (net.Conn, error) {
	inner, err := l.Listener.Accept()
	if err != nil || !l.trusts(inner.RemoteAddr()) {
		return inner, err
	}
	return &conn{Conn: inner, timeout: l.timeout}, nil
}

func (l *listener) trusts(peer net.Addr) bool {
	switch peer := peer.(type) {
	case *net.UnixAddr:
		return true
	case *net.TCPAddr:
		addr := peer.AddrPort().Addr().Unmap().WithZone("")
		for _, network := range l.networks {
			if network.Contains(addr) {
				return true
			}
		}
	}
	return false
}

// SetDeadline sets the deadline of Accept, where the listener below can do that.
func (l *listener) SetDeadline(t time.Time) error {
	if d, ok := l.Listener.(interface{ SetDeadline(time.Time) error }); ok {
		return d.SetDeadline(t)
	}
	return errors.ErrUnsupported
}

func parseNetwork(text string) (netip.Prefix, error) {
	if strings.Contains(text, "/") {
		network, err := netip.ParsePrefix(text)
		return network.Masked(), err
	}
	addr, err := netip.ParseAddr(text)
	if err != nil {
		return netip.Prefix{}, err
	}
	addr = addr.Unmap()
	return netip.PrefixFrom(addr, addr.BitLen()), nil
}
