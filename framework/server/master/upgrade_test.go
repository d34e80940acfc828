//go:build unix

package master_test

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestBadUpgradesLeaveTheOldSetServing(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		mode    string
		program func(path string) error
		reason  string
	}{
		"panics":         {mode: "panic", reason: "exit status 2"},
		"says it failed": {mode: "fail", reason: "SECRET_KEY is missing"},
		"never ready":    {mode: "never", reason: "not ready within 10s"},
		"missing":        {program: func(path string) error { return os.Symlink("nothing", path) }, reason: "no such file"},
		"not executable": {program: func(path string) error { return os.WriteFile(path, []byte("no program"), 0o644) }, reason: "permission denied"},
		"a text":         {program: func(path string) error { return os.WriteFile(path, []byte("no program"), 0o755) }, reason: "exec format error"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := launch(t, 2, "good", "QUINTET_TEST_BOOT_TIMEOUT=10s")
			r.whole(t, 2, 1)
			own, err := os.Readlink(filepath.Join(r.dir, "program"))
			if err != nil {
				t.Fatal(err)
			}
			stop := r.load(t)
			for i, s := range []syscall.Signal{syscall.SIGUSR2, syscall.SIGHUP} {
				if c.mode != "" {
					r.mode(t, c.mode)
				} else {
					r.program(t, c.program)
				}
				r.signal(t, s)
				eventually(t, "it is given up", func() bool {
					s := r.status(t)
					return r.log.count("reload failed") == i+1 && strings.Contains(s.Failure, c.reason) && !s.Reloading
				})
				if !strings.Contains(r.log.String(), c.reason) {
					t.Errorf("the log does not say %q", c.reason)
				}
			}
			r.whole(t, 2, 1)
			r.mode(t, "better")
			r.program(t, func(path string) error { return os.Symlink(own, path) })
			r.signal(t, syscall.SIGUSR2)
			eventually(t, "the next one takes over", func() bool { return r.log.count("the new master took over") == 1 })
			r.accepting(t, "better")
			stop()
			if s := r.status(t); s.Failure != "" || s.PID != r.cmd.Process.Pid || len(s.PIDs()) != 2 {
				t.Errorf("in the end the status is %+v", s)
			}
		})
	}
}

// TestMasterThatCannotExecuteTheProgram removes the program after the new worker has started. It is a script, which
// has to exist to be executed.
func TestMasterThatCannotExecuteTheProgram(t *testing.T) {
	t.Parallel()
	script := filepath.Join(folder(t), "script")
	write := func() {
		if err := os.WriteFile(script, []byte("#!/bin/sh\nexec \"$QUINTET_TEST_MASTER/program\"\n"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	write()
	r := launch(t, 1, "old", "QUINTET_TEST_PROGRAM="+script)
	r.whole(t, 1, 1)
	stop := r.load(t)
	r.mode(t, "held new")
	r.signal(t, syscall.SIGUSR2)
	r.begins(t, 2)
	if err := os.Remove(script); err != nil {
		t.Fatal(err)
	}
	r.release(t)
	r.whole(t, 1, 2)
	if s := r.status(t); !strings.Contains(s.Failure, "could not execute the program on disk: start "+script+": no such file") {
		t.Errorf("failure %q", s.Failure)
	}
	r.accepting(t, "held new")
	write()
	r.mode(t, "newest")
	r.signal(t, syscall.SIGUSR2)
	r.whole(t, 1, 3)
	stop()
	r.accepting(t, "newest")
	if r.log.count("the new master took over") != 1 {
		t.Error("the master did not become the new program")
	}
}

func TestMasterCanBeSpokenToWhileItIsUpgraded(t *testing.T) {
	t.Parallel()
	r := launch(t, 1, "first")
	r.whole(t, 1, 1)
	becomes := func(n int) {
		t.Helper()
		r.signal(t, syscall.SIGUSR2)
		for deadline := time.Now().Add(patience); r.log.count("executing the program") < n; runtime.Gosched() { // it takes a few milliseconds
			if time.Now().After(deadline) {
				t.Fatal("it does not become the new program")
			}
		}
	}
	// A program that does not handle signals yet would be killed or stopped by some.
	becomes(1)
	for deadline := time.Now().Add(patience); r.log.count("the new master took over") == 0 && time.Now().Before(deadline); {
		for _, s := range []syscall.Signal{syscall.SIGHUP, syscall.SIGUSR1, syscall.SIGTTOU} {
			r.signal(t, s)
		}
		time.Sleep(200 * time.Microsecond)
	}
	if s := r.reconciled(t, 1); s.PID != r.cmd.Process.Pid {
		t.Errorf("process %d is the master", s.PID)
	}
	becomes(2)
	before := r.log.count("the new workers serve")
	if s, err := r.control(t, "reload"); err != nil || s.PID != r.cmd.Process.Pid {
		t.Errorf("the new master does not obey: %v", err)
	}
	eventually(t, "it reloads", func() bool { return r.log.count("the new workers serve") > before })
	r.reconciled(t, 1)
	becomes(3)
	if _, err := r.control(t, "stop"); err != nil {
		t.Errorf("the new master does not obey: %v", err)
	}
	if err := r.ends(t); err != nil {
		t.Errorf("exit: %v", err)
	}
	if _, err := os.Stat(filepath.Join(r.dir, "pid")); err == nil {
		t.Error("the pid file was left behind")
	}
}
