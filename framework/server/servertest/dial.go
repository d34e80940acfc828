package servertest

import (
	"context"
	"net"
	"strings"
)

// Dial opens a connection to the server that is tried. Many may be opened at once.
type Dial func(ctx context.Context) (net.Conn, error)

// Dialer opens connections to an address: "127.0.0.1:8000", or "unix:/run/shop.sock".
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

// join is the opposite of split.
func join(addr net.Addr) string {
	if addr.Network() == "unix" {
		return "unix:" + addr.String()
	}
	return addr.String()
}
