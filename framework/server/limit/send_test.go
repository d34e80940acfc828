package limit_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/quintetgo/quintet/framework/server/limit"
)

// sendServer serves h over HTTP/1 and cleartext HTTP/2 with a timeout for sending.
func sendServer(t *testing.T, network string, timeout time.Duration, h http.Handler) net.Addr {
	t.Helper()
	address := "127.0.0.1:0"
	if network == "unix" {
		dir, err := os.MkdirTemp("", "q")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = os.RemoveAll(dir) })
		address = filepath.Join(dir, "s")
	}
	listener, err := net.Listen(network, address)
	if err != nil {
		t.Fatal(err)
	}
	s := &http.Server{Handler: limit.SendStreams(h, timeout), WriteTimeout: timeout, Protocols: new(http.Protocols)}
	s.Protocols.SetHTTP1(true)
	s.Protocols.SetUnencryptedHTTP2(true)
	go func() { _ = s.Serve(limit.Listener(listener, nil, timeout)) }()
	t.Cleanup(func() { _ = s.Close() })
	return listener.Addr()
}

// large is more than the kernel buffers without a reader.
var large = bytes.Repeat([]byte("0123456789abcdef"), 1<<20)

func TestSendCutsOffWhoTakesNothing(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "large")
	if err := os.WriteFile(file, large, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, write := range map[string]func(w http.ResponseWriter, r *http.Request) error{
		"bytes": func(w http.ResponseWriter, _ *http.Request) error {
			_, err := w.Write(large)
			return err
		},
		"file": func(w http.ResponseWriter, _ *http.Request) error {
			f, err := os.Open(file)
			if err != nil {
				return err
			}
			defer f.Close()
			_, err = io.Copy(w, f)
			return err
		},
	} {
		for _, network := range []string{"tcp", "unix"} {
			t.Run(name+" over "+network, func(t *testing.T) {
				t.Parallel()
				ended := make(chan error, 1)
				addr := sendServer(t, network, 300*time.Millisecond, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { ended <- write(w, r) }))
				conn, err := net.Dial(addr.Network(), addr.String())
				if err != nil {
					t.Fatal(err)
				}
				defer conn.Close()
				fmt.Fprint(conn, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
				select {
				case err := <-ended:
					if err == nil {
						t.Error("all was sent to a client that reads nothing")
					}
				case <-time.After(patience):
					t.Fatal("the handler still waits")
				}
				if network == "tcp" { // it was reset, so that the kernel does not keep sending
					_ = conn.SetReadDeadline(time.Now().Add(patience))
					if _, err := io.Copy(io.Discard, conn); !errors.Is(err, syscall.ECONNRESET) {
						t.Errorf("what was sent ends with %v", err)
					}
				}
			})
		}
	}
}

func TestSendLetsSlowButHonestClientsHaveAll(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "large")
	if err := os.WriteFile(file, large, 0o600); err != nil {
		t.Fatal(err)
	}
	const timeout = 10 * time.Second
	addr := sendServer(t, "tcp", timeout, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/file":
			http.ServeFile(w, r, file)
		case "/part":
			f, err := os.Open(file)
			if err != nil {
				t.Error(err)
				return
			}
			defer f.Close()
			_, _ = io.CopyN(w, f, int64(len(large)/2))
			_, _ = io.Copy(w, f)
		default:
			_, _ = w.Write(large)
		}
	}))
	for _, path := range []string{"/file", "/part", "/bytes"} {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			response, err := http.Get("http://" + addr.String() + path)
			if err != nil {
				t.Fatal(err)
			}
			defer response.Body.Close()
			got, began := make([]byte, 0, len(large)), time.Now()
			for len(got) < len(large) { // longer than the timeout in total
				piece := got[len(got):min(len(got)+len(large)/64, len(large))]
				if _, err := io.ReadFull(response.Body, piece); err != nil {
					t.Fatalf("after %v: %v", time.Since(began), err)
				}
				got = got[:len(got)+len(piece)]
				time.Sleep(timeout / 40)
			}
			if !bytes.Equal(got, large) {
				t.Error("other bytes arrived")
			}
		})
	}
}

func TestSendHoldsToDeadlinesFromOutside(t *testing.T) {
	t.Parallel()
	ended := make(chan time.Duration, 1)
	addr := sendServer(t, "tcp", time.Minute, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		began := time.Now()
		_ = http.NewResponseController(w).SetWriteDeadline(began.Add(200 * time.Millisecond))
		_, _ = w.Write(large)
		ended <- time.Since(began)
	}))
	conn, err := net.Dial("tcp", addr.String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprint(conn, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
	if took := <-ended; took >= time.Minute {
		t.Errorf("the handler waited %v", took)
	}
}

// TestSendOverHTTP2 requests several responses over one connection and does not read some of them.
func TestSendOverHTTP2(t *testing.T) {
	t.Parallel()
	ended := make(chan error, 8)
	addr := sendServer(t, "tcp", 3*time.Second, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/large" {
			_, err := w.Write(large)
			ended <- err
			return
		}
		fmt.Fprint(w, "hello")
		_ = http.NewResponseController(w).Flush()
		for range 3 { // a handler that computes, or an event stream, is not affected
			time.Sleep(400 * time.Millisecond)
			fmt.Fprint(w, " again")
			_ = http.NewResponseController(w).Flush()
		}
	}))
	protocols := new(http.Protocols)
	protocols.SetUnencryptedHTTP2(true)
	client := &http.Client{Transport: &http.Transport{Protocols: protocols}, Timeout: patience}
	defer client.CloseIdleConnections()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	stuck, err := http.NewRequestWithContext(ctx, "GET", "http://"+addr.String()+"/large", nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := client.Do(stuck)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close() // and nothing is read
	for range 2 {
		other, err := client.Get("http://" + addr.String() + "/small")
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(other.Body)
		_ = other.Body.Close()
		if err != nil || string(body) != "hello again again again" {
			t.Errorf("beside a stuck answer: %q, %v", body, err)
		}
	}
	select {
	case err := <-ended:
		if err == nil {
			t.Error("all was sent to a client that reads nothing")
		}
	case <-time.After(patience):
		t.Error("the handler still waits")
	}
}

func TestDefaults(t *testing.T) {
	t.Parallel()
	if n := limit.DefaultConcurrency(); n < 256 || n > 65536 {
		t.Errorf("concurrency %d", n)
	}
	if n := limit.DefaultConnections(); n < 0 {
		t.Errorf("connections %d", n)
	}
}
