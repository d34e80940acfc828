// Package response wraps an http.ResponseWriter once per request, so that middleware can act just
// before the header is sent and see what was sent.
//
// Every middleware calls [Wrap]; the outermost one makes the wrapper and the others find it. The
// wrapper keeps io.ReaderFrom (sendfile), http.Flusher and http.Hijacker working.
package response

import (
	"bufio"
	"io"
	"net"
	"net/http"
)

// Writer is an http.ResponseWriter that remembers the status and size of the response and runs
// functions just before the header is sent. It belongs to one request and is not safe for use by
// several goroutines at once.
type Writer struct {
	http.ResponseWriter
	before  []func()
	sending int // the status that is about to be sent, while the functions run
	status  int
	size    int64
	mute    bool // the answer was replaced: what the handler writes is dropped
}

// Wrap returns w as a *Writer: itself if it is one, or the one it wraps, or a new one around it.
func Wrap(w http.ResponseWriter) *Writer {
	if found := Find(w); found != nil {
		return found
	}
	return &Writer{ResponseWriter: w}
}

// Find returns the *Writer that w is, or nil. A writer that someone else put around ours is not
// looked into: what is written to ours would pass by theirs.
func Find(w http.ResponseWriter) *Writer {
	found, _ := w.(*Writer)
	return found
}

// Before has fn called once, just before the header is sent: it may still set headers and cookies.
// Functions run in the reverse order of registration, as deferred calls do. After the header was
// sent fn is never called.
func (w *Writer) Before(fn func()) { w.before = append(w.before, fn) }

// Written reports whether the final header was sent.
func (w *Writer) Written() bool { return w.status != 0 }

// Sending returns the status that is about to be sent, for functions given to [Writer.Before]; 0 at
// any other time.
func (w *Writer) Sending() int { return w.sending }

// Status returns the status that was sent, or 0 before that.
func (w *Writer) Status() int { return w.status }

// Size returns the number of bytes of the body that were sent.
func (w *Writer) Size() int64 { return w.size }

// Finish runs what waits for the header if the handler never wrote anything: net/http then sends
// an empty 200 response.
func (w *Writer) Finish() {
	if w.status == 0 {
		w.runBefore(http.StatusOK)
	}
}

// Replace sends answer in place of what the handler was about to send: headers that describe its
// body are removed, and all it writes from now on is dropped. It is meant for functions given to
// [Writer.Before] that must stop a response, and does nothing after the header was sent.
func (w *Writer) Replace(answer func(http.ResponseWriter)) {
	if w.status != 0 {
		return
	}
	for _, name := range []string{"Content-Type", "Content-Length", "Content-Encoding", "Content-Disposition", "ETag", "Last-Modified", "Location"} {
		w.Header().Del(name)
	}
	answer(w)
	if w.status == 0 {
		w.WriteHeader(http.StatusOK)
	}
	w.mute = true
}

// WriteHeader runs the waiting functions and sends the header. Informational statuses (1xx) pass
// without being counted; a second final status is ignored.
func (w *Writer) WriteHeader(status int) {
	if status >= 100 && status < 200 && status != http.StatusSwitchingProtocols {
		w.ResponseWriter.WriteHeader(status)
		return
	}
	if w.status != 0 {
		return
	}
	w.runBefore(status)
	if w.status != 0 { // one of them answered by itself
		return
	}
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// Write sends the header with status 200 if none was sent, then p.
func (w *Writer) Write(p []byte) (int, error) {
	if w.status == 0 {
		w.WriteHeader(http.StatusOK)
	}
	if w.mute {
		return len(p), nil
	}
	n, err := w.ResponseWriter.Write(p)
	w.size += int64(n)
	return n, err
}

// WriteString is Write without a copy where the connection can do so.
func (w *Writer) WriteString(s string) (int, error) {
	if w.status == 0 {
		w.WriteHeader(http.StatusOK)
	}
	if w.mute {
		return len(s), nil
	}
	n, err := io.WriteString(w.ResponseWriter, s)
	w.size += int64(n)
	return n, err
}

// ReadFrom copies src to the response, with sendfile where the connection can.
func (w *Writer) ReadFrom(src io.Reader) (int64, error) {
	if w.status == 0 {
		w.WriteHeader(http.StatusOK)
	}
	if w.mute {
		return io.Copy(io.Discard, src)
	}
	var n int64
	var err error
	if to, ok := w.ResponseWriter.(io.ReaderFrom); ok {
		n, err = to.ReadFrom(src)
	} else {
		n, err = io.Copy(onlyWriter{w.ResponseWriter}, src)
	}
	w.size += n
	return n, err
}

// Flush sends what is buffered, and the header if none was sent.
func (w *Writer) Flush() { _ = w.FlushError() }

// FlushError is Flush with the error, as http.ResponseController wants it.
func (w *Writer) FlushError() error {
	if w.status == 0 {
		w.WriteHeader(http.StatusOK)
	}
	return http.NewResponseController(w.ResponseWriter).Flush()
}

// Hijack takes over the connection. The waiting functions do not run: there is no header of ours.
func (w *Writer) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, rw, err := http.NewResponseController(w.ResponseWriter).Hijack()
	if err == nil {
		w.status = http.StatusSwitchingProtocols
		w.before = nil
	}
	return conn, rw, err
}

// Unwrap returns the wrapped writer, for http.ResponseController.
func (w *Writer) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w *Writer) runBefore(status int) {
	for len(w.before) > 0 {
		last := len(w.before) - 1
		fn := w.before[last]
		w.before = w.before[:last]
		w.sending = status // an answer in between may have been another
		fn()
	}
	w.sending = 0
}

// onlyWriter hides every method but Write, so that io.Copy does not call ReadFrom again.
type onlyWriter struct{ io.Writer }

var (
	_ http.ResponseWriter = (*Writer)(nil)
	_ http.Flusher        = (*Writer)(nil)
	_ http.Hijacker       = (*Writer)(nil)
	_ io.ReaderFrom       = (*Writer)(nil)
	_ io.StringWriter     = (*Writer)(nil)
)
