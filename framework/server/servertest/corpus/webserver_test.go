package corpus_test

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/quintetgo/quintet/framework/server/servertest"
	"github.com/quintetgo/quintet/framework/server/servertest/corpus"
)

const nginxSite = `
client_body_timeout 2s;
lingering_time 1s;
lingering_timeout 500ms;
upstream app { server unix:%[1]s; keepalive 4; }
server {
	listen 80;
	location / {
		proxy_pass http://app;
		proxy_http_version 1.1;
		proxy_set_header Connection "";
		proxy_set_header Host $host;
		proxy_request_buffering off;
	}
}
`

const apacheSite = `# Modules: a2enmod proxy proxy_http
TimeOut 2
ProxyPass "/" "unix:%[1]s|http://localhost/"
`

// TestTheCorpusBehindWebServers sends the corpus through real web servers. They reject some requests themselves and
// repair others; every request that reaches the application must have its response reach the client that sent it.
func TestTheCorpusBehindWebServers(t *testing.T) {
	t.Parallel()
	for name, site := range map[string]string{"nginx": nginxSite, "apache": apacheSite} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			counter := corpus.NewCounter(nil)
			front := before(t, name, site, strings.TrimPrefix(serve(t, "unix", counter, checked), "unix:"))
			report, err := corpus.All().Run(t.Context(), servertest.Dialer(front), counter)
			if err != nil {
				t.Fatal(err)
			}
			// A slow machine may count a request late. Real mismatches occur each time.
			desynced := report.Desynced()
			for range 2 {
				var again corpus.Cases
				for _, result := range desynced {
					t.Log(result)
					again = append(again, result.Case)
				}
				if report, err := again.Run(t.Context(), servertest.Dialer(front), counter); err != nil {
					t.Fatal(err)
				} else {
					desynced = report.Desynced()
				}
			}
			if len(desynced) > 0 {
				t.Error(desynced)
			}
			passed := 0
			for _, result := range report {
				if result.Want.Pass > 0 && result.Want.Status == 0 && result.Got.Pass == result.Want.Pass {
					passed++
				}
			}
			if passed < 30 {
				t.Errorf("only %d of the good requests passed: is the web server in front of the backend?\n%s", passed, report)
			}
		})
	}
}

// before starts a web server in front of a backend and returns its address.
func before(t *testing.T, name, site, backend string) (front string) {
	t.Helper()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = free.Close()
	web := servertest.WebServer{Name: name, Site: fmt.Sprintf(site, backend), Listen: free.Addr().String()}
	if err := web.Missing(); err != nil {
		t.Skip(err)
	}
	dir, err := os.MkdirTemp("", "q")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	web.Dir = dir
	for path := backend; len(path) > len(os.TempDir()); path = filepath.Dir(path) { // Apache's workers do not run as root: make the socket accessible
		if err := os.Chmod(path, 0o777); err != nil {
			t.Fatal(err)
		}
	}
	running, err := web.Start(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = running.Stop(time.Minute) })
	return web.Listen
}
