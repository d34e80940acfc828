//go:build unix

package master_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/quintetgo/quintet/framework/server"
	"github.com/quintetgo/quintet/framework/server/health"
	"github.com/quintetgo/quintet/framework/server/master"
	"github.com/quintetgo/quintet/framework/server/metrics"
)

// work is the worker program. The first word of the file "mode" selects how it starts, and every response ends with
// the file's text.
func work(worker *master.Worker) error {
	dir := os.Getenv("QUINTET_TEST_MASTER")
	text, _ := os.ReadFile(filepath.Join(dir, "mode"))
	mode := string(text)
	word, _, _ := strings.Cut(mode, " ")
	_ = os.WriteFile(filepath.Join(dir, readBy(os.Getpid())), nil, 0o600) // not permitted for another user
	switch word {
	case "panic":
		panic("bad build")
	case "fail":
		err := errors.New("SECRET_KEY is missing")
		_ = worker.Failed(err)
		return err
	case "never":
		time.Sleep(time.Hour)
	case "slow":
		time.Sleep(700 * time.Millisecond)
	case "held":
		awaitRelease(dir)
	case "second": // all but the first fail
		file, err := os.OpenFile(filepath.Join(dir, "first"), os.O_CREATE|os.O_EXCL, 0o600)
		if err != nil {
			awaitRelease(dir) // while the first one serves
			panic("bad build")
		}
		_ = file.Close()
	case "garbage":
		babble()
	}
	ctx, stop := server.Signals(context.Background())
	defer stop()
	options := server.Options{Timeouts: server.Timeouts{Grace: 500 * time.Millisecond}, Probes: server.Probes{Metrics: new(metrics.Metrics), Health: health.New(health.Options{})}, Log: server.Log{Access: os.Getenv("QUINTET_TEST_ACCESS_LOG")}}
	options.Limits.Requests, _ = strconv.Atoi(os.Getenv("QUINTET_TEST_MAX_REQUESTS"))
	return worker.Serve(ctx, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		switch r.URL.Path {
		case "/slow":
			_ = os.WriteFile(filepath.Join(dir, "arrived"), nil, 0o600)
			awaitRelease(dir)
		case "/uid":
			fmt.Fprint(w, os.Getuid())
			return
		case "/crash":
			os.Exit(7)
		case "/run": // runs a program in the environment of a worker
			out, err := exec.Command("sh", "-c", r.URL.Query().Get("sh")).CombinedOutput()
			fmt.Fprint(w, string(out))
			if err != nil {
				fmt.Fprint(w, err)
			}
			return
		}
		fmt.Fprintf(w, "%d %s", os.Getpid(), mode)
	}), options)
}

// readBy returns the file that shows that a worker has read its mode.
func readBy(pid int) string { return "read-" + strconv.Itoa(pid) }

// awaitRelease waits until the test releases it.
func awaitRelease(dir string) {
	for {
		if _, err := os.Stat(filepath.Join(dir, "release")); err == nil {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// babble sends invalid messages to the master.
func babble() {
	const statusPipe = 3
	fd, err := syscall.Dup(statusPipe)
	if err != nil {
		panic(err)
	}
	file := os.NewFile(uintptr(fd), "status pipe")
	defer file.Close()
	for range 20 {
		_, _ = io.WriteString(file, strings.Repeat("x", 1<<20)) // a line of 20 MiB
	}
	for _, line := range []string{"", "", "\x00\xff\xfe", "metrics", "metrics {", "metrics {\"buckets\":[1],\"requests\":{\"x\":[1]}}", "metrics null", "metrics [1]", "dance", " ready", "failed", "retire"} {
		_, _ = io.WriteString(file, line+"\n")
	}
	for range 10000 {
		_, _ = io.WriteString(file, "dance\n")
	}
}
