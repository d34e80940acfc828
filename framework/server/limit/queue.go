package limit

import (
	"net/http"
	"strconv"
	"sync/atomic"
	"time"
)

// Queue bounds how many requests are at work at the same time, and how many wait for their turn and
// how long. The rest is answered at once with 503 and Retry-After: under overload a quick no is
// worth more than a late answer.
type Queue struct {
	places   chan struct{}
	waiting  atomic.Int64
	refused  atomic.Uint64
	length   int64
	timeout  time.Duration
	sayLater []string
}

// DefaultQueueTimeout is how long a request waits for its turn unless told otherwise.
const DefaultQueueTimeout = 5 * time.Second

// NewQueue makes a queue for concurrency requests at work (which must be positive) and length
// waiting ones (0: none waits). A timeout of 0 means DefaultQueueTimeout.
func NewQueue(concurrency, length int, timeout time.Duration) *Queue {
	if timeout <= 0 {
		timeout = DefaultQueueTimeout
	}
	return &Queue{
		places: make(chan struct{}, concurrency), length: int64(length), timeout: timeout,
		sayLater: []string{strconv.Itoa(max(1, int(timeout/(2*time.Second))))},
	}
}

// Waiting returns how many requests wait. It may be called at any time.
func (q *Queue) Waiting() int { return int(q.waiting.Load()) }

// Refused returns how many requests were turned away so far. It may be called at any time.
func (q *Queue) Refused() uint64 { return q.refused.Load() }

// Handler returns next behind the queue. Several handlers may share one queue.
func (q *Queue) Handler(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case q.places <- struct{}{}:
		default:
			if !q.wait(r) {
				q.refuse(w)
				return
			}
		}
		defer func() { <-q.places }()
		next.ServeHTTP(w, r)
	})
}

// wait reports whether a place became free in time.
func (q *Queue) wait(r *http.Request) bool {
	if q.waiting.Add(1) > q.length {
		q.waiting.Add(-1)
		return false
	}
	defer q.waiting.Add(-1)
	timer := time.NewTimer(q.timeout)
	defer timer.Stop()
	select {
	case q.places <- struct{}{}:
		return true
	case <-timer.C:
	case <-r.Context().Done(): // the client has left
	}
	return false
}

func (q *Queue) refuse(w http.ResponseWriter) {
	q.refused.Add(1)
	w.Header()["Retry-After"] = q.sayLater
	http.Error(w, "The server is busy. Please try again in a moment.", http.StatusServiceUnavailable)
}
