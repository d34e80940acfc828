package server_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/quintetgo/quintet/framework/server"
)

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

func TestHeaderLimit(t *testing.T) {
	t.Parallel()
	addr, _ := start(t, http.NotFoundHandler(), server.Options{Limits: server.Limits{HeaderBytes: 8 << 10}})
	if response := exchange(t, addr, "GET / HTTP/1.1\r\nHost: x\r\nX-A: "+strings.Repeat("a", 16<<10)+"\r\n\r\n"); response.StatusCode != http.StatusRequestHeaderFieldsTooLarge || !response.Close {
		t.Errorf("status %d, close %v; want 431 and the end of the connection", response.StatusCode, response.Close)
	}
}

func TestFieldsWithUnderscoresAreDropped(t *testing.T) {
	t.Parallel()
	addr, _ := start(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, len(r.Header), r.Header) }), server.Options{})
	response := exchange(t, addr, "GET / HTTP/1.1\r\nHost: x\r\nX_Real_IP: 1.2.3.4\r\nX-Kept: yes\r\n\r\n")
	if body, _ := io.ReadAll(response.Body); string(body) != "1 map[X-Kept:[yes]]" {
		t.Errorf("the handler saw %s", body)
	}
}

func TestOverload(t *testing.T) {
	t.Parallel()
	release, began := make(chan struct{}), make(chan struct{}, 9)
	addr, _ := start(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began <- struct{}{}
		<-release
	}), server.Options{Limits: server.Limits{Concurrency: 1, Queue: 0}, Timeouts: server.Timeouts{Request: time.Minute}})
	codes := make(chan int, 1)
	go func() {
		response, err := http.Get("http://" + addr)
		if err != nil {
			codes <- 0
			return
		}
		_ = response.Body.Close()
		codes <- response.StatusCode
	}()
	<-began
	if response := exchange(t, addr, "GET / HTTP/1.1\r\nHost: x\r\n\r\n"); response.StatusCode != 503 || response.Header.Get("Retry-After") == "" {
		t.Errorf("under overload: %d %v", response.StatusCode, response.Header)
	}
	close(release)
	if code := <-codes; code != 200 {
		t.Errorf("the request at work got %d", code)
	}
}

func TestStopWithAFullGate(t *testing.T) {
	t.Parallel()
	addr, stop := start(t, http.NotFoundHandler(), server.Options{Limits: server.Limits{Connections: 1}, Timeouts: server.Timeouts{Grace: 50 * time.Millisecond}})
	if response := exchange(t, addr, "GET / HTTP/1.1\r\nHost: x\r\n\r\n"); response.StatusCode != 404 {
		t.Errorf("status %d", response.StatusCode)
	}
	second, err := new(net.Dialer).DialContext(t.Context(), "tcp", addr) // waits in the kernel's queue
	if err != nil {
		t.Fatal(err)
	}
	defer second.Close()
	if err := stop(context.Canceled); err != nil { // without the limit it would time out
		t.Error(err)
	}
}
