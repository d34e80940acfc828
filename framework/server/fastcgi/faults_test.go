package fastcgi_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/quintetgo/quintet/framework/server/fastcgi"
)

// Types of records.
const (
	begin = 1
	abort = 2
	param = 4
	stdin = 5
)

// rec returns the bytes of a record.
func rec(kind byte, id uint16, content string) string {
	return string([]byte{1, kind, byte(id >> 8), byte(id), byte(len(content) >> 8), byte(len(content)), 0, 0}) + content
}

// keep and once are the contents of a record that begins a request.
const (
	keep = "\x00\x01\x01\x00\x00\x00\x00\x00"
	once = "\x00\x01\x00\x00\x00\x00\x00\x00"
)

// parameters encodes the parameters of a request.
func parameters(pairs ...string) string {
	var b strings.Builder
	for i := 0; i < len(pairs); i += 2 {
		b.Write([]byte{byte(len(pairs[i])), byte(len(pairs[i+1]))})
		b.WriteString(pairs[i] + pairs[i+1])
	}
	return b.String()
}

// head begins a request; more parameters may follow.
func head(id uint16, flags string, more ...string) string {
	pairs := append([]string{"REQUEST_METHOD", "POST", "SERVER_PROTOCOL", "HTTP/1.1", "HTTP_HOST", "example.com", "REQUEST_URI", "/"}, more...)
	return rec(begin, id, flags) + rec(param, id, parameters(pairs...)) + rec(param, id, "")
}

// send writes text and returns what is received until the connection ends or two seconds have passed, and whether it
// ended.
func send(t *testing.T, addr, text string) (answer string, ended bool) {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(patience))
	_, _ = io.WriteString(conn, text)
	b, err := io.ReadAll(conn)
	return string(b), !errors.Is(err, os.ErrDeadlineExceeded)
}

func TestRecordsInTheWrongOrderEndTheConnection(t *testing.T) {
	t.Parallel()
	addr, _ := start(t, &fastcgi.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		fmt.Fprint(w, "handled")
	})})
	many := ""
	for id := range uint16(101) {
		many += rec(begin, id, keep)
	}
	for name, text := range map[string]string{
		"parameters after the body has begun": head(1, keep) + rec(stdin, 1, "x") + rec(param, 1, parameters("HTTP_X", "late")),
		"the number of a request in flight":   head(1, keep) + rec(stdin, 1, "x") + rec(begin, 1, keep),
		"too many requests at a time":         many,
		"no such version":                     "\x02" + rec(begin, 1, keep)[1:],
		"a short begin":                       rec(begin, 1, "\x00"),
		"an abort":                            head(1, keep) + rec(stdin, 1, "x") + rec(abort, 1, ""),
		"an abort, to be kept":                head(1, keep) + rec(abort, 1, ""),
	} {
		if answer, ended := send(t, addr, text); !ended || strings.Contains(answer, "handled") {
			t.Errorf("%s: ended: %v, answer %q", name, ended, answer)
		}
	}
	for name, text := range map[string]string{
		"records of requests that never began": rec(stdin, 7, "x") + rec(param, 8, "junk") + rec(abort, 9, "") + head(1, once) + rec(stdin, 1, ""),
		"an unknown role before":               rec(begin, 1, "\x00\x02\x01\x00\x00\x00\x00\x00") + rec(stdin, 1, "") + head(1, once) + rec(stdin, 1, ""),
		"an unknown type before":               head(1, once) + rec(99, 1, "x") + rec(stdin, 1, ""),
	} {
		if answer, ended := send(t, addr, text); !ended || !strings.Contains(answer, "handled") {
			t.Errorf("%s: ended: %v, answer %q", name, ended, answer)
		}
	}
}

func TestBodiesAreHeldToTheirLength(t *testing.T) {
	t.Parallel()
	addr, _ := start(t, &fastcgi.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		fmt.Fprintf(w, "[%d %s %v]", r.ContentLength, body, err)
	})})
	for want, text := range map[string]string{
		"[5 hello <nil>]":          head(1, once, "CONTENT_LENGTH", "5") + rec(stdin, 1, "hello") + rec(stdin, 1, ""),
		"[6 hello unexpected EOF]": head(1, once, "CONTENT_LENGTH", "6") + rec(stdin, 1, "hello") + rec(stdin, 1, ""),
		"[7  unexpected EOF]":      head(1, once, "CONTENT_LENGTH", "7") + rec(stdin, 1, ""),
		"[4 hell <nil>]":           head(1, once, "CONTENT_LENGTH", "4") + rec(stdin, 1, "hello") + rec(stdin, 1, ""),
		"[-1 hello <nil>]":         head(1, once) + rec(stdin, 1, "hello") + rec(stdin, 1, ""),
		"[0  <nil>]":               head(1, once, "CONTENT_LENGTH", "0") + rec(stdin, 1, ""),
		"Status: 500":              head(1, once, "CONTENT_LENGTH", "x") + rec(stdin, 1, ""),
	} {
		if answer, _ := send(t, addr, text); !strings.Contains(answer, want) {
			t.Errorf("got %q, want %q in it", answer, want)
		}
	}
}

func TestAHostIsNoPartOfThePath(t *testing.T) {
	t.Parallel()
	addr, _ := start(t, &fastcgi.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprintf(w, "[%s]", r.URL.Path) })})
	for host, want := range map[string]string{
		"example.com": "[/public]", "example.com:8080": "[/public]", "[::1]:80": "[/public]",
		"example.com/admin?": "Status: 400", "example.com/admin#": "Status: 400", "a@example.com": "Status: 400", "a%62.com": "Status: 500", // from net/http/fcgi
	} {
		text := rec(begin, 1, once) + rec(param, 1, parameters("REQUEST_METHOD", "GET", "SERVER_PROTOCOL", "HTTP/1.1", "HTTP_HOST", host, "REQUEST_URI", "/public")) +
			rec(param, 1, "") + rec(stdin, 1, "")
		if answer, _ := send(t, addr, text); !strings.Contains(answer, want) {
			t.Errorf("host %q: %q, want %q", host, answer, want)
		}
	}
}

func TestAStuckWebServerIsGivenUp(t *testing.T) {
	t.Parallel()
	stopped := make(chan error, 9)
	addr, _ := start(t, &fastcgi.Server{Stall: 2 * time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/large" {
			for {
				if _, err := io.WriteString(w, strings.Repeat("x", 64<<10)); err != nil {
					stopped <- err
					return
				}
			}
		}
		_, err := io.Copy(io.Discard, r.Body)
		if err != nil {
			stopped <- err
		}
	})})
	for name, text := range map[string]string{
		"says nothing":                    "",
		"stops in a header":               "\x01",
		"stops in the parameters":         rec(begin, 1, once) + rec(param, 1, "xxxx")[:10],
		"stops between parameters":        rec(begin, 1, once),
		"stops in the body":               head(1, keep) + rec(stdin, 1, "x"),
		"stops in the body of the second": head(1, keep) + rec(stdin, 1, "") + head(2, keep) + rec(stdin, 2, "x"),
	} {
		began := time.Now()
		if _, ended := send(t, addr, text); !ended || time.Since(began) < 1500*time.Millisecond {
			t.Errorf("one that %s: ended: %v after %v", name, ended, time.Since(began))
		}
	}
	for range 2 {
		select {
		case <-stopped:
		case <-time.After(patience):
			t.Fatal("a handler still waits for its body")
		}
	}
	deaf := dial(t, addr, true)
	if err := deaf.Send(request(t, "/large", "")); err != nil {
		t.Fatal(err)
	}
	select {
	case <-stopped:
	case <-time.After(patience):
		t.Error("a handler still writes to a web server that does not read")
	}
}

func TestAKeptConnectionMayRest(t *testing.T) {
	t.Parallel()
	addr, _ := start(t, &fastcgi.Server{Stall: 3 * time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(4 * time.Second) // the web server has sent everything and waits
		fmt.Fprint(w, "done")
	})})
	conn := dial(t, addr, true)
	for range 2 {
		if _, err := conn.RoundTrip(request(t, "/", "x")); err != nil {
			t.Fatal(err)
		}
		time.Sleep(4 * time.Second)
	}
}

// scarce is a listener on a system without resources for connections.
type scarce struct {
	net.Listener
	failures atomic.Int32
	fatal    error
}

func (l *scarce) Accept() (net.Conn, error) {
	if l.failures.Add(-1) >= 0 {
		return nil, &net.OpError{Op: "accept", Net: "tcp", Err: os.NewSyscallError("accept4", syscall.EMFILE)}
	}
	if l.fatal != nil {
		return nil, l.fatal
	}
	return l.Listener.Accept()
}

func TestServingGoesOnWhenFilesRunOut(t *testing.T) {
	t.Parallel()
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := &scarce{Listener: inner}
	l.failures.Store(6) // 5 + 10 + 20 + 40 + 80 + 160 ms
	s := &fastcgi.Server{Handler: http.NotFoundHandler(), Logger: slog.New(slog.DiscardHandler)}
	began := time.Now()
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(l) }()
	if _, err := dial(t, inner.Addr().String(), false).RoundTrip(request(t, "/", "")); err != nil {
		t.Error(err)
	}
	if took := time.Since(began); took < 300*time.Millisecond {
		t.Errorf("it came back after %v: it tries too often", took)
	}
	_ = inner.Close()
	if err := <-ended; !errors.Is(err, net.ErrClosed) {
		t.Errorf("a closed listener: %v", err)
	}
	broken := errors.New("broken")
	if err := new(fastcgi.Server).Serve(&scarce{fatal: broken}); !errors.Is(err, broken) {
		t.Errorf("a broken listener: %v", err)
	}
}

func TestAnIdleConnectionTakesNoRequestWhileItCloses(t *testing.T) {
	t.Parallel()
	for range 20 {
		var handled, answered atomic.Int64
		s := &fastcgi.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			handled.Add(1)
			fmt.Fprint(w, "done")
		})}
		addr, _ := start(t, s)
		done := make(chan struct{})
		conn := dial(t, addr, true)
		go func() {
			defer close(done)
			for {
				if _, err := conn.RoundTrip(request(t, "/", "")); err != nil {
					return
				}
				answered.Add(1)
			}
		}()
		time.Sleep(5 * time.Millisecond)
		if err := s.Shutdown(t.Context()); err != nil {
			t.Error(err)
		}
		<-done
		if handled.Load() != answered.Load() {
			t.Fatalf("%d handled, %d answered", handled.Load(), answered.Load())
		}
	}
}

func TestDrainLetsAnUploadEnd(t *testing.T) {
	t.Parallel()
	s := &fastcgi.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "enough") })}
	addr, _ := start(t, s)
	s.Drain()
	conn := dial(t, addr, true)
	_, _ = io.WriteString(conn, head(1, keep, "CONTENT_LENGTH", "9")+rec(stdin, 1, "x"))
	time.Sleep(100 * time.Millisecond) // the response was sent, and the web server still sends
	if _, err := io.WriteString(conn, rec(stdin, 1, "xxxxxxxx")); err != nil {
		t.Fatal(err)
	}
	time.Sleep(100 * time.Millisecond)
	if _, err := io.WriteString(conn, rec(stdin, 1, "")); err != nil {
		t.Fatal(err)
	}
	answer, err := io.ReadAll(bufio.NewReader(conn))
	if err != nil || !strings.Contains(string(answer), "enough") {
		t.Errorf("%v: %q", err, answer)
	}
}

func TestTemporaryFilesAreRemoved(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	began := make(chan int, 1)
	addr, _ := start(t, &fastcgi.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseMultipartForm(1); err != nil {
			t.Error(err)
		}
		list, _ := filepath.Glob(filepath.Join(dir, "*"))
		began <- len(list)
	})})
	r := request(t, "/", "--b\r\nContent-Disposition: form-data; name=a; filename=a\r\n\r\n"+strings.Repeat("x", 1000)+"\r\n--b--\r\n")
	r.Header.Set("Content-Type", "multipart/form-data; boundary=b")
	if _, err := dial(t, addr, false).RoundTrip(r); err != nil {
		t.Fatal(err)
	}
	if n := <-began; n != 1 {
		t.Errorf("%d files during the request, want 1", n)
	}
	if list, _ := filepath.Glob(filepath.Join(dir, "*")); len(list) > 0 {
		t.Errorf("left behind: %v", list)
	}
}
