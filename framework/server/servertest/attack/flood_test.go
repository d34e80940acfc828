package attack_test

import (
	"context"
	"io"
	"log/slog"
	"net"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/quintetgo/quintet/framework/server"
	"github.com/quintetgo/quintet/framework/server/servertest"
	"github.com/quintetgo/quintet/framework/server/servertest/attack"
	"github.com/quintetgo/quintet/framework/server/strict"
)

// TestFloodsCostTheServerLittle attacks over cleartext and TLS, while other clients are served.
func TestFloodsCostTheServerLittle(t *testing.T) {
	t.Parallel()
	for _, kind := range attack.FloodKinds() {
		t.Run(kind.String(), func(t *testing.T) {
			t.Parallel()
			attacker := attack.Flood{Kind: kind, Connections: 4, Frames: 50_000, Duration: 2 * time.Second}
			switch kind {
			case attack.ContinuationFlood:
				attacker.Duration = 3 * time.Minute // or until the server has ended it
			case attack.GoAwayFlood:
				attacker.Frames = 5000 // net/http logs each of them
			case attack.HeaderBomb, attack.FieldBomb:
				attacker.Connections, attacker.Frames = 2, 2000 // each of which may hold 100 heads of 64 KiB
			}
			dials, stop := startFlooded(t)
			var clients sync.WaitGroup
			for i, dial := range dials {
				flood := attacker
				flood.Dial = dial
				clients.Go(func() {
					report, err := flood.Run(t.Context())
					if err != nil {
						t.Error(err)
						return
					}
					t.Log([]string{"cleartext:", "TLS:"}[i], report)
					if report.Opened == 0 || kind == attack.ContinuationFlood && report.GoAways["PROTOCOL_ERROR"] < report.Opened {
						t.Error("want connections, and those of a head without an end sent away")
					}
				})
				clients.Go(func() {
					report, err := servertest.Load{
						Dial: dial, HTTP2: true, Clients: 2, Fresh: 1, Rate: 20, Requests: 30, Duration: 3 * time.Minute, Timeout: 3 * time.Minute,
					}.Run(t.Context())
					if err != nil || len(report.Acks) == 0 || len(report.Failures)+len(report.Shed) > 0 {
						t.Errorf("the other clients: %v, %s", err, report)
					}
				})
			}
			clients.Wait()
			worst := stop()
			t.Logf("%d goroutines, %.1f MB", worst.Goroutines, float64(worst.Memory)/1e6)
			if worst.Goroutines >= 1000 || worst.Memory >= 64<<20 || worst.Left > 0 || worst.Panicked {
				t.Errorf("cost %+v; want less than 1,000 goroutines and 64 MiB, and nothing left", worst)
			}
		})
	}
}

// pipes is a listener without a network, for the time of synctest.
type pipes struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func newPipes() *pipes { return &pipes{conns: make(chan net.Conn), closed: make(chan struct{})} }

func (p *pipes) Dial(ctx context.Context) (net.Conn, error) {
	client, server := net.Pipe()
	select {
	case p.conns <- server:
		return client, nil
	case <-p.closed:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case conn := <-p.conns:
		return conn, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error {
	p.once.Do(func() { close(p.closed) })
	return nil
}

func (p *pipes) Addr() net.Addr { return pipe{} }

type pipe struct{}

func (pipe) Network() string { return "pipe" }
func (pipe) String() string  { return "pipe" }

// TestFloodsEndInTime attacks for more than ten minutes of synctest time.
func TestFloodsEndInTime(t *testing.T) {
	t.Parallel()
	for _, kind := range attack.FloodKinds() {
		t.Run(kind.String(), func(t *testing.T) {
			t.Parallel()
			var options server.Options
			ended, frees := true, false
			switch kind {
			case attack.RapidReset, attack.ServerReset, attack.HeaderBomb:
				ended = false // once slow they hardly differ from a browser
			case attack.WindowStall, attack.WindowTrickle:
				ended, frees = false, true
			}
			synctest.Test(t, func(t *testing.T) {
				report := floodPipes(t, options, attack.Flood{Kind: kind, Frames: 200, Interval: 5 * time.Second, Duration: 630 * time.Second})
				switch {
				case report.Opened != 4 || report.Err != nil:
					t.Error("not opened:", report)
				case ended && (report.Ended != 4 || report.Held != 0 || report.Lifetimes.Percentile(100) > 5*time.Minute):
					t.Error("not ended in time:", report)
				case frees && report.Resets < 2*report.Opened*100:
					t.Error("held too many streams too long:", report)
				}
			})
		})
	}
}

// TestAHeadThatDoesNotEndIsFoundByPing keeps the pending response waiting forever.
func TestAHeadThatDoesNotEndIsFoundByPing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		report := floodPipes(t, server.Options{Timeouts: server.Timeouts{Send: -1}}, attack.Flood{Kind: attack.SlowContinuation, Interval: time.Second, Duration: time.Hour})
		if want := 75*time.Second + time.Minute; report.Ended != 4 || report.Lifetimes.Percentile(100) != want {
			t.Errorf("want all ended after %v: %s", want, report)
		}
		if report = floodPipes(t, server.Options{Timeouts: server.Timeouts{Send: -1}}, attack.Flood{Kind: attack.WindowStall, Duration: time.Hour}); report.Held != 4 {
			t.Errorf("a client that answers PING was ended: %s", report)
		}
	})
}

// floodPipes attacks a server with these options.
func floodPipes(t *testing.T, options server.Options, flood attack.Flood) *attack.FloodReport {
	t.Helper()
	listener := newPipes()
	options.Listeners, options.H2C, options.Strict = []net.Listener{listener}, true, &strict.Options{}
	options.Log.Logger = slog.New(slog.DiscardHandler)
	ctx, cancel := context.WithCancelCause(t.Context())
	done := make(chan error, 1)
	go func() { done <- server.Run(ctx, pages, options) }()
	flood.Dial = listener.Dial
	report, err := flood.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	cancel(server.ErrQuick)
	if err := <-done; err != nil {
		t.Error(err)
	}
	return report
}

// TestAnswersThatPileUpEndTheConnection floods over a connection that buffers nothing.
func TestAnswersThatPileUpEndTheConnection(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		report := floodPipes(t, server.Options{}, attack.Flood{Kind: attack.PingFlood, Frames: 20_000})
		if report.Ended != 4 || report.Lifetimes.Percentile(100) > time.Second {
			t.Error(report)
		}
	})
}

func TestFloodsThatAreWrong(t *testing.T) {
	t.Parallel()
	dial := servertest.Dialer("127.0.0.1:0")
	for want, flood := range map[string]attack.Flood{
		"Dial is missing": {},
		"unknown kind 99": {Dial: dial, Kind: 99},
	} {
		if _, err := flood.Run(t.Context()); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q in it", err, want)
		}
	}
	if got := attack.FloodKind(99).String(); got != "FloodKind(99)" {
		t.Error(got)
	}
}

func TestWhatIsNotHTTP2IsRefused(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]string{
		"HTTP/1":     "HTTP/1.1 505 HTTP Version Not Supported\r\nConnection: close\r\n\r\n",
		"nothing":    "",
		"PING first": "\x00\x00\x08\x06\x00\x00\x00\x00\x00........",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			report, err := attack.Flood{Connections: 2, Dial: func(context.Context) (net.Conn, error) {
				client, server := net.Pipe()
				go func() {
					_, _ = io.ReadFull(server, make([]byte, 33))
					_, _ = io.WriteString(server, answer)
					_ = server.Close()
				}()
				return client, nil
			}}.Run(t.Context())
			if err != nil || report.Refused != 2 || report.Err == nil || report.Opened+report.Ended+report.Held > 0 {
				t.Errorf("%v, %v", report, err)
			}
		})
	}
}
