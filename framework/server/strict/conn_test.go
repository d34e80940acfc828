package strict_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/quintetgo/quintet/framework/server/strict"
)

// site is a server with the checker in front.
type site struct {
	addr     string
	requests atomic.Int64
	mu       sync.Mutex
	refusals []strict.Refusal
}

func (s *site) refused() []strict.Refusal {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]strict.Refusal(nil), s.refusals...)
}

func serve(t *testing.T, options strict.Options, handler http.HandlerFunc) *site {
	t.Helper()
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &site{addr: inner.Addr().String()}
	options.OnRefuse = func(r strict.Refusal) {
		s.mu.Lock()
		s.refusals = append(s.refusals, r)
		s.mu.Unlock()
	}
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.requests.Add(1)
		handler(w, r)
	})}
	server.Protocols = new(http.Protocols)
	server.Protocols.SetHTTP1(true)
	server.Protocols.SetUnencryptedHTTP2(options.AllowHTTP2)
	done := make(chan error, 1)
	go func() { done <- server.Serve(strict.Listener(inner, options)) }()
	t.Cleanup(func() {
		_ = server.Close()
		if err := <-done; !errors.Is(err, http.ErrServerClosed) {
			t.Errorf("Serve: %v", err)
		}
	})
	return s
}

// echo responds with the method, path and body.
func echo(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	fmt.Fprintf(w, "%s %s %s %v", r.Method, r.URL.Path, body, err == nil)
}

func dial(t *testing.T, s *site) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", s.addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	if err := conn.SetDeadline(time.Now().Add(3 * time.Minute)); err != nil {
		t.Fatal(err)
	}
	return conn
}

func send(t *testing.T, conn net.Conn, text string) {
	t.Helper()
	if _, err := io.WriteString(conn, text); err != nil {
		t.Fatal(err)
	}
}

// exchange sends text on a new connection and returns everything received until the server closes it.
func exchange(t *testing.T, s *site, text string) string {
	t.Helper()
	conn := dial(t, s)
	send(t, conn, text)
	got, err := io.ReadAll(conn)
	if err != nil {
		t.Errorf("%q: %v", text, err)
	}
	return string(got)
}

func answer(t *testing.T, reader *bufio.Reader) (int, string) {
	t.Helper()
	response, err := http.ReadResponse(reader, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(body)
}

func TestARefusedRequestIsAnsweredAndNeverReachesTheHandler(t *testing.T) {
	t.Parallel()
	s := serve(t, strict.Options{}, echo)
	got := exchange(t, s, "GET / HTTP/1.1\r\nHost: a\r\nhost: b\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n")
	for _, want := range []string{"HTTP/1.1 400 Bad Request\r\n", "\r\nConnection: close\r\n", "\r\nX-Content-Type-Options: nosniff\r\n", "\r\n\r\n400 Bad Request: more than one Host field\n"} {
		if !strings.Contains(got, want) {
			t.Errorf("answer %q, want %q in it", got, want)
		}
	}
	if strings.Count(got, "HTTP/1.1") != 1 || s.requests.Load() != 0 {
		t.Errorf("%d requests reached the handler; answers: %q", s.requests.Load(), got)
	}
	refusals := s.refused()
	if len(refusals) != 1 || refusals[0].Reason != strict.SecondHost || refusals[0].Field != "host" || refusals[0].Body || refusals[0].Remote == nil {
		t.Errorf("told of %+v, want one second host", refusals)
	}
	if want := "rejected request: more than one Host field (field host)"; refusals[0].Error() != want {
		t.Errorf("error %q, want %q", refusals[0].Error(), want)
	}
	if head := exchange(t, s, "HEAD / HTTP/1.1\r\n\r\n"); !strings.HasSuffix(head, "\r\n\r\n") {
		t.Errorf("the answer to HEAD has a body: %q", head)
	}
}

func TestEveryWrongHeadIsRefusedByTheServer(t *testing.T) {
	t.Parallel()
	s := serve(t, strict.Options{}, echo)
	for input, reason := range wrong {
		if strings.Contains(input, "\r\n\r\n") && strings.Contains(input, "chunked\r\n\r\n") {
			continue // in the body
		}
		if got, want := exchange(t, s, input), fmt.Sprintf("HTTP/1.1 %d ", reason.Status()); !strings.HasPrefix(got, want) {
			t.Errorf("%q: %q, want %q", input, got, want)
		}
	}
	if n := s.requests.Load(); n != 0 {
		t.Errorf("%d requests reached the handler", n)
	}
}

func TestGoodRequestsOnOneConnection(t *testing.T) {
	t.Parallel()
	s := serve(t, strict.Options{}, echo)
	conn := dial(t, s)
	reader := bufio.NewReader(conn)
	for i, want := range []string{"GET /a  true", "POST /b hello true", "POST /c hello0123456789 true", "GET /d  true"} {
		send(t, conn, []string{
			"GET /a HTTP/1.1\r\n" + host + "\r\n",
			"POST /b HTTP/1.1\r\n" + host + "Content-Length: 5\r\n\r\nhello",
			"POST /c HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n" + chunked,
			"GET /d HTTP/1.1\r\n" + host + "\r\n",
		}[i])
		if status, got := answer(t, reader); status != http.StatusOK || got != want {
			t.Errorf("request %d: %d %q, want %q", i, status, got, want)
		}
	}
}

func TestPipelinedRequestsAreAnsweredInOrderBeforeTheRefusal(t *testing.T) {
	t.Parallel()
	s := serve(t, strict.Options{}, func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(30 * time.Millisecond)
		if r.Context().Err() != nil {
			t.Error("the request was canceled by the wrong one behind it")
		}
		echo(w, r)
	})
	good := "POST /b HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n" + chunked + "GET /a HTTP/1.1\r\n" + host + "\r\n"
	for _, bad := range []string{"\x00\x00\x00", "GET / HTTP/1.1\r\nX: a\nb", "\r\nGET / HTTP/1.1\r\n"} {
		for _, pause := range []bool{false, true} {
			before := s.requests.Load()
			conn := dial(t, s)
			if pause {
				for i := range len(good) {
					send(t, conn, good[i:i+1])
				}
				time.Sleep(10 * time.Millisecond)
				send(t, conn, bad)
			} else {
				send(t, conn, good+bad)
			}
			reader := bufio.NewReader(conn)
			for _, want := range []int{200, 200, 400} {
				if status, body := answer(t, reader); status != want {
					t.Errorf("before %q: %d %q, want %d", bad, status, body, want)
				}
			}
			if rest, err := io.ReadAll(reader); err != nil || len(rest) > 0 || s.requests.Load() != before+2 {
				t.Errorf("after %q: rest %q, %v; %d requests", bad, rest, err, s.requests.Load()-before)
			}
		}
	}
}

func TestAWrongBodyIsRefusedUnlessTheAnswerHasBegun(t *testing.T) {
	t.Parallel()
	s := serve(t, strict.Options{}, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/early" {
			_ = http.NewResponseController(w).EnableFullDuplex()
			_, _ = io.WriteString(w, "early ")
			_ = http.NewResponseController(w).Flush()
		}
		echo(w, r)
	})
	const body = " HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n5 \r\nhello\r\n0\r\n\r\nGET / HTTP/1.1\r\n" + host + "\r\n"
	if got := exchange(t, s, "POST /"+body); !strings.HasPrefix(got, "HTTP/1.1 400 ") || strings.Count(got, "HTTP/1.1") != 1 {
		t.Errorf("answer %q, want one refusal", got)
	}
	if got := exchange(t, s, "POST /early"+body); !strings.HasPrefix(got, "HTTP/1.1 200 ") || strings.Count(got, "HTTP/1.1") != 1 || !strings.Contains(got, "hello false") {
		t.Errorf("answer %q, want the handler's own", got)
	}
	refusals := s.refused()
	if len(refusals) != 2 || !refusals[0].Body || refusals[0].Reason != strict.BadChunkSize || s.requests.Load() != 2 {
		t.Errorf("%d requests, refusals %+v", s.requests.Load(), refusals)
	}
}
