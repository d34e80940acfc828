//go:build unix

package master_test

import (
	"os"
	"os/exec"
	"slices"
	"syscall"
	"testing"
	"time"
)

func TestWorkersThatTalkNonsenseDoNoHarm(t *testing.T) {
	t.Parallel()
	r := launch(t, 1, "garbage", "QUINTET_TEST_HEARTBEAT=10s")
	r.whole(t, 1, 1)
	pids := r.status(t).PIDs()
	time.Sleep(11 * time.Second) // longer than a worker may be silent
	s := r.status(t)
	if s.Restarts != 0 || !slices.Equal(s.PIDs(), pids) {
		t.Errorf("workers %v became %v after %d restarts", pids, s.PIDs(), s.Restarts)
	}
	if text, err := get(r.dial("metrics.sock"), "/metrics"); err != nil {
		t.Errorf("no metrics: %v, %s", err, text)
	}
}

// TestLogThatNobodyReads closes the reading end of the log, a pipe.
func TestLogThatNobodyReads(t *testing.T) {
	t.Parallel()
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	r := launchWith(t, programDir(t, "ok"), 1, func(cmd *exec.Cmd) { cmd.Stderr = writer })
	_ = writer.Close()
	r.whole(t, 1, 1)
	_ = reader.Close()
	for generation := 2; generation < 4; generation++ {
		r.signal(t, syscall.SIGHUP)
		r.whole(t, 1, generation)
	}
}
