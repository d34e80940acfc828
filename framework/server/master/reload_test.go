//go:build unix

package master_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/quintetgo/quintet/framework/server/master"
)

// begins waits until a worker of a generation starts, and has read its mode.
func (r *running) begins(t *testing.T, generation int) {
	t.Helper()
	eventually(t, "a new worker starts", func() bool {
		for _, p := range r.status(t).Processes {
			if _, err := os.Stat(filepath.Join(r.dir, readBy(p.PID))); err == nil && p.Generation == generation && p.Stage == "starting" {
				return true
			}
		}
		return false
	})
}

// stopping reports whether the master is stopping.
func (r *running) stopping(t *testing.T) bool {
	t.Helper()
	s, err := r.control(t, "status")
	return err != nil || s.Stopping
}

// reconciled waits until no reload is in progress and all old workers are gone.
func (r *running) reconciled(t *testing.T, workers int) (s master.Status) {
	t.Helper()
	eventually(t, fmt.Sprintf("%d workers are left", workers), func() bool {
		s = r.status(t)
		return !s.Reloading && len(s.Processes) == workers && len(s.PIDs()) == workers
	})
	return s
}

func TestReloadDuringAReloadFollowsIt(t *testing.T) {
	t.Parallel()
	r := launch(t, 2, "first")
	r.whole(t, 2, 1)
	stop := r.load(t)
	r.mode(t, "held second")
	r.signal(t, syscall.SIGHUP)
	r.begins(t, 2)
	r.mode(t, "third")
	r.signal(t, syscall.SIGHUP)
	eventually(t, "the second reload is noted", func() bool { return r.log.count("another one will follow") == 1 })
	r.release(t)
	r.whole(t, 2, 3)
	stop()
	r.accepting(t, "third")
}

func TestManyReloadsAtOnce(t *testing.T) {
	t.Parallel()
	r := launch(t, 2, "first")
	r.whole(t, 2, 1)
	stop := r.load(t)
	for i := range 20 {
		r.mode(t, fmt.Sprintf("build %d", i))
		r.signal(t, syscall.SIGHUP)
	}
	r.reconciled(t, 2)
	stop()
	r.accepting(t, "build 19")
}

func TestNumberOfWorkersChangesDuringAReload(t *testing.T) {
	t.Parallel()
	r := launch(t, 2, "first")
	r.whole(t, 2, 1)
	stop := r.load(t)
	r.mode(t, "held second")
	r.signal(t, syscall.SIGHUP)
	r.begins(t, 2)
	wanted := func(s syscall.Signal, workers int) {
		t.Helper()
		r.signal(t, s)
		eventually(t, fmt.Sprintf("%d workers are wanted", workers), func() bool { return r.status(t).Workers == workers })
	}
	wanted(syscall.SIGTTIN, 3)
	r.release(t)
	r.whole(t, 3, 2)
	r.hold(t)
	r.signal(t, syscall.SIGHUP)
	r.begins(t, 3)
	wanted(syscall.SIGTTOU, 2)
	r.release(t)
	wanted(syscall.SIGTTOU, 1)
	r.whole(t, 1, 3)
	stop()
}

func TestOldWorkerThatDiesDuringAReloadIsReplaced(t *testing.T) {
	t.Parallel()
	r := launch(t, 1, "first", "QUINTET_TEST_BOOT_TIMEOUT=30s")
	r.whole(t, 1, 1)
	r.matures(t)
	r.mode(t, "never")
	r.signal(t, syscall.SIGHUP)
	r.begins(t, 2)
	r.mode(t, "first")
	kill(t, r.status(t).PIDs()[0])
	eventually(t, "another one serves", func() bool {
		body, err := r.get("/")
		return err == nil && strings.HasSuffix(body, "first")
	})
	if n := r.log.count("reload failed"); n > 0 && r.log.count("not ready within 30s") == 0 {
		t.Error("the reload was given up for it")
	}
	r.whole(t, 1, 1)
}

func TestNewWorkerThatDiesEndsTheReloadOnly(t *testing.T) {
	t.Parallel()
	r := launch(t, 3, "first")
	r.whole(t, 3, 1)
	stop := r.load(t)
	r.mode(t, "second try") // the first new worker serves, the next one panics
	r.signal(t, syscall.SIGHUP)
	eventually(t, "the first new worker is ready", func() bool { return r.log.count("worker ready") >= 4 })
	r.release(t)
	eventually(t, "the reload is given up", func() bool { return strings.Contains(r.status(t).Failure, "exit status 2") })
	r.whole(t, 3, 1)
	stop()
	r.mode(t, "third")
	r.signal(t, syscall.SIGHUP)
	r.accepting(t, "third")
}

func TestWorkersRetireDuringReloads(t *testing.T) {
	t.Parallel()
	r := launch(t, 2, "slow 0", "QUINTET_TEST_MAX_REQUESTS=200")
	r.whole(t, 2, 1)
	stop := r.load(t)
	for i := range 3 {
		eventually(t, "a worker retires", func() bool { return r.log.count("worker retires") > i })
		r.signal(t, syscall.SIGHUP)
		eventually(t, "the reload is done", func() bool {
			s := r.status(t)
			return s.Generation == i+2 && !s.Reloading
		})
	}
	stop()
	if s := r.reconciled(t, 2); s.Restarts != 0 || s.Failure != "" {
		t.Errorf("%d restarts, failure %q", s.Restarts, s.Failure)
	}
}

func TestFewerWorkersWhileOneRetires(t *testing.T) {
	t.Parallel()
	r := launch(t, 2, "slow", "QUINTET_TEST_MAX_REQUESTS=100")
	r.whole(t, 2, 1)
	stop := r.load(t)
	eventually(t, "a worker retires", func() bool { return r.log.count("worker retires") > 0 })
	r.signal(t, syscall.SIGTTOU)
	eventually(t, "one worker is wanted", func() bool { return r.status(t).Workers == 1 })
	r.turns(t)
	stop()
	if s := r.reconciled(t, 1); s.Workers != 1 || s.Restarts != 0 {
		t.Errorf("%d workers wanted, %d restarts", s.Workers, s.Restarts)
	}
}

func TestStopDuringAReloadIsGraceful(t *testing.T) {
	t.Parallel()
	r := launch(t, 2, "first")
	r.whole(t, 2, 1)
	r.mode(t, "held second")
	answer := make(chan error, 1)
	go func() {
		_, err := r.get("/slow")
		answer <- err
	}()
	r.arrives(t)
	r.signal(t, syscall.SIGHUP)
	r.begins(t, 2)
	pids := []int{}
	for _, p := range r.status(t).Processes {
		pids = append(pids, p.PID)
	}
	r.signal(t, syscall.SIGTERM)
	eventually(t, "it is stopping", func() bool { return r.stopping(t) })
	r.release(t)
	if err := <-answer; err != nil {
		t.Errorf("the request in flight failed: %v", err)
	}
	if err := r.ends(t); err != nil {
		t.Errorf("exit: %v", err)
	}
	for _, pid := range pids {
		if alive(pid) {
			t.Errorf("worker %d is left behind", pid)
		}
	}
}

func TestLogsAreReopenedDuringAReload(t *testing.T) {
	t.Parallel()
	r := launch(t, 2, "first")
	r.whole(t, 2, 1)
	r.mode(t, "held second")
	r.signal(t, syscall.SIGHUP)
	r.begins(t, 2)
	r.signal(t, syscall.SIGUSR1) // the signal would kill a worker that starts
	r.turns(t)
	r.release(t)
	r.whole(t, 2, 2)
}

func TestNewWorkersStartOneAfterTheOther(t *testing.T) {
	t.Parallel()
	r := launch(t, 3, "slow first", "GOMAXPROCS=2")
	most := 0
	eventually(t, "all serve", func() bool {
		s, err := r.control(t, "status")
		if err != nil {
			return false
		}
		most = max(most, len(s.Processes)-len(s.PIDs()))
		return len(s.PIDs()) == 3
	})
	if most != 1 {
		t.Errorf("%d started at the same time, want 1", most)
	}
}
