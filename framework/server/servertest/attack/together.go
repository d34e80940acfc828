package attack

import (
	"context"
	"sync"
	"time"
)

// together runs n clients concurrently and waits for them. A client connects within connect, which admits 64 at a
// time so that the server's backlog does not overflow, and records its result within tell, which admits one.
func together(n int, client func(connect, tell func(func()))) {
	var clients sync.WaitGroup
	connecting, telling := make(chan struct{}, 64), make(chan struct{}, 1)
	within := func(room chan struct{}) func(func()) {
		return func(fn func()) {
			room <- struct{}{}
			defer func() { <-room }()
			fn()
		}
	}
	for range n {
		clients.Go(func() { client(within(connecting), within(telling)) })
	}
	clients.Wait()
}

// sleep reports whether d passed before ctx ended.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
