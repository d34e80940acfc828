package serve_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/quintetgo/quintet/framework"
	"github.com/quintetgo/quintet/framework/server"
	"github.com/quintetgo/quintet/framework/server/metrics"
	"github.com/quintetgo/quintet/framework/web"
)

// patience is how long a test waits for something that an idle machine does at once.
const patience = 2 * time.Minute

// start runs a server on a free port and returns its address. The server stops with the test.
func start(t *testing.T, handler http.Handler, options server.Options) (addr string) {
	t.Helper()
	ready := make(chan string, 1)
	options.Bind = []string{"127.0.0.1:0"}
	options.Ready = func(addrs []net.Addr) { ready <- addrs[0].String() }
	ctx, cancel := context.WithCancelCause(context.Background())
	result := make(chan error, 1)
	go func() { result <- server.Run(ctx, handler, options) }()
	var once sync.Once
	t.Cleanup(func() {
		once.Do(func() {
			cancel(server.ErrQuick)
			select {
			case <-result:
			case <-time.After(patience):
				t.Error("the server did not stop")
			}
		})
	})
	select {
	case addr = <-ready:
	case err := <-result:
		t.Fatal(err)
	case <-time.After(patience):
		t.Fatal("the server did not start")
	}
	return addr
}

// exchange sends raw text on a new connection and returns the response.
func exchange(t *testing.T, addr, text string) *http.Response {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	_ = conn.SetDeadline(time.Now().Add(patience))
	go func() { _, _ = io.WriteString(conn, text) }()
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	return response
}

// busyError is the error of an overloaded part of a site.
type busyError struct{}

func (busyError) Error() string      { return "busy" }
func (busyError) HTTPStatus() int    { return http.StatusServiceUnavailable }
func (busyError) RetryAfter() string { return "7" }

// TestBusyViewsKeepRetryAfter has views report their load through all middleware of the project and of the server.
func TestBusyViewsKeepRetryAfter(t *testing.T) {
	t.Parallel()
	project := framework.New(framework.Settings{
		AllowedHosts: []string{"x"}, Logger: slog.New(slog.DiscardHandler), RequestTimeout: time.Hour,
		Routes: func(r *web.Router) {
			r.Get("/error/", func(http.ResponseWriter, *http.Request) error { return fmt.Errorf("log in: %w", busyError{}) })
			r.Get("/page/", func(w http.ResponseWriter, _ *http.Request) error {
				w.Header().Set("Retry-After", "7")
				w.WriteHeader(http.StatusServiceUnavailable)
				return web.Text(w, "busy")
			})
			r.Get("/both/", func(w http.ResponseWriter, _ *http.Request) error {
				w.Header().Set("Retry-After", "7")
				return &web.Error{Status: http.StatusServiceUnavailable}
			})
		},
	})
	if err := project.Err(); err != nil {
		t.Fatal(err)
	}
	addr := start(t, project, server.Options{Limits: server.Limits{Concurrency: 4}, Timeouts: server.Timeouts{Request: time.Hour}, Probes: server.Probes{Metrics: new(metrics.Metrics)}, Log: server.Log{Logger: slog.New(slog.DiscardHandler)}})
	for _, path := range []string{"/error/", "/page/", "/both/"} {
		response := exchange(t, addr, "GET "+path+" HTTP/1.1\r\nHost: x\r\nAccept: text/html\r\nAccept-Encoding: gzip\r\n\r\n")
		if response.StatusCode != http.StatusServiceUnavailable || response.Header.Get("Retry-After") != "7" || response.Close {
			t.Errorf("%s: status %d, header %v, close %v; want 503 with Retry-After: 7 on an open connection", path, response.StatusCode, response.Header, response.Close)
		}
	}
}
