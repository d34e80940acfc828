package password

import (
	"context"
	"net/http"
	"runtime"
	"strconv"
	"sync"
	"time"

	"github.com/quintetgo/quintet/framework/message"
)

// RetryAfter is the number of seconds after which a login that failed with [ErrBusy] may be tried again.
const RetryAfter = 3

// busyError is the type of ErrBusy.
type busyError struct{}

func (busyError) Error() string   { return "password: too many passwords are being checked" }
func (busyError) HTTPStatus() int { return http.StatusServiceUnavailable }

// RetryAfter returns the value of the header Retry-After.
func (busyError) RetryAfter() string { return strconv.Itoa(RetryAfter) }

// PublicMessage returns the user-facing message, with the code "busy".
func (busyError) PublicMessage() message.Message { return BusyMessage }

// BusyMessage is the user-facing message of [ErrBusy].
var BusyMessage = message.New("busy", "Too many people are logging in right now. Please try again in a few seconds.")

// ErrBusy is the error of a hash for a request that waited too long, or would wait behind too many others. It has the HTTP
// status 503 and a user-facing message.
var ErrBusy error = busyError{}

// Hashing takes a whole processor and 46 MiB, so few hashes are computed at a time. A limited number of requests waits for a
// limited time: a flood of logins leaves memory and processors to other pages. Commands and other programs wait as long as
// their context allows.
const (
	waitingPerSlot = 4
	patience       = 2 * time.Second
	// On a machine that finishes no hash within that time there is no flood: it is slow, and requests wait this many times
	// longer.
	slowMachine = 10
)

// line is the queue of all hashes of the process.
var line = newQueue(slotsFor(runtime.GOMAXPROCS(0)), waitingPerSlot, patience)

// slotsFor leaves one processor to other pages if there are several.
func slotsFor(processors int) int { return max(1, processors-1) }

type preferredKey struct{}

// Preferred returns a context whose hashes wait in a separate queue that is served first. It is for visitors who are logged in,
// or have logged in from this browser before.
func Preferred(ctx context.Context) context.Context {
	return context.WithValue(ctx, preferredKey{}, true)
}

type boundedKey struct{}

// Bounded returns a context whose hashes fail with [ErrBusy] instead of waiting for long. The contexts of requests from a
// server are bounded without it.
func Bounded(ctx context.Context) context.Context {
	return context.WithValue(ctx, boundedKey{}, true)
}

func isBounded(ctx context.Context) bool {
	return ctx.Value(http.ServerContextKey) != nil || ctx.Value(boundedKey{}) != nil
}

func isPreferred(ctx context.Context) bool { return ctx.Value(preferredKey{}) != nil }

// Busy reports whether a hash would fail with [ErrBusy] at once, so that the caller can refuse before other work.
func Busy(ctx context.Context) bool { return isBounded(ctx) && line.full(isPreferred(ctx)) }

// queue limits how many hashes are computed at a time and how many wait. Preferred ones wait in a lane that is served first.
type queue struct {
	patience time.Duration
	limit    int // of each lane

	mu    sync.Mutex
	free  int
	done  int                // hashes so far
	lanes [2][]chan struct{} // preferred first; a channel is closed when its hash may begin
}

func newQueue(slots, waiting int, patience time.Duration) *queue {
	return &queue{patience: patience, limit: slots * waiting, free: slots}
}

func lane(preferred bool) int {
	if preferred {
		return 0
	}
	return 1
}

func (q *queue) full(preferred bool) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.free == 0 && len(q.lanes[lane(preferred)]) >= q.limit
}

// acquire waits until a hash may begin. The caller must call release unless there is an error: that of ctx, or ErrBusy.
func (q *queue) acquire(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	own, bounded := lane(isPreferred(ctx)), isBounded(ctx)
	q.mu.Lock()
	if q.free > 0 {
		q.free--
		q.mu.Unlock()
		return nil
	}
	if bounded && len(q.lanes[own]) >= q.limit {
		q.mu.Unlock()
		return ErrBusy
	}
	turn := make(chan struct{})
	q.lanes[own] = append(q.lanes[own], turn)
	before := q.done
	q.mu.Unlock()

	timer := time.NewTimer(q.patience)
	defer timer.Stop()
	var err error
	for spent := 1; err == nil; spent++ {
		select {
		case <-turn:
			return nil
		case <-timer.C:
			if !bounded || spent < slowMachine && q.stalled(before) {
				timer.Reset(q.patience)
				continue
			}
			err = ErrBusy
		case <-ctx.Done():
			err = ctx.Err()
		}
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	for i, other := range q.lanes[own] {
		if other == turn {
			q.lanes[own] = append(q.lanes[own][:i], q.lanes[own][i+1:]...)
			return err
		}
	}
	return nil // it was served at the same time
}

// stalled reports whether no hash was finished since there were before.
func (q *queue) stalled(before int) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.done == before
}

// release lets the next hash begin.
func (q *queue) release() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.done++
	for i := range q.lanes {
		if len(q.lanes[i]) > 0 {
			close(q.lanes[i][0])
			q.lanes[i] = q.lanes[i][1:]
			return
		}
	}
	q.free++
}
