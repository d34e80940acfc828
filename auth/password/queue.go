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

// RetryAfter is after how many seconds a login that got [ErrBusy] may be tried again.
const RetryAfter = 3

// busyError is a type of its own so that it carries its status.
type busyError struct{}

func (busyError) Error() string   { return "password: too many passwords are being checked" }
func (busyError) HTTPStatus() int { return http.StatusServiceUnavailable }

// RetryAfter returns the value of the header Retry-After.
func (busyError) RetryAfter() string { return strconv.Itoa(RetryAfter) }

// PublicMessage returns the user-facing message, with the code "busy".
func (busyError) PublicMessage() message.Message { return BusyMessage }

// BusyMessage is the user-facing message of [ErrBusy].
var BusyMessage = message.New("busy", "Too many people are logging in right now. Please try again in a few seconds.")

// ErrBusy is the error of a hash that had to wait too long for its turn, or behind too many others.
// It has the HTTP status 503.
var ErrBusy error = busyError{}

// Hashing takes all of a processor and 46 MiB, so few hashes run at a time. Of those that requests ask
// for, a limited number waits for a limited time: a flood of logins takes neither the memory nor the
// processors that pages need, and those who wait longer than anybody would are told so. Commands and
// other programs wait as long as their context allows.
const (
	waitingPerSlot = 4
	patience       = 2 * time.Second
	// On a machine where not one hash is done within that time, nobody floods it: it is slow, and those
	// who wait do so for as many times longer.
	slowMachine = 10
)

// line is where hashes wait for their turn. It is a semaphore, not state.
var line = newQueue(slotsFor(runtime.GOMAXPROCS(0)), waitingPerSlot, patience)

// slotsFor leaves a processor to the pages where there is more than one.
func slotsFor(processors int) int { return max(1, processors-1) }

type preferredKey struct{}

// Preferred returns a context whose hashes have a queue of their own that goes first: for visitors
// who have logged in, or did so from this browser before.
func Preferred(ctx context.Context) context.Context {
	return context.WithValue(ctx, preferredKey{}, true)
}

type boundedKey struct{}

// Bounded returns a context whose hashes get [ErrBusy] rather than wait for long. The contexts of
// requests that a server has received are bounded without it.
func Bounded(ctx context.Context) context.Context {
	return context.WithValue(ctx, boundedKey{}, true)
}

func isBounded(ctx context.Context) bool {
	return ctx.Value(http.ServerContextKey) != nil || ctx.Value(boundedKey{}) != nil
}

func isPreferred(ctx context.Context) bool { return ctx.Value(preferredKey{}) != nil }

// Busy reports whether a hash would get [ErrBusy] at once, so that no other work is done for it.
func Busy(ctx context.Context) bool { return isBounded(ctx) && line.full(isPreferred(ctx)) }

// queue bounds how many run at a time and how many wait. Preferred ones have a lane of their own,
// which goes first.
type queue struct {
	patience time.Duration
	limit    int // of each lane

	mu    sync.Mutex
	free  int
	done  int                // hashes so far
	lanes [2][]chan struct{} // preferred first; a channel is closed when it is its turn
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

// enter waits for a turn. Leave must be called after it, unless there is an error: that of ctx, or
// ErrBusy.
func (q *queue) enter(ctx context.Context) error {
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
			if !bounded || spent < slowMachine && q.stands(before) {
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
	return nil // its turn came at the same time
}

// stands reports whether no hash was done since there were so many.
func (q *queue) stands(before int) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.done == before
}

// leave passes the turn to the next one.
func (q *queue) leave() {
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
