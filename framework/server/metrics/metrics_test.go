package metrics_test

import (
	"encoding/json"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/quintetgo/quintet/framework/server/exchange"
	"github.com/quintetgo/quintet/framework/server/limit"
	"github.com/quintetgo/quintet/framework/server/metrics"
)

// incomparable is a connection that cannot be the key of a map.
type incomparable struct {
	net.Conn
	fn func()
}

func (c incomparable) NetConn() net.Conn { return c.Conn }

func TestReport(t *testing.T) {
	t.Parallel()
	synctest.Test(t, testReport) // durations are exact with synctest
}

func testReport(t *testing.T) {
	t.Helper()
	m := &metrics.Metrics{Queue: limit.NewQueue(1, 1, 0)}
	h := exchange.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if x := exchange.From(r.Context()); r.URL.Path != "/none" {
			x.Note(exchange.Notes{Route: "/a\"{b}/\n"})
		}
		if m.Snapshot().InFlight != 1 {
			t.Error("the request is not in flight")
		}
		switch r.URL.Path {
		case "/none":
			http.NotFound(w, r)
		case "/panic":
			panic(http.ErrAbortHandler)
		case "/slow":
			time.Sleep(30 * time.Millisecond)
		}
	}), m)
	for _, path := range []string{"/", "/", "/slow", "/none", "/panic"} {
		func() {
			defer func() { _ = recover() }()
			h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", path, nil))
		}()
	}
	one, two := net.Pipe()
	defer two.Close()
	for _, state := range []http.ConnState{http.StateNew, http.StateActive, http.StateIdle} {
		m.Conn(one, state)
	}
	m.Conn(two, http.StateNew)
	m.Conn(two, http.StateClosed)
	odd := incomparable{Conn: one, fn: func() {}}
	m.Conn(odd, http.StateActive) // is identified by the underlying connection
	m.Conn(odd, http.StateIdle)
	wire, err := json.Marshal(m.Snapshot())
	if err != nil {
		t.Fatal(err)
	}
	var sum metrics.Snapshot
	for range 2 { // two workers with the same counts
		var s metrics.Snapshot
		if err := json.Unmarshal(wire, &s); err != nil {
			t.Fatal(err)
		}
		sum.Add(s)
	}
	var text strings.Builder
	report := metrics.Report{Snapshot: sum, Workers: 2, Restarts: 1, Backlogs: []metrics.Backlog{{":80", 3, 128}}, Up: time.Minute}
	if _, err := report.WriteTo(&text); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`quintet_http_requests_total{route="/a\"{b}/\n",status="2xx"} 6`,
		`quintet_http_requests_total{route="/a\"{b}/\n",status="5xx"} 2`,
		`quintet_http_requests_total{route="",status="4xx"} 2`,
		`quintet_http_request_duration_seconds_bucket{le="+Inf"} 10`,
		"quintet_http_request_duration_seconds_count 10", "quintet_http_requests_in_flight 0", "quintet_http_queue_length 0",
		`quintet_connections{state="idle"} 2`, `quintet_connections{state="new"} 0`, `quintet_listen_queue{bind=":80"} 3`,
		"quintet_workers 2", "quintet_worker_restarts_total 1", "quintet_uptime_seconds 60",
	} {
		if !strings.Contains(text.String(), "\n"+want+"\n") {
			t.Errorf("no line %s in\n%s", want, &text)
		}
	}
	if strings.Contains(text.String(), `le="0.025"} 10`) {
		t.Error("the slow requests are counted as fast")
	}
}

func TestBacklogOfAListener(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	for range 3 {
		conn, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
	}
	raw, err := l.(syscall.Conn).SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	err = raw.Control(func(fd uintptr) {
		waiting, limit, ok := metrics.ReadBacklog(int(fd))
		if !ok {
			t.Skip("not on this system")
		}
		if waiting != 3 || limit < 3 {
			t.Errorf("%d of %d wait; want 3", waiting, limit)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
}
