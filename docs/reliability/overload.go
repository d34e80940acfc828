//go:build linux

package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"time"

	"golang.org/x/sys/unix"

	"github.com/quintetgo/quintet/framework/server/servertest"
)

func overloads() []trial {
	const bar = "4 times the capacity: goodput at least 90 % of the peak, the rest 503 within 100 ms (p99), " +
		"livez responds within 1 s, memory bounded, recovered in 2 s"
	return []trial{
		{
			name: "A8 overload, a page that waits", bar: bar,
			run: func(l *lab) (string, error) { return overload(l, "/trial/wait/20/", 8, 16) },
		},
		{
			name: "A8 overload, a page that computes", bar: bar,
			run: func(l *lab) (string, error) { return overload(l, "/trial/compute/10/", 2, 8) },
		},
	}
}

func overload(l *lab, path string, concurrency, queue int) (string, error) {
	// The server uses the first processor, the clients the others, as if they were on another machine.
	defer leaveFirstProcessor()()
	flags := []string{"--concurrency", fmt.Sprint(concurrency), "--queue", fmt.Sprint(queue)}
	t, err := l.start(setup{workers: 1, flags: flags, launcher: []string{"taskset", "--cpu-list", "0"}})
	if err != nil {
		return "", err
	}
	defer t.stop()
	load := servertest.Load{
		Dial: servertest.Dialer(t.front), Clients: concurrency, Fresh: -1,
		Duration: l.span(10*time.Second, 4*time.Second), Requests: 2_000_000,
		Request: func(string) (*http.Request, error) {
			return http.NewRequest(http.MethodGet, "http://localhost"+path, nil)
		},
	}
	peak, err := load.Run(l.ctx)
	if err != nil {
		return "", err
	}
	base := t.server.Usage().Resident
	load.Rate, load.Clients, load.Duration = 4*peak.Goodput(), 400, l.span(time.Minute, 8*time.Second)
	watching, stop := context.WithCancel(l.ctx)
	watched := make(chan watch, 1)
	go func() { watched <- t.watch(watching) }()
	flood, err := load.Run(l.ctx)
	stop()
	if err != nil {
		return "", err
	}
	recovered := time.Now()
	if err := t.until(10*time.Second, "the site has recovered", func() bool {
		began := time.Now()
		status, err := t.get(path)
		return err == nil && status == 200 && time.Since(began) < 200*time.Millisecond
	}); err != nil {
		return "", err
	}
	saw := <-watched
	share := flood.Goodput() / peak.Goodput()
	var w wrong
	w.inTime(share >= 0.9, "goodput is %.0f %% of the peak: %s; peak: %s", 100*share, flood, peak)
	w.unless(len(flood.Failures) == 0, "%s", flood)
	w.inTime(flood.Shed.Percentile(99) <= 100*time.Millisecond, "a rejection took up to %v (p99): %s", flood.Shed.Percentile(99), flood)
	w.inTime(saw.livez < time.Second, "livez responded after up to %v", saw.livez)
	w.unless(saw.failed == 0, "livez did not respond %d times", saw.failed)
	w.unless(saw.resident-base < 64<<20, "memory grew by %d MiB", (saw.resident-base)>>20)
	w.inTime(time.Since(recovered) < 2*time.Second, "it recovered after %v", time.Since(recovered))
	return fmt.Sprintf("peak %.0f/s, under 4 times that %.0f %%; %d rejected, p99 %v; livez %v; memory +%d MiB", peak.Goodput(), 100*share,
		len(flood.Shed), round(flood.Shed.Percentile(99)), round(saw.livez), (saw.resident-base)>>20), w.err()
}

// leaveFirstProcessor moves this process to the other processors, if there are any, until back is called.
func leaveFirstProcessor() (back func()) {
	var all, others unix.CPUSet
	if unix.SchedGetaffinity(0, &all) != nil || all.Count() < 2 {
		return func() {}
	}
	others = all
	others.Clear(0)
	setAffinity(&others)
	return func() { setAffinity(&all) }
}

// setAffinity applies to all threads; later ones inherit it.
func setAffinity(set *unix.CPUSet) {
	threads, _ := os.ReadDir("/proc/self/task")
	for _, thread := range threads {
		if id, err := strconv.Atoi(thread.Name()); err == nil {
			_ = unix.SchedSetaffinity(id, set)
		}
	}
}

// watch is the highest resource usage of a site and the longest response time of its probe.
type watch struct {
	resident   int64
	files      int
	goroutines int
	livez      time.Duration
	failed     int
}

// watch observes the site until ctx ends.
func (t *site) watch(ctx context.Context) (worst watch) {
	for ctx.Err() == nil {
		u := t.server.Usage()
		worst.resident, worst.files = max(worst.resident, u.Resident), max(worst.files, u.Files)
		began := time.Now()
		if status, err := t.get("/livez"); err != nil || status != 200 {
			worst.failed++
		}
		worst.livez = max(worst.livez, time.Since(began))
		time.Sleep(200 * time.Millisecond)
	}
	return worst
}
