//go:build unix

package master_test

import (
	"fmt"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/quintetgo/quintet/framework/server/master"
)

// begins waits until a worker of a generation starts, and has read its mode.
func (r *running) begins(t *testing.T, generation int) {
	t.Helper()
	eventually(t, "a new worker starts", 5*time.Second, func() bool {
		for _, p := range r.status(t).Processes {
			if p.Generation == generation && p.Stage == "starting" && time.Since(p.Started) > 200*time.Millisecond {
				return true
			}
		}
		return false
	})
}

// settled waits until no reload is under way and all old workers are gone.
func (r *running) settled(t *testing.T, workers int) (s master.Status) {
	t.Helper()
	eventually(t, fmt.Sprintf("%d workers are left", workers), 20*time.Second, func() bool {
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
	r.mode(t, "slow second")
	r.signal(t, syscall.SIGHUP)
	r.begins(t, 2)
	r.mode(t, "third")
	r.signal(t, syscall.SIGHUP)
	r.whole(t, 2, 3)
	stop()
	r.answers(t, "third")
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
	r.settled(t, 2)
	stop()
	r.answers(t, "build 19")
}

func TestNumberOfWorkersChangesDuringAReload(t *testing.T) {
	t.Parallel()
	r := launch(t, 2, "first")
	r.whole(t, 2, 1)
	stop := r.load(t)
	r.mode(t, "slow second")
	r.signal(t, syscall.SIGHUP)
	r.begins(t, 2)
	r.signal(t, syscall.SIGTTIN)
	r.whole(t, 3, 2)
	r.signal(t, syscall.SIGHUP)
	r.begins(t, 3)
	eventually(t, "the first new one is ready", 5*time.Second, func() bool { return r.log.count("worker ready") > 5 })
	r.signal(t, syscall.SIGTTOU)
	time.Sleep(20 * time.Millisecond)
	r.signal(t, syscall.SIGTTOU)
	r.whole(t, 1, 3)
	stop()
}

func TestOldWorkerThatDiesDuringAReloadIsReplaced(t *testing.T) {
	t.Parallel()
	r := launch(t, 1, "first", "QUINTET_TEST_BOOT_TIMEOUT=8s")
	r.whole(t, 1, 1)
	time.Sleep(2 * time.Second) // it is not young
	r.mode(t, "never")
	r.signal(t, syscall.SIGHUP)
	r.begins(t, 2)
	r.mode(t, "first")
	kill(t, r.status(t).PIDs()[0])
	eventually(t, "another one serves", 3*time.Second, func() bool {
		body, err := r.get("/")
		return err == nil && strings.HasSuffix(body, "first")
	})
	if s := r.status(t); !s.Reloading {
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
	eventually(t, "the reload is given up", 10*time.Second, func() bool { return strings.Contains(r.status(t).Failure, "exit status 2") })
	r.whole(t, 3, 1)
	stop()
	r.mode(t, "third")
	r.signal(t, syscall.SIGHUP)
	r.answers(t, "third")
}

func TestWorkersRetireDuringReloads(t *testing.T) {
	t.Parallel()
	r := launch(t, 2, "slow 0", "QUINTET_TEST_MAX_REQUESTS=200")
	r.whole(t, 2, 1)
	stop := r.load(t)
	for i := range 3 {
		eventually(t, "a worker retires", 10*time.Second, func() bool { return r.log.count("worker retires") > i })
		r.signal(t, syscall.SIGHUP)
		eventually(t, "the reload is done", 10*time.Second, func() bool {
			s := r.status(t)
			return s.Generation == i+2 && !s.Reloading
		})
	}
	stop()
	if s := r.settled(t, 2); s.Restarts != 0 || s.Failure != "" {
		t.Errorf("%d restarts, failure %q", s.Restarts, s.Failure)
	}
}

func TestFewerWorkersWhileOneRetires(t *testing.T) {
	t.Parallel()
	r := launch(t, 2, "slow", "QUINTET_TEST_MAX_REQUESTS=100")
	r.whole(t, 2, 1)
	stop := r.load(t)
	eventually(t, "a worker retires", 10*time.Second, func() bool { return r.log.count("worker retires") > 0 })
	r.signal(t, syscall.SIGTTOU)
	time.Sleep(time.Second)
	stop()
	if s := r.settled(t, 1); s.Workers != 1 || s.Restarts != 0 {
		t.Errorf("%d workers wanted, %d restarts", s.Workers, s.Restarts)
	}
}

func TestStopDuringAReloadIsGraceful(t *testing.T) {
	t.Parallel()
	r := launch(t, 2, "first")
	r.whole(t, 2, 1)
	r.mode(t, "slow second")
	answer := make(chan error, 1)
	go func() {
		_, err := r.get("/slow")
		answer <- err
	}()
	r.signal(t, syscall.SIGHUP)
	r.begins(t, 2)
	pids := []int{}
	for _, p := range r.status(t).Processes {
		pids = append(pids, p.PID)
	}
	r.signal(t, syscall.SIGTERM)
	if err := <-answer; err != nil {
		t.Errorf("the request in flight failed: %v", err)
	}
	if err := r.ends(t, 8*time.Second); err != nil {
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
	r.mode(t, "slow second")
	r.signal(t, syscall.SIGHUP)
	r.begins(t, 2)
	r.signal(t, syscall.SIGUSR1) // a worker that starts would die of it
	r.whole(t, 2, 2)
}

func TestNewWorkersStartOneAfterTheOther(t *testing.T) {
	t.Parallel()
	r := launch(t, 3, "slow first", "GOMAXPROCS=2")
	most := 0
	eventually(t, "all serve", 10*time.Second, func() bool {
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
