//go:build linux

package main

import (
	"fmt"
	"io"
	"net"
	"time"

	"github.com/quintetgo/quintet/framework/server/servertest"
)

func shortages() (list []trial) {
	for _, c := range []struct {
		name  string
		flags []string
		fcgi  bool
	}{
		{"default", nil, false},
		{"no limit of connections", []string{"--max-connections", "-1"}, false},
		{"no limit, FastCGI", []string{"--max-connections", "-1"}, true},
	} {
		list = append(list, trial{
			name: "A15 64 descriptors, " + c.name,
			bar:  "200 connections: less than 20 % of a processor while they are held; serves again once they are gone",
			run:  func(l *lab) (string, error) { return shortage(l, c.flags, c.fcgi) },
		})
	}
	return list
}

func shortage(l *lab, flags []string, fcgi bool) (string, error) {
	s := setup{workers: 1, flags: flags, fcgi: fcgi, launcher: []string{"/bin/sh", "-c", `ulimit -n 64; exec "$0" "$@"`}}
	if fcgi {
		s.front = "nginx"
	}
	t, err := l.start(s)
	if err != nil {
		return "", err
	}
	defer t.stop()
	if status, err := t.get("/readings/"); err != nil || status != 200 {
		return "", fmt.Errorf("before: %d, %w", status, err)
	}
	var held []net.Conn
	defer func() {
		for _, conn := range held {
			_ = conn.Close()
		}
	}()
	for range 200 {
		conn, err := servertest.Dialer(t.address)(l.ctx)
		if err != nil {
			return "", fmt.Errorf("connection %d: %w", len(held), err)
		}
		held = append(held, conn)
		_, _ = io.WriteString(conn, "G") // incomplete: for FastCGI it is not a record either
	}
	time.Sleep(500 * time.Millisecond)
	const span = 5 * time.Second
	before := t.server.Usage()
	time.Sleep(span)
	after := t.server.Usage()
	share := float64(after.CPU-before.CPU) / float64(span)
	for _, conn := range held {
		_ = conn.Close()
	}
	held = nil
	began := time.Now()
	var w wrong
	w.inTime(share < 0.2, "it used %.0f %% of a processor", 100*share)
	err = t.until(10*time.Second, "it serves again", func() bool {
		status, err := t.get("/readings/")
		return err == nil && status == 200
	})
	w.unless(err == nil, "%v", err)
	took := time.Since(began)
	w.unless(len(t.workers()) == 1, "the worker died:\n%s", t.server.Output())
	return fmt.Sprintf("%d descriptors at most, %.1f %% of a processor, served again after %v",
		after.Files, 100*share, took.Round(time.Millisecond)), w.err()
}
