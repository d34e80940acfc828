//go:build unix

package master

import (
	"testing"
	"testing/synctest"
	"time"
)

func TestBackoffDoublesAfterFailedStarts(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var p backoff
		for i, want := range []time.Duration{1, 2, 4, 8, 16, 30, 30, 30} {
			if !p.allows() {
				t.Fatalf("start %d is not allowed", i)
			}
			p.started()
			p.failed()
			if got := time.Until(p.next()); got != want*time.Second {
				t.Errorf("after %d failed starts: got %v, want %v", i+1, got, want*time.Second)
			}
			time.Sleep(want*time.Second - time.Nanosecond)
			if p.allows() {
				t.Errorf("a start is allowed before %v are over", want*time.Second)
			}
			time.Sleep(time.Nanosecond)
		}
		p.succeeded()
		if !p.allows() {
			t.Error("after a good start the next has to wait")
		}
	})
}

func TestBackoffOfWorkersThatServed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var p backoff
		p.started()
		p.died(time.Minute, 1)
		if !p.allows() {
			t.Error("the successor of an old worker has to wait")
		}
		p.started()
		p.died(time.Second, 1)
		if got := time.Until(p.next()); got != time.Second {
			t.Errorf("the successor of a young worker: got %v, want 1 s", got)
		}
		time.Sleep(time.Second)
		p.started()
		for range 4 {
			p.failed()
		}
		time.Sleep(time.Second)
		p.died(time.Minute, 1)
		if !p.allows() {
			t.Error("a worker that served is held up by the failures of others")
		}
	})
}
