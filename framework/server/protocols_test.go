package server_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/quintetgo/quintet/framework/server"
	"github.com/quintetgo/quintet/framework/server/certs"
	"github.com/quintetgo/quintet/framework/server/fastcgi/fastcgitest"
	"github.com/quintetgo/quintet/framework/server/metrics"
	"github.com/quintetgo/quintet/framework/server/servertest"
	"github.com/quintetgo/quintet/framework/server/strict"
)

// TestMain makes the test binary a program that systemd starts.
func TestMain(m *testing.M) {
	if os.Getenv("QUINTET_TEST_ACTIVATED") != "" {
		_ = os.Setenv("LISTEN_PID", fmt.Sprint(os.Getpid()))
		err := server.Run(context.Background(), hello, server.Options{Bind: []string{"systemd:web"}})
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

var hello = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
	fmt.Fprintf(w, "%s %s %v", r.Proto, r.RemoteAddr, r.TLS != nil)
})

// certificate returns a certificate for name in PEM form.
func certificate(t *testing.T, name string) (cert, key []byte) {
	t.Helper()
	cert, key, err := servertest.NewCertificate(servertest.CertificateTemplate(name), nil)
	if err != nil {
		t.Fatal(err)
	}
	return cert, key
}

func write(t *testing.T, path string, text []byte) {
	t.Helper()
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
}

// served returns the name in the certificate of a server.
func served(addr string) (string, error) {
	conn, err := tls.Dial("tcp", addr, &tls.Config{InsecureSkipVerify: true, ServerName: "example.com"})
	if err != nil {
		return "", err
	}
	defer conn.Close()
	return conn.ConnectionState().PeerCertificates[0].Subject.CommonName, nil
}

func TestTLS(t *testing.T) {
	t.Parallel()
	for name, rules := range map[string]*strict.Options{"plain": nil, "strict": {}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			certFile, keyFile := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
			cert, key := certificate(t, "one.example")
			write(t, certFile, cert)
			write(t, keyFile, key)
			reopen := make(chan struct{})
			addr, _ := start(t, hello, server.Options{TLS: server.TLS{CertFile: certFile, KeyFile: keyFile}, Strict: rules, Probes: server.Probes{Metrics: new(metrics.Metrics)}, Reopen: reopen, Log: server.Log{Logger: slog.New(slog.DiscardHandler)}})
			for proto, h2 := range map[string]bool{"HTTP/1.1": false, "HTTP/2.0": true} {
				client := &http.Client{Transport: &http.Transport{ForceAttemptHTTP2: h2, TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}}
				if !h2 {
					client.Transport.(*http.Transport).TLSNextProto = map[string]func(string, *tls.Conn) http.RoundTripper{}
				}
				response, err := client.Get("https://" + addr)
				if err != nil {
					t.Fatal(err)
				}
				body, _ := io.ReadAll(response.Body)
				response.Body.Close()
				client.CloseIdleConnections()
				if !strings.HasPrefix(string(body), proto+" ") || !strings.HasSuffix(string(body), " true") {
					t.Errorf("over %s: %q", proto, body)
				}
			}
			if _, err := tls.Dial("tcp", addr, &tls.Config{InsecureSkipVerify: true, MaxVersion: tls.VersionTLS11}); err == nil {
				t.Error("TLS 1.1 was accepted")
			}
			write(t, certFile, []byte("broken"))
			reopen <- struct{}{}
			if got, err := served(addr); got != "one.example" {
				t.Errorf("with a broken file: %q, %v", got, err)
			}
			cert, key = certificate(t, "two.example")
			write(t, keyFile, key)
			write(t, certFile, cert)
			for deadline := time.Now().Add(patience); ; time.Sleep(50 * time.Millisecond) {
				if got, _ := served(addr); got == "two.example" {
					break
				}
				if time.Now().After(deadline) {
					t.Fatal("the new certificate is not used")
				}
			}
		})
	}
}

func TestTLSFilesThatAreWrong(t *testing.T) {
	t.Parallel()
	for want, options := range map[string]server.Options{
		"no-such-cert.pem":   {TLS: server.TLS{CertFile: "no-such-cert.pem", KeyFile: "key.pem"}},
		"both a certificate": {TLS: server.TLS{CertFile: "cert.pem"}},
		"not both":           {TLS: server.TLS{CertFile: "c", KeyFile: "k", ACME: certs.ACMEOptions{Hosts: []string{"a.example"}}}},
		"a directory":        {TLS: server.TLS{ACME: certs.ACMEOptions{Hosts: []string{"a.example"}}}},
		"unknown protocol":   {Protocol: "scgi"},
		"trusted peer":       {ProxyProtocol: true, ProxyAllow: []string{"nonsense"}},
	} {
		options.Bind = []string{"127.0.0.1:0"}
		if err := server.Run(t.Context(), hello, options); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v; want %q", err, want)
		}
	}
}

func TestACMEFromTheSharedCache(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	cert, key := certificate(t, "example.com")
	write(t, filepath.Join(dir, "example.com"), append(bytes.Clone(key), cert...))
	write(t, filepath.Join(dir, "token+http-01"), []byte("proof"))
	plain, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr, _ := start(t, hello, server.Options{
		TLS: server.TLS{ACME: certs.ACMEOptions{Hosts: []string{"example.com"}, Cache: dir, Directory: "http://127.0.0.1:1/none"}, RedirectListeners: []net.Listener{plain}},
		Log: server.Log{Logger: slog.New(slog.DiscardHandler)},
	})
	if got, err := served(addr); got != "example.com" {
		t.Errorf("certificate of %q, %v", got, err)
	}
	if _, err := tls.Dial("tcp", addr, &tls.Config{InsecureSkipVerify: true, ServerName: "other.example"}); err == nil {
		t.Error("a foreign name got a certificate")
	}
	ask := func(text string) *http.Response { return exchange(t, plain.Addr().String(), text) }
	response := ask("GET /.well-known/acme-challenge/token HTTP/1.1\r\nHost: example.com\r\n\r\n")
	if body, _ := io.ReadAll(response.Body); string(body) != "proof" {
		t.Errorf("the authority got %d %q", response.StatusCode, body)
	}
	for text, want := range map[string]string{
		"GET /a?b=c HTTP/1.1\r\nHost: example.com:80\r\n\r\n": "https://example.com/a?b=c",
		"GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n":            "https://[::1]/",
		"POST / HTTP/1.1\r\nHost: example.com\r\n\r\n":        "",
		"GET / HTTP/1.1\r\nHost: a@evil.example\r\n\r\n":      "",
	} {
		if response := ask(text); response.Header.Get("Location") != want || want == "" && response.StatusCode != 400 {
			t.Errorf("%q: %d %q", text, response.StatusCode, response.Header.Get("Location"))
		}
	}
}

func TestH2C(t *testing.T) {
	t.Parallel()
	for name, rules := range map[string]*strict.Options{"plain": nil, "strict": {}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			addr, stop := start(t, hello, server.Options{H2C: true, Strict: rules, Timeouts: server.Timeouts{Grace: 50 * time.Millisecond}})
			protocols := new(http.Protocols)
			protocols.SetUnencryptedHTTP2(true)
			client := &http.Client{Transport: &http.Transport{Protocols: protocols}}
			response, err := client.Get("http://" + addr)
			if err != nil {
				t.Fatal(err)
			}
			body, _ := io.ReadAll(response.Body)
			response.Body.Close()
			if !strings.HasPrefix(string(body), "HTTP/2.0 ") {
				t.Errorf("got %q", body)
			}
			if response := exchange(t, addr, "GET / HTTP/1.1\r\nHost: x\r\n\r\n"); response.StatusCode != 200 {
				t.Errorf("HTTP/1.1: %d", response.StatusCode)
			}
			if err := stop(nil); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestProxyProtocol(t *testing.T) {
	t.Parallel()
	v2 := "\r\n\r\n\x00\r\nQUIT\n\x21\x11\x00\x0c\xcb\x00\x71\x05\x7f\x00\x00\x01\x10\x00\x00\x50"
	const get = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
	trusting, _ := start(t, hello, server.Options{ProxyProtocol: true})
	for text, want := range map[string]string{
		"PROXY TCP4 203.0.113.5 127.0.0.1 4096 80\r\n" + get: "HTTP/1.1 203.0.113.5:4096 false",
		v2 + get: "HTTP/1.1 203.0.113.5:4096 false",
		"PROXY TCP6 2001:db8::5 ::1 4096 80\r\n" + get: "HTTP/1.1 [2001:db8::5]:4096 false",
	} {
		response := exchange(t, trusting, text)
		if body, _ := io.ReadAll(response.Body); string(body) != want {
			t.Errorf("%q: %q", text, body)
		}
	}
	for _, text := range []string{get, "PROXY TCP4 nonsense\r\n" + get, "PROXY TCP4 203.0.113.5"} {
		conn, err := net.Dial("tcp", trusting)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprint(conn, text)
		_ = conn.(*net.TCPConn).CloseWrite()
		_ = conn.SetReadDeadline(time.Now().Add(patience))
		if answer, _ := io.ReadAll(conn); strings.Contains(string(answer), "200 OK") {
			t.Errorf("without a sound header: %q got %q", text, answer)
		}
		_ = conn.Close()
	}
	careful, _ := start(t, hello, server.Options{ProxyProtocol: true, ProxyAllow: []string{"10.0.0.0/8"}})
	if response := exchange(t, careful, "PROXY TCP4 203.0.113.5 127.0.0.1 4096 80\r\n"+get); response.StatusCode != 400 {
		t.Errorf("a stranger's header: %d", response.StatusCode)
	}
	response := exchange(t, careful, get)
	if body, _ := io.ReadAll(response.Body); !strings.HasPrefix(string(body), "HTTP/1.1 127.0.0.1:") {
		t.Errorf("a stranger without header: %q", body)
	}
}

func TestFastCGIDrains(t *testing.T) {
	t.Parallel()
	began, release := make(chan struct{}), make(chan struct{})
	addr, stop := start(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		close(began)
		<-release
		fmt.Fprint(w, "done")
	}), server.Options{Protocol: "fcgi", Timeouts: server.Timeouts{Grace: 50 * time.Millisecond}})
	conn, err := fastcgitest.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	conn.Keep = true
	request, _ := http.NewRequest("GET", "http://example.com/", nil)
	if err := conn.Send(request); err != nil {
		t.Fatal(err)
	}
	<-began
	stopped := make(chan error, 1)
	go func() { stopped <- stop(nil) }()
	refused(t, addr)
	close(release)
	response, err := conn.Receive(request)
	if err != nil {
		t.Fatal(err)
	}
	if body, _ := io.ReadAll(response.Body); string(body) != "done" {
		t.Errorf("the request in flight got %q", body)
	}
	if err := <-stopped; err != nil {
		t.Error(err)
	}
}

func TestSocketActivation(t *testing.T) {
	t.Parallel()
	if err := server.Run(t.Context(), hello, server.Options{Bind: []string{"systemd"}}); err == nil || !strings.Contains(err.Error(), "socket unit") {
		t.Errorf("without systemd: %v", err)
	}
	other, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	web, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer web.Close()
	own, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	child := exec.Command(own)
	child.Env = append(os.Environ(), "QUINTET_TEST_ACTIVATED=1", "LISTEN_FDS=2", "LISTEN_FDNAMES=admin:web")
	for _, l := range []net.Listener{other, web} {
		file, err := l.(*net.TCPListener).File()
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		child.ExtraFiles = append(child.ExtraFiles, file)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		_ = child.Process.Kill()
		_ = child.Wait()
	}()
	conn, err := net.Dial("tcp", web.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(patience))
	fmt.Fprint(conn, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
	if response, err := http.ReadResponse(bufio.NewReader(conn), nil); err != nil || response.StatusCode != 200 {
		t.Errorf("the activated server: %v", err)
	}
}

func TestAccessLogIsWholeAfterAStop(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "access.log")
	addr, stop := start(t, hello, server.Options{Log: server.Log{Access: path}, Timeouts: server.Timeouts{Grace: -1}})
	exchange(t, addr, "GET /one HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
	if err := stop(nil); err != nil {
		t.Error(err)
	}
	if text, err := os.ReadFile(path); err != nil || !strings.Contains(string(text), `"GET /one HTTP/1.1" 200 `) {
		t.Errorf("%v: %q", err, text)
	}
}
