//go:build linux

package servertest_test

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/quintetgo/quintet/framework/server/servertest"
)

// TestAsProgram makes the test binary a program for the tests below; otherwise it does nothing.
func TestAsProgram(t *testing.T) {
	switch kind, address, _ := strings.Cut(os.Getenv("QUINTET_TEST_PROGRAM"), " "); kind {
	case "":
		return
	case "ends":
		fmt.Println("no database")
		os.Exit(3)
	case "deaf":
		signal.Ignore(syscall.SIGTERM)
		fallthrough
	case "serves":
		ended := make(chan os.Signal, 1)
		signal.Notify(ended, syscall.SIGUSR1)
		child := exec.Command("sleep", "60")
		child.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
		if err := child.Start(); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		listener, err := net.Listen("tcp", address)
		if err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		go func() { _ = http.Serve(listener, http.NotFoundHandler()) }()
		<-ended
		fmt.Println("heard")
		os.Exit(0)
	}
}

func program(t *testing.T, kind string) servertest.Program {
	t.Helper()
	own, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	address := freeAddress(t)
	return servertest.Program{Path: own, Args: []string{"-test.run=^TestAsProgram$"}, Await: address, Env: []string{"QUINTET_TEST_PROGRAM=" + kind + " " + address}}
}

func TestProgram(t *testing.T) {
	t.Parallel()
	p := program(t, "serves")
	running, err := p.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	conn, err := servertest.Dialer(p.Await)(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	_ = conn.Close()
	if runtime.GOOS == "linux" {
		u := running.Usage()
		if u.Processes != 2 || u.Resident < 1<<20 || u.Files < 4 || u.Threads < 3 {
			t.Errorf("usage %+v", u)
		}
		if children := running.Children(); len(children) != 1 || slices.Contains(children, running.PID()) {
			t.Errorf("children %v of %d", children, running.PID())
		}
	}
	if err := running.Signal(syscall.SIGUSR1); err != nil {
		t.Fatal(err)
	}
	select {
	case <-running.Done():
	case <-time.After(patience):
		t.Fatal("it did not end")
	}
	if err := running.Stop(time.Second); err != nil || !strings.Contains(running.Output(), "heard") {
		t.Errorf("%v, printed %q", err, running.Output())
	}
}

func TestProgramThatDoesNotServe(t *testing.T) {
	t.Parallel()
	if _, err := program(t, "ends").Start(t.Context()); err == nil || !strings.Contains(err.Error(), "no database") || !strings.Contains(err.Error(), "exit status 3") {
		t.Errorf("error %v does not say what it printed", err)
	}
	p := program(t, "serves")
	p.Await, p.Timeout = "unix:"+t.TempDir()+"/none", 50*time.Millisecond
	if _, err := p.Start(t.Context()); err == nil || !strings.Contains(err.Error(), "not accept connections within 50ms") {
		t.Error(err)
	}
	if _, err := (servertest.Program{}).Start(t.Context()); err == nil || !strings.Contains(err.Error(), "Path is missing") {
		t.Error(err)
	}
	if _, err := (servertest.Program{Path: t.TempDir() + "/none"}).Start(t.Context()); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
}

func TestProgramThatDoesNotStopIsKilled(t *testing.T) {
	t.Parallel()
	running, err := program(t, "deaf").Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := running.Stop(100 * time.Millisecond); err == nil || !strings.Contains(err.Error(), "was killed") {
		t.Error(err)
	}
}
