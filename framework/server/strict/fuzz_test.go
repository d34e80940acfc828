package strict_test

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/quintetgo/quintet/framework/server/strict"
)

// FuzzRequests checks that a server behind the checker receives exactly the requests that the checker accepted, that
// it never has to reject one itself, and that the split of the bytes makes no difference.
func FuzzRequests(f *testing.F) { fuzzRequests(f, strict.Options{}) }

// FuzzFraming checks the same for FramingOnly, except that the server may reject requests itself.
func FuzzFraming(f *testing.F) { fuzzRequests(f, strict.Options{FramingOnly: true}) }

func fuzzRequests(f *testing.F, options strict.Options) {
	for input := range accepted {
		f.Add([]byte(input), byte(3), byte(1))
		f.Add([]byte(input+"GET /second HTTP/1.1\r\nHost: a\r\n\r\n"), byte(0), byte(0))
	}
	for input := range wrong {
		f.Add([]byte("GET /first HTTP/1.1\r\nHost: a\r\n\r\n"+input), byte(200), byte(1))
	}
	server := newMemoryServer(f, options)
	f.Fuzz(func(t *testing.T, input []byte, first, second byte) {
		if len(input) > 1<<14 {
			return
		}
		want := strict.Check(input, options)
		if cut := strict.Check(input, options, int(first), int(second)); fmt.Sprint(cut) != fmt.Sprint(want) {
			t.Fatalf("cut: %.500q, whole: %.500q", fmt.Sprint(cut), fmt.Sprint(want))
		}
		got := server.run(input, int(first), int(second))
		if options.FramingOnly {
			got.closing = got.closing || bytes.Contains(got.output, []byte("HTTP/1.0 4")) || bytes.Contains(got.output, []byte("HTTP/1.1 4"))
		}
		if len(got.requests) > len(want.Requests) {
			t.Fatalf("the server saw %q, the checker passed %d", got.requests, len(want.Requests))
		}
		for i, line := range got.requests {
			if want.Requests[i] != line {
				t.Errorf("request %d: the server saw %q, the checker %q", i, line, want.Requests[i])
			}
		}
		if len(got.requests) < len(want.Requests) && !got.closing {
			t.Errorf("the server saw only %q of %d requests", got.requests, len(want.Requests))
		}
		// The response of net/http to a head that it rejects begins with the type.
		if own := !options.FramingOnly && bytes.Contains(got.output, []byte(" 400 Bad Request\r\nContent-Type:")); own && !got.closing && want.Reason != 0 {
			t.Errorf("net/http had to refuse a request itself: %q", got.output)
		}
		if bytes.Contains(got.output, []byte("HTTP/1.1 4")) && want.Reason == 0 && !want.Open && !options.FramingOnly {
			t.Errorf("a request was refused that the checker let pass: %q", got.output)
		}
	})
}

// memoryServer serves connections that exist in memory only.
type memoryServer struct{ conns chan net.Conn }

// exchanged is the result of one connection.
type exchanged struct {
	requests []string // method and target
	closing  bool     // the server was asked to close after the last one, or its body was incomplete
	output   []byte
}

func newMemoryServer(f *testing.F, options strict.Options) *memoryServer {
	s := &memoryServer{conns: make(chan net.Conn)}
	server := &http.Server{
		DisableGeneralOptionsHandler: true,
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			conn := r.Context().Value(http.LocalAddrContextKey).(*memoryAddr).conn
			conn.saw(func(got *exchanged) {
				got.requests = append(got.requests, r.Method+" "+r.RequestURI)
				got.closing = got.closing || r.Close || r.ProtoMinor == 0
			})
			if _, err := io.Copy(io.Discard, r.Body); err != nil {
				conn.saw(func(got *exchanged) { got.closing = true })
			}
		}),
	}
	go func() { _ = server.Serve(strict.Listener(s, options)) }()
	f.Cleanup(func() { _ = server.Close() })
	return s
}

func (s *memoryServer) run(input []byte, cuts ...int) exchanged {
	conn := &memoryConn{input: input, cuts: cuts, done: make(chan struct{})}
	s.conns <- conn
	<-conn.done
	conn.mu.Lock()
	defer conn.mu.Unlock()
	return conn.got
}

func (s *memoryServer) Accept() (net.Conn, error) {
	conn, ok := <-s.conns
	if !ok {
		return nil, net.ErrClosed
	}
	return conn, nil
}

func (s *memoryServer) Close() error {
	close(s.conns)
	return nil
}

func (s *memoryServer) Addr() net.Addr { return &memoryAddr{} }

type memoryAddr struct{ conn *memoryConn }

func (*memoryAddr) Network() string { return "memory" }
func (*memoryAddr) String() string  { return "memory" }

// memoryConn returns its input in pieces and ends.
type memoryConn struct {
	mu    sync.Mutex
	input []byte
	cuts  []int
	reads int
	once  sync.Once
	done  chan struct{}
	got   exchanged
}

func (c *memoryConn) saw(change func(*exchanged)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	change(&c.got)
}

func (c *memoryConn) Read(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.input) == 0 {
		return 0, io.EOF
	}
	size := max(1, c.cuts[c.reads%len(c.cuts)])
	c.reads++
	n := copy(p[:min(len(p), size)], c.input)
	c.input = c.input[n:]
	return n, nil
}

func (c *memoryConn) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.got.output = append(c.got.output, p...)
	return len(p), nil
}

func (c *memoryConn) Close() error {
	c.once.Do(func() { close(c.done) })
	return nil
}

// CloseWrite ends the exchange: net/http would sleep before it closes.
func (c *memoryConn) CloseWrite() error { return c.Close() }

func (c *memoryConn) LocalAddr() net.Addr              { return &memoryAddr{c} }
func (c *memoryConn) RemoteAddr() net.Addr             { return &memoryAddr{c} }
func (c *memoryConn) SetDeadline(time.Time) error      { return nil }
func (c *memoryConn) SetReadDeadline(time.Time) error  { return nil }
func (c *memoryConn) SetWriteDeadline(time.Time) error { return nil }
