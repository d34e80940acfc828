package servertest_test

import (
	"context"
	"log/slog"
	"net"
	"os"
	"testing"
	"time"

	"github.com/quintetgo/quintet/framework/server"
	"github.com/quintetgo/quintet/framework/server/servertest"
	"github.com/quintetgo/quintet/framework/server/strict"
)

// TestServersThatTakeTurnsLoseNothing stops Quintet's server under load while another one already serves the same
// socket.
func TestServersThatTakeTurnsLoseNothing(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		network, address string
		http2            bool
		turns            int
	}{
		"TCP": {"tcp", "127.0.0.1:0", false, 3}, "unix socket": {"unix", t.TempDir() + "/s", false, 3}, "HTTP/2": {"tcp", "127.0.0.1:0", true, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			socket, err := net.Listen(c.network, c.address)
			if err != nil {
				t.Fatal(err)
			}
			defer socket.Close()
			backend := &store{}
			start := func() (stop func()) {
				file, err := socket.(interface{ File() (*os.File, error) }).File()
				if err != nil {
					t.Error(err)
					return func() {}
				}
				shared, err := net.FileListener(file)
				_ = file.Close()
				if err != nil {
					t.Error(err)
					return func() {}
				}
				ctx, cancel := context.WithCancel(context.Background())
				ready, done := make(chan struct{}), make(chan error, 1)
				go func() {
					done <- server.Run(ctx, backend, server.Options{
						Listeners: []net.Listener{shared}, Strict: &strict.Options{}, H2C: c.http2,
						Timeouts: server.Timeouts{Grace: time.Hour}, // or until all clients have left
						Log:      server.Log{Logger: slog.New(slog.DiscardHandler)},
						Ready:    func([]net.Addr) { close(ready) },
					})
				}()
				<-ready
				return func() {
					cancel()
					if err := <-done; err != nil {
						t.Error(err)
					}
				}
			}
			stop := start()
			turns := make(chan struct{})
			go func() {
				defer close(turns)
				for range c.turns {
					time.Sleep(50 * time.Millisecond)
					next := start()
					stop()
					stop = next
				}
			}()
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			go func() {
				<-turns
				for deadline := time.Now().Add(patience); len(backend.all()) < 200 && time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
				}
				cancel()
			}()
			report, err := servertest.Load{Dial: dialer(socket), HTTP2: c.http2, Duration: patience}.Run(ctx)
			<-turns
			stop()
			if err != nil {
				t.Fatal(err)
			}
			stored := backend.all()
			if len(report.Acks) < 100 || len(report.Failures) > 0 || len(report.Lost(stored)) > 0 || len(report.Doubled(stored)) > 0 || len(stored) != len(report.Acks) {
				t.Errorf("stored %d, lost %v, doubled %v; %s", len(stored), report.Lost(stored), report.Doubled(stored), report)
			}
		})
	}
}

// dialer connects to a listener.
func dialer(listener net.Listener) servertest.Dial {
	if listener.Addr().Network() == "unix" {
		return servertest.Dialer("unix:" + listener.Addr().String())
	}
	return servertest.Dialer(listener.Addr().String())
}
