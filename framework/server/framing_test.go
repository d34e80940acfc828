package server_test

import (
	"context"
	"crypto/tls"
	"io"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/quintetgo/quintet/framework/server"
	"github.com/quintetgo/quintet/framework/server/servertest"
	"github.com/quintetgo/quintet/framework/server/servertest/corpus"
	"github.com/quintetgo/quintet/framework/server/strict"
)

// framed returns the cases of the corpus about the boundaries of requests. Names with an underscore, which the server
// drops, long lines and HTTP/2 are handled differently by mode.
func framed() corpus.Cases {
	var cases corpus.Cases
	for _, c := range corpus.All().Family("both", "coding", "length", "chunks", "lines", "pipeline") {
		if !strings.Contains(c.Name, "underscore") && c.Name != "too-long-second" && c.Name != "http-2-preface" {
			cases = append(cases, c)
		}
	}
	return cases
}

// In every mode a request whose end is ambiguous is rejected and its connection closed.
func TestFramingIsCheckedInEveryMode(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	certFile, keyFile := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	cert, key := certificate(t, "localhost")
	write(t, certFile, cert)
	write(t, keyFile, key)
	secure := func(conn net.Conn) (net.Conn, error) {
		return tls.Client(conn, &tls.Config{InsecureSkipVerify: true, NextProtos: []string{"http/1.1"}}), nil
	}
	announced := func(conn net.Conn) (net.Conn, error) {
		_, err := io.WriteString(conn, line)
		return conn, err
	}
	for name, mode := range map[string]struct {
		options server.Options
		opened  func(net.Conn) (net.Conn, error)
	}{
		"plain":          {},
		"strict":         {options: server.Options{Strict: &strict.Options{}}},
		"unix socket":    {options: server.Options{Bind: []string{"unix:" + filepath.Join(dir, "s")}}},
		"h2c":            {options: server.Options{H2C: true}},
		"TLS":            {options: server.Options{TLS: server.TLS{CertFile: certFile, KeyFile: keyFile}}, opened: secure},
		"PROXY protocol": {options: server.Options{ProxyProtocol: true}, opened: announced},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			counter := corpus.NewCounter(nil)
			mode.options.Log.Logger, mode.options.Limits.HeaderBytes = slog.New(slog.DiscardHandler), 64<<10 // as the corpus expects
			mode.options.Timeouts.ReadHeader = patience                                                      // on a busy machine a head can take longer than the default to arrive
			addr, _ := start(t, counter, mode.options)
			if strings.HasPrefix(addr, "/") {
				addr = "unix:" + addr
			}
			dial := servertest.Dialer(addr)
			opened := func(ctx context.Context) (net.Conn, error) {
				conn, err := dial(ctx)
				if err == nil && mode.opened != nil {
					return mode.opened(conn)
				}
				return conn, err
			}
			report, err := framed().Run(t.Context(), opened, counter)
			if err != nil {
				t.Fatal(err)
			}
			if len(report) < 200 || len(report.Failed()) > 0 {
				t.Error(report)
			}
		})
	}
}

// The server that redirects to https is behind the same check.
func TestFramingIsCheckedForRedirects(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	certFile, keyFile := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	cert, key := certificate(t, "localhost")
	write(t, certFile, cert)
	write(t, keyFile, key)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	start(t, http.NotFoundHandler(), server.Options{TLS: server.TLS{CertFile: certFile, KeyFile: keyFile, RedirectListeners: []net.Listener{listener}}, Log: server.Log{Logger: slog.New(slog.DiscardHandler)}})
	conn, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(patience))
	if _, err := io.WriteString(conn, "GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 48\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"+
		"GET /smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	answer, err := io.ReadAll(conn)
	if text := string(answer); err != nil || strings.Count(text, "HTTP/1.1 ") != 1 || !strings.HasPrefix(text, "HTTP/1.1 400 ") {
		t.Errorf("got %q, %v; want one response, 400, and the end of the connection", text, err)
	}
}

// Requests that are only unusual reach the handler unless the server is strict.
func TestUnusualRequestsPassByDefault(t *testing.T) {
	t.Parallel()
	addr, _ := start(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Connection", "close")
		text := r.URL.RawQuery + " " + r.Header.Get("X_token")
		w.Header().Set("Content-Length", strconv.Itoa(len(text)))
		_, _ = io.WriteString(w, text)
	}), server.Options{Log: server.Log{Logger: slog.New(slog.DiscardHandler)}})
	for request, want := range map[string]string{
		"GET /?q=100% HTTP/1.1\r\nHost: x\r\n\r\n":                                          "q=100% ",
		"GET /é?q=ü HTTP/1.1\r\nHost: x\r\n\r\n":                                            "q=ü ",
		"GET /?a=\"b\"<c> HTTP/1.1\r\nHost: x\r\n\r\n":                                      "a=\"b\"<c> ",
		"GET /?a HTTP/1.1\r\nHost: x\r\nX_Token: y\r\n\r\n":                                 "a ",
		"GET /?" + strings.Repeat("a", 20000) + " HTTP/1.1\r\nHost: x\r\n\r\n":              strings.Repeat("a", 20000) + " ",
		"GET /?a HTTP/1.1\r\nHost: x\r\nCookie: " + strings.Repeat("a", 20000) + "\r\n\r\n": "a ",
		"GET /?a HTTP/1.0\r\n\r\n":                                                          "a ",
	} {
		conn, err := net.Dial("tcp", addr)
		if err != nil {
			t.Fatal(err)
		}
		_ = conn.SetDeadline(time.Now().Add(patience))
		if _, err := io.WriteString(conn, request); err != nil {
			t.Fatal(err)
		}
		answer, err := io.ReadAll(conn)
		_ = conn.Close()
		if text := string(answer); err != nil || !strings.HasSuffix(text, "\r\n\r\n"+want) {
			t.Errorf("%.80q: got %.300q, %v; want %.80q at the end", request, text, err, want)
		}
	}
}

// A handler may hijack a connection that did not ask for another protocol.
func TestHijackedConnectionsAreNotChecked(t *testing.T) {
	t.Parallel()
	addr, _ := start(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		conn, both, err := w.(http.Hijacker).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer conn.Close()
		word := make([]byte, 5)
		if _, err := io.ReadFull(both, word); err != nil {
			t.Error(err)
		}
		_, _ = conn.Write(word)
	}), server.Options{Log: server.Log{Logger: slog.New(slog.DiscardHandler)}})
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(patience))
	if _, err := io.WriteString(conn, "GET / HTTP/1.1\r\nHost: x\r\n\r\n\x00\x01\r\n\x02"); err != nil {
		t.Fatal(err)
	}
	if answer, err := io.ReadAll(conn); err != nil || string(answer) != "\x00\x01\r\n\x02" {
		t.Errorf("got %q, %v", answer, err)
	}
}
