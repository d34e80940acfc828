package servertest_test

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/quintetgo/quintet/framework/server/servertest"
)

const nginxConfig = `daemon off;
master_process off;
worker_processes 1;
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
	client_body_timeout 2s;
	lingering_time 1s;
	lingering_timeout 500ms;
	upstream app { server unix:%[2]s; keepalive 4; }
	server {
		listen unix:%[3]s;
		location / {
			proxy_pass http://app;
			proxy_http_version 1.1;
			proxy_set_header Connection "";
			proxy_set_header Host $host;
			proxy_request_buffering off;
		}
	}
}
`

const apacheConfig = `ServerName localhost
User %[4]s
Group %[5]s
PidFile %[1]s/pid
ErrorLog %[1]s/error.log
Mutex file:%[1]s default
DefaultRuntimeDir %[1]s
Listen 127.0.0.1:%[3]s
StartServers 1
LoadModule mpm_event_module %[6]s/mod_mpm_event.so
LoadModule authz_core_module %[6]s/mod_authz_core.so
LoadModule proxy_module %[6]s/mod_proxy.so
LoadModule proxy_http_module %[6]s/mod_proxy_http.so
TimeOut 2
ProxyPass "/" "unix:%[2]s|http://localhost/"
`

// TestTheCorpusBehindWebServers sends the corpus through real web servers. They refuse some requests
// themselves and repair others; what must hold is that no request reaches the application without
// its answer reaching the client that sent it.
func TestTheCorpusBehindWebServers(t *testing.T) {
	t.Parallel()
	for name, start := range map[string]func(t *testing.T, backend string) (front string){"nginx": nginx, "apache2": apache} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := exec.LookPath(name); err != nil {
				t.Skipf("%s is not installed: %v", name, err)
			}
			counter := servertest.NewCounter(nil)
			front := start(t, strings.TrimPrefix(serve(t, "unix", counter, checked), "unix:"))
			report, err := servertest.Requests().Run(t.Context(), servertest.Dialer(front), counter)
			if err != nil {
				t.Fatal(err)
			}
			// A slow machine may count a request late. What is out of step is so each time.
			desynced := report.Desynced()
			for range 2 {
				var again servertest.Corpus
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

func nginx(t *testing.T, backend string) string {
	dir := shortDir(t)
	socket := filepath.Join(dir, "front")
	config := filepath.Join(dir, "nginx.conf")
	write(t, config, fmt.Sprintf(nginxConfig, dir, backend, socket))
	run(t, dir, "nginx", "-p", dir, "-c", config)
	return await(t, dir, "unix:"+socket)
}

func apache(t *testing.T, backend string) string {
	modules := "/usr/lib/apache2/modules"
	if _, err := os.Stat(modules); err != nil {
		t.Skipf("Apache's modules are not in %s", modules)
	}
	dir := shortDir(t)
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(free.Addr().String())
	_ = free.Close()
	name, group := "www-data", "www-data" // Apache serves nobody as root
	if who, err := user.Current(); err == nil && who.Uid != "0" {
		name, group = "#"+who.Uid, "#"+who.Gid
	}
	for path := backend; len(path) > len(os.TempDir()); path = filepath.Dir(path) { // may others reach the socket?
		if err := os.Chmod(path, 0o777); err != nil {
			t.Fatal(err)
		}
	}
	config := filepath.Join(dir, "apache.conf")
	write(t, config, fmt.Sprintf(apacheConfig, dir, backend, port, name, group, modules))
	run(t, dir, "apache2", "-d", dir, "-f", config, "-DFOREGROUND")
	return await(t, dir, "127.0.0.1:"+port)
}

// shortDir is a directory whose sockets have short names.
func shortDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "q")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	return dir
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// run starts a program and stops it when the test ends.
func run(t *testing.T, dir, name string, args ...string) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("no unix sockets here")
	}
	output, err := os.Create(filepath.Join(dir, "output"))
	if err != nil {
		t.Fatal(err)
	}
	defer output.Close()
	ctx, cancel := context.WithCancel(context.Background())
	command := exec.CommandContext(ctx, name, args...)
	command.Cancel = func() error { return command.Process.Signal(os.Interrupt) }
	command.WaitDelay = 5 * time.Second
	command.Stdout, command.Stderr = output, output
	if err := command.Start(); err != nil {
		cancel()
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cancel()
		_ = command.Wait()
	})
}

// await returns the address once somebody listens there.
func await(t *testing.T, dir, address string) string {
	t.Helper()
	for range 300 {
		if conn, err := servertest.Dialer(address)(t.Context()); err == nil {
			_ = conn.Close()
			return address
		}
		time.Sleep(20 * time.Millisecond)
	}
	output, _ := os.ReadFile(filepath.Join(dir, "output"))
	log, _ := os.ReadFile(filepath.Join(dir, "error.log"))
	t.Fatalf("nobody listens on %s:\n%s%s", address, output, log)
	return ""
}
