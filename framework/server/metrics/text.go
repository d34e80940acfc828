package metrics

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Report is what is printed: the sum of the processes, and the state of their master.
type Report struct {
	Snapshot
	Workers  int           // that serve; 0 means that there is no master
	Restarts int           // workers that died and were replaced
	Reloads  int           // completed reloads
	Failed   int           // failed reloads
	Backlogs []Backlog     // of the listening sockets
	Up       time.Duration // since the start
}

// Backlog is the kernel's queue of a listening socket: connections that no process has accepted.
type Backlog struct {
	Bind         string
	Waiting, Max int
}

// WriteTo writes the report in the text format of Prometheus, version 0.0.4.
func (r Report) WriteTo(w io.Writer) (int64, error) {
	var b bytes.Buffer
	p := printer{&b}
	p.head("quintet_http_requests_total", "counter", "Requests handled, by route and status class.")
	for _, route := range slices.Sorted(maps.Keys(r.Requests)) {
		for class, n := range r.Requests[route] {
			if n > 0 {
				status := [...]string{"other", "1xx", "2xx", "3xx", "4xx", "5xx"}[class]
				p.line("quintet_http_requests_total", n, "route", route, "status", status)
			}
		}
	}
	p.histogram(r.Counters)
	p.value("quintet_http_requests_in_flight", "gauge", "Requests that are handled or wait.", r.InFlight)
	p.value("quintet_http_queue_length", "gauge", "Requests that wait in the queue.", r.Queued)
	p.value("quintet_http_refused_total", "counter", "Requests rejected with 503 because the queue was full or slow.", r.Refused)
	p.head("quintet_connections", "gauge", "Open connections by state.")
	for _, state := range slices.Sorted(maps.Keys(r.Connections)) {
		p.line("quintet_connections", r.Connections[state], "state", state)
	}
	if len(r.Backlogs) > 0 {
		p.head("quintet_listen_queue", "gauge", "Connections that wait in the kernel to be accepted.")
		for _, one := range r.Backlogs {
			p.line("quintet_listen_queue", one.Waiting, "bind", one.Bind)
		}
		p.head("quintet_listen_queue_max", "gauge", "Length of that queue above which connections are dropped.")
		for _, one := range r.Backlogs {
			p.line("quintet_listen_queue_max", one.Max, "bind", one.Bind)
		}
	}
	if r.Workers > 0 {
		p.value("quintet_workers", "gauge", "Worker processes that serve.", r.Workers)
		p.value("quintet_worker_restarts_total", "counter", "Workers that died and were replaced.", r.Restarts)
		p.value("quintet_reloads_total", "counter", "Completed reloads.", r.Reloads)
		p.value("quintet_reloads_failed_total", "counter", "Failed reloads.", r.Failed)
	}
	p.value("quintet_goroutines", "gauge", "Goroutines.", r.Goroutines)
	p.value("quintet_resident_memory_bytes", "gauge", "Resident memory.", r.Resident)
	p.value("quintet_uptime_seconds", "gauge", "Time since the start.", int64(r.Up.Seconds()))
	return b.WriteTo(w)
}

type printer struct{ *bytes.Buffer }

func (p printer) head(name, kind, help string) {
	fmt.Fprintf(p, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, kind)
}

func (p printer) value(name, kind, help string, value any) {
	p.head(name, kind, help)
	fmt.Fprintf(p, "%s %v\n", name, value)
}

var escaper = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`)

// line writes a sample with labels, whose names and values alternate.
func (p printer) line(name string, value any, labels ...string) {
	p.WriteString(name)
	for i := 0; i < len(labels); i += 2 {
		fmt.Fprintf(p, `%c%s="%s"`, "{,"[min(i, 1)], labels[i], escaper.Replace(labels[i+1]))
	}
	fmt.Fprintf(p, "} %v\n", value)
}

func (p printer) histogram(c Counters) {
	const name = "quintet_http_request_duration_seconds"
	p.head(name, "histogram", "Time from the end of a request's head to the end of its response.")
	var sum uint64
	for i, bound := range bounds {
		if i < len(c.Buckets) {
			sum += c.Buckets[i]
		}
		p.line(name+"_bucket", sum, "le", fmt.Sprint(bound.Seconds()))
	}
	if len(c.Buckets) > len(bounds) {
		sum += c.Buckets[len(bounds)]
	}
	p.line(name+"_bucket", sum, "le", "+Inf")
	fmt.Fprintf(p, "%s_sum %v\n%s_count %v\n", name, c.Total.Seconds(), name, sum)
}

// Serve serves reports on l until ctx ends, and closes l.
func Serve(ctx context.Context, l net.Listener, report func() Report) {
	s := &http.Server{
		ReadTimeout: 10 * time.Second, WriteTimeout: 10 * time.Second, MaxHeaderBytes: 16 << 10,
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method != http.MethodGet && r.Method != http.MethodHead {
				http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
				return
			}
			w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
			_, _ = report().WriteTo(w)
		}),
	}
	stop := context.AfterFunc(ctx, func() { _ = s.Close() })
	defer stop()
	_ = s.Serve(l)
}
