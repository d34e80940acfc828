//go:build linux

package main

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"time"

	"github.com/quintetgo/quintet/framework/server/servertest"
)

// restartActivated holds the socket as systemd does, and stops and starts the server behind it: clients wait in the
// kernel's queue meanwhile.
func restartActivated(l *lab) (string, error) {
	t, err := l.start(setup{workers: 1})
	if err != nil {
		return "", err
	}
	t.stop()
	if err := t.forget(); err != nil {
		return "", err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer listener.Close()
	t.front = listener.Addr().String()
	socket, err := listener.(*net.TCPListener).File()
	if err != nil {
		return "", err
	}
	defer socket.Close()
	start := func() (*servertest.Process, error) {
		return servertest.Program{
			Path: "/bin/sh",
			Args: []string{"-c", `LISTEN_PID=$$ exec "$0" "$@"`, t.program, "serve", "--bind", "systemd", "--control", t.control()},
			Dir:  t.dir, Env: append(t.env, "LISTEN_FDS=1"), Files: []*os.File{socket}, Await: "unix:" + filepath.Join(t.dir, "ctl"),
		}.Start(l.ctx)
	}
	server, err := start()
	if err != nil {
		return "", err
	}
	defer func() { _ = server.Stop(time.Minute) }()
	if _, err := t.posts(500*time.Millisecond, pace).Run(l.ctx); err != nil {
		return "", err
	}
	if err := t.forget(); err != nil {
		return "", err
	}
	times := l.times(5, 2)
	report, err := during(l.ctx, t.posts(2*time.Minute, pace), func() error {
		for range times {
			if err := server.Stop(2 * time.Minute); err != nil {
				return err
			}
			time.Sleep(100 * time.Millisecond) // systemd takes some time too
			if server, err = start(); err != nil {
				return err
			}
			time.Sleep(time.Second)
		}
		return nil
	})
	if err != nil {
		return "", err
	}
	_, err = t.sound(report)
	return fmt.Sprintf("%d requests, %d restarts, %d failed; the longest waited %v",
		len(report.Acks), times, len(report.Failures), round(report.Latencies.Percentile(100))), err
}
