//go:build unix

package master_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/quintetgo/quintet/framework/server"
	"github.com/quintetgo/quintet/framework/server/master"
)

// patience is how long a test waits for something that an idle machine does at once. It is only reached on failure.
const patience = 3 * time.Minute

// TestMain makes the test binary the tested program as well: started by a test it is a master, started by that master
// it is a worker.
func TestMain(m *testing.M) {
	if worker := master.FromMaster(); worker != nil {
		if err := work(worker); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	if dir := os.Getenv("QUINTET_TEST_MASTER"); dir != "" {
		ctx, stop := server.Signals(context.Background()) // as framework.Main does
		defer stop()
		if err := master.Run(ctx, testConfig(dir)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// testConfig returns the master's configuration from the environment of a test.
func testConfig(dir string) master.Config {
	number := func(name string, base int) int {
		n, _ := strconv.ParseInt(os.Getenv("QUINTET_TEST_"+name), base, 64)
		return int(n)
	}
	duration := func(name string, standard time.Duration) time.Duration {
		if d, err := time.ParseDuration(os.Getenv("QUINTET_TEST_" + name)); err == nil {
			return d
		}
		return standard
	}
	path := func(name, standard string) string {
		if text, ok := os.LookupEnv("QUINTET_TEST_" + name); ok {
			return text
		}
		return filepath.Join(dir, standard)
	}
	prepare()
	config := master.Config{
		Bind: []string{"unix:" + path("SOCKET", "http.sock"), os.Getenv("QUINTET_TEST_BIND")}, Workers: number("WORKERS", 10), Backlog: number("BACKLOG", 10),
		Program: path("PROGRAM", "program"), Args: []string{"program"},
		BootTimeout: duration("BOOT_TIMEOUT", patience), HeartbeatTimeout: duration("HEARTBEAT", patience), GracefulTimeout: patience,
		PIDFile: path("PID", "pid"), Control: path("CONTROL", "control.sock"), Metrics: "unix:" + path("METRICS", "metrics.sock"),
		Logger: slog.New(slog.NewTextHandler(os.Stderr, nil)), LameDuck: duration("LAME_DUCK", 0),
		User: os.Getenv("QUINTET_TEST_USER"), Umask: os.FileMode(number("UMASK", 8)),
	}
	return config
}

// running is a master in a separate process.
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

func (l *logged) count(text string) int { return strings.Count(l.String(), text) }

// launch starts a master in a new folder.
func launch(t *testing.T, workers int, mode string, env ...string) *running {
	t.Helper()
	return launchIn(t, programDir(t, mode, env...), workers, env...)
}

// programDir returns a folder with a program in the given mode.
func programDir(t *testing.T, mode string, env ...string) string {
	t.Helper()
	dir := folder(t)
	own, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	link := os.Symlink
	if slices.Contains(env, "QUINTET_TEST_USER=nobody") { // which may not enter the directory of the test binary
		link = copyFile
		if err := os.Chmod(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := link(own, filepath.Join(dir, "program")); err != nil {
		t.Fatal(err)
	}
	writeFile(t, filepath.Join(dir, "mode"), mode)
	return dir
}

// launchIn starts a master in a folder that contains a program.
func launchIn(t *testing.T, dir string, workers int, env ...string) *running {
	t.Helper()
	return launchWith(t, dir, workers, func(*exec.Cmd) {}, env...)
}

// launchWith starts a master with changes to its command.
func launchWith(t *testing.T, dir string, workers int, change func(*exec.Cmd), env ...string) *running {
	t.Helper()
	r := &running{dir: dir, log: &logged{}, done: make(chan error, 1)}
	r.cmd = exec.Command(filepath.Join(dir, "program"))
	r.cmd.Env = append(os.Environ(), "QUINTET_TEST_MASTER="+dir, "QUINTET_TEST_WORKERS="+strconv.Itoa(workers), "QUINTET_TEST_BIND=127.0.0.1:0")
	r.cmd.Env = append(append(r.cmd.Env, "GORACE=atexit_sleep_ms=0"), env...) // the race detector would wait a second
	r.cmd.Stderr = r.log
	change(r.cmd)
	if err := r.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { r.done <- r.cmd.Wait() }()
	t.Cleanup(func() {
		_ = r.cmd.Process.Signal(syscall.SIGINT)
		select {
		case <-r.done:
		case <-time.After(patience):
			_ = r.cmd.Process.Kill()
			t.Error("the master did not stop")
		}
		if t.Failed() {
			t.Logf("log of the master:\n%s", r.log)
		}
	})
	return r
}

// folder is like t.TempDir, whose names are too long for sockets.
func folder(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "master")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

func copyFile(from, to string) error {
	data, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, data, 0o755)
}

func writeFile(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
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
