package deploy_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/quintetgo/quintet/framework"
	"github.com/quintetgo/quintet/framework/command"
	"github.com/quintetgo/quintet/framework/deploy"
	"github.com/quintetgo/quintet/framework/server"
	"github.com/quintetgo/quintet/framework/server/servertest"
	"github.com/quintetgo/quintet/framework/web"
)

// setting is one way for a web server to connect to the site.
type setting struct {
	server string // nginx or apache
	unix   bool
	fcgi   bool
	tls    bool
}

func (s setting) String() string {
	return fmt.Sprintf("%s unix=%v fcgi=%v tls=%v", s.server, s.unix, s.fcgi, s.tls)
}

// place is a site behind a running web server.
type place struct {
	setting
	dir   string
	ip    string // unique, so that ports of other tests do not conflict
	front string // address of the web server
}

// body is the limit of uploads in these tests.
const body = 100 << 10

// long returns a file worth compressing.
func long() []byte { return []byte(strings.Repeat("p { color: red }\n", 200)) }

func start(t *testing.T, s setting, number int) *place {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("only Linux has many loopback addresses")
	}
	if err := (servertest.WebServer{Name: s.server}).Missing(); err != nil {
		t.Skip(err)
	}
	dir, err := os.MkdirTemp("", "q") // t.TempDir is too long for sockets
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	p := &place{setting: s, dir: dir, ip: fmt.Sprintf("127.0.1.%d", number+1)}
	site := deploy.Site{Name: "shop", Hosts: []string{"shop.example", ".shop.example"}, Dir: dir, MaxBody: body, FastCGI: s.fcgi}
	site.Addr = serveSite(t, p)
	if s.tls {
		site.TLSCert, site.TLSKey = certificate(t, dir)
	}
	files, err := deploy.Render(s.server, site)
	if err != nil {
		t.Fatal(err)
	}
	p.front = p.ip + ":" + freePort(t, p.ip)
	front := servertest.WebServer{Name: s.server, Dir: dir, Site: string(files[0].Content), Listen: p.front}
	if s.tls {
		front.Listen, front.ListenTLS = p.ip+":"+freePort(t, p.ip), p.front
	}
	running, err := front.Start(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = running.Stop(5 * time.Second)
		if t.Failed() {
			log, _ := os.ReadFile(filepath.Join(dir, "error.log"))
			t.Logf("%s%s", running.Output(), log)
		}
	})
	return p
}

// serveSite serves a project at the address in the web server's configuration, collects its static files, and returns
// the address.
func serveSite(t *testing.T, p *place) string {
	t.Helper()
	flaky := newFlaky()
	project := framework.New(framework.Settings{
		SecretKey: "0123456789012345678901234567890123456789012345678901", AllowedHosts: []string{"shop.example"},
		TrustedProxies: []string{"127.0.0.1", "unix"}, MaxBody: -1, StaticRoot: filepath.Join(p.dir, "staticfiles"),
		Logger: slog.New(slog.DiscardHandler),
		Assets: fstest.MapFS{"static/a.css": {Data: long()}, "static/b.mjs": {Data: []byte("0")}, "static/c.xyz": {Data: []byte("?")}},
		Routes: func(r *web.Router) {
			r.Get("/", who)
			r.Get("/long", func(w http.ResponseWriter, _ *http.Request) error { return web.Text(w, string(long())) })
			r.Get("/path/*", func(w http.ResponseWriter, r *http.Request) error { return web.Text(w, r.URL.RequestURI()) })
		},
	})
	if code := project.Run(t.Context(), []string{"collectstatic"}, command.Call{Out: io.Discard, Err: io.Discard}); code != 0 {
		t.Fatal("collectstatic failed")
	}
	mux := http.NewServeMux()
	mux.Handle("/", project)
	mux.HandleFunc("/upload", func(w http.ResponseWriter, r *http.Request) {
		n, _ := io.Copy(io.Discard, r.Body)
		fmt.Fprint(w, n)
	})
	mux.HandleFunc("/upgrade", upgrade)
	mux.HandleFunc("/headers", func(w http.ResponseWriter, r *http.Request) { fmt.Fprintf(w, "%q", r.Header) })
	mux.Handle("/flaky/", flaky)
	address := p.ip + ":" + freePort(t, p.ip)
	if p.unix {
		address = "unix:" + p.dir + "/site?mode=0666"
	}
	options := server.Options{Bind: []string{address}, Log: server.Log{Logger: slog.New(slog.DiscardHandler)}, Timeouts: server.Timeouts{Grace: -1, Shutdown: time.Second}}
	if p.fcgi {
		options.Protocol = "fcgi"
	}
	ready, done := make(chan struct{}), make(chan error, 1)
	options.Ready = func([]net.Addr) { close(ready) }
	ctx, cancel := context.WithCancel(context.Background())
	go func() { done <- server.Run(ctx, mux, options) }()
	t.Cleanup(func() {
		cancel()
		select {
		case <-done: // requests may be cut off: the test checks the responses
		case <-time.After(5 * time.Minute):
			t.Error("the site does not stop")
		}
	})
	select {
	case <-ready:
	case err := <-done:
		t.Fatal(err)
	}
	return address
}

// who responds with what the site knows of its visitor.
func who(w http.ResponseWriter, r *http.Request) error {
	return web.Text(w, fmt.Sprint(web.ClientIP(r), " ", web.IsSecure(r), " ", r.Host))
}

func freePort(t *testing.T, ip string) string {
	t.Helper()
	l, err := net.Listen("tcp", ip+":0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	return port
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
