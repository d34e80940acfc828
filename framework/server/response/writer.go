// Package response wraps an http.ResponseWriter once per request, so that middleware can run functions just before
// the header is sent and read what was sent.
//
// Every middleware calls [Wrap]; the outermost one creates the wrapper and the others find it. The wrapper keeps
// io.ReaderFrom (sendfile), http.Flusher and http.Hijacker working.
package response

import (
	"bufio"
	"io"
	"net"
	"net/http"
)

// Writer is an http.ResponseWriter that records the status and size of the response and runs functions just before
// the header is sent. It belongs to one request and is not safe for concurrent use.
type Writer struct {
	http.ResponseWriter
	before  []func()
	sending int // the status about to be sent, while the functions run
	status  int
	size    int64
	mute    bool // the response was replaced: the handler's output is dropped
}

// Wrap returns w as a *Writer: w itself if it is one, or the one that it wraps, or a new one around it.
func Wrap(w http.ResponseWriter) *Writer {
	if found := Find(w); found != nil {
		return found
	}
	return &Writer{ResponseWriter: w}
}

// Find returns the *Writer that w is, or nil. A writer that another package wrapped around a *Writer is not
// unwrapped: it would not see what is written to the inner one.
func Find(w http.ResponseWriter) *Writer {
	found, _ := w.(*Writer)
	return found
}

// Before registers fn to be called once, just before the header is sent; it may set headers and cookies. Functions
// run in the reverse order of registration, like deferred calls. After the header was sent, fn is never called.
func (w *Writer) Before(fn func()) { w.before = append(w.before, fn) }

// Written reports whether the final header was sent.
func (w *Writer) Written() bool { return w.status != 0 }

// Sending returns the status about to be sent, for functions passed to [Writer.Before]; at any other time 0.
func (w *Writer) Sending() int { return w.sending }

// Status returns the status that was sent, or 0 before that.
func (w *Writer) Status() int { return w.status }

// Size returns the number of bytes of the body that were sent.
func (w *Writer) Size() int64 { return w.size }

// Finish runs the registered functions if the handler wrote nothing: net/http then sends an empty response with
// status 200.
func (w *Writer) Finish() {
	if w.status == 0 {
		w.runBefore(http.StatusOK)
	}
}

// Replace sends the response of answer in place of the handler's: headers that describe its body are removed, and its
// further output is dropped. It is meant for functions passed to [Writer.Before] that must block a response, and does
// nothing after the header was sent.
func (w *Writer) Replace(answer func(http.ResponseWriter)) {
	if w.status != 0 {
		return
	}
	for _, name := range []string{
		"Content-Type", "Content-Length", "Content-Encoding", "Content-Disposition", "ETag", "Last-Modified", "Location",
	} {
		w.Header().Del(name)
	}
	answer(w)
	if w.status == 0 {
		w.WriteHeader(http.StatusOK)
	}
	w.mute = true
}

// WriteHeader runs the registered functions and sends the header. Informational statuses (1xx) are passed on; a
// second final status is ignored.
func (w *Writer) WriteHeader(status int) {
	if status >= 100 && status < 200 && status != http.StatusSwitchingProtocols {
		w.ResponseWriter.WriteHeader(status)
		return
	}
	if w.status != 0 {
		return
	}
	w.runBefore(status)
	if w.status != 0 { // one of them responded itself
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

// WriteString is Write without a copy, where the connection supports it.
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

// ReadFrom copies src to the response, with sendfile where the connection supports it.
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

// FlushError is Flush with the error, as http.ResponseController expects it.
func (w *Writer) FlushError() error {
	if w.status == 0 {
		w.WriteHeader(http.StatusOK)
	}
	return http.NewResponseController(w.ResponseWriter).Flush()
}

// Hijack takes over the connection. The registered functions do not run.
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
		w.sending = status // an informational response may have changed it
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
