package servertest_test

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/quintetgo/quintet/framework/server/servertest"
)

// throughProxy returns a connection through a proxy to a server that echoes what it receives.
func throughProxy(t *testing.T, network string) (net.Conn, *servertest.Proxy) {
	t.Helper()
	address := "127.0.0.1:0"
	if network == "unix" {
		address = t.TempDir() + "/echo"
	}
	listener, err := net.Listen(network, address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				_, _ = io.Copy(conn, conn)
				_ = conn.Close()
			}()
		}
	}()
	server, front := listener.Addr().String(), "127.0.0.1:0"
	if network == "unix" {
		server, front = "unix:"+server, "unix:"+t.TempDir()+"/proxy"
	}
	proxy, err := servertest.NewProxy(front, server)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := proxy.Close(); err != nil {
			t.Error(err)
		}
	})
	return connect(t, proxy), proxy
}

func connect(t *testing.T, proxy *servertest.Proxy) net.Conn {
	t.Helper()
	conn, err := servertest.Dialer(proxy.Addr())(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	_ = conn.SetDeadline(time.Now().Add(patience))
	return conn
}

// wantRefused expects a connection to fail: the reset arrives while it connects or afterwards.
func wantRefused(t *testing.T, proxy *servertest.Proxy) {
	t.Helper()
	conn, err := servertest.Dialer(proxy.Addr())(t.Context())
	if err != nil {
		return
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(patience))
	_, err = conn.Read(make([]byte, 1))
	if timeout, ok := errors.AsType[net.Error](err); err == nil || ok && timeout.Timeout() {
		t.Errorf("reading from a refused connection: %v", err)
	}
}

// echo sends text and returns how long it took to return.
func echo(t *testing.T, conn net.Conn, text string) time.Duration {
	t.Helper()
	began := time.Now()
	go func() { _, _ = io.WriteString(conn, text) }()
	got := make([]byte, len(text))
	if _, err := io.ReadFull(conn, got); err != nil || string(got) != text {
		t.Fatalf("got %.50q, %v; want %.50q", got, err, text)
	}
	return time.Since(began)
}

// nothingComes reports whether the connection stays silent for a while.
func nothingComes(conn net.Conn) bool {
	_ = conn.SetReadDeadline(time.Now().Add(100 * time.Millisecond))
	defer func() { _ = conn.SetReadDeadline(time.Now().Add(patience)) }()
	n, err := conn.Read(make([]byte, 1))
	timeout, ok := errors.AsType[net.Error](err)
	return n == 0 && ok && timeout.Timeout()
}

func TestProxyPassesAndSpoils(t *testing.T) {
	t.Parallel()
	for _, network := range []string{"tcp", "unix"} {
		t.Run(network, func(t *testing.T) {
			t.Parallel()
			conn, proxy := throughProxy(t, network)
			echo(t, conn, strings.Repeat("a healthy network ", 10_000))
			if n := proxy.Connections(); n != 1 {
				t.Errorf("%d connections, want 1", n)
			}

			proxy.Set(servertest.Fault{Delay: 60 * time.Millisecond})
			if took := echo(t, conn, "delayed"); took < 120*time.Millisecond {
				t.Errorf("delayed on both ways: %v", took)
			}
			proxy.Set(servertest.Fault{Delay: 60 * time.Millisecond, Way: servertest.ToClient})
			if took := echo(t, conn, "delayed"); took < 60*time.Millisecond {
				t.Errorf("delayed on one way: %v", took)
			}

			proxy.Set(servertest.Fault{Rate: 10_000, Way: servertest.ToServer})
			if took := echo(t, conn, strings.Repeat("x", 2000)); took < 180*time.Millisecond {
				t.Errorf("2,000 bytes at 10,000 a second: %v", took)
			}

			proxy.Set(servertest.Fault{Freeze: true})
			if _, err := io.WriteString(conn, "frozen"); err != nil || !nothingComes(conn) {
				t.Errorf("bytes passed a frozen network (%v)", err)
			}
			proxy.Set(servertest.Fault{})
			got := make([]byte, 6)
			if _, err := io.ReadFull(conn, got); err != nil || string(got) != "frozen" {
				t.Errorf("after the frost: %q, %v", got, err)
			}

			proxy.Set(servertest.Fault{Swallow: true})
			if _, err := io.WriteString(conn, "swallowed"); err != nil || !nothingComes(conn) {
				t.Errorf("bytes passed a half-open connection (%v)", err)
			}
			proxy.Set(servertest.Fault{})
			echo(t, conn, "healed")

			_ = conn.(interface{ CloseWrite() error }).CloseWrite()
			if rest, err := io.ReadAll(conn); err != nil || len(rest) > 0 {
				t.Errorf("the end of one way: %q, %v", rest, err)
			}
		})
	}
}

func TestProxyResetsAndRefuses(t *testing.T) {
	t.Parallel()
	conn, proxy := throughProxy(t, "tcp")
	echo(t, conn, "fine")
	proxy.Reset()
	if _, err := conn.Read(make([]byte, 1)); err == nil || errors.Is(err, io.EOF) {
		t.Errorf("after a reset: %v, want it to be noticed", err)
	}
	echo(t, connect(t, proxy), "a new one is fine")

	proxy.Set(servertest.Fault{Refuse: true})
	wantRefused(t, proxy)

	proxy.Set(servertest.Fault{Swallow: true})
	silent := connect(t, proxy)
	_ = silent.(*net.TCPConn).CloseWrite()
	if !nothingComes(silent) {
		t.Error("the end of a half-open connection was answered")
	}
}

func TestProxyTellsWhatIsWrong(t *testing.T) {
	t.Parallel()
	if _, err := servertest.NewProxy("127.0.0.1:99999", "127.0.0.1:1"); err == nil || !strings.Contains(err.Error(), "proxy: ") {
		t.Errorf("error %v", err)
	}
	proxy, err := servertest.NewProxy("127.0.0.1:0", "unix:"+t.TempDir()+"/nobody")
	if err != nil {
		t.Fatal(err)
	}
	wantRefused(t, proxy)
	for range 2 {
		if err := proxy.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestLoadThroughAFaultyNetworkLosesNoAcknowledgedRequest(t *testing.T) {
	t.Parallel()
	backend := &store{}
	proxy, err := servertest.NewProxy("127.0.0.1:0", serve(t, "unix", backend))
	if err != nil {
		t.Fatal(err)
	}
	defer proxy.Close()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer cancel()
		for round := range 5 {
			for deadline := time.Now().Add(patience); len(backend.all()) < 50*(round+1) && time.Now().Before(deadline); time.Sleep(time.Millisecond) {
			}
			proxy.Reset()
		}
	}()
	report, err := servertest.Load{Dial: servertest.Dialer(proxy.Addr()), Duration: patience}.Run(ctx)
	<-done
	if err != nil {
		t.Fatal(err)
	}
	stored := backend.all()
	if len(report.Acks) == 0 || len(report.Failures) == 0 || len(report.Lost(stored)) > 0 || len(report.Doubled(stored)) > 0 {
		t.Errorf("lost %v, doubled %v; %s", report.Lost(stored), report.Doubled(stored), report)
	}
}
