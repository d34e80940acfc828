//go:build unix

package master_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/quintetgo/quintet/framework/server"
	"github.com/quintetgo/quintet/framework/server/health"
	"github.com/quintetgo/quintet/framework/server/master"
	"github.com/quintetgo/quintet/framework/server/metrics"
)

// TestMain makes the test binary the program under test as well: started by a test it is a master,
// and started by that master it is a worker.
func TestMain(m *testing.M) {
	if worker := master.FromMaster(); worker != nil {
		if err := work(worker); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	if dir := os.Getenv("QUINTET_TEST_MASTER"); dir != "" {
		count, _ := strconv.Atoi(os.Getenv("QUINTET_TEST_WORKERS"))
		ctx, stop := server.Signals(context.Background()) // as framework.Main does
		defer stop()
		err := master.Run(ctx, master.Config{
			Bind: []string{"unix:" + filepath.Join(dir, "http.sock"), os.Getenv("QUINTET_TEST_BIND")}, Workers: count,
			Program: filepath.Join(dir, "program"), Args: []string{"program"},
			BootTimeout: 2 * time.Second, HeartbeatTimeout: 3 * time.Second, GracefulTimeout: 5 * time.Second,
			PIDFile: filepath.Join(dir, "pid"), Control: filepath.Join(dir, "control.sock"),
			Logger: slog.New(slog.NewTextHandler(os.Stderr, nil)), LameDuck: duration("QUINTET_TEST_LAME_DUCK"), Metrics: "unix:" + filepath.Join(dir, "metrics.sock"),
			User: os.Getenv("QUINTET_TEST_USER"), Umask: umask(),
		})
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func duration(name string) time.Duration {
	d, _ := time.ParseDuration(os.Getenv(name))
	return d
}

func umask() os.FileMode {
	n, _ := strconv.ParseUint(os.Getenv("QUINTET_TEST_UMASK"), 8, 9)
	return os.FileMode(n)
}

// work is the worker program. The file "mode" says how it behaves when it starts.
func work(worker *master.Worker) error {
	dir := os.Getenv("QUINTET_TEST_MASTER")
	mode, _ := os.ReadFile(filepath.Join(dir, "mode"))
	switch string(mode) {
	case "panic":
		panic("bad build")
	case "fail":
		err := errors.New("SECRET_KEY is missing")
		_ = worker.Failed(err)
		return err
	case "never":
		time.Sleep(time.Hour)
	}
	ctx, stop := server.Signals(context.Background())
	defer stop()
	options := server.Options{Grace: 500 * time.Millisecond, Metrics: new(metrics.Metrics), Health: health.New(health.Options{}), AccessLog: os.Getenv("QUINTET_TEST_ACCESS_LOG")}
	options.MaxRequests, _ = strconv.Atoi(os.Getenv("QUINTET_TEST_MAX_REQUESTS"))
	return worker.Serve(ctx, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		if r.URL.Path == "/slow" {
			time.Sleep(time.Second)
		}
		if r.URL.Path == "/uid" {
			fmt.Fprint(w, os.Getuid())
			return
		}
		fmt.Fprintf(w, "%d %s", os.Getpid(), mode)
	}), options)
}

// running is a master in a process of its own.
type running struct {
	dir  string
	cmd  *exec.Cmd
	log  *logged
	done chan error
}

type logged struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func launch(t *testing.T, workers int, mode string, env ...string) *running {
	t.Helper()
	dir, err := os.MkdirTemp("", "master") // t.TempDir's names are too long for sockets
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	own, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	link := os.Symlink
	if slices.Contains(env, "QUINTET_TEST_USER=nobody") { // who may not enter the directory of the test binary
		link = copyFile
		if err := os.Chmod(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := link(own, filepath.Join(dir, "program")); err != nil {
		t.Fatal(err)
	}
	r := &running{dir: dir, log: &logged{}, done: make(chan error, 1)}
	r.mode(t, mode)
	r.cmd = exec.Command(filepath.Join(dir, "program"))
	r.cmd.Env = append(os.Environ(), "QUINTET_TEST_MASTER="+dir, "QUINTET_TEST_WORKERS="+strconv.Itoa(workers), "QUINTET_TEST_BIND="+freeAddress(t))
	r.cmd.Env = append(r.cmd.Env, env...)
	r.cmd.Stderr = r.log
	if err := r.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { r.done <- r.cmd.Wait() }()
	t.Cleanup(func() {
		_ = r.cmd.Process.Signal(syscall.SIGINT)
		select {
		case <-r.done:
		case <-time.After(6 * time.Second):
			_ = r.cmd.Process.Kill()
			t.Error("the master did not stop")
		}
		if t.Failed() {
			t.Logf("log of the master:\n%s", r.log)
		}
	})
	return r
}

func copyFile(from, to string) error {
	data, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, data, 0o755)
}

func freeAddress(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

func (r *running) mode(t *testing.T, mode string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(r.dir, "mode"), []byte(mode), 0o644); err != nil {
		t.Fatal(err)
	}
}

func (r *running) signal(t *testing.T, s syscall.Signal) {
	t.Helper()
	if err := r.cmd.Process.Signal(s); err != nil {
		t.Fatal(err)
	}
}

func (r *running) client() *http.Client { return r.dial("http.sock") }

func (r *running) dial(socket string) *http.Client {
	return &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 4, DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "unix", filepath.Join(r.dir, socket))
	}}}
}

func get(client *http.Client, path string) (string, error) {
	response, err := client.Get("http://master" + path)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	return string(body), err
}

func (r *running) status(t *testing.T) master.Status {
	t.Helper()
	status, err := master.Control(t.Context(), filepath.Join(r.dir, "control.sock"), "status")
	if err != nil {
		t.Fatal(err)
	}
	return status
}

// eventually waits until fn holds.
func eventually(t *testing.T, what string, limit time.Duration, fn func() bool) {
	t.Helper()
	for deadline := time.Now().Add(limit); !fn(); {
		if time.Now().After(deadline) {
			t.Fatalf("not within %v: %s", limit, what)
		}
		time.Sleep(10 * time.Millisecond)
	}
}

func (r *running) serves(t *testing.T) {
	t.Helper()
	eventually(t, "the server answers", 10*time.Second, func() bool {
		_, err := get(r.client(), "/")
		return err == nil
	})
}

// load posts without pause from clients that keep their connection and clients that do not, until
// stopped, and reports how many requests were answered and how many failed.
func (r *running) load(t *testing.T) (stop func() (answered, failed int64)) {
	t.Helper()
	var done, answered, failed atomic.Int64
	var clients sync.WaitGroup
	for i := range 6 {
		clients.Go(func() {
			client := r.client()
			client.Transport.(*http.Transport).DisableKeepAlives = i%3 == 0
			defer client.CloseIdleConnections()
			for done.Load() == 0 {
				response, err := client.Post("http://master/", "text/plain", strings.NewReader("x"))
				if err == nil {
					_, err = io.Copy(io.Discard, response.Body)
					_ = response.Body.Close()
				}
				if err != nil {
					failed.Add(1)
					t.Log(err)
					continue
				}
				answered.Add(1)
			}
		})
	}
	return func() (int64, int64) {
		done.Store(1)
		clients.Wait()
		return answered.Load(), failed.Load()
	}
}

func TestReloadUnderLoadLosesNothing(t *testing.T) {
	t.Parallel()
	for _, workers := range []int{1, 2} {
		t.Run(fmt.Sprintf("%d workers", workers), func(t *testing.T) {
			t.Parallel()
			r := launch(t, workers, "one")
			r.serves(t)
			stop := r.load(t)
			for i := range 4 {
				r.mode(t, "generation "+strconv.Itoa(i))
				r.signal(t, syscall.SIGHUP)
				eventually(t, "the reload is done", 10*time.Second, func() bool {
					s := r.status(t)
					return s.Generation == i+2 && !s.Reloading
				})
			}
			if answered, failed := stop(); failed != 0 || answered == 0 {
				t.Errorf("%d answered, %d failed", answered, failed)
			}
			eventually(t, "the newest build alone answers", 5*time.Second, func() bool { // an old worker may take one more
				body, err := get(r.client(), "/")
				return err == nil && strings.HasSuffix(body, "generation 3")
			})
		})
	}
}

func TestWorkersThatRetireLoseNothing(t *testing.T) {
	t.Parallel()
	r := launch(t, 2, "ok", "QUINTET_TEST_MAX_REQUESTS=150")
	r.serves(t)
	first := r.status(t).PIDs()
	stop := r.load(t)
	eventually(t, "workers retire one after the other", 20*time.Second, func() bool {
		return strings.Count(r.log.String(), "worker retires") >= 4
	})
	if answered, failed := stop(); failed != 0 || answered < 600 {
		t.Errorf("%d answered, %d failed", answered, failed)
	}
	eventually(t, "the first workers are gone and two serve", 10*time.Second, func() bool {
		s := r.status(t)
		return len(s.PIDs()) == 2 && len(s.Processes) == 2 && s.Restarts == 0 && !slices.Contains(s.PIDs(), first[0])
	})
}

func TestBadBuildsLeaveTheOldSetServing(t *testing.T) {
	t.Parallel()
	for mode, reason := range map[string]string{"panic": "exit status 2", "fail": "SECRET_KEY is missing", "never": "not ready within 2s"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			r := launch(t, 2, "good")
			r.serves(t)
			stop := r.load(t)
			r.mode(t, mode)
			r.signal(t, syscall.SIGHUP)
			eventually(t, "the reload is given up", 10*time.Second, func() bool { return strings.Contains(r.status(t).Failure, reason) })
			time.Sleep(300 * time.Millisecond)
			if answered, failed := stop(); failed != 0 || answered == 0 {
				t.Errorf("%d answered, %d failed", answered, failed)
			}
			r.mode(t, "better")
			r.signal(t, syscall.SIGHUP)
			eventually(t, "the next build serves", 10*time.Second, func() bool {
				body, err := get(r.client(), "/")
				return err == nil && strings.HasSuffix(body, "better")
			})
		})
	}
}

func TestUpgradeKeepsThePIDAndLosesNothing(t *testing.T) {
	t.Parallel()
	r := launch(t, 2, "old")
	r.serves(t)
	stop := r.load(t)
	for i := range 2 {
		r.mode(t, "new "+strconv.Itoa(i))
		r.signal(t, syscall.SIGUSR2)
		eventually(t, "the new program took over", 10*time.Second, func() bool {
			return strings.Count(r.log.String(), "the new master took over") == i+1
		})
		eventually(t, "its control socket answers", 5*time.Second, func() bool {
			status, err := master.Control(t.Context(), filepath.Join(r.dir, "control.sock"), "status")
			return err == nil && status.PID == r.cmd.Process.Pid && len(status.Processes) == 2
		})
	}
	if answered, failed := stop(); failed != 0 || answered == 0 {
		t.Errorf("%d answered, %d failed", answered, failed)
	}
	eventually(t, "the new program answers", 5*time.Second, func() bool {
		body, err := get(r.client(), "/")
		return err == nil && strings.HasSuffix(body, "new 1")
	})
}

func TestKilledWorkerIsReplaced(t *testing.T) {
	t.Parallel()
	r := launch(t, 2, "ok")
	r.serves(t)
	time.Sleep(2100 * time.Millisecond) // no longer young
	before := r.status(t).PIDs()
	if err := syscall.Kill(before[0], syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	eventually(t, "there are two workers again", time.Second, func() bool {
		pids := r.status(t).PIDs()
		return len(pids) == 2 && pids[0] != before[0] && pids[1] != before[0]
	})
	if r.status(t).Restarts != 1 {
		t.Errorf("restarts = %d, want 1", r.status(t).Restarts)
	}
}

func TestHungWorkerIsReplaced(t *testing.T) {
	t.Parallel()
	r := launch(t, 1, "ok")
	r.serves(t)
	hung := r.status(t).PIDs()[0]
	if err := syscall.Kill(hung, syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	eventually(t, "another worker serves", 10*time.Second, func() bool {
		pids := r.status(t).PIDs()
		return len(pids) == 1 && pids[0] != hung
	})
	if !strings.Contains(r.log.String(), "goroutine ") {
		t.Error("the goroutines of the hung worker were not dumped")
	}
}

func TestCrashLoopBacksOff(t *testing.T) {
	t.Parallel()
	r := launch(t, 1, "panic")
	time.Sleep(2500 * time.Millisecond)
	starts := strings.Count(r.log.String(), "panic: bad build")
	if starts < 2 || starts > 3 {
		t.Errorf("%d starts in 2.5 s, want 2 or 3", starts)
	}
	r.mode(t, "ok")
	r.serves(t)
}

func TestFirstWorkersThatCannotStartEndTheMaster(t *testing.T) {
	t.Parallel()
	r := launch(t, 2, "fail")
	select {
	case err := <-r.done:
		r.done <- err
		if err == nil || !strings.Contains(r.log.String(), "SECRET_KEY is missing") {
			t.Errorf("ended with %v; want a failure that says why", err)
		}
	case <-time.After(10 * time.Second):
		t.Error("the master goes on")
	}
}

func TestWorkersEndWithTheMaster(t *testing.T) {
	t.Parallel()
	r := launch(t, 2, "ok")
	r.serves(t)
	pids := r.status(t).PIDs()
	r.signal(t, syscall.SIGKILL)
	eventually(t, "the workers are gone", 2*time.Second, func() bool {
		for _, pid := range pids {
			if syscall.Kill(pid, 0) == nil && !zombie(pid) {
				return false
			}
		}
		return true
	})
	if _, err := get(r.client(), "/"); err == nil {
		t.Error("somebody still answers")
	}
}

// zombie reports whether a process has ended and only waits to be collected.
func zombie(pid int) bool {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return true
	}
	_, rest, _ := strings.Cut(string(stat), ") ")
	return strings.HasPrefix(rest, "Z")
}

func TestMoreAndFewerWorkers(t *testing.T) {
	t.Parallel()
	r := launch(t, 1, "ok")
	r.serves(t)
	r.signal(t, syscall.SIGTTIN)
	eventually(t, "there are two", 5*time.Second, func() bool { return len(r.status(t).PIDs()) == 2 })
	r.signal(t, syscall.SIGTTOU)
	eventually(t, "there is one", 5*time.Second, func() bool { return len(r.status(t).PIDs()) == 1 })
	r.signal(t, syscall.SIGTTOU)
	time.Sleep(200 * time.Millisecond)
	if len(r.status(t).PIDs()) != 1 {
		t.Error("the last worker was taken away")
	}
}

func TestStopIsGraceful(t *testing.T) {
	t.Parallel()
	r := launch(t, 2, "ok")
	r.serves(t)
	answer := make(chan error, 1)
	go func() {
		_, err := get(r.client(), "/slow")
		answer <- err
	}()
	time.Sleep(200 * time.Millisecond)
	if _, err := master.Control(t.Context(), filepath.Join(r.dir, "control.sock"), "stop"); err != nil {
		t.Fatal(err)
	}
	if err := <-answer; err != nil {
		t.Errorf("the request in flight failed: %v", err)
	}
	select {
	case err := <-r.done:
		r.done <- err
		if err != nil {
			t.Errorf("exit: %v", err)
		}
	case <-time.After(8 * time.Second):
		t.Error("the master goes on")
	}
	for _, name := range []string{"pid", "http.sock", "control.sock"} {
		if _, err := os.Lstat(filepath.Join(r.dir, name)); err == nil {
			t.Errorf("%s was left behind", name)
		}
	}
}

func TestSystemdHearsOfEveryStep(t *testing.T) {
	t.Parallel()
	dir, err := os.MkdirTemp("", "notify")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	path := filepath.Join(dir, "n.sock")
	conn, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	heard := make(chan string, 100)
	go func() {
		buffer := make([]byte, 4096)
		for {
			n, err := conn.Read(buffer)
			if err != nil {
				return
			}
			heard <- string(buffer[:n])
		}
	}()
	want := func(prefix string) {
		t.Helper()
		for deadline := time.After(10 * time.Second); ; {
			select {
			case got := <-heard:
				if strings.HasPrefix(got, prefix) {
					return
				}
				if got != "WATCHDOG=1" {
					t.Fatalf("heard %q, want %s", got, prefix)
				}
			case <-deadline:
				t.Fatalf("did not hear %s", prefix)
			}
		}
	}
	r := launch(t, 1, "ok", "NOTIFY_SOCKET="+path, "WATCHDOG_USEC=200000")
	want("READY=1")
	want("WATCHDOG=1")
	r.signal(t, syscall.SIGHUP)
	want("RELOADING=1\nMONOTONIC_USEC=")
	want("READY=1")
	r.signal(t, syscall.SIGTERM)
	want("STOPPING=1")
}

func TestControlSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	if _, err := master.Control(t.Context(), filepath.Join(t.TempDir(), "none.sock"), "status"); err == nil || !strings.Contains(err.Error(), "is it running") {
		t.Errorf("error %v does not say that nobody answers", err)
	}
	r := launch(t, 1, "ok")
	r.serves(t)
	if _, err := master.Control(t.Context(), filepath.Join(r.dir, "control.sock"), "dance"); err == nil || !strings.Contains(err.Error(), `unknown command "dance"`) {
		t.Errorf("error %v does not name the command", err)
	}
}
