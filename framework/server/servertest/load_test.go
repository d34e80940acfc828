package servertest_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/quintetgo/quintet/framework/server/servertest"
)

// patience is how long a test waits for something that an idle machine does at once. It is only reached on failure.
const patience = 3 * time.Minute

// store records the posted ids.
type store struct {
	mu  sync.Mutex
	ids []string
}

func (s *store) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.Method != http.MethodPost || r.Host != "localhost" || r.FormValue("id") == "" {
		http.Error(w, "want a POST with an id", http.StatusBadRequest)
		return
	}
	s.ids = append(s.ids, r.FormValue("id"))
}

func (s *store) all() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.ids)
}

// serve runs handler on a socket of the network until the test ends, and returns its address.
func serve(t testing.TB, network string, handler http.Handler) string {
	t.Helper()
	address := "127.0.0.1:0"
	if network == "unix" {
		address = filepath.Join(t.TempDir(), "s")
	}
	listener, err := net.Listen(network, address)
	if err != nil {
		t.Fatal(err)
	}
	address = listener.Addr().String()
	if network == "unix" {
		address = "unix:" + address
	}
	server := &http.Server{Handler: handler, Protocols: new(http.Protocols)}
	server.Protocols.SetHTTP1(true)
	server.Protocols.SetUnencryptedHTTP2(true)
	done := make(chan error, 1)
	go func() { done <- server.Serve(listener) }()
	t.Cleanup(func() {
		_ = server.Close()
		if err := <-done; !errors.Is(err, http.ErrServerClosed) {
			t.Errorf("Serve: %v", err)
		}
	})
	return address
}

func TestLoadSendsEveryRequestOnce(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		network string
		http2   bool
	}{
		"TCP": {"tcp", false}, "unix socket": {"unix", false}, "HTTP/2 over TCP": {"tcp", true}, "HTTP/2 over a unix socket": {"unix", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			backend := &store{}
			var opened, protocol atomic.Int64
			dial := servertest.Dialer(serve(t, c.network, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				protocol.Store(int64(r.ProtoMajor))
				backend.ServeHTTP(w, r)
			})))
			report, err := servertest.Load{
				Dial: func(ctx context.Context) (net.Conn, error) {
					opened.Add(1)
					return dial(ctx)
				},
				HTTP2: c.http2, Clients: 4, Fresh: 2, Requests: 300, Duration: patience,
			}.Run(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			stored := backend.all()
			if report.Sent != 300 || len(report.Acks) != 300 || len(stored) != 300 || len(report.Failures) != 0 || report.Statuses[200] != 300 {
				t.Errorf("stored %d; %s", len(stored), report)
			}
			if lost, doubled := report.Lost(stored), report.Doubled(stored); len(lost)+len(doubled) > 0 {
				t.Errorf("lost %v, doubled %v", lost, doubled)
			}
			if n := opened.Load(); n < 5 || n > 300 {
				t.Errorf("%d connections for kept and fresh clients", n)
			}
			if want := map[bool]int64{true: 2, false: 1}[c.http2]; protocol.Load() != want {
				t.Errorf("spoke HTTP/%d, want %d", protocol.Load(), want)
			}
			if !slices.IsSorted(report.Latencies) || report.Latencies.Percentile(50) <= 0 || report.Goodput() <= 0 {
				t.Errorf("latencies %s", report.Latencies)
			}
		})
	}
}

func TestLoadTellsLostAndDoubled(t *testing.T) {
	t.Parallel()
	report := servertest.Report{Acks: []string{"c", "a", "b"}}
	stored := []string{"a", "x", "x", "a", "x"}
	if got := fmt.Sprint(report.Lost(stored), report.Doubled(stored)); got != "[b c] [a x]" {
		t.Errorf("lost and doubled: %s", got)
	}
}

func TestLoadFailuresHaveTheirPhase(t *testing.T) {
	t.Parallel()
	cut := func(answer string) http.Handler { // sends answer and closes the connection
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			conn, _, err := http.NewResponseController(w).Hijack()
			if err != nil {
				t.Error(err)
				return
			}
			_, _ = io.WriteString(conn, answer)
			_ = conn.Close()
		})
	}
	for name, c := range map[string]struct {
		handler http.Handler
		load    servertest.Load
		want    servertest.Phase
	}{
		"no answer":       {cut(""), servertest.Load{}, servertest.PhaseWait},
		"half an answer":  {cut("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello"), servertest.Load{}, servertest.PhaseRead},
		"not HTTP":        {cut("hello\r\n\r\n"), servertest.Load{}, servertest.PhaseRead},
		"wrong status":    {http.NotFoundHandler(), servertest.Load{}, servertest.PhaseAnswer},
		"wrong status h2": {http.NotFoundHandler(), servertest.Load{HTTP2: true}, servertest.PhaseAnswer},
		"too late": {http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			<-r.Context().Done()
		}), servertest.Load{Timeout: 2 * time.Second}, servertest.PhaseWait},
		"too late h2": {
			http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }),
			servertest.Load{HTTP2: true, Timeout: 2 * time.Second},
			servertest.PhaseWait,
		},
		"no such request": {http.NotFoundHandler(), servertest.Load{Request: failingRequest()}, servertest.PhaseRequest},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			load := c.load
			load.Dial, load.Requests = servertest.Dialer(serve(t, "tcp", c.handler)), 6
			report, err := load.Run(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if got := report.FailedIn(); len(report.Acks) != 0 || got[c.want] != 6 {
				t.Errorf("failed in %v, want six in %s\n%s", got, c.want, report)
			}
		})
	}
	nowhere, err := servertest.Load{Dial: servertest.Dialer("unix:" + t.TempDir() + "/none"), Requests: 12}.Run(t.Context())
	if err != nil || nowhere.FailedIn()[servertest.PhaseDial] != 12 || !strings.Contains(nowhere.String(), "and 2 more failures") {
		t.Errorf("without a server: %v, %v", nowhere, err)
	}
}

// failingRequest returns one request and then errors.
func failingRequest() func(string) (*http.Request, error) {
	var made atomic.Int64
	return func(string) (*http.Request, error) {
		if made.Add(1) > 1 {
			return nil, errors.New("no more")
		}
		return http.NewRequest(http.MethodGet, "/", nil)
	}
}

func TestLoadUsesNoConnectionThatTheServerClosedWhileIdle(t *testing.T) {
	t.Parallel()
	var served, closed atomic.Int64
	address := serve(t, "tcp", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		served.Add(1)
		_, _ = io.Copy(io.Discard, r.Body)
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n") // as if it stayed open
		_ = conn.Close()
		closed.Add(1)
	}))
	request := func(id string) (*http.Request, error) {
		for closed.Load() < served.Load() { // the previous connection is about to be closed
			time.Sleep(time.Millisecond)
		}
		return http.NewRequest(http.MethodPost, "http://localhost/", strings.NewReader("id="+id))
	}
	report, err := servertest.Load{Dial: servertest.Dialer(address), Request: request, Clients: 2, Fresh: -1, Rate: 50, Requests: 20}.Run(t.Context())
	if err != nil || len(report.Failures) > 0 {
		t.Errorf("%v\n%v", report, err)
	}
}

func TestLoadWithARateDoesNotWaitForSlowAnswers(t *testing.T) {
	t.Parallel()
	var running atomic.Int64
	var once sync.Once
	full := make(chan struct{})
	address := serve(t, "tcp", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if running.Add(1) > 8 {
			once.Do(func() { close(full) })
			w.Header().Set("Retry-After", "1")
			w.WriteHeader(http.StatusServiceUnavailable)
		}
		<-full // the first eight wait for the ninth, which is scheduled meanwhile
		running.Add(-1)
	}))
	report, err := servertest.Load{Dial: servertest.Dialer(address), Clients: 60, Fresh: 4, Rate: 100, Duration: patience, Requests: 100}.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if report.Sent != 100 || len(report.Shed) == 0 || len(report.Acks) == 0 || len(report.Failures) > 0 {
		t.Error(report)
	}
	if text := report.String(); !strings.Contains(text, "status 503") || !strings.Contains(text, "503: p50") {
		t.Error(text)
	}
	// One client cannot keep up: what it sends late counts as slow.
	address = serve(t, "tcp", http.HandlerFunc(func(http.ResponseWriter, *http.Request) { time.Sleep(200 * time.Millisecond) }))
	report, err = servertest.Load{Dial: servertest.Dialer(address), Clients: 1, Fresh: -1, Rate: 100, Requests: 4}.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if longest := report.Latencies.Percentile(100); longest < 700*time.Millisecond || report.Late < 500*time.Millisecond {
		t.Errorf("the longest of four took %v, sent %v late", longest, report.Late)
	}
}

func TestLoadStopsWhenItShould(t *testing.T) {
	t.Parallel()
	address := serve(t, "tcp", &store{})
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	began := time.Now()
	report, err := servertest.Load{Dial: servertest.Dialer(address), Duration: time.Hour, Requests: 1 << 30, Rate: 20}.Run(ctx)
	if err != nil || time.Since(began) > patience || len(report.Failures) > 0 {
		t.Errorf("%v after %v: %v", err, time.Since(began), report)
	}
	for want, load := range map[string]servertest.Load{
		"Dial is missing":  {},
		"no clients":       {Dial: servertest.Dialer(address), Clients: -1, Fresh: -1},
		"but is -1":        {Dial: servertest.Dialer(address), Rate: -1},
		"create a request": {Dial: servertest.Dialer(address), Request: func(string) (*http.Request, error) { return nil, io.EOF }},
	} {
		if _, err := load.Run(t.Context()); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q in it", err, want)
		}
	}
}

func TestLoadReadsAnAnswerThatComesBeforeTheRequestIsSent(t *testing.T) {
	t.Parallel()
	address := serve(t, "tcp", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Connection", "close")
		w.WriteHeader(http.StatusRequestEntityTooLarge)
	}))
	large := bytes.Repeat([]byte("x"), 8<<20)
	report, err := servertest.Load{
		Dial: servertest.Dialer(address), Requests: 4, Timeout: patience,
		Request: func(string) (*http.Request, error) {
			return http.NewRequest(http.MethodPost, "http://localhost/", bytes.NewReader(large))
		},
	}.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if report.Statuses[http.StatusRequestEntityTooLarge]+report.FailedIn()[servertest.PhaseWrite] != 4 || report.Sent != 4 {
		t.Error(report) // the reset after the response may overtake it
	}
}

func TestPercentile(t *testing.T) {
	t.Parallel()
	var l servertest.Latencies
	if l.Percentile(50) != 0 || l.String() != "none" {
		t.Error("no latencies at all")
	}
	for i := range 100 {
		l = append(l, time.Duration(i+1)*time.Millisecond)
	}
	for percent, want := range map[float64]time.Duration{0: 1, 1: 1, 50: 50, 99: 99, 99.1: 100, 100: 100} {
		if got := l.Percentile(percent); got != want*time.Millisecond {
			t.Errorf("p%g = %v, want %d ms", percent, got, want)
		}
	}
	if got := l.String(); got != "p50 50ms, p90 90ms, p99 99ms, p99.9 100ms, p100 100ms" {
		t.Error(got)
	}
}
