// Package proxyheader reads the PROXY protocol, versions 1 and 2, by which load balancers that pass on connections
// report the client's address.
//
// Its extensions are ignored. If a load balancer reports a client that it does not know, or that did not use TCP or
// UDP over IP, there is no address: a client over a unix socket has none, and for "UNKNOWN", "UNSPEC" and the load
// balancer's own connections ("LOCAL") it is that of the load balancer.
package proxyheader

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"time"
)

// DefaultTrusted returns the peers that are trusted by default: this machine.
func DefaultTrusted() []string { return []string{"127.0.0.1", "::1"} }

// defaultTimeout is how long a header may take by default.
const defaultTimeout = 10 * time.Second

// Listener wraps l. Connections from trusted addresses and networks, and those over unix sockets, must begin with the
// header, and have the client's address from it. On all other connections no header is expected: one that an
// untrusted client sends is a malformed request. A header that takes longer than timeout ends its connection; 0 means
// 10 s. Accept does not wait for it, only reading from the connection and its addresses do. Listener returns an error
// if a trusted peer is not an address or network.
func Listener(l net.Listener, trusted []string, timeout time.Duration) (net.Listener, error) {
	var networks []netip.Prefix
	for _, entry := range trusted {
		network, err := parseNetwork(strings.TrimSpace(entry))
		if err != nil {
			return nil, fmt.Errorf("trusted peer %q must be an address such as 127.0.0.1 or a network such as 10.0.0.0/8", entry)
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

// SetDeadline sets the deadline of Accept, if the underlying listener supports it.
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
