package servertest

import (
	"context"
	"net"
	"strings"
)

// Dial opens a connection to the tested server. It must be safe for concurrent use.
type Dial func(ctx context.Context) (net.Conn, error)

// Dialer returns a Dial for an address: "127.0.0.1:8000", or "unix:/run/shop.sock".
func Dialer(address string) Dial {
	network, address := split(address)
	return func(ctx context.Context) (net.Conn, error) {
		var dialer net.Dialer
		return dialer.DialContext(ctx, network, address)
	}
}

func split(address string) (network, rest string) {
	if path, ok := strings.CutPrefix(address, "unix:"); ok {
		return "unix", path
	}
	return "tcp", address
}

// join is the reverse of split.
func join(addr net.Addr) string {
	if addr.Network() == "unix" {
		return "unix:" + addr.String()
	}
	return addr.String()
}
