//go:build linux

package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/quintetgo/quintet/framework/deploy"
	"github.com/quintetgo/quintet/framework/server"
	"github.com/quintetgo/quintet/framework/server/servertest"
	"github.com/quintetgo/quintet/framework/server/servertest/corpus"
	"github.com/quintetgo/quintet/framework/server/strict"
)

func hostileRequests() (list []trial) {
	for _, way := range ways() {
		if way.http2 {
			continue
		}
		bar := "no request reaches the application without its response reaching the client"
		if way.front == "" {
			bar = "every request of the corpus gets the status that it states, and the connection ends; nothing out of sync"
		}
		list = append(list, trial{
			name: fmt.Sprintf("A12 hostile requests, %s", way), bar: bar,
			run: func(l *lab) (string, error) { return hostile(l, way) },
		})
	}
	return list
}

// hostile serves a counting handler in this process, by the same server as serve, and sends the corpus through the
// web server with the site that deploy writes.
func hostile(l *lab, way setup) (string, error) {
	l.sites++
	dir := filepath.Join(l.dir, fmt.Sprintf("site%d", l.sites))
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return "", err
	}
	if err := os.Chmod(dir, os.ModeSticky|0o777); err != nil {
		return "", err
	}
	bind := freeAddress()
	address := bind
	if way.unix {
		address = "unix:" + filepath.Join(dir, "s")
		bind = address + "?mode=0666"
	}
	options := server.Options{
		Bind: []string{bind}, Log: server.Log{Logger: slog.New(slog.DiscardHandler)}, Strict: &strict.Options{},
		Limits: server.Limits{HeaderBytes: 64 << 10}, // the corpus has heads of that size
	}
	if way.fcgi {
		options.Protocol = "fcgi"
	}
	ready, ended := make(chan struct{}), make(chan error, 1)
	options.Ready = func([]net.Addr) { close(ready) }
	ctx, cancel := context.WithCancelCause(l.ctx)
	counter := corpus.NewCounter(nil)
	go func() { ended <- server.Run(ctx, counter, options) }()
	defer func() {
		cancel(server.ErrQuick)
		<-ended
	}()
	select {
	case <-ready:
	case err := <-ended:
		ended <- nil
		return "", err
	}
	front := address
	if way.front != "" {
		site := deploy.Site{Name: "site", Hosts: []string{"localhost"}, Addr: address, Dir: dir, FastCGI: way.fcgi}
		files, err := deploy.Render(way.front, site)
		if err != nil {
			return "", err
		}
		if err := os.MkdirAll(filepath.Join(dir, "staticfiles"), 0o777); err != nil {
			return "", err
		}
		front = freeAddress()
		// The corpus waits for responses to incomplete requests: not as long as a web server would.
		text := impatient(way.front) + string(files[0].Content)
		web, err := servertest.WebServer{Name: way.front, Dir: dir, Site: text, Listen: front}.Start(l.ctx)
		if err != nil {
			return "", err
		}
		defer func() { _ = web.Stop(time.Minute) }()
	}
	report, err := corpus.All().Run(l.ctx, servertest.Dialer(front), counter)
	if err != nil {
		return "", err
	}
	desynced := again(l, report.Desynced(), front, counter)
	var w wrong
	w.unless(len(desynced) == 0, "%s", desynced)
	passed := 0
	for _, result := range report {
		if result.Got.Pass > 0 && result.Got.Status == 0 {
			passed++
		}
	}
	w.unless(passed >= 30, "only %d requests passed: is the web server in front?", passed)
	if way.front == "" {
		w.unless(len(report.Failed()) == 0, "%s", report.Failed())
	}
	return fmt.Sprintf("%d cases, %d out of sync, %d not as by a strict server alone",
		len(report), len(desynced), len(report.Failed())), w.err()
}

// again repeats what was out of sync twice: a request may be counted late on a busy machine, but a smuggled one is so
// each time.
func again(l *lab, desynced corpus.Report, front string, counter *corpus.Counter) corpus.Report {
	for range 2 {
		var cases corpus.Cases
		for _, result := range desynced {
			cases = append(cases, result.Case)
		}
		report, err := cases.Run(l.ctx, servertest.Dialer(front), counter)
		if err != nil {
			return desynced
		}
		desynced = report.Desynced()
	}
	return desynced
}

func impatient(front string) string {
	if front == "nginx" {
		return "client_body_timeout 2s;\nlingering_time 1s;\nlingering_timeout 500ms;\n"
	}
	return "TimeOut 2\n"
}

// drain reads the content of a response.
func drain(r io.Reader) string {
	text, _ := io.ReadAll(r)
	return strings.TrimSpace(string(text))
}
