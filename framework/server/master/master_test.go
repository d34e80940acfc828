//go:build unix

package master_test

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/quintetgo/quintet/framework/server/master"
)

func TestReloadUnderLoadLosesNothing(t *testing.T) {
	t.Parallel()
	for _, workers := range []int{1, 2} {
		t.Run(fmt.Sprintf("%d workers", workers), func(t *testing.T) {
			t.Parallel()
			r := launch(t, workers, "one")
			r.whole(t, workers, 1)
			stop := r.load(t)
			for i := range 4 {
				r.mode(t, "generation "+strconv.Itoa(i))
				r.signal(t, syscall.SIGHUP)
				eventually(t, "the reload is done", func() bool {
					s := r.status(t)
					return s.Generation == i+2 && !s.Reloading
				})
			}
			stop()
			r.accepting(t, "generation 3")
		})
	}
}

func TestWorkersThatRetireLoseNothing(t *testing.T) {
	t.Parallel()
	r := launch(t, 2, "ok", "QUINTET_TEST_MAX_REQUESTS=150")
	r.whole(t, 2, 1)
	first := r.status(t).PIDs()
	stop := r.load(t)
	eventually(t, "workers retire one after the other", func() bool {
		return strings.Count(r.log.String(), "worker retires") >= 4
	})
	stop()
	eventually(t, "the first workers are gone and two serve", func() bool {
		s := r.status(t)
		return len(s.PIDs()) == 2 && len(s.Processes) == 2 && s.Restarts == 0 && !slices.Contains(s.PIDs(), first[0])
	})
}

func TestBadBuildsLeaveTheOldSetServing(t *testing.T) {
	t.Parallel()
	for mode, reason := range map[string]string{"panic": "exit status 2", "fail": "SECRET_KEY is missing", "never": "not ready within 10s"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			r := launch(t, 2, "good", "QUINTET_TEST_BOOT_TIMEOUT=10s")
			r.whole(t, 2, 1)
			stop := r.load(t)
			r.mode(t, mode)
			r.signal(t, syscall.SIGHUP)
			eventually(t, "the reload is given up", func() bool { return strings.Contains(r.status(t).Failure, reason) })
			r.turns(t)
			stop()
			r.mode(t, "better")
			r.signal(t, syscall.SIGHUP)
			r.accepting(t, "better")
		})
	}
}

func TestUpgradeKeepsThePIDAndLosesNothing(t *testing.T) {
	t.Parallel()
	r := launch(t, 2, "old")
	r.whole(t, 2, 1)
	stop := r.load(t)
	for i := range 2 {
		r.mode(t, "new "+strconv.Itoa(i))
		r.signal(t, syscall.SIGUSR2)
		eventually(t, "the new program took over", func() bool {
			return strings.Count(r.log.String(), "the new master took over") == i+1
		})
		eventually(t, "its control socket answers", func() bool {
			status, err := master.Control(t.Context(), filepath.Join(r.dir, "control.sock"), "status")
			return err == nil && status.PID == r.cmd.Process.Pid && len(status.Processes) == 2
		})
	}
	stop()
	r.accepting(t, "new 1")
}

func TestKilledWorkerIsReplaced(t *testing.T) {
	t.Parallel()
	r := launch(t, 2, "ok")
	r.whole(t, 2, 1)
	r.matures(t)
	before := r.status(t).PIDs()
	if err := syscall.Kill(before[0], syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	eventually(t, "there are two workers again", func() bool {
		pids := r.status(t).PIDs()
		return len(pids) == 2 && pids[0] != before[0] && pids[1] != before[0]
	})
	if r.status(t).Restarts != 1 {
		t.Errorf("restarts = %d, want 1", r.status(t).Restarts)
	}
	if !strings.Contains(r.log.String(), "next_start_in=0s") {
		t.Error("it was not replaced at once")
	}
}

func TestHungWorkerIsReplaced(t *testing.T) {
	t.Parallel()
	r := launch(t, 1, "ok", "QUINTET_TEST_HEARTBEAT=5s")
	r.whole(t, 1, 1)
	hung := r.status(t).PIDs()[0]
	if err := syscall.Kill(hung, syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	eventually(t, "another worker serves", func() bool {
		pids := r.status(t).PIDs()
		return len(pids) == 1 && pids[0] != hung
	})
	if !strings.Contains(r.log.String(), "goroutine ") {
		t.Error("the goroutines of the hung worker were not dumped")
	}
}

func TestFirstWorkersThatCannotStartEndTheMaster(t *testing.T) {
	t.Parallel()
	r := launch(t, 2, "fail")
	if err := r.ends(t); err == nil || !strings.Contains(r.log.String(), "SECRET_KEY is missing") {
		t.Errorf("ended with %v; want a failure that says why", err)
	}
}

func TestMoreAndFewerWorkers(t *testing.T) {
	t.Parallel()
	r := launch(t, 1, "ok")
	r.whole(t, 1, 1)
	r.signal(t, syscall.SIGTTIN)
	eventually(t, "there are two", func() bool { return len(r.status(t).PIDs()) == 2 })
	r.signal(t, syscall.SIGTTOU)
	eventually(t, "there is one", func() bool { return len(r.status(t).PIDs()) == 1 })
	r.signal(t, syscall.SIGTTOU)
	r.turns(t)
	if len(r.status(t).PIDs()) != 1 {
		t.Error("the last worker was taken away")
	}
}

func TestStopIsGraceful(t *testing.T) {
	t.Parallel()
	r := launch(t, 2, "ok")
	r.whole(t, 2, 1)
	answer := make(chan error, 1)
	go func() {
		_, err := r.get("/slow")
		answer <- err
	}()
	r.arrives(t)
	if _, err := master.Control(t.Context(), filepath.Join(r.dir, "control.sock"), "stop"); err != nil {
		t.Fatal(err)
	}
	r.release(t)
	if err := <-answer; err != nil {
		t.Errorf("the request in flight failed: %v", err)
	}
	if err := r.ends(t); err != nil {
		t.Errorf("exit: %v", err)
	}
	for _, name := range []string{"pid", "http.sock", "control.sock"} {
		if _, err := os.Lstat(filepath.Join(r.dir, name)); err == nil {
			t.Errorf("%s was left behind", name)
		}
	}
}

func TestSystemdHearsOfEveryStep(t *testing.T) {
	t.Parallel()
	dir, err := os.MkdirTemp("", "notify")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	path := filepath.Join(dir, "n.sock")
	conn, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	received := make(chan string, 100)
	go func() {
		buffer := make([]byte, 4096)
		for {
			n, err := conn.Read(buffer)
			if err != nil {
				return
			}
			received <- string(buffer[:n])
		}
	}()
	want := func(prefix string) {
		t.Helper()
		for deadline := time.After(patience); ; {
			select {
			case got := <-received:
				if strings.HasPrefix(got, prefix) {
					return
				}
				if got != "WATCHDOG=1" {
					t.Fatalf("received %q, want %s", got, prefix)
				}
			case <-deadline:
				t.Fatalf("did not hear %s", prefix)
			}
		}
	}
	r := launch(t, 1, "ok", "NOTIFY_SOCKET="+path, "WATCHDOG_USEC=200000")
	want("READY=1")
	want("WATCHDOG=1")
	r.signal(t, syscall.SIGHUP)
	want("RELOADING=1\nMONOTONIC_USEC=")
	want("READY=1")
	r.signal(t, syscall.SIGTERM)
	want("STOPPING=1")
}

func TestControlSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	if _, err := master.Control(t.Context(), filepath.Join(t.TempDir(), "none.sock"), "status"); err == nil || !strings.Contains(err.Error(), "is it running") {
		t.Errorf("error %v does not say that nobody answers", err)
	}
	r := launch(t, 1, "ok")
	r.whole(t, 1, 1)
	if _, err := master.Control(t.Context(), filepath.Join(r.dir, "control.sock"), "dance"); err == nil || !strings.Contains(err.Error(), `unknown command "dance"`) {
		t.Errorf("error %v does not name the command", err)
	}
}
