package fastcgi_test

import (
	"io"
	"log/slog"
	"net"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/quintetgo/quintet/framework/server/fastcgi"
)

// FuzzServe sends bytes to a server. It must not crash, must not handle more requests than were begun, and must
// release the connection soon after it ends.
func FuzzServe(f *testing.F) {
	for _, text := range []string{
		head(1, once) + rec(stdin, 1, ""),
		head(1, keep, "CONTENT_LENGTH", "5") + rec(stdin, 1, "hello") + rec(stdin, 1, "") + head(1, once) + rec(stdin, 1, ""),
		head(1, keep) + head(2, keep) + rec(stdin, 2, "x") + rec(stdin, 1, "") + rec(stdin, 2, ""),
		head(1, keep) + rec(stdin, 1, "x") + rec(param, 1, parameters("HTTP_X", "late")),
		head(1, keep) + rec(stdin, 1, "x") + rec(abort, 1, "") + head(1, keep),
		rec(begin, 1, "\x00\x03\x01\x00\x00\x00\x00\x00") + rec(9, 0, parameters("FCGI_MAX_CONNS", "")),
		rec(begin, 1, keep) + rec(param, 1, "\xff\xff\xff\xff\x80\x00\x00\x01x") + rec(param, 1, "") + rec(stdin, 1, ""),
		head(1, once, "HTTP_HOST", "a/b?", "REQUEST_URI", "//\x00", "CONTENT_LENGTH", "-9") + rec(stdin, 1, ""),
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, input []byte) {
		var handled, open atomic.Int64
		closed := make(chan struct{}, 1)
		s := &fastcgi.Server{Logger: slog.New(slog.DiscardHandler), Stall: time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			handled.Add(1)
			open.Add(1)
			defer open.Add(-1)
			_, _ = io.Copy(w, r.Body)
		})}
		s.ConnState = func(_ net.Conn, state http.ConnState) {
			if state == http.StateClosed {
				closed <- struct{}{}
			}
		}
		ours, theirs := net.Pipe()
		l := &pair{conns: make(chan net.Conn, 1)}
		l.conns <- theirs
		close(l.conns)
		_ = s.Serve(l)
		go func() { _, _ = io.Copy(io.Discard, ours) }()
		_ = ours.SetWriteDeadline(time.Now().Add(patience))
		_, _ = ours.Write(input)
		_ = ours.Close()
		select {
		case <-closed:
		case <-time.After(patience):
			t.Fatal("the connection is not given up")
		}
		for deadline := time.Now().Add(patience); open.Load() > 0; time.Sleep(time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatal("a handler does not end")
			}
		}
		if begun := begins(input); handled.Load() > int64(begun) {
			t.Errorf("%d requests handled, %d begun", handled.Load(), begun)
		}
	})
}

// begins counts the records that begin a request.
func begins(input []byte) (n int) {
	for len(input) >= 8 {
		if input[1] == begin {
			n++
		}
		input = input[min(len(input), 8+int(input[4])<<8+int(input[5])+int(input[6])):]
	}
	return n
}

// pair is a listener with prepared connections.
type pair struct{ conns chan net.Conn }

func (l *pair) Accept() (net.Conn, error) {
	if conn, ok := <-l.conns; ok {
		return conn, nil
	}
	return nil, net.ErrClosed
}

func (l *pair) Close() error { return nil }

func (l *pair) Addr() net.Addr { return nil }
