package limit_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/quintetgo/quintet/framework/server/limit"
)

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
