package limit

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync/atomic"
	"time"
)

// Retirement decides when a worker process should be replaced.
type Retirement struct {
	Requests int    // retire after this many requests; default: 0, never
	Jitter   int    // largest random number added to Requests, so that workers do not retire at the same time; default: 0
	Memory   uint64 // retire above this resident memory in bytes; default: 0, never

	// Retire is called with the reason, and again every Repeat until the context of Watch ends, because a successor
	// may be refused during a reload. Required.
	Retire func(reason string)
	Repeat time.Duration // default: 5 s

	served atomic.Int64
	over   chan struct{}
	limit  int64
}

// Start prepares the count. Call it once, before Handler and Watch.
func (t *Retirement) Start() {
	t.over = make(chan struct{}, 1)
	if t.limit = int64(t.Requests); t.limit > 0 && t.Jitter > 0 {
		t.limit += rand.Int64N(int64(t.Jitter) + 1)
	}
	if t.Repeat <= 0 {
		t.Repeat = 5 * time.Second
	}
}

// Handler returns a handler that counts the requests of next.
func (t *Retirement) Handler(next http.Handler) http.Handler {
	if t.limit <= 0 {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if t.served.Add(1) == t.limit {
			t.over <- struct{}{}
		}
		next.ServeHTTP(w, r)
	})
}

// Watch calls Retire when a limit is exceeded, until ctx ends.
func (t *Retirement) Watch(ctx context.Context) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	reason := ""
	for reason == "" {
		select {
		case <-ctx.Done():
			return
		case <-t.over:
			reason = fmt.Sprintf("it has served %d requests", t.limit)
		case <-tick.C:
			if t.Memory == 0 {
				continue
			}
			if used := Resident(); used > t.Memory {
				reason = fmt.Sprintf("it uses %d MiB of memory, more than %d", used>>20, t.Memory>>20)
			}
		}
	}
	again := time.NewTicker(t.Repeat)
	defer again.Stop()
	for {
		t.Retire(reason)
		select {
		case <-ctx.Done():
			return
		case <-again.C:
		}
	}
}
