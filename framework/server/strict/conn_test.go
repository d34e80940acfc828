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
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/quintetgo/quintet/framework/server/strict"
)

// site is a server with the checker in front.
type site struct {
	addr     string
	requests atomic.Int64
	mu       sync.Mutex
	refusals []strict.Refusal
}

func (s *site) refused() []strict.Refusal {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]strict.Refusal(nil), s.refusals...)
}

func serve(t *testing.T, options strict.Options, handler http.HandlerFunc) *site {
	t.Helper()
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &site{addr: inner.Addr().String()}
	options.OnRefuse = func(r strict.Refusal) {
		s.mu.Lock()
		s.refusals = append(s.refusals, r)
		s.mu.Unlock()
	}
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.requests.Add(1)
		handler(w, r)
	})}
	server.Protocols = new(http.Protocols)
	server.Protocols.SetHTTP1(true)
	server.Protocols.SetUnencryptedHTTP2(options.AllowHTTP2)
	done := make(chan error, 1)
	go func() { done <- server.Serve(strict.Listener(inner, options)) }()
	t.Cleanup(func() {
		_ = server.Close()
		if err := <-done; !errors.Is(err, http.ErrServerClosed) {
			t.Errorf("Serve: %v", err)
		}
	})
	return s
}

// echo responds with the method, path and body.
func echo(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	fmt.Fprintf(w, "%s %s %s %v", r.Method, r.URL.Path, body, err == nil)
}

func dial(t *testing.T, s *site) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", s.addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	if err := conn.SetDeadline(time.Now().Add(3 * time.Minute)); err != nil {
		t.Fatal(err)
	}
	return conn
}

func send(t *testing.T, conn net.Conn, text string) {
	t.Helper()
	if _, err := io.WriteString(conn, text); err != nil {
		t.Fatal(err)
	}
}

// exchange sends text on a new connection and returns everything received until the server closes it.
func exchange(t *testing.T, s *site, text string) string {
	t.Helper()
	conn := dial(t, s)
	send(t, conn, text)
	got, err := io.ReadAll(conn)
	if err != nil {
		t.Errorf("%q: %v", text, err)
	}
	return string(got)
}

func answer(t *testing.T, reader *bufio.Reader) (int, string) {
	t.Helper()
	response, err := http.ReadResponse(reader, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(body)
}

func TestARefusedRequestIsAnsweredAndNeverReachesTheHandler(t *testing.T) {
	t.Parallel()
	s := serve(t, strict.Options{}, echo)
	got := exchange(t, s, "GET / HTTP/1.1\r\nHost: a\r\nhost: b\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n")
	for _, want := range []string{"HTTP/1.1 400 Bad Request\r\n", "\r\nConnection: close\r\n", "\r\nX-Content-Type-Options: nosniff\r\n", "\r\n\r\n400 Bad Request: more than one Host field\n"} {
		if !strings.Contains(got, want) {
			t.Errorf("answer %q, want %q in it", got, want)
		}
	}
	if strings.Count(got, "HTTP/1.1") != 1 || s.requests.Load() != 0 {
		t.Errorf("%d requests reached the handler; answers: %q", s.requests.Load(), got)
	}
	refusals := s.refused()
	if len(refusals) != 1 || refusals[0].Reason != strict.SecondHost || refusals[0].Field != "host" || refusals[0].Body || refusals[0].Remote == nil {
		t.Errorf("told of %+v, want one second host", refusals)
	}
	if want := "rejected request: more than one Host field (field host)"; refusals[0].Error() != want {
		t.Errorf("error %q, want %q", refusals[0].Error(), want)
	}
	if head := exchange(t, s, "HEAD / HTTP/1.1\r\n\r\n"); !strings.HasSuffix(head, "\r\n\r\n") {
		t.Errorf("the answer to HEAD has a body: %q", head)
	}
}

func TestEveryWrongHeadIsRefusedByTheServer(t *testing.T) {
	t.Parallel()
	s := serve(t, strict.Options{}, echo)
	for input, reason := range wrong {
		if strings.Contains(input, "\r\n\r\n") && strings.Contains(input, "chunked\r\n\r\n") {
			continue // in the body
		}
		if got, want := exchange(t, s, input), fmt.Sprintf("HTTP/1.1 %d ", reason.Status()); !strings.HasPrefix(got, want) {
			t.Errorf("%q: %q, want %q", input, got, want)
		}
	}
	if n := s.requests.Load(); n != 0 {
		t.Errorf("%d requests reached the handler", n)
	}
}

func TestGoodRequestsOnOneConnection(t *testing.T) {
	t.Parallel()
	s := serve(t, strict.Options{}, echo)
	conn := dial(t, s)
	reader := bufio.NewReader(conn)
	for i, want := range []string{"GET /a  true", "POST /b hello true", "POST /c hello0123456789 true", "GET /d  true"} {
		send(t, conn, []string{
			"GET /a HTTP/1.1\r\n" + host + "\r\n",
			"POST /b HTTP/1.1\r\n" + host + "Content-Length: 5\r\n\r\nhello",
			"POST /c HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n" + chunked,
			"GET /d HTTP/1.1\r\n" + host + "\r\n",
		}[i])
		if status, got := answer(t, reader); status != http.StatusOK || got != want {
			t.Errorf("request %d: %d %q, want %q", i, status, got, want)
		}
	}
}

func TestPipelinedRequestsAreAnsweredInOrderBeforeTheRefusal(t *testing.T) {
	t.Parallel()
	s := serve(t, strict.Options{}, func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(30 * time.Millisecond)
		if r.Context().Err() != nil {
			t.Error("the request was cancelled by the wrong one behind it")
		}
		echo(w, r)
	})
	good := "POST /b HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n" + chunked + "GET /a HTTP/1.1\r\n" + host + "\r\n"
	for _, bad := range []string{"\x00\x00\x00", "GET / HTTP/1.1\r\nX: a\nb", "\r\nGET / HTTP/1.1\r\n"} {
		for _, pause := range []bool{false, true} {
			before := s.requests.Load()
			conn := dial(t, s)
			if pause {
				for i := range len(good) {
					send(t, conn, good[i:i+1])
				}
				time.Sleep(10 * time.Millisecond)
				send(t, conn, bad)
			} else {
				send(t, conn, good+bad)
			}
			reader := bufio.NewReader(conn)
			for _, want := range []int{200, 200, 400} {
				if status, body := answer(t, reader); status != want {
					t.Errorf("before %q: %d %q, want %d", bad, status, body, want)
				}
			}
			if rest, err := io.ReadAll(reader); err != nil || len(rest) > 0 || s.requests.Load() != before+2 {
				t.Errorf("after %q: rest %q, %v; %d requests", bad, rest, err, s.requests.Load()-before)
			}
		}
	}
}

func TestAWrongBodyIsRefusedUnlessTheAnswerHasBegun(t *testing.T) {
	t.Parallel()
	s := serve(t, strict.Options{}, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/early" {
			_ = http.NewResponseController(w).EnableFullDuplex()
			_, _ = io.WriteString(w, "early ")
			_ = http.NewResponseController(w).Flush()
		}
		echo(w, r)
	})
	const body = " HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n5 \r\nhello\r\n0\r\n\r\nGET / HTTP/1.1\r\n" + host + "\r\n"
	if got := exchange(t, s, "POST /"+body); !strings.HasPrefix(got, "HTTP/1.1 400 ") || strings.Count(got, "HTTP/1.1") != 1 {
		t.Errorf("answer %q, want one refusal", got)
	}
	if got := exchange(t, s, "POST /early"+body); !strings.HasPrefix(got, "HTTP/1.1 200 ") || strings.Count(got, "HTTP/1.1") != 1 || !strings.Contains(got, "hello false") {
		t.Errorf("answer %q, want the handler's own", got)
	}
	refusals := s.refused()
	if len(refusals) != 2 || !refusals[0].Body || refusals[0].Reason != strict.BadChunkSize || s.requests.Load() != 2 {
		t.Errorf("%d requests, refusals %+v", s.requests.Load(), refusals)
	}
}

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
