//go:build unix

package master_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestCrashLoopBacksOff(t *testing.T) {
	t.Parallel()
	began := time.Now()
	r := launch(t, 4, "panic")
	eventually(t, "three starts have failed", func() bool { return strings.Contains(r.log.String(), "failures=3 ") })
	if took := time.Since(began); took < 3*time.Second {
		t.Errorf("three starts within %v; want one second between the first two, and two before the third", took)
	}
	if s := r.status(t); !strings.Contains(s.Death, "exit status 2") {
		t.Errorf("the status says %q", s.Death)
	}
	if !strings.Contains(r.log.String(), `msg="worker died before it was ready"`) || !strings.Contains(r.log.String(), "failures=2 next_start_in=") {
		t.Error("the log does not say what died and when the next one starts")
	}
	r.mode(t, "ok")
	r.whole(t, 4, 1)
}

func TestCrashLoopTakesTheNextBuild(t *testing.T) {
	t.Parallel()
	bad, err := exec.LookPath("false")
	if err != nil {
		t.Fatal(err)
	}
	dir := programDir(t, "ok")
	program := filepath.Join(dir, "other")
	if err := copyFile(bad, program); err != nil {
		t.Fatal(err)
	}
	r := launchIn(t, dir, 2, "QUINTET_TEST_PROGRAM="+program)
	eventually(t, "it crashes", func() bool { return r.log.count("exit status 1") >= 2 })
	if err := os.Rename(filepath.Join(dir, "program"), program); err != nil {
		t.Fatal(err)
	}
	r.whole(t, 2, 1)
}

func TestWorkersThatCrashOnRequests(t *testing.T) {
	t.Parallel()
	r := launch(t, 2, "ok")
	r.whole(t, 2, 1)
	began := time.Now()
	starts := 0
	eventually(t, "workers are replaced", func() bool {
		_, _ = r.get("/crash")
		starts = r.log.count("worker ready") - 2
		return starts >= 3
	})
	if took := time.Since(began); starts > int(took.Seconds())+1 {
		t.Errorf("%d starts in %v, want one a second at most", starts, took)
	}
	r.mode(t, "well")
	eventually(t, "the last ones are replaced soon", func() bool { return len(r.status(t).PIDs()) == 2 })
	if !strings.Contains(r.log.String(), "exit status 7") {
		t.Error("the log does not say how they died")
	}
}

func TestFailedStartsDoNotHoldUpTheReplacementOfOthers(t *testing.T) {
	t.Parallel()
	r := launch(t, 2, "ok")
	r.whole(t, 2, 1)
	pids := r.status(t).PIDs()
	r.matures(t)
	r.mode(t, "panic")
	kill(t, pids[0])
	eventually(t, "starts fail", func() bool { return strings.Contains(r.log.String(), "failures=4 ") })
	r.mode(t, "ok")
	late := r.status(t).NextStart // after eight seconds
	kill(t, pids[1])
	r.whole(t, 2, 1)
	if oldest := r.status(t).Processes[0]; !oldest.Started.Before(late) {
		t.Errorf("worker %d was held up until %v", oldest.PID, late)
	}
}

func kill(t *testing.T, pid int) {
	t.Helper()
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
}

func TestFirstWorkersThatCannotRunEndTheMaster(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	text := filepath.Join(dir, "text")
	writeFile(t, text, "no program")
	r := launch(t, 2, "ok", "QUINTET_TEST_PROGRAM="+text)
	if err := r.ends(t); err == nil || !strings.Contains(r.log.String(), "start "+text+": permission denied") {
		t.Errorf("ended with %v; want a failure that says why", err)
	}
}

func TestSecondTermIsNoReasonToLoseRequests(t *testing.T) {
	t.Parallel()
	r := launch(t, 1, "ok")
	r.whole(t, 1, 1)
	answer := make(chan error, 1)
	go func() {
		_, err := r.get("/slow")
		answer <- err
	}()
	r.arrives(t)
	r.signal(t, syscall.SIGTERM)
	eventually(t, "it is stopping", func() bool { return r.stopping(t) })
	r.signal(t, syscall.SIGTERM)
	r.turns(t)
	r.release(t)
	if err := <-answer; err != nil {
		t.Errorf("the request in flight failed: %v", err)
	}
	if err := r.ends(t); err != nil {
		t.Errorf("exit: %v", err)
	}
}
