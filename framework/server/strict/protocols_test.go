package strict_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/quintetgo/quintet/framework/server/strict"
)

func TestExpectContinue(t *testing.T) {
	t.Parallel()
	s := serve(t, strict.Options{}, echo)
	conn := dial(t, s)
	reader := bufio.NewReader(conn)
	send(t, conn, "POST / HTTP/1.1\r\n"+host+"Expect: 100-continue\r\nTransfer-Encoding: chunked\r\n\r\n")
	if status, _ := answer(t, reader); status != http.StatusContinue {
		t.Errorf("status %d, want 100", status)
	}
	send(t, conn, "5\r\nhello\r\nwrong")
	if status, body := answer(t, reader); status != http.StatusBadRequest {
		t.Errorf("status %d %q, want 400 after 100", status, body)
	}
}

func TestAHijackedUpgradePassesThrough(t *testing.T) {
	t.Parallel()
	s := serve(t, strict.Options{}, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/no" {
			echo(w, r)
			return
		}
		conn, buffer, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer conn.Close()
		if r.URL.Path == "/plain" {
			conn.(*strict.Conn).PassThrough()
		}
		_, _ = io.WriteString(conn, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n")
		line, err := buffer.ReadString('!')
		if err != nil {
			t.Error(err)
		}
		_, _ = io.WriteString(conn, "got "+line)
	})
	const raw = "\x00\n\r\nGET  \x81!"
	for _, head := range []string{
		"GET / HTTP/1.1\r\n" + host + "Connection: Upgrade\r\nUpgrade: x\r\n\r\n",
		"CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n",
		"GET /plain HTTP/1.1\r\n" + host + "\r\n",
	} {
		conn := dial(t, s)
		reader := bufio.NewReader(conn)
		send(t, conn, head)
		if status, _ := answer(t, reader); status != http.StatusSwitchingProtocols {
			t.Errorf("status %d, want 101", status)
		}
		send(t, conn, raw)
		if got, err := io.ReadAll(reader); err != nil || string(got) != "got "+raw {
			t.Errorf("%q: %q, %v", head, got, err)
		}
	}
	if got := exchange(t, s, "GET / HTTP/1.1\r\n"+host+"Connection: Upgrade\r\nUpgrade: x\r\n\r\n"+raw); !strings.HasSuffix(got, "got "+raw) {
		t.Errorf("bytes sent before the 101: %q", got)
	}
	if got := exchange(t, s, "GET /no HTTP/1.1\r\n"+host+"Connection: Upgrade\r\nUpgrade: x\r\n\r\n"+raw); strings.Count(got, "HTTP/1.1 200") != 1 || strings.Count(got, "HTTP/1.1 400") != 1 {
		t.Errorf("an upgrade that the handler declined: %q, want 200 and then 400", got)
	}
}

func TestCleartextHTTP2(t *testing.T) {
	t.Parallel()
	s := serve(t, strict.Options{AllowHTTP2: true}, func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, r.Proto) })
	protocols := new(http.Protocols)
	protocols.SetUnencryptedHTTP2(true)
	transport := &http.Transport{Protocols: protocols}
	defer transport.CloseIdleConnections()
	response, err := (&http.Client{Transport: transport}).Get("http://" + s.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if body, _ := io.ReadAll(response.Body); string(body) != "HTTP/2.0" {
		t.Errorf("spoke %q, want HTTP/2.0", body)
	}
	for input, want := range map[string]string{
		"P":                        "",
		"PRI * HTTP/2.0\r\n\r\nSX": "HTTP/1.1 400 ",
		"PUT / HTTP/1.1\r\n\r\n":   "HTTP/1.1 400 ",
		"PRI * HTTP/1.1\r\n\r\n":   "HTTP/1.1 400 ",
		"GET / HTTP/1.0\r\n\r\n":   "HTTP/1.0 200 ",
		"PATCH / HTTP/1.0\r\n\r\n": "HTTP/1.0 200 ",
	} {
		conn := dial(t, s)
		for i := range len(input) {
			send(t, conn, input[i:i+1])
		}
		_ = conn.(*net.TCPConn).CloseWrite()
		if got, err := io.ReadAll(conn); err != nil || !strings.HasPrefix(string(got), want) {
			t.Errorf("%q: %q, %v; want %q", input, got, err, want)
		}
	}
	plain := serve(t, strict.Options{}, echo)
	if got := exchange(t, plain, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"); !strings.HasPrefix(got, "HTTP/1.1 400 ") {
		t.Errorf("HTTP/2 without the option: %q", got)
	}
}

func TestTLS(t *testing.T) {
	t.Parallel()
	lender := httptest.NewTLSServer(nil) // for its certificate
	defer lender.Close()
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	config := &tls.Config{Certificates: lender.TLS.Certificates, NextProtos: []string{"h2", "http/1.1"}}
	server := &http.Server{TLSConfig: config, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, r.Proto, r.TLS != nil)
	})}
	done := make(chan error, 1)
	go func() { done <- server.Serve(strict.TLSListener(inner, config, strict.Options{})) }()
	client := lender.Client()
	addr := inner.Addr().String()
	roots := client.Transport.(*http.Transport).TLSClientConfig.RootCAs
	for want, h2 := range map[string]bool{"HTTP/2.0true": true, "HTTP/1.1true": false} {
		transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}, ForceAttemptHTTP2: h2}
		response, err := (&http.Client{Transport: transport}).Get("https://" + addr)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(response.Body)
		_ = response.Body.Close()
		transport.CloseIdleConnections()
		if string(body) != want {
			t.Errorf("got %q, want %q", body, want)
		}
	}
	conn, err := tls.Dial("tcp", addr, &tls.Config{RootCAs: roots})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_, _ = io.WriteString(conn, "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n")
	if got, err := io.ReadAll(conn); err != nil || !bytes.HasPrefix(got, []byte("HTTP/1.1 400 ")) {
		t.Errorf("a wrong request over TLS: %q, %v", got, err)
	}
	if silent, err := net.Dial("tcp", addr); err == nil { // never completes the handshake
		defer silent.Close()
	}
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	if err := server.Shutdown(ctx); err != nil {
		t.Error(err)
	}
	if err := <-done; !errors.Is(err, http.ErrServerClosed) {
		t.Error(err)
	}
}

func TestTheConnectionBelowCanBeReached(t *testing.T) {
	t.Parallel()
	client, server := net.Pipe()
	defer client.Close()
	checked := strict.NewConn(server, strict.Options{Linger: -1}).(*strict.Conn)
	if checked.NetConn() != server {
		t.Error("NetConn is not the connection below")
	}
	if err := checked.CloseWrite(); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("CloseWrite on a pipe: %v", err)
	}
	go func() {
		_, _ = checked.ReadFrom(strings.NewReader("hello"))
		_ = checked.Close()
	}()
	if got, err := io.ReadAll(client); err != nil || string(got) != "hello" {
		t.Errorf("copied %q, %v", got, err)
	}
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer inner.Close()
	listener := strict.Listener(inner, strict.Options{})
	if err := listener.(interface{ SetDeadline(time.Time) error }).SetDeadline(time.Now()); err != nil {
		t.Error(err)
	}
	if _, err := listener.Accept(); err == nil {
		t.Error("Accept after the deadline")
	}
}

func TestASlowHeadMeetsTheServersTimeout(t *testing.T) {
	t.Parallel()
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{ReadHeaderTimeout: 3 * time.Second, IdleTimeout: time.Hour, Handler: http.HandlerFunc(echo)}
	go func() { _ = server.Serve(strict.Listener(inner, strict.Options{AllowHTTP2: true})) }()
	defer server.Close()
	conn := dial(t, &site{addr: inner.Addr().String()})
	reader := bufio.NewReader(conn)
	send(t, conn, "GET / HTTP/1.1\r\n"+host+"\r\n")
	if status, _ := answer(t, reader); status != http.StatusOK {
		t.Errorf("status %d", status)
	}
	send(t, conn, "GET / HTTP/1.1\r\nHo") // and no more
	if _, err := io.ReadAll(reader); err != nil {
		t.Errorf("a head that stops: %v; want the connection closed", err)
	}
}

func TestFilesWorkThroughTheChecker(t *testing.T) {
	t.Parallel()
	s := serve(t, strict.Options{}, func(w http.ResponseWriter, r *http.Request) {
		http.ServeFile(w, r, "conn_test.go")
	})
	response, err := http.Get("http://" + s.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if n, err := io.Copy(io.Discard, response.Body); err != nil || n != response.ContentLength || n < 1000 {
		t.Errorf("copied %d of %d bytes, %v", n, response.ContentLength, err)
	}
}
