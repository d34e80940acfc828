//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"syscall"
	"time"

	"github.com/quintetgo/quintet/framework/server/servertest"
)

// ways are all paths from a client to a site.
func ways() []setup {
	return []setup{
		{},
		{unix: true},
		{http2: true},
		{front: "nginx"},
		{front: "nginx", unix: true},
		{front: "nginx", unix: true, fcgi: true},
		{front: "apache"},
		{front: "apache", unix: true},
		{front: "apache", unix: true, fcgi: true},
	}
}

func workersText(n int) string {
	if n == 1 {
		return "1 worker"
	}
	return fmt.Sprintf("%d workers", n)
}

// pace is the number of requests per second in trials that measure latency: a part of what two processors can serve,
// as on a healthy site.
const pace = 120

func reloads() (list []trial) {
	for _, workers := range []int{1, 2} {
		for _, way := range ways() {
			way.workers = workers
			list = append(list, trial{
				name: fmt.Sprintf("A1 reload, %s, %s", workersText(workers), way),
				bar:  "HUP x 20 under load: 0 failed, 0 lost, 0 doubled; p99 at most 3 times that without reloads",
				run:  func(l *lab) (string, error) { return reload(l, way) },
			})
		}
	}
	return list
}

// posts returns a load of readings with unique ids.
func (t *site) posts(d time.Duration, rate float64) servertest.Load {
	return servertest.Load{
		Dial: servertest.Dialer(t.front), HTTP2: t.setup.http2, Clients: 16, Fresh: 8, Duration: d, Requests: 2_000_000, Rate: rate,
		Request: func(id string) (*http.Request, error) {
			r, err := http.NewRequest(http.MethodPost, "http://localhost/readings/", strings.NewReader("id="+id))
			if err == nil {
				r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			}
			return r, err
		},
	}
}

// hup makes the server reload and waits until the new workers serve.
func (t *site) hup() error {
	before, err := t.status()
	if err != nil {
		return err
	}
	if err := t.server.Signal(syscall.SIGHUP); err != nil {
		return err
	}
	return t.until(20*time.Second, "the new workers serve", func() bool {
		now, err := t.status()
		return err == nil && now.Generation > before.Generation && !now.Reloading
	})
}

// during runs a load while fn runs, and ends it when fn returns.
func during(ctx context.Context, load servertest.Load, fn func() error) (*servertest.Report, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	acted := make(chan error, 1)
	go func() {
		time.Sleep(200 * time.Millisecond) // the load has begun
		acted <- fn()
		time.Sleep(300 * time.Millisecond)
		cancel()
	}()
	report, err := load.Run(ctx)
	if err != nil {
		return nil, err
	}
	return report, <-acted
}

// sound requires that nothing failed and that the database contains what was acknowledged, once.
func (t *site) sound(reports ...*servertest.Report) (answered int, err error) {
	stored, err := t.stored()
	if err != nil {
		return 0, err
	}
	var w wrong
	for _, r := range reports {
		answered += len(r.Acks)
		w.unless(len(r.Failures) == 0, "%d failed: %s", len(r.Failures), r)
		w.unless(len(r.Shed) == 0, "%d were rejected with 503", len(r.Shed))
		w.unless(len(r.Lost(stored)) == 0, "lost: %v", r.Lost(stored))
		w.unless(len(r.Doubled(stored)) == 0, "doubled: %v", r.Doubled(stored))
	}
	w.unless(len(stored) == answered, "%d are in the database, %d were acknowledged", len(stored), answered)
	return answered, w.err()
}

// reload makes the server reload under a steady load, whose latencies count, and then under the maximum load of its
// clients.
func reload(l *lab, way setup) (string, error) {
	t, err := l.start(way)
	if err != nil {
		return "", err
	}
	defer t.stop()
	if _, err := t.posts(time.Second, pace).Run(l.ctx); err != nil { // warms up
		return "", err
	}
	if err := t.forget(); err != nil {
		return "", err
	}
	idle, err := t.posts(l.span(10*time.Second, 3*time.Second), pace).Run(l.ctx)
	if err != nil {
		return "", err
	}
	times := l.times(20, 3)
	hups := func() error {
		for range times {
			if err := t.hup(); err != nil {
				return err
			}
			time.Sleep(400 * time.Millisecond)
		}
		return nil
	}
	steady, err := during(l.ctx, t.posts(5*time.Minute, pace), hups)
	if err != nil {
		return "", err
	}
	full, err := during(l.ctx, t.posts(5*time.Minute, 0), hups)
	if err != nil {
		return "", err
	}
	answered, err := t.sound(idle, steady, full)
	p99, base := steady.Latencies.Percentile(99), idle.Latencies.Percentile(99)
	ratio := float64(p99) / float64(base)
	seen := fmt.Sprintf("%d requests, %d reloads, %d failed; p99 %v, idle %v: %.1f times; %.0f/s at most", answered, 2*times,
		len(steady.Failures)+len(full.Failures), round(p99), round(base), ratio, full.Goodput())
	var w wrong
	w.inTime(ratio <= 3, "p99 is %.1f times the idle one; idle: %s; reloading: %s", ratio, idle.Latencies, steady.Latencies)
	return seen, errors.Join(err, w.err())
}

func round(d time.Duration) time.Duration { return d.Round(100 * time.Microsecond) }
