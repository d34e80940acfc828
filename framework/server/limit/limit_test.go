package limit_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/quintetgo/quintet/framework/server/limit"
)

func TestGateBoundsConnectionsOfAllItsListeners(t *testing.T) {
	t.Parallel()
	gate := limit.NewGate(2)
	var listeners []net.Listener
	for range 2 {
		inner, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		listeners = append(listeners, limit.Listener(inner, gate, 0))
		defer listeners[len(listeners)-1].Close()
	}
	accepted := make(chan net.Conn, 8)
	for _, l := range listeners {
		go func() {
			for {
				conn, err := l.Accept()
				if err != nil {
					return
				}
				accepted <- conn
			}
		}()
		for range 2 {
			conn, err := net.Dial("tcp", l.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
		}
	}
	first, second := <-accepted, <-accepted
	select {
	case <-accepted:
		t.Fatal("a third connection was accepted")
	case <-time.After(50 * time.Millisecond):
	}
	_ = first.Close()
	_ = first.Close() // releases only one place
	third := <-accepted
	select {
	case <-accepted:
		t.Fatal("closing twice gave two places back")
	case <-time.After(50 * time.Millisecond):
	}
	_ = second.Close()
	_ = third.Close()
}

func TestFullGateCloses(t *testing.T) {
	t.Parallel()
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	gate := limit.NewGate(1)
	l := limit.Listener(inner, gate, 0)
	client, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	conn, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	result := make(chan error, 1)
	go func() {
		_, err := l.Accept()
		result <- err
	}()
	_ = l.Close()
	if err := <-result; !errors.Is(err, net.ErrClosed) {
		t.Errorf("Accept at a full gate that closes: %v", err)
	}
}

// last is a listener that has a connection at the time it is closed.
type last struct {
	net.Listener
	closed chan struct{}
}

func (l last) Close() error { close(l.closed); return nil }

func (l last) Accept() (net.Conn, error) {
	<-l.closed
	one, _ := net.Pipe()
	return one, nil
}

func TestWhatWasAcceptedIsNotLostWhenTheListenerCloses(t *testing.T) {
	t.Parallel()
	for i := range 100 {
		gate := limit.NewGate(1)
		l := limit.Listener(last{closed: make(chan struct{})}, gate, 0)
		accepted := make(chan error)
		go func() {
			conn, err := l.Accept()
			if err == nil {
				err = conn.Close()
			}
			accepted <- err
		}()
		if i%2 > 0 {
			time.Sleep(100 * time.Microsecond)
		}
		_ = l.Close()
		if err := <-accepted; err != nil {
			t.Fatal(err)
		}
		if gate.Open() != 0 {
			t.Fatal("its place was not given back")
		}
	}
}

func TestQueue(t *testing.T) {
	t.Parallel()
	queue := limit.NewQueue(1, 1, time.Minute)
	release, began := make(chan struct{}), make(chan struct{}, 9)
	h := queue.Handler(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		began <- struct{}{}
		<-release
	}))
	var done sync.WaitGroup
	codes := make(chan int, 9)
	ask := func(ctx context.Context) {
		done.Go(func() {
			w := httptest.NewRecorder()
			h.ServeHTTP(w, httptest.NewRequestWithContext(ctx, "GET", "/", nil))
			codes <- w.Code
		})
	}
	ask(t.Context())
	<-began
	ask(t.Context())
	for queue.Waiting() < 1 {
		time.Sleep(time.Millisecond)
	}
	w := httptest.NewRecorder()
	start := time.Now()
	h.ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
	if w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") != "30" || time.Since(start) >= time.Minute { // which is how long a request would wait
		t.Errorf("a full queue: status %d, Retry-After %q after %v", w.Code, w.Header().Get("Retry-After"), time.Since(start))
	}
	close(release)
	done.Wait()
	if a, b := <-codes, <-codes; a != 200 || b != 200 {
		t.Errorf("at work %d, waiting %d; want 200", a, b)
	}
	if queue.Refused() != 1 || queue.Waiting() != 0 {
		t.Errorf("refused %d, waiting %d", queue.Refused(), queue.Waiting())
	}
}

func TestQueueTimesOutAndMindsClientsThatLeave(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		queue := limit.NewQueue(1, 9, 2*time.Second)
		h := queue.Handler(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { time.Sleep(time.Minute) }))
		go h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil))
		synctest.Wait()
		for _, c := range []struct{ patience, want time.Duration }{{time.Hour, 2 * time.Second}, {time.Second, time.Second}} {
			ctx, cancel := context.WithTimeout(t.Context(), c.patience)
			start, w := time.Now(), httptest.NewRecorder()
			h.ServeHTTP(w, httptest.NewRequestWithContext(ctx, "GET", "/", nil))
			cancel()
			if w.Code != 503 || time.Since(start) != c.want {
				t.Errorf("patience %v: status %d after %v", c.patience, w.Code, time.Since(start))
			}
		}
		time.Sleep(time.Minute)
	})
}

func TestQueueRefusesAtOnceWhoseTurnComesTooLate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		queue := limit.NewQueue(1, 100, 5*time.Second)
		var refused atomic.Int64
		queue.OnRefuse = func() { refused.Add(1) }
		h := queue.Handler(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { time.Sleep(time.Second) }))
		var mu sync.Mutex
		served, late := 0, 0
		for range 600 { // ten arrive for each that can be served
			go func() {
				w, began := httptest.NewRecorder(), time.Now()
				h.ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
				mu.Lock()
				defer mu.Unlock()
				if w.Code == http.StatusOK {
					served++
				} else if time.Since(began) > 100*time.Millisecond {
					late++
				}
			}()
			time.Sleep(100 * time.Millisecond)
		}
		time.Sleep(10 * time.Second)
		synctest.Wait()
		if served < 58 || late > 60 || refused.Load() != int64(600-served) {
			t.Errorf("%d served, %d refused, %d of them late", served, refused.Load(), late)
		}
		// Once the queue is empty, a new burst finds it open.
		for range 3 {
			go h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil))
		}
		time.Sleep(5 * time.Second)
		synctest.Wait()
		if refused.Load() != int64(600-served) {
			t.Errorf("%d refused after the rush", refused.Load()-int64(600-served))
		}
	})
}

func TestQueueGivesPlacesBackAfterPanics(t *testing.T) {
	t.Parallel()
	h := limit.NewQueue(1, 0, 0).Handler(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }))
	for range 3 {
		func() {
			defer func() {
				if recover() != http.ErrAbortHandler {
					t.Error("the panic did not pass")
				}
			}()
			h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil))
		}()
	}
}

// patience is how long a test waits for something that an idle machine does at once. It is only reached on failure.
const patience = 3 * time.Minute

type lockedBuffer struct {
	mu sync.Mutex
	bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.String()
}

func serve(t *testing.T, timeout time.Duration, h http.HandlerFunc) (*httptest.Server, *lockedBuffer) {
	t.Helper()
	return serveWith(t, &limit.Deadline{Timeout: timeout}, h)
}

func serveWith(t *testing.T, d *limit.Deadline, h http.HandlerFunc) (*httptest.Server, *lockedBuffer) {
	t.Helper()
	log := &lockedBuffer{}
	d.Logger = slog.New(slog.NewTextHandler(log, nil))
	s := httptest.NewServer(d.Handler(h))
	t.Cleanup(s.Close)
	return s, log
}

// stubbornHandler has a name that the test finds in stacks.
func stubbornHandler(release chan struct{}) { <-release }

func TestDeadlineAnswersForAHandlerThatIgnoresIt(t *testing.T) {
	t.Parallel()
	release, late := make(chan struct{}), make(chan error, 1)
	s, log := serve(t, 100*time.Millisecond, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Mine", "1")
		stubbornHandler(release)
		w.Header().Set("X-Late", "1")
		_, err := io.WriteString(w, "late")
		late <- err
	})
	response, err := http.Get(s.URL + "/stubborn")
	if err != nil {
		t.Fatal(err)
	}
	body, _ := io.ReadAll(response.Body)
	response.Body.Close()
	if response.StatusCode != 503 || !response.Close || !strings.Contains(string(body), "too long") || response.Header.Get("X-Mine") != "" {
		t.Errorf("got %d, close %v, %q, %v", response.StatusCode, response.Close, body, response.Header)
	}
	close(release)
	if err := <-late; !errors.Is(err, http.ErrHandlerTimeout) {
		t.Errorf("a write after the answer: %v", err)
	}
	if text := log.String(); strings.Count(text, "path=/stubborn") != 1 || !strings.Contains(text, "stubbornHandler") || strings.Count(text, "\"goroutine ") != 1 {
		t.Errorf("the log does not have the one stack:\n%s", text)
	}
}

func TestDeadlineLetsHandlersThatMindItAnswer(t *testing.T) {
	t.Parallel()
	s, log := serveWith(t, &limit.Deadline{Timeout: 5 * time.Second, Slack: patience}, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Mine", "1")
		switch r.URL.Path {
		case "/silent":
			<-r.Context().Done()
		case "/own":
			<-r.Context().Done()
			w.WriteHeader(http.StatusGatewayTimeout)
		case "/empty":
		case "/early":
			w.WriteHeader(http.StatusEarlyHints)
			w.WriteHeader(http.StatusCreated)
			fmt.Fprint(w, "made")
		}
	})
	for path, want := range map[string]int{"/silent": 503, "/own": 504, "/empty": 200, "/early": 201} {
		response, err := http.Get(s.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != want || response.Header.Get("X-Mine") != "1" {
			t.Errorf("%s: status %d, header %v", path, response.StatusCode, response.Header)
		}
	}
	if log.String() != "" {
		t.Errorf("logged: %s", log)
	}
}

func TestDeadlineCutsAnswersThatStall(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	defer close(release)
	s, log := serve(t, 10*time.Second, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "10")
		for range 5 {
			fmt.Fprint(w, "x")
			_ = http.NewResponseController(w).Flush()
			if r.URL.Path == "/stall" {
				<-release
			}
			time.Sleep(2500 * time.Millisecond) // slow, but making progress
		}
		fmt.Fprint(w, "12345")
	})
	response, err := http.Get(s.URL + "/slow")
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(response.Body)
	response.Body.Close()
	if err != nil || len(body) != 10 {
		t.Errorf("a slow answer: %q, %v\n%s", body, err, log)
	}
	response, err = http.Get(s.URL + "/stall")
	if err != nil {
		t.Fatal(err)
	}
	_, err = io.ReadAll(response.Body)
	response.Body.Close()
	if err == nil || !strings.Contains(log.String(), "path=/stall") {
		t.Errorf("a stalled answer: error %v\n%s", err, log)
	}
}

func TestDeadlinePassesPanicsAndHijacking(t *testing.T) {
	t.Parallel()
	s, log := serve(t, 50*time.Millisecond, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/panic" {
			panic("oh no")
		}
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer conn.Close()
		time.Sleep(300 * time.Millisecond)
		fmt.Fprint(conn, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
	})
	if _, err := http.Get(s.URL + "/panic"); err == nil || !strings.Contains(log.String(), "oh no") {
		t.Errorf("a panic: %v\n%s", err, log)
	}
	response, err := http.Get(s.URL + "/hijack")
	if err != nil {
		t.Fatal(err)
	}
	body, _ := io.ReadAll(response.Body)
	response.Body.Close()
	if string(body) != "ok" {
		t.Errorf("hijacked: %q", body)
	}
}

func TestRetirement(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var asked atomic.Int64
		r := &limit.Retirement{Requests: 3, Jitter: 2, Retire: func(string) { asked.Add(1) }}
		r.Start()
		h := r.Handler(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		go r.Watch(ctx)
		for n := range 6 {
			h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil))
			synctest.Wait()
			if n < 2 && asked.Load() > 0 || n >= 4 && asked.Load() != 1 {
				t.Errorf("asked %d times after %d requests", asked.Load(), n+1)
			}
		}
		time.Sleep(5*time.Second + time.Millisecond)
		synctest.Wait()
		if asked.Load() != 2 {
			t.Errorf("asked %d times; want once more after five seconds", asked.Load())
		}
	})
}

func TestRetirementByMemory(t *testing.T) {
	t.Parallel()
	reasons := make(chan string, 9)
	r := &limit.Retirement{Memory: 1, Retire: func(reason string) { reasons <- reason }}
	r.Start()
	go r.Watch(t.Context())
	select {
	case reason := <-reasons:
		if !strings.Contains(reason, "MiB of memory") {
			t.Errorf("reason %q", reason)
		}
	case <-time.After(patience):
		t.Error("never asked")
	}
	if limit.Resident() < 1<<20 {
		t.Errorf("resident memory %d", limit.Resident())
	}
}
