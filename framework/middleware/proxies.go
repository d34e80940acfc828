package middleware

import (
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strings"

	"github.com/quintetgo/quintet/framework/web"
)

// Proxies returns middleware that sets the address of the client (web.ClientIP) and whether the client
// uses https (web.IsSecure). X-Forwarded-For and X-Forwarded-Proto are used only if the request comes
// from one of the trusted addresses or networks; of a chain of addresses, the last that is not a
// trusted proxy is the client. The entry "unix" trusts every client of a unix socket, whose
// permissions decide who can connect. Without trusted proxies the headers are ignored. The error
// names the entry that is not an address or network.
func Proxies(trusted []string) (web.Middleware, error) {
	var networks []netip.Prefix
	sockets := false
	for _, entry := range trusted {
		if strings.TrimSpace(entry) == "unix" {
			sockets = true
			continue
		}
		prefix, err := parseNetwork(strings.TrimSpace(entry))
		if err != nil {
			return nil, fmt.Errorf(
				"trusted proxy %q: write an address such as \"127.0.0.1\" a network such as \"10.0.0.0/8\", or \"unix\" for unix sockets",
				entry,
			)
		}
		networks = append(networks, prefix)
	}
	if len(networks) == 0 && !sockets {
		return func(next http.Handler) http.Handler { return next }, nil
	}
	trusts := func(addr netip.Addr) bool {
		for _, network := range networks {
			if network.Contains(addr) {
				return true
			}
		}
		return false
	}
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			var peer netip.Addr // stays invalid for a unix socket
			known, err := netip.ParseAddrPort(r.RemoteAddr)
			if err == nil {
				peer = known.Addr().Unmap()
			}
			if err == nil && trusts(peer) || sockets && overSocket(r) {
				if client := clientBehind(peer, r.Header.Values("X-Forwarded-For"), trusts); client.IsValid() {
					web.SetClientIP(r, client.String())
				}
				if proto := r.Header.Values("X-Forwarded-Proto"); len(proto) == 1 {
					web.SetSecure(r, strings.EqualFold(strings.TrimSpace(proto[0]), "https"))
				}
			}
			next.ServeHTTP(w, r)
		})
	}, nil
}

// overSocket reports whether a request came over a unix socket.
func overSocket(r *http.Request) bool {
	addr, ok := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
	return ok && addr.Network() == "unix"
}

// clientBehind returns the last address of the chain that is not a trusted proxy. An entry that is not
// an address ends the search at the proxy that sent it.
func clientBehind(peer netip.Addr, lines []string, trusts func(netip.Addr) bool) netip.Addr {
	chain := strings.Join(lines, ",")
	client := peer
	for chain != "" {
		at := strings.LastIndexByte(chain, ',')
		addr, err := netip.ParseAddr(strings.TrimSpace(chain[at+1:]))
		if err != nil {
			return client
		}
		client = addr.Unmap()
		if !trusts(client) {
			return client
		}
		chain = chain[:max(at, 0)]
	}
	return client
}

func parseNetwork(text string) (netip.Prefix, error) {
	if strings.Contains(text, "/") {
		prefix, err := netip.ParsePrefix(text)
		return prefix.Masked(), err
	}
	addr, err := netip.ParseAddr(text)
	if err != nil {
		return netip.Prefix{}, err
	}
	addr = addr.Unmap()
	return netip.PrefixFrom(addr, addr.BitLen()), nil
}
