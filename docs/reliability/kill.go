//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/quintetgo/quintet/framework/server/servertest"
)

func kills() []trial {
	list := []trial{}
	for _, workers := range []int{1, 2} {
		list = append(list, trial{
			name: "A3 kill -9 a worker, " + workersText(workers) + ", POST",
			bar: "kill -9 x 20 under load: no more failures than requests in flight; " +
				"every acknowledged write is in the database; a worker is back within 1 s",
			run: func(l *lab) (string, error) { return killWorkers(l, workers) },
		})
	}
	return append(list,
		trial{
			name: "A3 kill -9 a worker, 2 workers, GET behind nginx",
			bar:  "kill -9 x 20 under load: 0 failed",
			run:  killBehindNginx,
		},
		trial{
			name: "A4 kill -9 the master",
			bar:  "its workers are gone within 2 s, the address can be bound at once, and the next start serves",
			run:  killMaster,
		},
	)
}

// killer kills one worker after another and returns how long it took until all were running again.
func (t *site) killer(times int) (back []time.Duration, err error) {
	want := max(1, t.setup.workers)
	for range times {
		pids := t.workers()
		if len(pids) != want {
			return back, fmt.Errorf("%d workers, want %d", len(pids), want)
		}
		victim := pids[rand.IntN(len(pids))]
		began := time.Now()
		if err := syscall.Kill(victim, syscall.SIGKILL); err != nil {
			return back, err
		}
		if err := t.until(20*time.Second, "a worker is back", func() bool {
			now := t.workers()
			return len(now) == want && !slices.Contains(now, victim)
		}); err != nil {
			return back, err
		}
		back = append(back, time.Since(began))
		time.Sleep(2500 * time.Millisecond) // it is no longer young, so that the next death is not a crash loop
	}
	slices.Sort(back)
	return back, nil
}

func killWorkers(l *lab, workers int) (string, error) {
	t, err := l.start(setup{workers: workers})
	if err != nil {
		return "", err
	}
	defer t.stop()
	time.Sleep(2100 * time.Millisecond)
	times := l.times(20, 3)
	var back []time.Duration
	load := t.posts(5*time.Minute, pace)
	report, err := during(l.ctx, load, func() (err error) {
		back, err = t.killer(times)
		return err
	})
	if err != nil {
		return "", err
	}
	stored, err := t.stored()
	if err != nil {
		return "", err
	}
	var w wrong
	// Each client has at most one request in flight. While no worker serves, connections wait in the kernel's queue,
	// since the master holds the socket.
	most := times * (load.Clients + load.Fresh)
	w.unless(len(report.Failures) <= most, "%d failed, more than the %d that can have been in flight", len(report.Failures), most)
	for _, failure := range report.Failures {
		w.unless(failure.Phase != servertest.PhaseAnswer && failure.Phase != servertest.PhaseDial, "a failure of another kind: %s", failure)
	}
	w.unless(len(report.Lost(stored)) == 0, "acknowledged and lost: %v", report.Lost(stored))
	w.unless(len(report.Doubled(stored)) == 0, "doubled: %v", report.Doubled(stored))
	slowest := back[len(back)-1]
	w.inTime(slowest < time.Second, "a worker was back after %v", slowest)
	return fmt.Sprintf("%d acknowledged, %d kills, %d failed in flight, 0 lost; back after %v at most",
		len(report.Acks), times, len(report.Failures), slowest.Round(time.Millisecond)), w.err()
}

func killBehindNginx(l *lab) (string, error) {
	t, err := l.start(setup{workers: 2, unix: true, front: "nginx"})
	if err != nil {
		return "", err
	}
	defer t.stop()
	time.Sleep(2100 * time.Millisecond)
	load := t.posts(5*time.Minute, 2*pace)
	load.Request = func(string) (*http.Request, error) {
		return http.NewRequest(http.MethodGet, "http://localhost/readings/", nil)
	}
	times := l.times(20, 3)
	report, err := during(l.ctx, load, func() error {
		_, err := t.killer(times)
		return err
	})
	if err != nil {
		return "", err
	}
	var w wrong
	w.unless(len(report.Failures) == 0 && len(report.Shed) == 0, "%s", report)
	return fmt.Sprintf("%d requests, %d kills, %d failed", len(report.Acks), times, len(report.Failures)), w.err()
}

func killMaster(l *lab) (string, error) {
	var slowest time.Duration
	times := l.times(10, 3)
	for i := range times {
		took, err := killMasterOnce(l, i%2 == 1)
		if err != nil {
			return "", err
		}
		slowest = max(slowest, took)
	}
	return fmt.Sprintf("%d kills under load; workers gone after %v at most, the next start served",
		times, slowest.Round(time.Millisecond)), nil
}

func killMasterOnce(l *lab, unix bool) (time.Duration, error) {
	t, err := l.start(setup{workers: 2, unix: unix})
	if err != nil {
		return 0, err
	}
	defer t.stop()
	pids := t.server.Children()
	ctx, cancel := context.WithCancel(l.ctx)
	defer cancel()
	loaded := make(chan *servertest.Report, 1)
	go func() {
		report, _ := t.posts(20*time.Second, pace).Run(ctx)
		loaded <- report
	}()
	time.Sleep(500 * time.Millisecond)
	began := time.Now()
	if err := syscall.Kill(t.server.PID(), syscall.SIGKILL); err != nil {
		return 0, err
	}
	err = t.until(5*time.Second, "the workers are gone", func() bool {
		return !slices.ContainsFunc(pids, alive)
	})
	took := time.Since(began)
	if err != nil {
		return took, err
	}
	if took > 2*time.Second {
		return took, slowError{fmt.Errorf("the workers were gone after %v", took)}
	}
	args := []string{"serve", "--bind", strings.Replace(t.address, "unix:", "unix:", 1), "--control", t.control(), "--pid", t.dir + "/pid"}
	next, err := servertest.Program{Path: t.program, Args: args, Dir: t.dir, Env: t.env, Await: t.address}.Start(l.ctx)
	if err != nil {
		return took, fmt.Errorf("the next start: %w", err)
	}
	defer func() { _ = next.Stop(time.Minute) }()
	if status, err := t.get("/readings/"); err != nil || status != 200 {
		return took, fmt.Errorf("after the next start: %d, %w", status, errors.Join(err))
	}
	cancel()
	report := <-loaded
	stored, err := t.stored()
	if err != nil {
		return took, err
	}
	if lost := report.Lost(stored); len(lost) > 0 {
		return took, fmt.Errorf("acknowledged and lost: %v", lost)
	}
	return took, nil
}

// alive reports whether a process runs; it is false for one that has ended and waits to be collected.
func alive(pid int) bool {
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return false
	}
	_, rest, _ := strings.Cut(string(stat), ") ")
	return !strings.HasPrefix(rest, "Z")
}
