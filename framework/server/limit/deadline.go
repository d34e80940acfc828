package limit

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"runtime"
	"runtime/debug"
	"sync/atomic"
	"time"
)

// Deadline bounds the time of a request. When it expires, the context of the request ends, so that its queries and
// calls stop. If the handler still has not started a response, the client gets status 503; if it has, but sends
// nothing for another Timeout, its connection is closed. The goroutine keeps running, and its stack is logged.
// Downloads that make progress, and hijacked connections, are not affected.
type Deadline struct {
	Timeout time.Duration // must be positive
	Slack   time.Duration // extra time for the handler to respond itself; default: a tenth of Timeout, between 50 ms and 1 s
	Logger  *slog.Logger  // nil means slog.Default()

	dumped atomic.Int64 // when a stack was logged last
}

// Handler returns next with the deadline. It runs each request in a separate goroutine. A panic of next is logged and
// aborts the request.
func (d *Deadline) Handler(next http.Handler) http.Handler {
	slack := d.Slack
	if slack <= 0 {
		slack = min(max(d.Timeout/10, 50*time.Millisecond), time.Second)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), d.Timeout)
		defer cancel()
		inner := r.WithContext(ctx)
		guarded := newWriter(w)
		done := make(chan bool, 1)
		var id atomic.Pointer[string]
		go func() {
			defer func() {
				value := recover() // also nil if the handler calls runtime.Goexit
				if err, _ := value.(error); value != nil && !errors.Is(err, http.ErrAbortHandler) {
					d.logger().Error("handler panicked",
						"method", r.Method, "path", r.URL.Path, "error", value, "stack", string(debug.Stack()))
				}
				done <- value != nil
			}()
			id.Store(goroutine())
			next.ServeHTTP(guarded, inner)
			if inner.MultipartForm != nil {
				_ = inner.MultipartForm.RemoveAll() // net/http only removes that of the outer request
			}
		}()
		timer := time.NewTimer(d.Timeout + slack)
		defer timer.Stop()
		for {
			select {
			case panicked := <-done:
				if panicked {
					panic(http.ErrAbortHandler)
				}
				if guarded.finish() && errors.Is(ctx.Err(), context.DeadlineExceeded) {
					tooLate(w)
				}
				return
			case <-timer.C:
				sent, wait := guarded.cut(d.Timeout)
				if wait > 0 {
					timer.Reset(wait)
					continue
				}
				d.report(r, id.Load())
				if sent {
					panic(http.ErrAbortHandler)
				}
				tooLate(w)
				return
			}
		}
	})
}

func tooLate(w http.ResponseWriter) {
	w.Header()["Connection"] = []string{"close"}
	http.Error(w, "The request took too long. Please try again.", http.StatusServiceUnavailable)
}

// report logs a request that ignores its deadline, with the stack of its goroutine: at most one per second, because
// taking it stops all goroutines.
func (d *Deadline) report(r *http.Request, id *string) {
	attrs := []slog.Attr{slog.String("method", r.Method), slog.String("path", r.URL.Path), slog.Duration("timeout", d.Timeout)}
	now := time.Now().UnixNano()
	if last := d.dumped.Load(); id != nil && now-last >= int64(time.Second) && d.dumped.CompareAndSwap(last, now) {
		attrs = append(attrs, slog.String("stack", stackOf(*id)))
	}
	ctx := context.WithoutCancel(r.Context())
	d.logger().LogAttrs(ctx, slog.LevelError, "handler exceeded its deadline; the client got an error", attrs...)
}

func (d *Deadline) logger() *slog.Logger {
	if d.Logger == nil {
		return slog.Default()
	}
	return d.Logger
}

// goroutine returns the beginning of the caller's stack trace, which identifies its goroutine.
func goroutine() *string {
	var buffer [48]byte
	text := buffer[:runtime.Stack(buffer[:], false)]
	if at := bytes.IndexByte(text, '['); at > 0 {
		text = text[:at]
	}
	id := string(text)
	return &id
}

// stackOf returns the stack trace that begins with id, or "" if the goroutine has ended.
func stackOf(id string) string {
	buffer := make([]byte, 256<<10)
	for {
		n := runtime.Stack(buffer, true)
		if n < len(buffer) || len(buffer) >= 16<<20 {
			buffer = buffer[:n]
			break
		}
		buffer = make([]byte, 4*len(buffer))
	}
	for part := range bytes.SplitSeq(buffer, []byte("\n\n")) {
		if bytes.HasPrefix(part, []byte(id)) {
			return string(part)
		}
	}
	return ""
}
