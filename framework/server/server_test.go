package server_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/quintetgo/quintet/framework/server"
)

// patience is how long a test waits for something that an idle machine does at once. It is only reached on failure.
const patience = 2 * time.Minute

// start runs a server on a free port and returns its address, and a function that stops it and returns Run's result.
func start(t *testing.T, handler http.Handler, options server.Options) (addr string, stop func(cause error) error) {
	t.Helper()
	ready := make(chan string, 1)
	if options.Bind == nil {
		options.Bind = []string{"127.0.0.1:0"}
	}
	options.Ready = func(addrs []net.Addr) { ready <- addrs[0].String() }
	ctx, cancel := context.WithCancelCause(context.Background())
	result := make(chan error, 1)
	go func() { result <- server.Run(ctx, handler, options) }()
	var once sync.Once
	var err error
	stop = func(cause error) error {
		once.Do(func() {
			cancel(cause)
			select {
			case err = <-result:
			case <-time.After(patience):
				t.Error("the server did not stop")
			}
		})
		return err
	}
	t.Cleanup(func() { _ = stop(server.ErrQuick) })
	select {
	case addr = <-ready:
	case err := <-result:
		t.Fatal(err)
	case <-time.After(patience):
		t.Fatal("the server did not start")
	}
	return addr, stop
}

// refused waits until an address refuses connections: a stop is in progress.
func refused(t *testing.T, addr string) {
	t.Helper()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		conn, err := net.Dial("tcp", addr)
		if err != nil {
			return
		}
		_ = conn.Close()
	}
	t.Error("the address still accepts connections")
}

func TestStopWaitsForRequestsInFlight(t *testing.T) {
	t.Parallel()
	began, release := make(chan struct{}), make(chan struct{})
	addr, stop := start(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		close(began)
		<-release
		fmt.Fprint(w, "done")
	}), server.Options{Timeouts: server.Timeouts{Grace: 50 * time.Millisecond}})
	answer := make(chan string, 1)
	go func() {
		response, err := http.Get("http://" + addr)
		if err != nil {
			answer <- err.Error()
			return
		}
		defer response.Body.Close()
		body, _ := io.ReadAll(response.Body)
		answer <- string(body)
	}()
	<-began
	go func() {
		refused(t, addr)
		close(release)
	}()
	if err := stop(nil); err != nil {
		t.Errorf("Run returned %v", err)
	}
	if got := <-answer; got != "done" {
		t.Errorf("the request in flight got %q, want its answer", got)
	}
	if _, err := net.Dial("tcp", addr); err == nil {
		t.Error("the address still accepts connections")
	}
}

func TestStopServesOpenConnectionsAndTellsThemToLeave(t *testing.T) {
	t.Parallel()
	addr, stop := start(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "ok") }), server.Options{Timeouts: server.Timeouts{Grace: time.Hour}})
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	reader := bufio.NewReader(conn)
	request := func() *http.Response {
		t.Helper()
		if _, err := io.WriteString(conn, "GET / HTTP/1.1\r\nHost: x\r\n\r\n"); err != nil {
			t.Fatal(err)
		}
		response, err := http.ReadResponse(reader, nil)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, response.Body)
		return response
	}
	if request().Close {
		t.Error("the connection was closed before the stop")
	}
	stopped := make(chan struct{})
	go func() {
		_ = stop(nil)
		close(stopped)
	}()
	refused(t, addr)
	if response := request(); response.StatusCode != http.StatusOK || !response.Close {
		t.Errorf("during the stop: status %d, close %v; want 200 and Connection: close", response.StatusCode, response.Close)
	}
	select {
	case <-stopped:
	case <-time.After(patience):
		t.Error("the stop waits for the whole grace period though no connection is left")
	}
}

func TestQuickStopHasNoGrace(t *testing.T) {
	t.Parallel()
	addr, stop := start(t, http.NotFoundHandler(), server.Options{Timeouts: server.Timeouts{Grace: time.Hour}})
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := stop(server.ErrQuick); err != nil { // without the cause it would time out
		t.Error(err)
	}
}

// TestNoRequestOnAnOpenConnectionIsLost has clients that post continuously over kept-alive connections and leave when
// the server asks them to.
func TestNoRequestOnAnOpenConnectionIsLost(t *testing.T) {
	t.Parallel()
	var handled, acknowledged atomic.Int64
	addr, stop := start(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		handled.Add(1)
	}), server.Options{Timeouts: server.Timeouts{Grace: time.Hour}})
	var clients sync.WaitGroup
	for range 8 {
		clients.Go(func() {
			client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 1}}
			defer client.CloseIdleConnections()
			for {
				response, err := client.Post("http://"+addr, "text/plain", strings.NewReader("x"))
				if err != nil {
					t.Error(err)
					return
				}
				_ = response.Body.Close()
				acknowledged.Add(1)
				if response.Close {
					return
				}
			}
		})
	}
	for deadline := time.Now().Add(patience); acknowledged.Load() < 200 && time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
	}
	if err := stop(nil); err != nil {
		t.Error(err)
	}
	clients.Wait()
	if acknowledged.Load() == 0 || handled.Load() != acknowledged.Load() {
		t.Errorf("%d handled, %d acknowledged", handled.Load(), acknowledged.Load())
	}
}

func TestAddressInUse(t *testing.T) {
	t.Parallel()
	addr, _ := start(t, http.NotFoundHandler(), server.Options{})
	err := server.Run(t.Context(), http.NotFoundHandler(), server.Options{Bind: []string{"127.0.0.1:0", addr}})
	if err == nil || !strings.Contains(err.Error(), "another program listens there") || !strings.Contains(err.Error(), addr) {
		t.Errorf("error %v does not say what is wrong", err)
	}
}

func TestUnixSocket(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a.sock")
	stale, err := net.ListenUnix("unix", &net.UnixAddr{Name: path})
	if err != nil {
		t.Fatal(err)
	}
	stale.SetUnlinkOnClose(false)
	stale.Close()
	_, stop := start(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "ok") }),
		server.Options{Bind: []string{"unix:" + path + "?mode=0620"}})
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o620 {
		t.Errorf("socket mode %v (%v), want 0620", info.Mode(), err)
	}
	if err := server.Run(t.Context(), http.NotFoundHandler(), server.Options{Bind: []string{"unix:" + path}}); err == nil || !strings.Contains(err.Error(), "another program listens there") {
		t.Errorf("a socket in use: error %v", err)
	}
	client := &http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "unix", path)
	}}}
	response, err := client.Get("http://unix/")
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	client.CloseIdleConnections()
	if err := stop(nil); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("the socket was left behind")
	}
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := server.Run(t.Context(), http.NotFoundHandler(), server.Options{Bind: []string{"unix:" + path}}); err == nil || !strings.Contains(err.Error(), "not a socket is in the way") {
		t.Errorf("a file in the way: error %v", err)
	}
}
