//go:build linux

package main

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/quintetgo/quintet/framework/server/servertest"
)

func crashes() []trial {
	return []trial{
		{
			name: "A5 crash loop, 4 workers that panic at their start",
			bar:  "at most one start per second; the master survives, reports the reason, and accepts the next good build",
			run:  crashLoop,
		},
		{
			name: "A5 requests that crash the worker",
			bar:  "the site is available again within 2 s each time; the address never refuses a connection",
			run:  crashingRequests,
		},
		{
			name: "A6 hung handlers",
			bar:  "503 after the timeout; others unaffected (p99 at most 3 times); the stack is logged; the worker stays",
			run:  hungHandlers,
		},
	}
}

func crashLoop(l *lab) (string, error) {
	bad, err := l.build("panic", "bad")
	if err != nil {
		return "", err
	}
	good, err := l.build("", "better")
	if err != nil {
		return "", err
	}
	t, err := l.start(setup{workers: 4})
	if err != nil {
		return "", err
	}
	t.stop()
	if err := t.install(bad); err != nil {
		return "", err
	}
	span := l.span(20*time.Second, 8*time.Second)
	args := []string{"serve", "--bind", t.address, "--workers", "4", "--control", t.control()}
	master, err := servertest.Program{Path: t.program, Args: args, Dir: t.dir, Env: t.env}.Start(l.ctx)
	if err != nil {
		return "", err
	}
	defer func() { _ = master.Stop(time.Minute) }()
	time.Sleep(span)
	starts := strings.Count(master.Output(), "panic: this build is faulty")
	var w wrong
	w.unless(starts <= int(span/time.Second)+1, "%d starts in %v", starts, span)
	w.inTime(starts >= 2, "%d starts in %v", starts, span)
	w.unless(strings.Contains(master.Output(), "worker died"), "the log does not report that a worker died")
	if err := t.install(good); err != nil {
		return "", err
	}
	began := time.Now()
	err = t.until(40*time.Second, "the good build serves", func() bool { return len(t.workers()) == 4 })
	w.unless(err == nil, "the good build does not serve")
	return fmt.Sprintf("%d starts in %v; the good build served after %v",
		starts, span, time.Since(began).Round(100*time.Millisecond)), w.err()
}

func crashingRequests(l *lab) (string, error) {
	t, err := l.start(setup{workers: 2})
	if err != nil {
		return "", err
	}
	defer t.stop()
	var w wrong
	var slowest time.Duration
	times := l.times(10, 3)
	for range times {
		time.Sleep(2100 * time.Millisecond)
		if _, err := t.get("/trial/crash/"); err == nil {
			w.unless(false, "the crash got a response")
		}
		began := time.Now()
		status, err := t.get("/readings/")
		slowest = max(slowest, time.Since(began))
		w.unless(err == nil && status == 200, "just after a crash: %d, %v", status, err)
	}
	w.inTime(slowest < 2*time.Second, "a response took %v", slowest)
	return fmt.Sprintf("%d crashes; the next request got a response after %v at most", times, slowest.Round(time.Millisecond)), w.err()
}

func hungHandlers(l *lab) (string, error) {
	t, err := l.start(setup{workers: 1, flags: []string{"--request-timeout", "2s"}})
	if err != nil {
		return "", err
	}
	defer t.stop()
	idle, err := t.posts(4*time.Second, pace).Run(l.ctx)
	if err != nil {
		return "", err
	}
	before := t.workers()
	var w wrong
	var mu sync.Mutex
	var slowest time.Duration
	report, err := during(l.ctx, t.posts(time.Minute, pace), func() error {
		var hung sync.WaitGroup
		for range 20 {
			hung.Go(func() {
				began := time.Now()
				status, err := t.get("/trial/ignore/8000/")
				took := time.Since(began)
				mu.Lock()
				defer mu.Unlock()
				slowest = max(slowest, took)
				w.unless(err == nil && status == http.StatusServiceUnavailable, "a hung request: %d after %v, %v", status, took, err)
				w.inTime(took < 4*time.Second, "a hung request took %v", took)
			})
		}
		hung.Wait()
		return nil
	})
	if err != nil {
		return "", err
	}
	if _, err := t.sound(idle, report); err != nil {
		w = append(w, err)
	}
	ratio := float64(report.Latencies.Percentile(99)) / float64(idle.Latencies.Percentile(99))
	w.inTime(ratio <= 3, "p99 is %.1f times the idle one", ratio)
	output := t.server.Output()
	w.unless(strings.Contains(output, "handler exceeded its deadline") && strings.Contains(output, "trial.ignore"), "no stack in the log")
	w.unless(slices.Equal(before, t.workers()), "the worker was replaced")
	return fmt.Sprintf("20 hung requests got 503 after %v at most; p99 of others %.1f times",
		slowest.Round(10*time.Millisecond), ratio), w.err()
}

func stops() []trial {
	return []trial{
		{
			name: "A7 TERM under load, behind nginx",
			bar:  "not ready first; requests in flight get a response, 0 failed; status 0 within the graceful timeout and a second",
			run:  termUnderLoad,
		},
		{
			name: "A7 restart with a socket of systemd",
			bar:  "stopped and started 5 times under load: 0 failed, 0 lost",
			run:  restartActivated,
		},
	}
}

// termUnderLoad acts as a load balancer: it stops sending when the readiness probe fails.
func termUnderLoad(l *lab) (string, error) {
	t, err := l.start(setup{workers: 2, unix: true, front: "nginx", flags: []string{"--lame-duck", "2s", "--graceful-timeout", "10s"}})
	if err != nil {
		return "", err
	}
	defer t.stop()
	ctx, cancel := context.WithCancel(l.ctx)
	defer cancel()
	loaded := make(chan *servertest.Report, 1)
	go func() {
		report, _ := t.posts(time.Minute, pace).Run(ctx)
		loaded <- report
	}()
	time.Sleep(time.Second)
	slow := make(chan error, 1)
	go func() {
		status, err := t.get("/trial/wait/4000/")
		if err == nil && status != 200 {
			err = fmt.Errorf("status %d", status)
		}
		slow <- err
	}()
	time.Sleep(200 * time.Millisecond)
	began := time.Now()
	stopped := make(chan error, 1)
	go func() { stopped <- t.server.Stop(2 * time.Minute) }()
	if err := t.until(2*time.Second, "the site is not ready", func() bool {
		status, err := t.get("/readyz")
		return err == nil && status == http.StatusServiceUnavailable
	}); err != nil {
		return "", err
	}
	red := time.Since(began)
	cancel()
	report := <-loaded
	var w wrong
	err = <-stopped
	took := time.Since(began)
	w.unless(err == nil, "it ended with %v", err)
	w.inTime(took < 13*time.Second, "it took %v", took)
	err = <-slow
	w.unless(err == nil, "the request in flight: %v", err)
	if _, err := t.sound(report); err != nil {
		w = append(w, err)
	}
	return fmt.Sprintf("%d requests, %d failed; not ready after %v, ended after %v",
		len(report.Acks), len(report.Failures), red.Round(time.Millisecond), took.Round(10*time.Millisecond)), w.err()
}
