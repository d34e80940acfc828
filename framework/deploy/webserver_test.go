package deploy_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"testing/fstest"
	"time"

	"github.com/quintetgo/quintet/framework"
	"github.com/quintetgo/quintet/framework/command"
	"github.com/quintetgo/quintet/framework/deploy"
	"github.com/quintetgo/quintet/framework/server"
	"github.com/quintetgo/quintet/framework/web"
)

const nginxMain = `daemon off;
worker_processes 1;
%[2]s
pid %[1]s/pid;
error_log %[1]s/error.log;
events { worker_connections 256; }
http {
	access_log off;
	client_body_temp_path %[1]s/body;
	proxy_temp_path %[1]s/proxy;
	fastcgi_temp_path %[1]s/fastcgi;
	uwsgi_temp_path %[1]s/uwsgi;
	scgi_temp_path %[1]s/scgi;
	include %[1]s/shop.conf;
}
`

const apacheMain = `ServerName localhost
User %[2]s
Group %[3]s
PidFile %[1]s/pid
ErrorLog %[1]s/error.log
Mutex file:%[1]s default
DefaultRuntimeDir %[1]s
Listen %[4]s
StartServers 1
TypesConfig /dev/null
`

// setting is one way for a web server to reach the site.
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
	ip    string // of its own, so that no other test's port is meant
	front string // address of the web server
}

// body is the limit of uploads in these tests.
const body = 100 << 10

// long is a file worth compressing.
func long() []byte { return []byte(strings.Repeat("p { color: red }\n", 200)) }

func start(t *testing.T, s setting, number int) *place {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("only Linux has many loopback addresses")
	}
	program := map[string]string{"nginx": "nginx", "apache": "apache2"}[s.server]
	if _, err := exec.LookPath(program); err != nil {
		t.Skipf("%s is not installed: %v", program, err)
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
	port := freePort(t, p.ip)
	p.front = p.ip + ":" + port
	text := string(files[0].Content)
	secure, plain := port, port
	if s.tls {
		plain = freePort(t, p.ip)
	}
	text = strings.NewReplacer(
		"listen 80;", "listen "+p.ip+":"+plain+";", "listen [::]:80;", "",
		"listen 443 ssl;", "listen "+p.ip+":"+secure+" ssl;", "listen [::]:443 ssl;", "",
		"<VirtualHost *:80>", "<VirtualHost *:"+plain+">", "<VirtualHost *:443>", "<VirtualHost *:"+secure+">",
	).Replace(text)
	write(t, filepath.Join(dir, "shop.conf"), text)
	p.run(t)
	return p
}

// run checks the configuration and starts the web server.
func (p *place) run(t *testing.T) {
	t.Helper()
	main := filepath.Join(p.dir, "main.conf")
	root := os.Geteuid() == 0
	if p.server == "nginx" {
		who := ""
		if root {
			who = "user root;" // the files of the test are nobody else's
		}
		write(t, main, fmt.Sprintf(nginxMain, p.dir, who))
		clean(t, exec.Command("nginx", "-t", "-p", p.dir, "-c", main), "test is successful")
		p.launch(t, exec.Command("nginx", "-p", p.dir, "-c", main))
		return
	}
	const modules = "/usr/lib/apache2/modules"
	if _, err := os.Stat(modules); err != nil {
		t.Skipf("Apache's modules are not in %s", modules)
	}
	name, group := "www-data", "www-data" // Apache serves nobody as root
	if who, err := user.Current(); err == nil && !root {
		name, group = "#"+who.Uid, "#"+who.Gid
	}
	text := fmt.Sprintf(apacheMain, p.dir, name, group, p.front)
	config, err := os.ReadFile(filepath.Join(p.dir, "shop.conf"))
	if err != nil {
		t.Fatal(err)
	}
	_, named, _ := strings.Cut(string(config), "a2enmod ")
	named, _, _ = strings.Cut(named, "\n")
	for module := range strings.FieldsSeq("mpm_event authz_core " + named) { // what any Apache has, and what the site asks for
		text += fmt.Sprintf("LoadModule %s_module %s/mod_%s.so\n", module, modules, module)
	}
	write(t, main, text+"AddType application/x-gzip .gz\nInclude "+p.dir+"/shop.conf\n") // the AddType is Debian's
	clean(t, exec.Command("apache2", "-t", "-d", p.dir, "-f", main), "Syntax OK")
	p.launch(t, exec.Command("apache2", "-d", p.dir, "-f", main, "-DFOREGROUND"))
}

// clean runs the check of a web server, which must say one thing and warn of nothing.
func clean(t *testing.T, check *exec.Cmd, want string) {
	t.Helper()
	out, err := check.CombinedOutput()
	if err != nil || !strings.Contains(string(out), want) || strings.Contains(string(out), "warn") || strings.Contains(string(out), "AH0") {
		t.Fatalf("%v: %v\n%s", check.Args, err, out)
	}
}

func (p *place) launch(t *testing.T, program *exec.Cmd) {
	t.Helper()
	output, err := os.Create(filepath.Join(p.dir, "output"))
	if err != nil {
		t.Fatal(err)
	}
	defer output.Close()
	program.Stdout, program.Stderr = output, output
	if err := program.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		kill := time.AfterFunc(5*time.Second, func() { _ = program.Process.Kill() })
		_ = program.Process.Signal(syscall.SIGTERM)
		_ = program.Wait()
		kill.Stop()
		if t.Failed() {
			log, _ := os.ReadFile(filepath.Join(p.dir, "error.log"))
			t.Logf("%s", log)
		}
	})
	for range 300 {
		if conn, err := net.Dial("tcp", p.front); err == nil {
			_ = conn.Close()
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	log, _ := os.ReadFile(filepath.Join(p.dir, "output"))
	t.Fatalf("nobody listens on %s:\n%s", p.front, log)
}

// serveSite serves a project where the web server looks for it, collects its static files, and returns
// the address.
func serveSite(t *testing.T, p *place) string {
	t.Helper()
	flaky := newFlaky()
	project := framework.New(framework.Settings{
		SecretKey: "0123456789012345678901234567890123456789012345678901", AllowedHosts: []string{"shop.example"},
		TrustedProxies: []string{"127.0.0.1", "unix"}, MaxBody: -1, StaticRoot: filepath.Join(p.dir, "staticfiles"),
		Logger: slog.New(slog.DiscardHandler),
		Static: fstest.MapFS{"a.css": {Data: long()}, "b.mjs": {Data: []byte("0")}, "c.xyz": {Data: []byte("?")}},
		Routes: func(r *web.Router) {
			r.Get("/", who)
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
	options := server.Options{Bind: []string{address}, Logger: slog.New(slog.DiscardHandler), Grace: -1, GracefulTimeout: time.Second}
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
		case <-done: // requests may be cut off: what they got is asked by the test
		case <-time.After(10 * time.Second):
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

// who answers with what the site knows of its visitor.
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
