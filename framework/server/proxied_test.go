package server_test

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/quintetgo/quintet/framework/server"
	"github.com/quintetgo/quintet/framework/server/strict"
)

// proxied returns the modes of serving above the PROXY protocol.
func proxied(t *testing.T) map[string]server.Options {
	t.Helper()
	dir := t.TempDir()
	certFile, keyFile := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	cert, key := certificate(t, "example.com")
	write(t, certFile, cert)
	write(t, keyFile, key)
	list := map[string]server.Options{
		"plain": {}, "strict": {Strict: &strict.Options{}}, "h2c": {H2C: true, Strict: &strict.Options{}},
		"TLS": {TLS: server.TLS{CertFile: certFile, KeyFile: keyFile}}, "strict TLS": {TLS: server.TLS{CertFile: certFile, KeyFile: keyFile}, Strict: &strict.Options{}},
	}
	for name, options := range list {
		options.ProxyProtocol, options.Timeouts.ReadHeader, options.Log.Logger = true, 15*time.Second, slog.New(slog.DiscardHandler)
		list[name] = options
	}
	return list
}

const (
	line = "PROXY TCP4 203.0.113.5 192.0.2.1 4096 80\r\n"
	ask  = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
)

// over sends a header and then a request, over TLS if the server speaks it, and returns the whole response.
func over(addr, header string, options server.Options) (string, error) {
	network := "tcp"
	if strings.HasPrefix(addr, "/") {
		network = "unix"
	}
	conn, err := net.DialTimeout(network, addr, patience)
	if err != nil {
		return "", err
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(patience))
	for _, char := range []byte(header) {
		if _, err := conn.Write([]byte{char}); err != nil {
			return "", err
		}
	}
	if options.TLS.CertFile != "" {
		conn = tls.Client(conn, &tls.Config{InsecureSkipVerify: true, ServerName: "example.com", NextProtos: []string{"http/1.1"}})
	}
	if _, err := io.WriteString(conn, ask); err != nil {
		return "", err
	}
	answer, err := io.ReadAll(conn)
	return string(answer), err
}

func TestProxyProtocolBelowEverything(t *testing.T) {
	t.Parallel()
	for name, options := range proxied(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			secure := fmt.Sprint(options.TLS.CertFile != "")
			addr, _ := start(t, hello, options)
			silent, err := net.Dial("tcp", addr) // does not delay others
			if err != nil {
				t.Fatal(err)
			}
			defer silent.Close()
			for header, want := range map[string]string{
				line:                "HTTP/1.1 203.0.113.5:4096 " + secure,
				"PROXY UNKNOWN\r\n": "HTTP/1.1 127.0.0.1:",
			} {
				if answer, err := over(addr, header, options); err != nil || !strings.Contains(answer, "\r\n\r\n"+want) {
					t.Errorf("%q: %q, %v", header, answer, err)
				}
			}
			for _, header := range []string{"", "PROXY TCP4 nonsense\r\n", "\r\n\r\n\x00\r\nQUIT\n\x21\x11\x00\x01x"} {
				if answer, _ := over(addr, header, options); strings.Contains(answer, "200 OK") {
					t.Errorf("trusted, but with %q: %q", header, answer)
				}
			}
			_ = silent.SetReadDeadline(time.Now().Add(patience))
			if _, err := io.ReadAll(silent); os.IsTimeout(err) {
				t.Error("a connection without a header is never closed")
			}
			options.ProxyAllow = []string{"10.0.0.0/8"}
			addr, _ = start(t, hello, options)
			if answer, _ := over(addr, line, options); strings.Contains(answer, "200 OK") || strings.Contains(answer, "203.0.113.5") {
				t.Errorf("a stranger's header: %q", answer)
			}
			if answer, err := over(addr, "", options); err != nil || !strings.Contains(answer, "\r\n\r\nHTTP/1.1 127.0.0.1:") {
				t.Errorf("a stranger without a header: %q, %v", answer, err)
			}
		})
	}
}

func TestProxyProtocolOverAUnixSocket(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a.sock")
	options := server.Options{Bind: []string{"unix:" + path}, ProxyProtocol: true, ProxyAllow: []string{"10.0.0.0/8"}}
	start(t, hello, options)
	if answer, err := over(path, line, options); err != nil || !strings.Contains(answer, "\r\n\r\nHTTP/1.1 203.0.113.5:4096") {
		t.Errorf("%q, %v", answer, err)
	}
	if answer, _ := over(path, "", options); strings.Contains(answer, "200 OK") {
		t.Errorf("without a header: %q", answer)
	}
}

// TestATrustedPeerWithoutAHeaderIsTold checks that there is an error message: a closed connection would not help
// whoever configures the load balancer.
func TestATrustedPeerWithoutAHeaderIsTold(t *testing.T) {
	t.Parallel()
	addr, _ := start(t, hello, server.Options{ProxyProtocol: true})
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(patience))
	fmt.Fprint(conn, ask)
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	if response.StatusCode != http.StatusBadRequest || !response.Close {
		t.Errorf("status %d, close %v", response.StatusCode, response.Close)
	}
}
