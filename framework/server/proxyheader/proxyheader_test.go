package proxyheader_test

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/quintetgo/quintet/framework/server/proxyheader"
)

// signature begins a header of version 2.
const signature = "\r\n\r\n\x00\r\nQUIT\n"

// binaryHeader returns a header of version 2 with its correct length.
func binaryHeader(command, family byte, rest string) string {
	return signature + string([]byte{command, family}) + string(binary.BigEndian.AppendUint16(nil, uint16(len(rest)))) + rest
}

// Addresses of version 2: 203.0.113.5:4096 to 192.0.2.1:80, the same in IP version 6, and unix sockets, of which the
// client's path looks like an address.
const (
	ip4 = "\xcb\x00\x71\x05\xc0\x00\x02\x01\x10\x00\x00\x50"
	ip6 = "\x20\x01\x0d\xb8\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x05\x20\x01\x0d\xb8\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x10\x00\x00\x50"
)

func unixPaths() string {
	paths := make([]byte, 216)
	copy(paths, "198.51.100.9:1")
	copy(paths[108:], "/run/balancer.sock")
	return string(paths)
}

// peer is a connection from an address; the listener gets the other end.
type peer struct {
	net.Conn
	remote net.Addr
}

func (p peer) RemoteAddr() net.Addr { return p.remote }

func (p peer) LocalAddr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 8000} }

// queue is a listener with prepared connections.
type queue chan net.Conn

func (q queue) Accept() (net.Conn, error) {
	conn, ok := <-q
	if !ok {
		return nil, net.ErrClosed
	}
	return conn, nil
}

func (q queue) Close() error   { return nil }
func (q queue) Addr() net.Addr { return nil }

// The balancer is trusted, the outsider is not.
var (
	balancer = &net.TCPAddr{IP: net.IPv4(10, 0, 0, 1), Port: 5000}
	outsider = &net.TCPAddr{IP: net.IPv4(198, 51, 100, 1), Port: 5000}
)

// pipe returns both ends of a connection from an address, through a listener that trusts 10.0.0.0/8.
func pipe(t testing.TB, from net.Addr, timeout time.Duration) (client, server net.Conn) {
	t.Helper()
	client, inner := net.Pipe()
	q := make(queue, 1)
	q <- peer{inner, from}
	l, err := proxyheader.Listener(q, []string{"10.0.0.0/8", " ::ffff:192.0.2.7", "2001:db8::/32"}, timeout)
	if err != nil {
		t.Fatal(err)
	}
	server, err = l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = client.Close()
		_ = server.Close()
	})
	return client, server
}

// deliver writes text to a connection in pieces of size bytes, or at once if size is 0, and ends it.
func deliver(client net.Conn, text string, size int) {
	defer client.Close()
	if size <= 0 {
		size = max(1, len(text))
	}
	for len(text) > 0 {
		n := min(size, len(text))
		if _, err := io.WriteString(client, text[:n]); err != nil {
			return
		}
		text = text[n:]
	}
}

func TestHeaders(t *testing.T) {
	t.Parallel()
	const none, broken = "10.0.0.1:5000 127.0.0.1:8000", "malformed"
	for name, c := range map[string]struct{ text, want string }{
		"version 1":                  {"PROXY TCP4 203.0.113.5 192.0.2.1 4096 80\r\n", "203.0.113.5:4096 192.0.2.1:80"},
		"version 1, IPv6":            {"PROXY TCP6 2001:db8::5 ::1 4096 80\r\n", "[2001:db8::5]:4096 [::1]:80"},
		"version 1, mapped":          {"PROXY TCP6 ::ffff:203.0.113.5 ::1 4096 80\r\n", "203.0.113.5:4096 [::1]:80"},
		"unknown":                    {"PROXY UNKNOWN\r\n", none},
		"unknown, with more":         {"PROXY UNKNOWN 203.0.113.5 whatever\x00 it is\r\n", none},
		"version 2":                  {binaryHeader(0x21, 0x11, ip4), "203.0.113.5:4096 192.0.2.1:80"},
		"version 2, IPv6":            {binaryHeader(0x21, 0x21, ip6), "[2001:db8::5]:4096 [2001:db8::1]:80"},
		"version 2, UDP":             {binaryHeader(0x21, 0x12, ip4), "203.0.113.5:4096 192.0.2.1:80"},
		"version 2, extensions":      {binaryHeader(0x21, 0x11, ip4+"\x04\x00\x00\x01\x00\x02h2\xe0\x00\x01x"), "203.0.113.5:4096 192.0.2.1:80"},
		"version 2, many extensions": {binaryHeader(0x21, 0x11, ip4+"\x05\x0c\x00"+strings.Repeat("x", 3<<10)), "203.0.113.5:4096 192.0.2.1:80"},
		"version 2, unspecified":     {binaryHeader(0x21, 0x00, "\x04\x00\x01x"), none},
		"local":                      {binaryHeader(0x20, 0x00, ""), none},
		"local with addresses":       {binaryHeader(0x20, 0x11, ip4), none},
		"local, short":               {binaryHeader(0x20, 0x11, "x"), none},
		"local with junk":            {binaryHeader(0x20, 0x00, strings.Repeat("\xff", 300)), none},
		"unix sockets":               {binaryHeader(0x21, 0x31, unixPaths()), "@ 127.0.0.1:8000"},

		"missing":                      {"", "trusted peer"},
		"another word":                 {"PROXIED TCP4 1.2.3.4 1.2.3.4 1 1\r\n", "trusted peer"},
		"a broken signature":           {strings.Replace(binaryHeader(0x21, 0x11, ip4), "QUIT", "QUIX", 1), "trusted peer"},
		"small letters":                {"proxy TCP4 203.0.113.5 192.0.2.1 4096 80\r\n", "trusted peer"},
		"no family":                    {"PROXY \r\n", broken},
		"unknown family":               {"PROXY UDP4 203.0.113.5 192.0.2.1 4096 80\r\n", broken},
		"no carriage return":           {"PROXY TCP4 203.0.113.5 192.0.2.1 4096 80\n", broken},
		"two of them":                  {"PROXY TCP4 203.0.113.5 192.0.2.1 4096 80\r\r\n", broken},
		"two spaces":                   {"PROXY TCP4  203.0.113.5 192.0.2.1 4096 80\r\n", broken},
		"a word more":                  {"PROXY TCP4 203.0.113.5 192.0.2.1 4096 80 x\r\n", broken},
		"a word less":                  {"PROXY TCP4 203.0.113.5 192.0.2.1 4096\r\n", broken},
		"the wrong family":             {"PROXY TCP4 2001:db8::5 ::1 4096 80\r\n", broken},
		"the wrong family, other way":  {"PROXY TCP6 203.0.113.5 192.0.2.1 4096 80\r\n", broken},
		"a zone":                       {"PROXY TCP6 fe80::1%eth0 ::1 4096 80\r\n", broken},
		"a leading zero":               {"PROXY TCP4 203.0.113.05 192.0.2.1 4096 80\r\n", broken},
		"a port with a leading zero":   {"PROXY TCP4 203.0.113.5 192.0.2.1 04096 80\r\n", broken},
		"a port too large":             {"PROXY TCP4 203.0.113.5 192.0.2.1 65536 80\r\n", broken},
		"a port with a sign":           {"PROXY TCP4 203.0.113.5 192.0.2.1 +1 80\r\n", broken},
		"no end":                       {"PROXY TCP4 " + strings.Repeat("1", 5000), broken},
		"unknown without end":          {"PROXY UNKNOWN " + strings.Repeat("x", 5000), broken},
		"version 3":                    {signature + "\x31\x11\x00\x0c" + ip4, broken},
		"an unknown command":           {binaryHeader(0x22, 0x11, ip4), broken},
		"an unknown family, version 2": {binaryHeader(0x21, 0x13, ip4), broken},
		"addresses cut short":          {binaryHeader(0x21, 0x11, ip4[:11]), broken},
		"IPv6 cut short":               {binaryHeader(0x21, 0x21, ip6[:35]), broken},
		"unix sockets cut short":       {binaryHeader(0x21, 0x31, unixPaths()[:215]), broken},
		"an extension cut short":       {binaryHeader(0x21, 0x11, ip4+"\x04\x00"), broken},
		"an extension that lies":       {binaryHeader(0x21, 0x11, ip4+"\x04\x00\x05x"), broken},
		"too large":                    {binaryHeader(0x21, 0x11, ip4+strings.Repeat("\x04\x00\x00", 1400)), broken},
		"a length that lies":           {signature + "\x21\x11\xff\xff" + ip4, broken},
		"local, too large":             {signature + "\x20\x00\xff\xff", broken},
	} {
		for _, size := range []int{0, 1, 7} {
			t.Run(fmt.Sprintf("%s in pieces of %d", name, size), func(t *testing.T) {
				t.Parallel()
				client, server := pipe(t, balancer, time.Minute)
				const rest = "GET / HTTP/1.1\r\nHost: x\r\n\r\n"
				go deliver(client, c.text+rest, size)
				got, err := io.ReadAll(server)
				addrs := fmt.Sprint(server.RemoteAddr(), " ", server.LocalAddr())
				if strings.Contains(c.want, " ") && c.want != "trusted peer" {
					if err != nil || string(got) != rest || addrs != c.want {
						t.Errorf("read %q, %v, between %s; want %s", got, err, addrs, c.want)
					}
					return
				}
				if err == nil || !strings.Contains(err.Error(), c.want) || len(got) > 0 || addrs != none {
					t.Errorf("read %q, %v, between %s; want an error with %q", got, err, addrs, c.want)
				}
			})
		}
	}
}

func TestOnlyTrustedPeersAreBelieved(t *testing.T) {
	t.Parallel()
	for from, trusted := range map[net.Addr]bool{
		balancer:                              true,
		outsider:                              false,
		&net.UnixAddr{Name: "@", Net: "unix"}: true,
		&net.TCPAddr{IP: net.ParseIP("::ffff:10.9.9.9"), Port: 1}:          true,
		&net.TCPAddr{IP: net.IPv4(192, 0, 2, 7), Port: 1}:                  true,
		&net.TCPAddr{IP: net.IPv4(192, 0, 2, 8), Port: 1}:                  false,
		&net.TCPAddr{IP: net.ParseIP("2001:db8::9"), Port: 1, Zone: "eth"}: true,
		&net.TCPAddr{IP: net.ParseIP("2001:db9::9"), Port: 1}:              false,
		&net.UDPAddr{IP: net.IPv4(10, 0, 0, 1), Port: 1}:                   false,
	} {
		for _, text := range []string{"PROXY TCP4 203.0.113.5 192.0.2.1 4096 80\r\nrest", binaryHeader(0x21, 0x11, ip4) + "rest"} {
			client, server := pipe(t, from, time.Minute)
			go deliver(client, text, 3)
			got, err := io.ReadAll(server)
			wantAddr, wantText := from.String(), text
			if trusted {
				wantAddr, wantText = "203.0.113.5:4096", "rest"
			}
			if err != nil || string(got) != wantText || server.RemoteAddr().String() != wantAddr {
				t.Errorf("from %v: read %q as %v (%v)", from, got, server.RemoteAddr(), err)
			}
		}
	}
	if _, err := proxyheader.Listener(nil, []string{"balancer.local"}, 0); err == nil || !strings.Contains(err.Error(), `"balancer.local"`) {
		t.Errorf("a name as trusted peer: %v", err)
	}
}

func TestAHeaderHasItsTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		for _, text := range []string{"", "P", "PROXY TCP4 ", signature, binaryHeader(0x21, 0x11, ip4)[:20]} {
			client, server := pipe(t, balancer, 3*time.Second)
			began := time.Now()
			go func() {
				for i := range text { // one byte a second
					if _, err := io.WriteString(client, text[i:i+1]); err != nil {
						return
					}
					time.Sleep(time.Second)
				}
			}()
			_, err := server.Read(make([]byte, 1))
			if took := time.Since(began); !errors.Is(err, os.ErrDeadlineExceeded) || took != 3*time.Second {
				t.Errorf("after %v: %v", took, err)
			}
			if server.RemoteAddr() != balancer {
				t.Errorf("client %v", server.RemoteAddr())
			}
			_ = client.Close()
			time.Sleep(time.Minute)
		}
	})
}

func TestDeadlinesAreThoseOfTheOwner(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		// A deadline before that of the header applies.
		_, server := pipe(t, balancer, time.Minute)
		began := time.Now()
		_ = server.SetReadDeadline(began.Add(time.Second))
		if _, err := server.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) || time.Since(began) != time.Second {
			t.Errorf("after %v: %v", time.Since(began), err)
		}
		// A deadline that is set while the header is read can shorten its time, but not extend it.
		for _, d := range []struct{ set, want time.Duration }{{time.Hour, time.Minute}, {0, time.Minute}, {10 * time.Second, 11 * time.Second}} {
			_, server = pipe(t, balancer, time.Minute)
			began = time.Now()
			time.AfterFunc(time.Second, func() {
				deadline := time.Time{}
				if d.set > 0 {
					deadline = time.Now().Add(d.set)
				}
				_ = server.SetDeadline(deadline)
			})
			if _, err := server.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) || time.Since(began) != d.want {
				t.Errorf("with %v: after %v: %v", d.set, time.Since(began), err)
			}
		}
		// After the header it applies again.
		client, server := pipe(t, balancer, time.Minute)
		began = time.Now()
		_ = server.SetDeadline(began.Add(2 * time.Hour))
		go func() { _, _ = io.WriteString(client, "PROXY UNKNOWN\r\n") }()
		if _, err := server.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) || time.Since(began) != 2*time.Hour {
			t.Errorf("after %v: %v", time.Since(began), err)
		}
	})
}

// TestASlowHeaderKeepsNobodyWaiting has many connections without a header before one with it.
func TestASlowHeaderKeepsNobodyWaiting(t *testing.T) {
	t.Parallel()
	for network, address := range map[string]string{"tcp": "127.0.0.1:0", "unix": filepath.Join(t.TempDir(), "s")} {
		inner, err := net.Listen(network, address)
		if err != nil {
			t.Fatal(err)
		}
		l, err := proxyheader.Listener(inner, proxyheader.DefaultTrusted(), time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		var last net.Conn
		for range 50 {
			last, err = net.Dial(network, inner.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			defer last.Close()
		}
		if _, err := io.WriteString(last, "PROXY TCP4 203.0.113.5 192.0.2.1 4096 80\r\nhello"); err != nil {
			t.Fatal(err)
		}
		for i := range 50 {
			conn, err := l.Accept()
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			if i < 49 {
				continue
			}
			text := make([]byte, 5)
			if _, err := io.ReadFull(conn, text); err != nil || string(text) != "hello" || conn.RemoteAddr().String() != "203.0.113.5:4096" {
				t.Errorf("%s: %q from %v (%v)", network, text, conn.RemoteAddr(), err)
			}
			// Optimisations of the underlying connection still work.
			if _, err := conn.(io.ReaderFrom).ReadFrom(strings.NewReader("bye")); err != nil {
				t.Error(err)
			}
			if err := conn.(interface{ CloseWrite() error }).CloseWrite(); err != nil {
				t.Error(err)
			}
			if answer, err := io.ReadAll(last); err != nil || string(answer) != "bye" {
				t.Errorf("%s: the client got %q (%v)", network, answer, err)
			}
		}
	}
}
