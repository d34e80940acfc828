//go:build unix

package master

import "time"

// Intervals between starts of workers: after failed starts the interval doubles from the first to the longest.
const (
	startSpace   = time.Second
	longestSpace = 30 * time.Second
	youngAge     = 2 * time.Second
)

// backoff decides when workers that ended are replaced.
//
// A worker that served is replaced at once, whether it crashed or retires. If it was young, its replacement has to
// start at least a second after the previous start; a worker is young up to as many seconds as there are workers, so
// that in the long run there is at most one start per second, whatever their number.
//
// After a failed start, in which the worker ended before it was ready, the next one waits for one second, then two,
// four, up to thirty, and workers start one at a time until one is ready. If a worker that served crashes meanwhile,
// the wait ends: it is not delayed by the failures of others.
type backoff struct {
	failures  int       // consecutive failed starts
	owed      int       // starts that have to keep the interval
	last      time.Time // time of the last start
	notBefore time.Time
}

// allows reports whether a worker may be started now.
func (b *backoff) allows() bool { return !time.Now().Before(b.next()) }

// next returns when the next worker may be started.
func (b *backoff) next() time.Time {
	if spaced := b.last.Add(startSpace); b.owed > 0 && spaced.After(b.notBefore) {
		return spaced
	}
	return b.notBefore
}

func (b *backoff) started() {
	b.last = time.Now()
	b.owed = max(0, b.owed-1)
}

func (b *backoff) failed() {
	b.notBefore = time.Now().Add(min(startSpace<<min(b.failures, 10), longestSpace))
	b.failures++
}

func (b *backoff) succeeded() { b.failures, b.notBefore = 0, time.Time{} }

// died records the end of a worker that served, out of a set of that size.
func (b *backoff) died(age time.Duration, workers int) {
	if age < max(youngAge, time.Duration(workers)*time.Second) {
		b.owed++
	}
	if soon := b.last.Add(startSpace); soon.Before(b.notBefore) {
		b.notBefore = soon
	}
}
