package limit

import (
	"math"
	"net/http"
	"runtime"
	"strconv"
	"sync/atomic"
	"time"
)

// Queue bounds how many requests are at work at the same time, and how many wait for their turn and
// how long. The rest is answered at once with 503 and Retry-After: under overload a quick no is
// worth more than a late answer. So is one to a request whose turn would come too late, judged by how
// long those before it have waited.
type Queue struct {
	places   chan struct{}
	waiting  atomic.Int64
	refused  atomic.Uint64
	turn     atomic.Int64 // nanoseconds from one turn to the next, lately
	length   int64
	busy     int // from so many at work on, one that comes lets others go first
	timeout  time.Duration
	sayLater []string

	// OnRefuse is called for each request that is turned away, many at once; it should be quick. Set it
	// before the first request; may be nil.
	OnRefuse func()
}

// DefaultQueueTimeout is how long a request waits for its turn unless told otherwise.
const DefaultQueueTimeout = 5 * time.Second

// NewQueue makes a queue for concurrency requests at work (which must be positive) and length
// waiting ones (0: none waits). A timeout of 0 means DefaultQueueTimeout.
func NewQueue(concurrency, length int, timeout time.Duration) *Queue {
	if timeout <= 0 {
		timeout = DefaultQueueTimeout
	}
	// So many may keep all processors. Where far more may be at work refusals are rare, and not worth it.
	busy := runtime.GOMAXPROCS(0)
	if concurrency > 64*busy {
		busy = math.MaxInt
	}
	return &Queue{
		places: make(chan struct{}, concurrency), length: int64(length), busy: busy, timeout: timeout,
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
			if q.turn.Load() != 0 {
				q.turn.Store(0) // nobody waits any more
			}
		default:
			if !q.wait(r) {
				q.refuse(w)
				return
			}
		}
		defer func() { <-q.places }()
		if len(q.places) >= q.busy {
			// A handler that computes does not let go of its processor: requests behind it would wait for the
			// scheduler, where nobody can refuse them, and probes too. Now they come first.
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
		q.note(time.Since(began), position)
		return true
	case <-timer.C:
		q.note(time.Since(began), position)
	case <-r.Context().Done(): // the client has left
	}
	return false
}

// late reports whether the turn of that position would come after the timeout. The first one always
// waits: its turn says how fast the queue moves now.
func (q *Queue) late(position int64) bool {
	return position > 1 && q.turn.Load()*position > int64(q.timeout)
}

// note remembers how fast the queue moves, as a moving average that may lose an update to another.
func (q *Queue) note(waited time.Duration, position int64) {
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
	w.Header()["Retry-After"] = q.sayLater
	http.Error(w, "The server is busy. Please try again in a moment.", http.StatusServiceUnavailable)
}
