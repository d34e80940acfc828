package limit

import (
	"bufio"
	"errors"
	"io"
	"maps"
	"net"
	"net/http"
	"sync"
	"time"
)

// writer is the response writer of a handler that may exceed its deadline. It has a separate header, since the
// handler may change it after the error response was sent.
type writer struct {
	inner  http.ResponseWriter
	header http.Header

	mu    sync.Mutex
	wrote bool      // the final header was sent
	taken bool      // hijacked
	over  bool      // the handler can no longer respond
	last  time.Time // time of the last write
}

func newWriter(w http.ResponseWriter) *writer {
	return &writer{inner: w, header: maps.Clone(w.Header())}
}

func (w *writer) Header() http.Header { return w.header }

func (w *writer) WriteHeader(status int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.writeHeader(status)
}

func (w *writer) writeHeader(status int) {
	if w.over || w.wrote || w.taken {
		return
	}
	w.publish()
	if status < 100 || status > 199 || status == http.StatusSwitchingProtocols {
		w.wrote = true
	}
	w.inner.WriteHeader(status)
	w.note()
}

func (w *writer) note() { w.last = time.Now() }

// publish copies the handler's header to the response.
func (w *writer) publish() {
	out := w.inner.Header()
	clear(out)
	maps.Copy(out, w.header)
}

func (w *writer) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.over {
		return 0, http.ErrHandlerTimeout
	}
	w.writeHeader(http.StatusOK)
	defer w.note()
	return w.inner.Write(p)
}

func (w *writer) WriteString(s string) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.over {
		return 0, http.ErrHandlerTimeout
	}
	w.writeHeader(http.StatusOK)
	defer w.note()
	return io.WriteString(w.inner, s)
}

// ReadFrom passes files on for sendfile, in pieces, so that the deadline can be checked between them.
func (w *writer) ReadFrom(r io.Reader) (total int64, err error) {
	const piece = 4 << 20
	for {
		w.mu.Lock()
		if w.over {
			w.mu.Unlock()
			return total, http.ErrHandlerTimeout
		}
		w.writeHeader(http.StatusOK)
		n, err := io.Copy(w.inner, io.LimitReader(r, piece))
		w.note()
		w.mu.Unlock()
		total += n
		if err != nil || n < piece {
			return total, err
		}
	}
}

func (w *writer) FlushError() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.over {
		return http.ErrHandlerTimeout
	}
	w.writeHeader(http.StatusOK)
	return http.NewResponseController(w.inner).Flush()
}

func (w *writer) Flush() { _ = w.FlushError() }

func (w *writer) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.over {
		return nil, nil, http.ErrHandlerTimeout
	}
	conn, rw, err := http.NewResponseController(w.inner).Hijack()
	w.taken = w.taken || err == nil
	return conn, rw, err
}

func (w *writer) SetReadDeadline(t time.Time) error {
	return w.control(func(c *http.ResponseController) error { return c.SetReadDeadline(t) })
}

func (w *writer) SetWriteDeadline(t time.Time) error {
	return w.control(func(c *http.ResponseController) error { return c.SetWriteDeadline(t) })
}

func (w *writer) EnableFullDuplex() error {
	return w.control((*http.ResponseController).EnableFullDuplex)
}

func (w *writer) control(fn func(*http.ResponseController) error) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.over {
		return errors.New("the response was already sent")
	}
	return fn(http.NewResponseController(w.inner))
}

// finish ends the handler's access after it returned, and reports whether it sent nothing. Its header is copied for
// the empty response, or the trailers, that follow.
func (w *writer) finish() (nothing bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.over = true
	if w.taken {
		return false
	}
	if w.wrote {
		w.trailers()
		return false
	}
	w.publish()
	return true
}

// trailers copies what the handler set after the header was sent: net/http sends the announced fields.
func (w *writer) trailers() {
	maps.Copy(w.inner.Header(), w.header)
}

// cut ends the handler's access while it still runs, and reports whether it has sent something. It returns how long
// to wait instead if the handler owns the connection or has sent something recently.
func (w *writer) cut(patience time.Duration) (sent bool, wait time.Duration) {
	if !w.mu.TryLock() {
		return true, patience // a write is in progress
	}
	defer w.mu.Unlock()
	if w.taken {
		return true, 24 * time.Hour
	}
	if wait := patience - time.Since(w.last); w.wrote && wait > 0 {
		return true, wait
	}
	w.over = true
	return w.wrote, 0
}
