package limit

import (
	"math"
	"net/http"
	"runtime"
	"strconv"
	"sync/atomic"
	"time"
)

// Queue bounds how many requests are handled at the same time, how many wait and how long. Other requests get status
// 503 with Retry-After at once: rejecting early beats responding late. A request is also rejected if it would wait
// too long, judging by the requests before it. Queue is safe for concurrent use.
type Queue struct {
	places     chan struct{}
	waiting    atomic.Int64
	refused    atomic.Uint64
	turn       atomic.Int64 // recent average time for the queue to advance by one, in nanoseconds
	length     int64
	yieldAt    int // number of active requests from which a new one yields to others
	timeout    time.Duration
	retryAfter []string

	// OnRefuse is called for each rejected request, concurrently; it should be fast. Set it before the first request.
	// Default: nil.
	OnRefuse func()
}

// DefaultQueueTimeout is the default time a request may wait.
const DefaultQueueTimeout = 5 * time.Second

// NewQueue returns a queue for concurrency active requests, which must be positive, and length waiting ones; 0 means
// that none waits. A timeout of 0 means DefaultQueueTimeout.
func NewQueue(concurrency, length int, timeout time.Duration) *Queue {
	if timeout <= 0 {
		timeout = DefaultQueueTimeout
	}
	// This many requests can use all processors. With a much higher limit rejections are rare, and yielding does not
	// pay off.
	yieldAt := runtime.GOMAXPROCS(0)
	if concurrency > 64*yieldAt {
		yieldAt = math.MaxInt
	}
	return &Queue{
		places: make(chan struct{}, concurrency), length: int64(length), yieldAt: yieldAt, timeout: timeout,
		retryAfter: []string{strconv.Itoa(max(1, int(timeout/(2*time.Second))))},
	}
}

// Waiting returns the number of waiting requests.
func (q *Queue) Waiting() int { return int(q.waiting.Load()) }

// Refused returns the number of requests rejected so far.
func (q *Queue) Refused() uint64 { return q.refused.Load() }

// Handler returns next behind the queue. Several handlers may share a queue.
func (q *Queue) Handler(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case q.places <- struct{}{}:
			if q.turn.Load() != 0 {
				q.turn.Store(0) // the queue is empty
			}
		default:
			if !q.wait(r) {
				q.refuse(w)
				return
			}
		}
		defer func() { <-q.places }()
		if len(q.places) >= q.yieldAt {
			// A handler that computes does not yield its processor: requests behind it, and probes, would wait for
			// the scheduler, where they cannot be rejected. Let them run first.
			runtime.Gosched()
		}
		next.ServeHTTP(w, r)
	})
}

// wait reports whether a place became free in time.
func (q *Queue) wait(r *http.Request) bool {
	position := q.waiting.Add(1)
	defer q.waiting.Add(-1)
	if position > q.length || q.late(position) {
		return false
	}
	began := time.Now()
	timer := time.NewTimer(q.timeout)
	defer timer.Stop()
	select {
	case q.places <- struct{}{}:
		q.record(time.Since(began), position)
		return true
	case <-timer.C:
		q.record(time.Since(began), position)
	case <-r.Context().Done(): // the client disconnected
	}
	return false
}

// late reports whether a request at that position would wait longer than the timeout. The first one always waits: it
// measures how fast the queue moves now.
func (q *Queue) late(position int64) bool {
	return position > 1 && q.turn.Load()*position > int64(q.timeout)
}

// record updates the moving average of the queue's speed. Concurrent updates may be lost.
func (q *Queue) record(waited time.Duration, position int64) {
	turn := int64(waited) / position
	if old := q.turn.Load(); old > 0 {
		turn = (7*old + turn) / 8
	}
	q.turn.Store(turn)
}

func (q *Queue) refuse(w http.ResponseWriter) {
	q.refused.Add(1)
	if q.OnRefuse != nil {
		q.OnRefuse()
	}
	w.Header()["Retry-After"] = q.retryAfter
	http.Error(w, "The server is busy. Please try again later.", http.StatusServiceUnavailable)
}
