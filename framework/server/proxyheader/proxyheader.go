// Package proxyheader reads the PROXY protocol, versions 1 and 2, by which load balancers that pass
// connections on say who the client is.
package proxyheader

import (
	"fmt"
	"net"
	"net/netip"
	"strings"
	"time"

	"github.com/pires/go-proxyproto"
)

// DefaultTrusted are the peers that are believed unless others are given: this machine.
func DefaultTrusted() []string { return []string{"127.0.0.1", "::1"} }

// Listener wraps l. Connections from trusted addresses and networks, and those over unix sockets,
// must begin with the header, and come from the client that it names. On all others a header is not
// looked for: what a stranger says of himself is taken for a malformed request. A header that takes
// longer than timeout ends its connection; 0 means 10 s.
func Listener(l net.Listener, trusted []string, timeout time.Duration) (net.Listener, error) {
	var networks []netip.Prefix
	for _, entry := range trusted {
		network, err := parse(strings.TrimSpace(entry))
		if err != nil {
			return nil, fmt.Errorf("trusted peer %q: write an address such as 127.0.0.1 or a network such as 10.0.0.0/8", entry)
		}
		networks = append(networks, network)
	}
	policy := func(options proxyproto.ConnPolicyOptions) (proxyproto.Policy, error) {
		switch peer := options.Upstream.(type) {
		case *net.UnixAddr:
			return proxyproto.REQUIRE, nil
		case *net.TCPAddr:
			addr := peer.AddrPort().Addr().Unmap().WithZone("")
			for _, network := range networks {
				if network.Contains(addr) {
					return proxyproto.REQUIRE, nil
				}
			}
		}
		return proxyproto.SKIP, nil
	}
	return &proxyproto.Listener{Listener: l, ConnPolicy: policy, ReadHeaderTimeout: timeout}, nil
}

func parse(text string) (netip.Prefix, error) {
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
