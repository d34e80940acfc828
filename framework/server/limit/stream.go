package limit

import (
	"context"
	"net/http"
	"sync"
	"time"
)

// SendStreams returns next with the timeout of Listener for each response over HTTP/2, where a client can stop
// reading one response while the connection as a whole continues. Requests of other versions are not affected.
//
// The http.Server must have timeout as its WriteTimeout too, which bounds what net/http sends itself. It would also
// end long responses: for these the deadline is removed in time, and each write gets its own.
func SendStreams(next http.Handler, timeout time.Duration) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ProtoMajor != 2 {
			next.ServeHTTP(w, r)
			return
		}
		s := &stream{ResponseWriter: w, control: http.NewResponseController(w), timeout: timeout}
		lift := time.AfterFunc(timeout/2, s.lift)
		defer s.finish(r.Context(), lift)
		next.ServeHTTP(s, r)
		r.Header = nil // a client that reads the response slowly must not keep its request in memory
	})
}

// stream is the response writer of an HTTP/2 request. Setting a deadline costs the goroutine of the connection time;
// most requests end without one.
type stream struct {
	http.ResponseWriter
	control *http.ResponseController
	timeout time.Duration

	mu      sync.Mutex
	writing time.Time   // start of the write in progress, or zero
	lifted  bool        // the deadline of the whole response was removed
	timer   *time.Timer // of the write in progress, once lifted
	outer   bool        // the handler set a deadline, which stays
	over    bool        // the handler has returned: net/http does not allow its writer to be used any more
}

// lift removes the deadline of the whole response.
func (s *stream) lift() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.over || s.outer {
		return
	}
	s.lifted = true
	_ = s.control.SetWriteDeadline(time.Time{})
	if !s.writing.IsZero() {
		s.start()
	}
}

// start starts the timer of the write in progress; the caller holds mu.
func (s *stream) start() {
	left := time.Until(s.writing.Add(s.timeout))
	if s.timer == nil {
		s.timer = time.AfterFunc(left, s.cut)
	} else {
		s.timer.Reset(left)
	}
}

// cut ends the stream, and with it the write in progress.
func (s *stream) cut() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.over && !s.writing.IsZero() {
		_ = s.control.SetWriteDeadline(time.Unix(1, 0))
	}
}

// guard bounds a write, which ends with done.
func (s *stream) guard() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.writing = time.Now()
	if s.lifted {
		s.start()
	}
}

func (s *stream) done() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.writing = time.Time{}
	if s.timer != nil {
		s.timer.Stop()
	}
}

// finish bounds what net/http sends after the handler. Nothing is sent of a stream that was reset; a deadline would
// only keep it in memory.
func (s *stream) finish(ctx context.Context, lift *time.Timer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.over = true
	lift.Stop()
	if s.lifted && !s.outer && ctx.Err() == nil {
		_ = s.control.SetWriteDeadline(time.Now().Add(s.timeout))
	}
}

func (s *stream) Write(p []byte) (total int, err error) {
	for {
		n := min(len(p), piece)
		s.guard()
		written, err := s.ResponseWriter.Write(p[:n])
		s.done()
		total += written
		if p = p[n:]; err != nil || len(p) == 0 {
			return total, err
		}
	}
}

func (s *stream) FlushError() error {
	s.guard()
	defer s.done()
	return s.control.Flush()
}

func (s *stream) Flush() { _ = s.FlushError() }

func (s *stream) SetWriteDeadline(t time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.outer, s.lifted = !t.IsZero(), t.IsZero()
	return s.control.SetWriteDeadline(t)
}

// Unwrap returns the underlying writer for http.ResponseController.
func (s *stream) Unwrap() http.ResponseWriter { return s.ResponseWriter }
