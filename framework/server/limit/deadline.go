package limit

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"runtime"
	"runtime/debug"
	"sync/atomic"
	"time"
)

// Deadline bounds the time of a request. When it is over the context of the request ends, so that
// its queries and calls stop. A handler that has not begun to answer even then is answered for with
// 503; one that began, but sends nothing for as long again, has its connection cut. Its goroutine
// runs on, and its stack is logged. Downloads that go on, and connections that were hijacked, are
// left alone.
type Deadline struct {
	Timeout time.Duration // must be positive
	Slack   time.Duration // for the handler to answer by itself; 0 means a tenth of Timeout, from 50 ms to 1 s
	Logger  *slog.Logger  // nil means slog.Default()

	dumped atomic.Int64 // when a stack was logged last
}

// Handler returns next within the bound. It runs each request in a goroutine of its own.
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
				value := recover() // nil also when the handler ends by runtime.Goexit
				if value != nil && value != http.ErrAbortHandler {
					d.logger().Error("handler panicked", "method", r.Method, "path", r.URL.Path, "error", value, "stack", string(debug.Stack()))
				}
				done <- value != nil
			}()
			id.Store(goroutine())
			next.ServeHTTP(guarded, inner)
			if inner.MultipartForm != nil {
				_ = inner.MultipartForm.RemoveAll() // net/http knows only the outer request's
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
				if guarded.finish() && ctx.Err() == context.DeadlineExceeded {
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
	http.Error(w, "This took too long. Please try again.", http.StatusServiceUnavailable)
}

// report logs a request that ignores its deadline, with the stack of its goroutine: at most one a
// second, as taking it stops all goroutines.
func (d *Deadline) report(r *http.Request, id *string) {
	attrs := []slog.Attr{slog.String("method", r.Method), slog.String("path", r.URL.Path), slog.Duration("timeout", d.Timeout)}
	now := time.Now().UnixNano()
	if last := d.dumped.Load(); id != nil && now-last >= int64(time.Second) && d.dumped.CompareAndSwap(last, now) {
		attrs = append(attrs, slog.String("stack", stackOf(*id)))
	}
	d.logger().LogAttrs(context.WithoutCancel(r.Context()), slog.LevelError, "handler ignores its deadline and was answered for", attrs...)
}

func (d *Deadline) logger() *slog.Logger {
	if d.Logger == nil {
		return slog.Default()
	}
	return d.Logger
}

// goroutine returns the beginning of the caller's stack trace, which names its goroutine.
func goroutine() *string {
	var buffer [48]byte
	text := buffer[:runtime.Stack(buffer[:], false)]
	if at := bytes.IndexByte(text, '['); at > 0 {
		text = text[:at]
	}
	id := string(text)
	return &id
}

// stackOf returns the stack of the goroutine with that beginning, or "" if it is gone.
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
