//go:build linux

package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/quintetgo/quintet/framework/server/servertest"
	"github.com/quintetgo/quintet/framework/server/servertest/attack"
)

func floods() (list []trial) {
	for _, kind := range attack.FloodKinds() {
		list = append(list, trial{
			name: fmt.Sprintf("A13 HTTP/2, %s", kind),
			bar:  "fewer than 1,000 goroutines, memory +64 MiB at most, other clients unaffected: 0 failed",
			run:  func(l *lab) (string, error) { return flood(l, kind) },
		})
	}
	return list
}

func flood(l *lab, kind attack.FloodKind) (string, error) {
	t, err := l.start(setup{workers: 1, http2: true, flags: slowFlags})
	if err != nil {
		return "", err
	}
	defer t.stop()
	load := servertest.Load{
		Dial: servertest.Dialer(t.front), HTTP2: true, Clients: 4, Fresh: 2, Rate: 40, Duration: 5 * time.Minute, Requests: 1_000_000,
		Request: func(string) (*http.Request, error) {
			return http.NewRequest(http.MethodGet, "http://localhost/readings/", nil)
		},
	}
	warm := load
	warm.Duration = time.Second
	if _, err := warm.Run(l.ctx); err != nil {
		return "", err
	}
	before := t.server.Usage().Resident
	watching, stop := context.WithCancel(l.ctx)
	watched := make(chan watch, 1)
	go func() { watched <- t.watchGoroutines(watching) }()
	var told *attack.FloodReport
	report, err := during(l.ctx, load, func() (err error) {
		path := "/trial/"
		if kind == attack.WindowStall || kind == attack.WindowTrickle {
			path = "/trial/large/"
		}
		duration := l.span(20*time.Second, 4*time.Second)
		told, err = attack.Flood{Dial: servertest.Dialer(t.front), Kind: kind, Path: path, Duration: duration}.Run(l.ctx)
		return err
	})
	stop()
	saw := <-watched
	if err != nil {
		return "", err
	}
	var w wrong
	w.unless(told.Opened == 4, "%s", told)
	w.unless(len(report.Failures)+len(report.Shed) == 0, "other clients: %s", report)
	w.unless(saw.goroutines > 0 && saw.goroutines < 1000, "%d goroutines", saw.goroutines)
	w.unless(saw.resident-before < 64<<20, "memory grew by %d MiB", (saw.resident-before)>>20)
	err = t.until(10*time.Second, "goroutines are gone", func() bool { return t.goroutines() < 100 })
	w.unless(err == nil, "%d goroutines are left", t.goroutines())
	return fmt.Sprintf("%d of 4 connections ended, %d frames, GOAWAY %v; %d goroutines, memory +%d MiB, others' p99 %v",
		told.Ended, told.Frames, told.GoAways,
		saw.goroutines, (saw.resident-before)>>20, round(report.Latencies.Percentile(99))), w.err()
}

// goroutines returns the worker's number of goroutines.
func (t *site) goroutines() int {
	response, err := t.client().Get("http://localhost/trial/goroutines/")
	if err != nil {
		return 0
	}
	defer response.Body.Close()
	n, _ := strconv.Atoi(drain(response.Body))
	return n
}

// keepStacks writes the stacks of the worker's goroutines to the site's folder.
func (t *site) keepStacks() {
	response, err := t.client().Get("http://localhost/trial/stacks/")
	if err != nil {
		return
	}
	defer response.Body.Close()
	_ = os.WriteFile(filepath.Join(t.dir, "stacks.txt"), []byte(drain(response.Body)), 0o644)
}

func (t *site) watchGoroutines(ctx context.Context) (worst watch) {
	for ctx.Err() == nil {
		worst.resident = max(worst.resident, t.server.Usage().Resident)
		if n := t.goroutines(); n > worst.goroutines {
			worst.goroutines = n
			if n >= 1000 {
				t.keepStacks()
			}
		}
		time.Sleep(100 * time.Millisecond)
	}
	return worst
}
