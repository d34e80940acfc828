package password

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestAProcessorIsLeftToPages(t *testing.T) {
	t.Parallel()
	for processors, want := range map[int]int{1: 1, 2: 1, 3: 2, 16: 15} {
		if got := slotsFor(processors); got != want {
			t.Errorf("%d processors: %d slots, want %d", processors, got, want)
		}
	}
}

// TestAKnownBrowserOvertakesAFlood has 400 wrong logins in flight, each of which takes 90 ms.
func TestAKnownBrowserOvertakesAFlood(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const flood, work = 400, 90 * time.Millisecond
		q := newQueue(1, waitingPerSlot, patience)
		bounded := Bounded(t.Context())
		var shed, done int
		var mu sync.Mutex
		hash := func(ctx context.Context) error {
			if err := q.acquire(ctx); err != nil {
				return err
			}
			defer q.release()
			time.Sleep(work)
			return nil
		}
		for range flood {
			go func() {
				err := hash(bounded)
				mu.Lock()
				defer mu.Unlock()
				if errors.Is(err, ErrBusy) {
					shed++
				} else if err == nil {
					done++
				}
			}()
		}
		synctest.Wait()
		if mu.Lock(); shed != flood-1-waitingPerSlot {
			t.Errorf("%d were shed at once, want all but the one that runs and the %d that wait", shed, waitingPerSlot)
		}
		mu.Unlock()
		if !q.full(false) || q.full(true) {
			t.Error("the queue of strangers is not full, or that of known browsers is")
		}
		start := time.Now()
		if err := hash(Preferred(bounded)); err != nil {
			t.Errorf("known browser: %v", err)
		}
		if took := time.Since(start); took > 2*work { // of the bubble's clock
			t.Errorf("a known browser waited for %v", took)
		}
		time.Sleep(time.Second)
		synctest.Wait()
		if mu.Lock(); done != 1+waitingPerSlot {
			t.Errorf("%d of those that waited were served, want all", done)
		}
		mu.Unlock()
		if q.free != 1 {
			t.Errorf("%d slots are free at the end, want 1", q.free)
		}
	})
}

func TestNobodyWaitsForEver(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		q := newQueue(1, waitingPerSlot, patience)
		if err := q.acquire(t.Context()); err != nil {
			t.Fatal(err)
		}
		for name, ctx := range map[string]context.Context{"stranger": Bounded(t.Context()), "known": Preferred(Bounded(t.Context()))} {
			start := time.Now()
			if err := q.acquire(ctx); !errors.Is(err, ErrBusy) || time.Since(start) != slowMachine*patience {
				t.Errorf("%s: %v after %v, want ErrBusy after %v", name, err, time.Since(start), slowMachine*patience)
			}
		}
		command, stop := context.WithTimeout(t.Context(), time.Hour)
		defer stop()
		if err := q.acquire(command); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("what is no request: %v, want it to wait for its own time", err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		if err := q.acquire(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a request that ended: %v", err)
		}
		q.release()
		if q.free != 1 || !slices.Equal([]int{len(q.lanes[0]), len(q.lanes[1])}, []int{0, 0}) {
			t.Errorf("%d free, lanes %v: those who gave up are still there", q.free, q.lanes)
		}
	})
}

// Who waits while others are served is refused soon: the machine is not slow, it is flooded.
func TestStrangersGiveUpWhileOthersAreServed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		q := newQueue(1, waitingPerSlot, patience)
		if err := q.acquire(t.Context()); err != nil {
			t.Fatal(err)
		}
		known := make(chan error, 1)
		go func() { known <- q.acquire(Preferred(Bounded(t.Context()))) }()
		synctest.Wait()
		time.AfterFunc(patience/2, q.release)
		start := time.Now()
		if err := q.acquire(Bounded(t.Context())); !errors.Is(err, ErrBusy) || time.Since(start) != patience {
			t.Errorf("got %v after %v, want ErrBusy after %v", err, time.Since(start), patience)
		}
		if err := <-known; err != nil {
			t.Errorf("known browser: %v", err)
		}
		q.release()
		if q.free != 1 {
			t.Errorf("%d slots are free at the end, want 1", q.free)
		}
	})
}
