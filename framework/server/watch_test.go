package server_test

import (
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/quintetgo/quintet/framework/server"
	"github.com/quintetgo/quintet/framework/server/health"
	"github.com/quintetgo/quintet/framework/server/metrics"
)

func TestStopTurnsReadinessRedBeforeItCloses(t *testing.T) {
	t.Parallel()
	probes := health.New(health.Options{})
	addr, stop := start(t, http.NotFoundHandler(), server.Options{Probes: server.Probes{Health: probes}, Timeouts: server.Timeouts{LameDuck: 10 * time.Second, Grace: 50 * time.Millisecond}})
	ready := func() int {
		return exchange(t, addr, "GET /readyz HTTP/1.1\r\nHost: anything\r\nConnection: close\r\n\r\n").StatusCode
	}
	if code := ready(); code != 200 {
		t.Fatalf("ready: %d", code)
	}
	stopped := make(chan error, 1)
	go func() { stopped <- stop(nil) }()
	for deadline := time.Now().Add(patience); ready() != 503; {
		if time.Now().After(deadline) {
			t.Fatal("readiness stays green")
		}
	}
	if response := exchange(t, addr, "GET / HTTP/1.1\r\nHost: x\r\n\r\n"); response.StatusCode != 404 || response.Close {
		t.Errorf("before the listener closes: %d, close %v", response.StatusCode, response.Close)
	}
	if err := <-stopped; err != nil {
		t.Error(err)
	}
	if _, err := net.Dial("tcp", addr); err == nil {
		t.Error("the address still accepts connections")
	}
}

func TestProbesPassTheQueue(t *testing.T) {
	t.Parallel()
	release, began := make(chan struct{}), make(chan struct{})
	addr, _ := start(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		close(began)
		<-release
	}), server.Options{Limits: server.Limits{Concurrency: 1}, Probes: server.Probes{Health: health.New(health.Options{})}})
	defer close(release)
	go func() {
		if response, err := http.Get("http://" + addr); err == nil {
			_ = response.Body.Close()
		}
	}()
	<-began
	for _, path := range []string{"/livez", "/readyz", "/startupz"} {
		if response := exchange(t, addr, "GET "+path+" HTTP/1.1\r\nHost: x\r\n\r\n"); response.StatusCode != 200 {
			t.Errorf("%s under overload: %d", path, response.StatusCode)
		}
	}
}

func TestMetricsListener(t *testing.T) {
	t.Parallel()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = free.Close()
	addr, _ := start(t, http.NotFoundHandler(), server.Options{Probes: server.Probes{Metrics: new(metrics.Metrics), MetricsBind: free.Addr().String()}, Limits: server.Limits{Concurrency: 4}})
	exchange(t, addr, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
	response, err := http.Get("http://" + free.Addr().String() + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, _ := io.ReadAll(response.Body)
	for _, want := range []string{`{route="",status="4xx"} 1`, "quintet_http_queue_length 0", `quintet_connections{state="idle"} `} {
		if !strings.Contains(string(text), want) {
			t.Errorf("no %s in\n%s", want, text)
		}
	}
	if strings.Contains(string(text), "quintet_workers") {
		t.Error("workers are reported without a master")
	}
}
