//go:build linux

package main

import (
	"context"
	"fmt"
	"net/http"
	"os/exec"
	"strings"
	"time"

	"github.com/quintetgo/quintet/framework/server/servertest"
	"github.com/quintetgo/quintet/framework/server/servertest/attack"
)

// slowFlags are short timeouts, so that a trial sees the end of slow connections.
var slowFlags = []string{"--header-timeout", "5s", "--read-timeout", "8s", "--send-timeout", "5s", "--keep-alive", "10s"}

func slowClients() (list []trial) {
	const bar = "2,000 slow connections: a normal client's p99 under 500 ms, all shed at the timeouts, descriptors as before"
	for _, kind := range []struct {
		name string
		kind attack.SlowKind
		path string
	}{{"heads", attack.SlowHead, "/trial/"}, {"bodies", attack.SlowBody, "/trial/"}, {"readers", attack.SlowRead, "/trial/large/"}} {
		list = append(list, trial{
			name: "A9 slow " + kind.name, bar: bar,
			run: func(l *lab) (string, error) { return slow(l, kind.kind, kind.path) },
		})
	}
	for _, kind := range []struct{ name, flag, path string }{
		{"slow headers", "-H", "/trial/"}, {"slow bodies", "-B", "/trial/"}, {"slow reading", "-X", "/trial/large/"},
	} {
		list = append(list, trial{
			name: "A9 slowhttptest " + kind.flag + ", " + kind.name, bar: bar,
			run: func(l *lab) (string, error) { return slowHTTPTest(l, kind.flag, kind.path) },
		})
	}
	return list
}

func slow(l *lab, kind attack.SlowKind, path string) (string, error) {
	return beside(l, func(t *site) (string, error) {
		report, err := attack.Slow{
			Dial: servertest.Dialer(t.front), Kind: kind, Path: path, Connections: 2000, Duration: l.span(60*time.Second, 25*time.Second),
		}.Run(l.ctx)
		if err != nil {
			return "", err
		}
		if report.Held > 0 || report.Refused > 0 {
			return "", fmt.Errorf("not all were shed: %s", report)
		}
		longest := report.Lifetimes.Percentile(100).Round(100 * time.Millisecond)
		return fmt.Sprintf("%d opened, all shed after %v at most", report.Opened, longest), nil
	})
}

func slowHTTPTest(l *lab, flag, path string) (string, error) {
	if _, err := exec.LookPath("slowhttptest"); err != nil {
		return "", fmt.Errorf("install it first (Debian: apt-get install slowhttptest): %w", err)
	}
	return beside(l, func(t *site) (string, error) {
		seconds := fmt.Sprint(int(l.span(60*time.Second, 12*time.Second).Seconds()))
		url := "http://" + strings.Replace(t.front, "127.0.0.1", "localhost", 1) + path
		args := []string{flag, "-c", "2000", "-r", "500", "-i", "1", "-l", seconds, "-u", url, "-p", "3"}
		if flag == "-X" {
			args = append(args, "-w", "512", "-y", "1024", "-n", "1", "-z", "32", "-k", "1")
		}
		out, err := exec.CommandContext(l.ctx, "slowhttptest", args...).CombinedOutput()
		if err != nil {
			return "", fmt.Errorf("slowhttptest: %w\n%s", err, out)
		}
		return "2000 connections for " + seconds + " s", nil
	})
}

// beside runs an attack beside a normal client.
func beside(l *lab, attack func(*site) (string, error)) (string, error) {
	t, err := l.start(setup{workers: 1, flags: slowFlags})
	if err != nil {
		return "", err
	}
	defer t.stop()
	load := servertest.Load{
		Dial: servertest.Dialer(t.front), Clients: 4, Fresh: 4, Rate: 50, Duration: 5 * time.Minute, Requests: 1_000_000,
		Request: func(string) (*http.Request, error) {
			return http.NewRequest(http.MethodGet, "http://localhost/readings/", nil)
		},
	}
	warm := load
	warm.Duration = time.Second
	if _, err := warm.Run(l.ctx); err != nil {
		return "", err
	}
	time.Sleep(200 * time.Millisecond)
	before := t.server.Usage()
	watching, stop := context.WithCancel(l.ctx)
	watched := make(chan watch, 1)
	go func() { watched <- t.watch(watching) }()
	seen := ""
	report, err := during(l.ctx, load, func() (err error) {
		seen, err = attack(t)
		return err
	})
	stop()
	saw := <-watched
	if err != nil {
		return "", err
	}
	var w wrong
	w.unless(len(report.Failures)+len(report.Shed) == 0, "normal clients: %s", report)
	p99 := report.Latencies.Percentile(99)
	w.inTime(p99 < 500*time.Millisecond, "p99 of normal clients is %v: %s", p99, report)
	err = t.until(15*time.Second, "descriptors are as before", func() bool { return t.server.Usage().Files <= before.Files+8 })
	w.unless(err == nil, "%d descriptors before, %d after", before.Files, t.server.Usage().Files)
	return fmt.Sprintf("%s; normal p99 %v; descriptors %d → %d → %d; memory +%d MiB",
		seen, round(p99), before.Files, saw.files, t.server.Usage().Files,
		(saw.resident-before.Resident)>>20), w.err()
}
