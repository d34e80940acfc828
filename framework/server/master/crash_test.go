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
	r := launch(t, 4, "panic")
	time.Sleep(2700 * time.Millisecond)
	if starts := r.log.count("panic: bad build"); starts != 2 { // at 0 and 1 s; the next is at 3 s
		t.Errorf("%d starts in 2.7 s, want 2", starts)
	}
	if s := r.status(t); !strings.Contains(s.Death, "exit status 2") || time.Until(s.NextStart) > 2*time.Second || s.NextStart.IsZero() {
		t.Errorf("the status says %q, next start %v", s.Death, s.NextStart)
	}
	if !strings.Contains(r.log.String(), `msg="worker died before it was ready"`) || !strings.Contains(r.log.String(), "failures=2 next_start_in=2s") {
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
	dir := home(t, "ok")
	program := filepath.Join(dir, "other")
	if err := copyFile(bad, program); err != nil {
		t.Fatal(err)
	}
	r := launchIn(t, dir, 2, "QUINTET_TEST_PROGRAM="+program)
	eventually(t, "it crashes", 5*time.Second, func() bool { return r.log.count("exit status 1") == 2 })
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
	for time.Since(began) < 4*time.Second {
		_, _ = r.get("/crash")
		time.Sleep(50 * time.Millisecond)
	}
	took := time.Since(began)
	if starts, most := r.log.count("worker ready")-2, int(took.Seconds())+1; starts < 2 || starts > most {
		t.Errorf("%d starts in %v, want one a second", starts, took)
	}
	r.mode(t, "well")
	eventually(t, "the last ones are replaced soon", 4*time.Second, func() bool { return len(r.status(t).PIDs()) == 2 })
	if !strings.Contains(r.log.String(), "exit status 7") {
		t.Error("the log does not say how they died")
	}
}

func TestFailedStartsDoNotHoldUpTheReplacementOfOthers(t *testing.T) {
	t.Parallel()
	r := launch(t, 2, "ok")
	r.whole(t, 2, 1)
	pids := r.status(t).PIDs()
	time.Sleep(2 * time.Second) // they are not young
	r.mode(t, "panic")
	kill(t, pids[0])
	eventually(t, "starts fail", 10*time.Second, func() bool { return r.log.count("panic: bad build") == 3 })
	r.mode(t, "ok")
	time.Sleep(time.Second) // the next start would be three seconds from now
	kill(t, pids[1])
	eventually(t, "a worker serves", 2*time.Second, func() bool { return len(r.status(t).PIDs()) > 0 })
	r.whole(t, 2, 1)
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
	if err := r.ends(t, 5*time.Second); err == nil || !strings.Contains(r.log.String(), "start "+text+": permission denied") {
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
	time.Sleep(200 * time.Millisecond)
	r.signal(t, syscall.SIGTERM)
	time.Sleep(100 * time.Millisecond)
	r.signal(t, syscall.SIGTERM)
	if err := <-answer; err != nil {
		t.Errorf("the request in flight failed: %v", err)
	}
	if err := r.ends(t, 8*time.Second); err != nil {
		t.Errorf("exit: %v", err)
	}
}
