//go:build linux

package main

import (
	"fmt"
	"io"
	"strings"
	"syscall"
	"time"
)

func upgrades() (list []trial) {
	for _, way := range []setup{
		{workers: 1}, {workers: 2, unix: true}, {workers: 2, unix: true, front: "nginx"}, {workers: 2, unix: true, front: "apache"},
	} {
		list = append(list, trial{
			name: fmt.Sprintf("A2 upgrade, %s, %s", workersText(way.workers), way),
			bar:  "USR2 to new programs under load: 0 failed, 0 lost, 0 doubled, and the new program responds",
			run:  func(l *lab) (string, error) { return upgrade(l, way) },
		})
	}
	for _, signal := range []string{"HUP", "USR2"} {
		for _, fault := range []struct{ name, text, reason string }{
			{"panic", "panics at its start", "exit status 2"},
			{"check", "has a failing check", "1 error"},
			{"never", "never gets ready", "not ready within"},
		} {
			list = append(list, trial{
				name: fmt.Sprintf("A2 bad build, %s, %s", signal, fault.text),
				bar:  "0 failed; the old workers serve; the reason is logged and in the status; the next good build is accepted",
				run:  func(l *lab) (string, error) { return badBuild(l, signal, fault.name, fault.reason) },
			})
		}
	}
	return list
}

// version returns the version of the program that responds.
func (t *site) version() string {
	response, err := t.client().Get("http://localhost/trial/version/")
	if err != nil {
		return err.Error()
	}
	defer response.Body.Close()
	text, _ := io.ReadAll(response.Body)
	return string(text)
}

// usr2 makes the server execute the program on disk and waits until it has.
func (t *site) usr2() error {
	const word = "the new master took over"
	before := strings.Count(t.server.Output(), word)
	if err := t.server.Signal(syscall.SIGUSR2); err != nil {
		return err
	}
	return t.until(20*time.Second, "the new program took over", func() bool {
		return strings.Count(t.server.Output(), word) > before && len(t.workers()) == t.setup.workers
	})
}

func upgrade(l *lab, way setup) (string, error) {
	t, err := l.start(way)
	if err != nil {
		return "", err
	}
	defer t.stop()
	var builds []string
	for i := range 2 {
		path, err := l.build("", fmt.Sprintf("next%d", i))
		if err != nil {
			return "", err
		}
		builds = append(builds, path)
	}
	times, pid := l.times(10, 4), t.server.PID()
	var w wrong
	report, err := during(l.ctx, t.posts(5*time.Minute, pace), func() error {
		for i := range times {
			if err := t.install(builds[i%2]); err != nil {
				return err
			}
			if err := t.usr2(); err != nil {
				return err
			}
			time.Sleep(2200 * time.Millisecond) // the old workers have ended
			want := fmt.Sprintf("next%d", i%2)
			got := t.version()
			w.unless(got == want, "after the upgrade %q responds, want %q", got, want)
		}
		return nil
	})
	if err != nil {
		return "", err
	}
	answered, err := t.sound(report)
	if err != nil {
		w = append(w, err)
	}
	status, err := t.status()
	w.unless(err == nil && status.PID == pid, "the process id changed from %d to %d (%v)", pid, status.PID, err)
	return fmt.Sprintf("%d requests, %d upgrades, %d failed; the process id stays", answered, times, len(report.Failures)), w.err()
}

func badBuild(l *lab, signal, fault, reason string) (string, error) {
	bad, err := l.build(fault, "bad")
	if err != nil {
		return "", err
	}
	better, err := l.build("", "better")
	if err != nil {
		return "", err
	}
	t, err := l.start(setup{workers: 2, flags: []string{"--boot-timeout", "3s"}})
	if err != nil {
		return "", err
	}
	defer t.stop()
	number := map[string]syscall.Signal{"HUP": syscall.SIGHUP, "USR2": syscall.SIGUSR2}[signal]
	var w wrong
	report, err := during(l.ctx, t.posts(time.Minute, pace), func() error {
		if err := t.install(bad); err != nil {
			return err
		}
		if err := t.server.Signal(number); err != nil {
			return err
		}
		if err := t.until(15*time.Second, "the reload has failed", func() bool {
			status, err := t.status()
			return err == nil && strings.Contains(status.Failure, reason)
		}); err != nil {
			status, _ := t.status()
			return fmt.Errorf("%w; the status is %q", err, status.Failure)
		}
		time.Sleep(time.Second)
		got := t.version()
		w.unless(got == "first", "%q responds after the bad build", got)
		w.unless(strings.Contains(t.server.Output(), reason), "the log does not contain %q", reason)
		if err := t.install(better); err != nil {
			return err
		}
		if err := t.server.Signal(number); err != nil {
			return err
		}
		return t.until(15*time.Second, "the next good build responds", func() bool { return t.version() == "better" })
	})
	if err != nil {
		return "", fmt.Errorf("%w; it logged:\n%s", err, t.server.Output())
	}
	answered, err := t.sound(report)
	if err != nil {
		w = append(w, err)
	}
	return fmt.Sprintf("%d requests, %d failed; the old workers served, then the better build", answered, len(report.Failures)), w.err()
}
