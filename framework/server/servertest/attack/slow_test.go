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
	page := bytes.Repeat([]byte("x"), 4<<20)
	serve := func(server *http.Server) servertest.Dial {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		server.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			switch {
			case r.URL.Path == "/large":
				_, _ = w.Write(page)
			case r.Method == http.MethodPost:
				_, _ = io.Copy(io.Discard, r.Body)
			}
		})
		go func() { _ = server.Serve(listener) }()
		t.Cleanup(func() { _ = server.Close() })
		return servertest.Dialer(listener.Addr().String())
	}
	dial := serve(&http.Server{ReadHeaderTimeout: 100 * time.Millisecond, ReadTimeout: 200 * time.Millisecond, WriteTimeout: 300 * time.Millisecond})
	patient := serve(&http.Server{})
	for name, c := range map[string]struct {
		slow attack.Slow
		ok   func(*attack.SlowReport) bool
	}{
		"head":             {attack.Slow{Kind: attack.SlowHead}, func(r *attack.SlowReport) bool { return r.Shed == 20 && r.Held == 0 }},
		"body":             {attack.Slow{Kind: attack.SlowBody}, func(r *attack.SlowReport) bool { return r.Shed == 20 && len(r.Lifetimes) == 20 }},
		"read":             {attack.Slow{Kind: attack.SlowRead, Path: "/large", Duration: 600 * time.Millisecond}, func(r *attack.SlowReport) bool { return r.Shed+r.Held == 20 && r.Completed == 0 }},
		"read all":         {attack.Slow{Kind: attack.SlowRead, Path: "/small", Dial: patient}, func(r *attack.SlowReport) bool { return r.Completed == 20 }},
		"until it is over": {attack.Slow{Kind: attack.SlowHead, Duration: 50 * time.Millisecond, Dial: patient}, func(r *attack.SlowReport) bool { return r.Shed == 0 }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			slow := c.slow
			slow.Connections, slow.Interval = 20, 20*time.Millisecond
			if slow.Dial == nil {
				slow.Dial = dial
			}
			if slow.Duration == 0 {
				slow.Duration = 3 * time.Minute // or until the server has ended all
			}
			report, err := slow.Run(t.Context())
			if err != nil || !c.ok(report) || report.Opened+report.Refused > 20 || c.slow.Duration == 0 && report.Opened != 20 {
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
