//go:build linux

package main

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/quintetgo/quintet/framework/server/servertest"
)

func soaks() []trial {
	return []trial{{
		name: "A19 soak, mixed traffic with reloads",
		bar:  "0 failed; memory of the last third at most 10 % over that of the second; descriptors and goroutines as before",
		run:  soak,
	}}
}

func soak(l *lab) (string, error) {
	t, err := l.start(setup{workers: 1, unix: true, front: "nginx"})
	if err != nil {
		return "", err
	}
	defer t.stop()
	span := l.span(6*time.Minute, 20*time.Second)
	load := t.posts(span, 300)
	var n atomic.Int64
	post := load.Request
	load.Request = func(id string) (*http.Request, error) {
		switch n.Add(1) % 10 {
		case 0:
			return post(id)
		case 1:
			return http.NewRequest(http.MethodGet, "http://localhost/static/none.css", nil)
		case 2:
			return http.NewRequest(http.MethodPost, "http://localhost/trial/", strings.NewReader(strings.Repeat("x", 64<<10)))
		}
		return http.NewRequest(http.MethodGet, "http://localhost/readings/", nil)
	}
	load.Accept = func(_ string, status int, _ http.Header, _ []byte) error {
		if status >= 500 {
			return fmt.Errorf("status %d", status)
		}
		return nil
	}
	warm := load
	warm.Duration = 2 * time.Second
	if _, err := warm.Run(l.ctx); err != nil {
		return "", err
	}
	time.Sleep(200 * time.Millisecond)
	before, goroutines := t.server.Usage(), t.goroutines()
	var memory []int64
	done := make(chan struct{})
	var report *servertest.Report
	go func() {
		report, err = load.Run(l.ctx)
		close(done)
	}()
	for tick := time.NewTicker(span / 60); ; {
		select {
		case <-tick.C:
			memory = append(memory, t.server.Usage().Resident)
			continue
		case <-done:
		}
		tick.Stop()
		break
	}
	if err != nil {
		return "", err
	}
	var w wrong
	w.unless(len(report.Failures) == 0, "%s", report)
	third := len(memory) / 3
	second, last := median(memory[third:2*third]), median(memory[2*third:])
	w.unless(float64(last) < 1.1*float64(second), "memory went from %d to %d MiB", second>>20, last>>20)
	err = t.until(80*time.Second, "descriptors are as before", func() bool {
		return t.server.Usage().Files <= before.Files+40 // nginx keeps 32 connections
	})
	w.unless(err == nil, "%d descriptors before, %d after", before.Files, t.server.Usage().Files)
	after := t.goroutines()
	w.unless(after <= goroutines+40, "%d goroutines before, %d after", goroutines, after)
	return fmt.Sprintf("%d requests in %v, %d failed; memory %d → %d MiB",
		report.Sent, span, len(report.Failures), second>>20, last>>20), w.err()
}

func median(list []int64) int64 {
	list = slices.Sorted(slices.Values(list))
	if len(list) == 0 {
		return 0
	}
	return list[len(list)/2]
}
