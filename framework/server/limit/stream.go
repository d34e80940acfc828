package limit

import (
	"context"
	"net/http"
	"sync"
	"time"
)

// SendStreams returns next with the deadline of Listener for answers over HTTP/2: there a client can take
// nothing of one answer while the connection as a whole goes on. Requests of other versions pass as
// they are.
//
// The http.Server must have timeout as its WriteTimeout too, which ends what net/http sends by itself.
// It would end long answers as well: for these the deadline is taken back in time, and each write gets
// one of its own.
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
		r.Header = nil // a client that takes the answer slowly need not keep what it sent here
	})
}

// stream is the response writer of an HTTP/2 request. Setting a deadline there is work for the
// goroutine that serves the connection; most requests are over without it.
type stream struct {
	http.ResponseWriter
	control *http.ResponseController
	timeout time.Duration

	mu      sync.Mutex
	writing time.Time   // since when, or zero
	lifted  bool        // the deadline for the whole answer is gone
	timer   *time.Timer // of the write under way, once that is so
	outer   bool        // the handler set a deadline: it holds to the end
	over    bool        // the handler has returned: net/http does not bear that its writer is used any more
}

// lift takes the deadline of the whole answer back.
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

// start runs the timer of the write under way; the caller holds mu.
func (s *stream) start() {
	left := time.Until(s.writing.Add(s.timeout))
	if s.timer == nil {
		s.timer = time.AfterFunc(left, s.cut)
	} else {
		s.timer.Reset(left)
	}
}

// cut ends the stream, and so the write that waits.
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

// finish bounds what net/http still sends after the handler. Of a stream that was reset meanwhile
// nothing is sent; a deadline would only keep it in memory.
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

// Unwrap lets http.ResponseController find what is not here.
func (s *stream) Unwrap() http.ResponseWriter { return s.ResponseWriter }
