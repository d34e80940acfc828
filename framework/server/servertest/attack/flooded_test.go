package attack_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/quintetgo/quintet/framework/server"
	"github.com/quintetgo/quintet/framework/server/servertest"
	"github.com/quintetgo/quintet/framework/server/strict"
)

// TestMain makes the test binary a server as well, so that its memory is measured separately from the attacker's.
func TestMain(m *testing.M) {
	if os.Getenv("QUINTET_TEST_FLOODED") != "" {
		if err := flooded(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// pages responds to POST with a short page and to everything else with one that exceeds every socket's buffer.
var pages = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodPost {
		_ = r.FormValue("id")
		return
	}
	_, _ = w.Write(page)
})

var page = bytes.Repeat([]byte("<p>Quintet</p>\n"), 1<<16)

// toll is the highest cost of an attack for the server.
type toll struct {
	Goroutines int   // at the same time
	Memory     int64 // bytes of objects and stacks, in addition to those before
	Left       int   // goroutines left after the clients disconnected, in addition to those before
	Panicked   bool
}

// flooded runs a server over cleartext and TLS. It prints its addresses on standard output, and its toll when
// standard input ends.
func flooded() error {
	dir, err := os.MkdirTemp("", "flooded")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	cert, key := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	if err := certify(cert, key); err != nil {
		return err
	}
	ctx, cancel := context.WithCancelCause(context.Background())
	defer cancel(nil)
	log := &panicLog{}
	var servers sync.WaitGroup
	var addresses []string
	for _, options := range []server.Options{{H2C: true}, {TLS: server.TLS{CertFile: cert, KeyFile: key}}} {
		ready, failed := make(chan string, 1), make(chan error, 1)
		options.Bind = []string{"127.0.0.1:0"}
		options.Strict = &strict.Options{}
		options.Log.Logger = slog.New(log)
		options.Ready = func(addrs []net.Addr) { ready <- addrs[0].String() }
		servers.Go(func() { failed <- server.Run(ctx, pages, options) })
		select {
		case address := <-ready:
			addresses = append(addresses, address)
		case err := <-failed:
			return err
		}
	}
	base, memory := runtime.NumGoroutine(), inUse()
	fmt.Println(strings.Join(addresses, "\n"))
	worst := watch(memory)
	for deadline := time.Now().Add(3 * time.Minute); time.Now().Before(deadline) && runtime.NumGoroutine() > base; {
		time.Sleep(10 * time.Millisecond)
	}
	worst.Left = runtime.NumGoroutine() - base
	cancel(server.ErrQuick)
	servers.Wait()
	worst.Panicked = log.panicked.Load()
	return json.NewEncoder(os.Stdout).Encode(worst)
}

// watch measures until standard input ends.
func watch(memory int64) (worst toll) {
	over := make(chan struct{})
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		close(over)
	}()
	for {
		select {
		case <-over:
			return worst
		case <-time.After(100 * time.Millisecond):
		}
		worst.Goroutines = max(worst.Goroutines, runtime.NumGoroutine())
		worst.Memory = max(worst.Memory, inUse()-memory)
	}
}

func inUse() int64 {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc + stats.StackInuse)
}

// panicLog only prints panics.
type panicLog struct {
	slog.Handler
	panicked atomic.Bool
}

func (*panicLog) Enabled(_ context.Context, level slog.Level) bool { return level >= slog.LevelWarn }

func (l *panicLog) Handle(_ context.Context, record slog.Record) error {
	if strings.Contains(record.Message, "panic") && l.panicked.CompareAndSwap(false, true) {
		fmt.Fprintln(os.Stderr, record.Message)
	}
	return nil
}

// certify writes a certificate without a name.
func certify(certFile, keyFile string) error {
	cert, key, err := servertest.NewCertificate(servertest.CertificateTemplate(), nil)
	return errors.Join(err, os.WriteFile(certFile, cert, 0o600), os.WriteFile(keyFile, key, 0o600))
}

// startFlooded runs the server in a separate process and returns how to connect to it: over cleartext and TLS. stop
// stops it.
func startFlooded(t *testing.T) (dials []servertest.Dial, stop func() toll) {
	t.Helper()
	command := exec.Command(os.Args[0])
	command.Env = append(os.Environ(), "QUINTET_TEST_FLOODED=1")
	command.Stderr = t.Output()
	stdin, err := command.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = command.Process.Kill()
		_ = command.Wait()
	})
	lines := bufio.NewScanner(stdout)
	for _, dial := range []func(string) servertest.Dial{servertest.Dialer, dialTLS} {
		if !lines.Scan() {
			t.Fatal("the server did not start")
		}
		dials = append(dials, dial(lines.Text()))
	}
	return dials, func() (worst toll) {
		_ = stdin.Close()
		if !lines.Scan() {
			t.Fatal("the server is gone")
		}
		if err := json.Unmarshal(lines.Bytes(), &worst); err != nil {
			t.Fatal(err)
		}
		return worst
	}
}

func dialTLS(address string) servertest.Dial {
	dialer := &tls.Dialer{Config: &tls.Config{InsecureSkipVerify: true, NextProtos: []string{"h2"}}}
	return func(ctx context.Context) (net.Conn, error) { return dialer.DialContext(ctx, "tcp", address) }
}
