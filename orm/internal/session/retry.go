package session

import (
	"context"
	"math/rand/v2"
	"time"
)

// The bounds of the time between two attempts to run a transaction.
const (
	firstBackOff = 10 * time.Millisecond
	maxBackOff   = time.Second
)

// backOff waits before a transaction runs again. The bound of the time doubles with each attempt, and the time is
// random within it, so that transactions that were in conflict do not meet again. It returns the error of a context
// that ends meanwhile.
func backOff(ctx context.Context, attempt int) error {
	bound := maxBackOff
	if attempt < 10 {
		bound = min(bound, firstBackOff<<attempt)
	}
	timer := time.NewTimer(rand.N(bound) + time.Millisecond)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
