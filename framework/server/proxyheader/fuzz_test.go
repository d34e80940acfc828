package proxyheader_test

import (
	"io"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"
)

// outcome is what a server receives from a connection.
type outcome struct {
	text          string
	failed        bool
	remote, local string
}

func seen(t *testing.T, from net.Addr, text string, size int) outcome {
	client, server := pipe(t, from, time.Minute)
	go deliver(client, text, size)
	var b strings.Builder
	_, err := io.Copy(&b, struct{ io.Reader }{server})
	return outcome{b.String(), err != nil, server.RemoteAddr().String(), server.LocalAddr().String()}
}

// FuzzListener sends bytes from an untrusted and from a trusted peer. The bytes of the untrusted peer never change
// its address, and arrive unchanged. Those of the trusted peer have the same effect however they are split, and
// change the address only if the rest arrives.
func FuzzListener(f *testing.F) {
	for _, text := range []string{
		"PROXY TCP4 203.0.113.5 192.0.2.1 4096 80\r\nGET / HTTP/1.1\r\n\r\n", "PROXY TCP6 ::ffff:203.0.113.5 ::1 4096 80\r\n", "PROXY UNKNOWN x\r\nrest", "PROXY TCP4 1.1.1.1",
		binaryHeader(0x21, 0x11, ip4) + "rest", binaryHeader(0x21, 0x21, ip6+"\x04\x00\x01x") + "rest", binaryHeader(0x21, 0x31, unixPaths()) + "rest",
		binaryHeader(0x20, 0x00, "") + "rest", signature + "\x21\x11\xff\xff", "GET / HTTP/1.1\r\n\r\n", "", "\r\n\r\n",
	} {
		f.Add(text, 1)
		f.Add(text, 5)
	}
	f.Fuzz(func(t *testing.T, text string, size int) {
		if got := seen(t, outsider, text, size); got.text != text || got.failed || got.remote != outsider.String() {
			t.Errorf("a outsider's %q: %+v", text, got)
		}
		whole, cut := seen(t, balancer, text, 0), seen(t, balancer, text, size)
		if whole != cut {
			t.Errorf("%q: %+v at once, %+v in pieces of %d", text, whole, cut, size)
		}
		if !strings.HasSuffix(text, whole.text) {
			t.Errorf("%q was read as %q", text, whole.text)
		}
		if whole.failed && (whole.text != "" || whole.remote != balancer.String() || whole.local != "127.0.0.1:8000") {
			t.Errorf("%q is refused, but not in full: %+v", text, whole)
		}
		if _, err := netip.ParseAddrPort(whole.remote); err != nil && whole.remote != "@" {
			t.Errorf("%q: the client is %q", text, whole.remote)
		}
	})
}
