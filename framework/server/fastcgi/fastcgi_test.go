package fastcgi_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/quintetgo/quintet/framework/server/fastcgi"
	"github.com/quintetgo/quintet/framework/server/fastcgi/fastcgitest"
)

func start(t *testing.T, s *fastcgi.Server) (addr string, l net.Listener) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.Logger = slog.New(slog.DiscardHandler)
	go func() { _ = s.Serve(l) }()
	t.Cleanup(func() {
		_ = l.Close()
		_ = s.Close()
	})
	return l.Addr().String(), l
}

func dial(t *testing.T, addr string, keep bool) *fastcgitest.Conn {
	t.Helper()
	conn, err := fastcgitest.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	_ = conn.SetDeadline(time.Now().Add(patience))
	conn.Keep = keep
	return conn
}

func request(t *testing.T, path, body string) *http.Request {
	t.Helper()
	r, err := http.NewRequest("POST", "http://example.com"+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestRequestsAndPanics(t *testing.T) {
	t.Parallel()
	addr, _ := start(t, &fastcgi.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if r.URL.Path == "/panic" {
			panic("oh")
		}
		fmt.Fprintf(w, "%s %s %s %d", r.Host, r.URL.Path, r.RemoteAddr, len(body))
	})})
	conn := dial(t, addr, true)
	for range 3 {
		response, err := conn.RoundTrip(request(t, "/a", strings.Repeat("x", 100_000)))
		if err != nil {
			t.Fatal(err)
		}
		if body, _ := io.ReadAll(response.Body); string(body) != "example.com /a 192.0.2.7:4711 100000" {
			t.Errorf("got %q", body)
		}
	}
	if _, err := conn.RoundTrip(request(t, "/panic", "")); err == nil {
		t.Error("a panic was answered")
	}
	if _, err := dial(t, addr, false).RoundTrip(request(t, "/b", "")); err != nil {
		t.Errorf("after a panic: %v", err)
	}
}

func TestParametersAreBounded(t *testing.T) {
	t.Parallel()
	addr, _ := start(t, &fastcgi.Server{Handler: http.NotFoundHandler(), MaxHeaderBytes: 4 << 10})
	r := request(t, "/", "")
	r.Header.Set("X-Long", strings.Repeat("a", 8<<10))
	if _, err := dial(t, addr, false).RoundTrip(r); err == nil {
		t.Error("long parameters were accepted")
	}
}

// patience is how long a test waits for something that an idle machine does at once. It is only reached on failure.
const patience = 3 * time.Minute

func TestContextEndsWithTheConnection(t *testing.T) {
	t.Parallel()
	began, ended := make(chan struct{}), make(chan struct{})
	addr, _ := start(t, &fastcgi.Server{Handler: http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		close(began)
		<-r.Context().Done()
		close(ended)
	})})
	conn := dial(t, addr, false)
	if err := conn.Send(request(t, "/", "")); err != nil {
		t.Fatal(err)
	}
	<-began
	_ = conn.Close()
	select {
	case <-ended:
	case <-time.After(patience):
		t.Error("the handler was not told that the client has left")
	}
}

func TestShutdownLosesNothing(t *testing.T) {
	t.Parallel()
	var handled, answered atomic.Int64
	s := &fastcgi.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		handled.Add(1)
		time.Sleep(5 * time.Millisecond)
		fmt.Fprint(w, "done")
	})}
	addr, l := start(t, s)
	idle := dial(t, addr, true)
	if _, err := idle.RoundTrip(request(t, "/", "")); err != nil {
		t.Fatal(err)
	}
	answered.Add(1)
	var clients sync.WaitGroup
	for i := range 8 {
		conn := dial(t, addr, i%2 == 0)
		clients.Go(func() {
			for n := 0; n == 0 || conn.Keep; n++ {
				if conn.Send(request(t, "/", "x")) != nil {
					return // closed between requests
				}
				response, err := conn.Receive(nil)
				if err != nil {
					return
				}
				if body, _ := io.ReadAll(response.Body); string(body) != "done" {
					t.Errorf("got %q", body)
				}
				answered.Add(1)
			}
		})
	}
	for deadline := time.Now().Add(patience); answered.Load() < 20 && time.Now().Before(deadline); time.Sleep(time.Millisecond) {
	}
	_ = l.Close()
	s.Drain()
	time.Sleep(50 * time.Millisecond)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := s.Shutdown(ctx); err != nil {
		t.Error(err)
	}
	clients.Wait()
	if handled.Load() != answered.Load() || answered.Load() < 9 {
		t.Errorf("%d handled, %d answered", handled.Load(), answered.Load())
	}
	if _, err := idle.RoundTrip(request(t, "/", "")); err == nil {
		t.Error("an idle connection was left open")
	}
}
