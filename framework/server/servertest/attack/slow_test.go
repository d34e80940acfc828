package attack_test

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/quintetgo/quintet/framework/server/servertest"
	"github.com/quintetgo/quintet/framework/server/servertest/attack"
)

func TestSlowClients(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	page := bytes.Repeat([]byte("x"), 4<<20)
	server := &http.Server{
		ReadHeaderTimeout: 100 * time.Millisecond, ReadTimeout: 200 * time.Millisecond, WriteTimeout: 300 * time.Millisecond,
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			switch {
			case r.URL.Path == "/large":
				_, _ = w.Write(page)
			case r.Method == http.MethodPost:
				_, _ = io.Copy(io.Discard, r.Body)
			}
		}),
	}
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(func() { _ = server.Close() })
	dial := servertest.Dialer(listener.Addr().String())
	for name, c := range map[string]struct {
		slow attack.Slow
		ok   func(*attack.SlowReport) bool
	}{
		"head":             {attack.Slow{Kind: attack.SlowHead}, func(r *attack.SlowReport) bool { return r.Shed == 20 && r.Held == 0 }},
		"body":             {attack.Slow{Kind: attack.SlowBody}, func(r *attack.SlowReport) bool { return r.Shed == 20 && len(r.Lifetimes) == 20 }},
		"read":             {attack.Slow{Kind: attack.SlowRead, Path: "/large", Duration: 600 * time.Millisecond}, func(r *attack.SlowReport) bool { return r.Shed+r.Held == 20 && r.Completed == 0 }},
		"read all":         {attack.Slow{Kind: attack.SlowRead, Path: "/small"}, func(r *attack.SlowReport) bool { return r.Completed == 20 }},
		"until it is over": {attack.Slow{Kind: attack.SlowHead, Duration: 50 * time.Millisecond}, func(r *attack.SlowReport) bool { return r.Shed == 0 }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			slow := c.slow
			slow.Dial, slow.Connections, slow.Interval = dial, 20, 20*time.Millisecond
			if slow.Duration == 0 {
				slow.Duration = 3 * time.Second
			}
			report, err := slow.Run(t.Context())
			if err != nil || !c.ok(report) || report.Opened+report.Refused != 20 {
				t.Errorf("%v, %v", report, err)
			}
		})
	}
	for want, slow := range map[string]attack.Slow{"Dial is missing": {}, "unknown kind": {Dial: dial, Kind: 9}} {
		if _, err := slow.Run(t.Context()); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q in it", err, want)
		}
	}
}
