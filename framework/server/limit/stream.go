package limit

import (
	"context"
	"net/http"
	"sync"
	"time"
)

// SendStreams returns next with the deadline of Send for answers over HTTP/2: there a client can take
// nothing of one answer while the connection as a whole goes on. Requests of other versions pass as
// they are.
func SendStreams(next http.Handler, timeout time.Duration) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ProtoMajor != 2 {
			next.ServeHTTP(w, r)
			return
		}
		s := &stream{ResponseWriter: w, control: http.NewResponseController(w), timeout: timeout}
		defer s.finish(r.Context())
		next.ServeHTTP(s, r)
		r.Header = nil // a client that takes the answer slowly need not keep what it sent here
	})
}

// stream is the response writer of an HTTP/2 request. A timer that runs while something is written
// costs less than a deadline, which another goroutine has to set and to take back.
type stream struct {
	http.ResponseWriter
	control *http.ResponseController
	timeout time.Duration

	mu    sync.Mutex
	timer *time.Timer
	outer bool // somebody set a deadline: it holds to the end
	over  bool // the handler has returned: net/http does not bear that its writer is used any more
}

// guard runs the timer until done is called.
func (s *stream) guard() (done func() bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.timer == nil {
		s.timer = time.AfterFunc(s.timeout, s.cut)
	} else {
		s.timer.Reset(s.timeout)
	}
	return s.timer.Stop
}

// cut ends the stream, and so the write that waits.
func (s *stream) cut() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.over {
		_ = s.control.SetWriteDeadline(time.Unix(1, 0))
	}
}

// finish bounds what net/http still sends after the handler. Of a stream that was reset meanwhile
// nothing is sent; a deadline would only keep it in memory.
func (s *stream) finish(ctx context.Context) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.over = true
	if !s.outer && ctx.Err() == nil {
		_ = s.control.SetWriteDeadline(time.Now().Add(s.timeout))
	}
}

func (s *stream) Write(p []byte) (total int, err error) {
	for {
		n := min(len(p), piece)
		done := s.guard()
		written, err := s.ResponseWriter.Write(p[:n])
		done()
		total += written
		if p = p[n:]; err != nil || len(p) == 0 {
			return total, err
		}
	}
}

func (s *stream) FlushError() error {
	done := s.guard()
	defer done()
	return s.control.Flush()
}

func (s *stream) Flush() { _ = s.FlushError() }

func (s *stream) SetWriteDeadline(t time.Time) error {
	s.mu.Lock()
	s.outer = !t.IsZero()
	s.mu.Unlock()
	return s.control.SetWriteDeadline(t)
}

// Unwrap lets http.ResponseController find what is not here.
func (s *stream) Unwrap() http.ResponseWriter { return s.ResponseWriter }
