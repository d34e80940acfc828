package master_test

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// children returns the children of a process, including those that have ended and were not collected.
func children(t *testing.T, parent int) (list []int) {
	t.Helper()
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range stats {
		text, err := os.ReadFile(path)
		if err != nil {
			continue
		}
		fields := bytes.Fields(text[bytes.LastIndexByte(text, ')')+1:])
		if string(fields[1]) == strconv.Itoa(parent) {
			pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(path)))
			list = append(list, pid)
		}
	}
	return list
}

// run makes a worker run a script, and returns its output.
func (r *running) run(script string) (string, error) {
	return r.get("/run?sh=" + url.QueryEscape(script))
}

// orphan makes a worker leave processes, which end in another way than workers.
func (r *running) orphan(n int) error {
	out, err := r.run(fmt.Sprintf("for i in $(seq %d); do (sleep 0.3; exit 7) >/dev/null 2>&1 & done", n))
	if err == nil && out != "" {
		err = errors.New(out)
	}
	return err
}

func TestOrphansAreCollected(t *testing.T) {
	t.Parallel()
	for name, how := range map[string]func(*exec.Cmd){
		"process 1": namespace,
		"subreaper": func(cmd *exec.Cmd) { cmd.Env = append(cmd.Env, "QUINTET_TEST_SUBREAPER=1") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := launchWith(t, programDir(t, "ok"), 2, how)
			r.whole(t, 2, 1)
			r.matures(t)
			if err := r.orphan(100); err != nil {
				t.Fatal(err)
			}
			eventually(t, "orphans are collected", func() bool { return len(children(t, r.cmd.Process.Pid)) == 2 })
			if s := r.status(t); s.Restarts != 0 || len(s.PIDs()) != 2 {
				t.Errorf("the end of an orphan was taken for that of a worker: %d restarts", s.Restarts)
			}
			if err := r.orphan(50); err != nil {
				t.Fatal(err)
			}
			_, _ = r.get("/crash")
			eventually(t, "the worker is replaced", func() bool { return r.log.count("worker ready") == 3 })
			if !strings.Contains(r.log.String(), `how="exit status 7"`) || r.status(t).Restarts != 1 {
				t.Errorf("its end was not noticed: %d restarts", r.status(t).Restarts)
			}
			r.signal(t, syscall.SIGUSR2)
			r.whole(t, 2, 2)
			if err := r.orphan(10); err != nil {
				t.Fatal(err)
			}
			eventually(t, "orphans are collected after an upgrade", func() bool { return len(children(t, r.cmd.Process.Pid)) == 2 })
			r.signal(t, syscall.SIGTERM)
			if err := r.ends(t); err != nil {
				t.Errorf("exit: %v", err)
			}
		})
	}
}

// descriptors returns the open descriptors of a process, by kind.
func descriptors(t *testing.T, pid int) map[string]int {
	t.Helper()
	links, err := filepath.Glob(fmt.Sprintf("/proc/%d/fd/*", pid))
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[string]int{}
	for _, link := range links {
		target, err := os.Readlink(link)
		if err != nil {
			continue
		}
		kind, _, _ := strings.Cut(target, ":[")
		switch {
		case kind == "anon_inode", strings.HasPrefix(kind, "/sys/fs/cgroup/"), strings.HasPrefix(kind, "/proc/"): // of Go's runtime
		default:
			kinds[kind]++
		}
	}
	return kinds
}

func TestWorkersHaveWhatTheyNeedAndNoMore(t *testing.T) {
	t.Parallel()
	// A descriptor that the master inherits, such as a lock, and a variable for it only.
	extra, err := os.Open("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	defer extra.Close()
	r := launchWith(t, programDir(t, "ok"), 1, func(cmd *exec.Cmd) { cmd.ExtraFiles = []*os.File{extra} }, "NOTIFY_SOCKET=/nowhere", "WATCHDOG_USEC=1000000", "LISTEN_FDS=1")
	for generation := 1; generation < 4; generation++ {
		r.whole(t, 1, generation)
		// Standard input and output, standard error and two pipes to the master, two addresses.
		want := "map[/dev/null:2 pipe:3 socket:2]"
		if got := fmt.Sprint(descriptors(t, r.status(t).PIDs()[0])); got != want {
			t.Errorf("worker of generation %d has %s, want %s", generation, got, want)
		}
		seen, err := r.run("env | grep -E '^(QUINTET_[WM]|NOTIFY|WATCHDOG|LISTEN)'; ls /proc/self/fd; grep ^Sig[BI] /proc/self/status")
		if err != nil || !strings.Contains(seen, "SigBlk") {
			t.Fatalf("%s, %v", seen, err)
		}
		for _, line := range strings.Split(seen, "\n") {
			switch {
			case strings.Contains(line, "="):
				t.Errorf("a program that a worker starts sees %s", line)
			case strings.HasPrefix(line, "SigBlk:"), strings.HasPrefix(line, "SigIgn:"):
				if _, mask, _ := strings.Cut(line, ":"); strings.Trim(mask, "\t0") != "" {
					t.Errorf("a program that a worker starts has signals blocked or ignored: %s", line)
				}
			case line == "4": // 3 is the folder
				t.Errorf("a program that a worker starts has more than the standard descriptors open:\n%s", seen)
			}
		}
		r.signal(t, syscall.SIGUSR2)
	}
}

func TestReloadsLeaveNothingOpen(t *testing.T) {
	t.Parallel()
	r := launch(t, 1, "ok")
	r.whole(t, 1, 1)
	own, err := os.Readlink(filepath.Join(r.dir, "program"))
	if err != nil {
		t.Fatal(err)
	}
	r.signal(t, syscall.SIGUSR2)
	r.whole(t, 1, 2) // without descriptors of the test's own parents
	before := descriptors(t, r.cmd.Process.Pid)
	bad := func(path string) error { return os.WriteFile(path, []byte("no program"), 0o755) }
	for i := range 10 {
		r.program(t, bad)
		r.signal(t, []syscall.Signal{syscall.SIGHUP, syscall.SIGUSR2}[i%2])
		eventually(t, "it is given up", func() bool { return r.log.count("reload failed") == i+1 })
		r.program(t, func(path string) error { return os.Symlink(own, path) })
		r.signal(t, []syscall.Signal{syscall.SIGUSR2, syscall.SIGHUP}[i%2])
		r.whole(t, 1, 2*i+4)
	}
	eventually(t, fmt.Sprintf("the master has %v open, as before", before), func() bool {
		for kind, n := range descriptors(t, r.cmd.Process.Pid) {
			if n > before[kind] { // which may be the connection of a finished query
				return false
			}
		}
		return true
	})
}

func TestMachineThatSleptKeepsItsWorkers(t *testing.T) {
	t.Parallel()
	r := launch(t, 2, "ok", "QUINTET_TEST_HEARTBEAT=8s")
	r.whole(t, 2, 1)
	pids := r.status(t).PIDs()
	all := func(s syscall.Signal) {
		for _, pid := range pids {
			if err := syscall.Kill(pid, s); err != nil {
				t.Fatal(err)
			}
		}
	}
	r.signal(t, syscall.SIGSTOP)
	all(syscall.SIGSTOP)
	time.Sleep(9 * time.Second)
	r.signal(t, syscall.SIGCONT)
	time.Sleep(300 * time.Millisecond) // the workers wake up later
	all(syscall.SIGCONT)
	time.Sleep(1500 * time.Millisecond)
	if s := r.status(t); fmt.Sprint(s.PIDs()) != fmt.Sprint(pids) || s.Restarts != 0 {
		t.Errorf("workers %v became %v", pids, s.PIDs())
	}
	// A worker that hangs is still detected.
	if err := syscall.Kill(pids[0], syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	eventually(t, "it is replaced", func() bool {
		s := r.status(t)
		return s.Restarts == 1 && len(s.PIDs()) == 2
	})
}

func TestWatchdogWantsWorkers(t *testing.T) {
	t.Parallel()
	path := filepath.Join(folder(t), "n.sock")
	conn, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	// silence returns how long no keep-alive was sent, up to limit.
	silence := func(limit time.Duration) time.Duration {
		began := time.Now()
		buffer := make([]byte, 4096)
		_ = conn.SetReadDeadline(began.Add(limit))
		for {
			n, err := conn.Read(buffer)
			if err != nil || string(buffer[:n]) == "WATCHDOG=1" {
				return time.Since(began)
			}
		}
	}
	r := launch(t, 1, "ok", "NOTIFY_SOCKET="+path, "WATCHDOG_USEC=400000", "QUINTET_TEST_BOOT_TIMEOUT=10s")
	r.whole(t, 1, 1)
	r.mode(t, "panic")
	kill(t, r.status(t).PIDs()[0])
	began := time.Now()
	for silence(4*time.Second) < 4*time.Second {
		if time.Since(began) > patience {
			t.Fatal("it goes on saying that it lives, though nothing serves")
		}
	}
	if time.Since(began) < 8*time.Second { // of the ten that a start may take
		t.Error("it did not give a new worker the time to start")
	}
	r.mode(t, "ok")
	if silence(patience) >= patience {
		t.Error("it does not say any more that it lives")
	}
}

func TestBacklog(t *testing.T) {
	t.Parallel()
	r := launch(t, 1, "ok", "QUINTET_TEST_BACKLOG=7")
	r.serves(t)
	text, err := get(r.dial("metrics.sock"), "/metrics")
	if err != nil || !strings.Contains(text, `quintet_listen_queue_max{bind="127.0.0.1:`) || !strings.Contains(text, `"} 7`+"\n") {
		t.Errorf("the queue has not the length that was wanted (%v):\n%s", err, text)
	}
	r = launch(t, 1, "ok", "QUINTET_TEST_BACKLOG=100000000")
	r.serves(t)
	if !strings.Contains(r.log.String(), "raise net.core.somaxconn") {
		t.Error("the log does not say that the kernel allows less")
	}
}

// TestReplacementsAreOfTheBuildThatServes has a broken build at the program's path when workers die.
func TestReplacementsAreOfTheBuildThatServes(t *testing.T) {
	t.Parallel()
	r := launch(t, 2, "ok")
	r.whole(t, 2, 1)
	own, err := os.Readlink(filepath.Join(r.dir, "program"))
	if err != nil {
		t.Fatal(err)
	}
	bad := func(path string) error { return os.WriteFile(path, []byte("no program"), 0o755) }
	replaced := func(deaths int) {
		t.Helper()
		kill(t, r.status(t).PIDs()[0])
		eventually(t, "the dead worker is replaced", func() bool {
			s := r.status(t)
			return s.Restarts == deaths && len(s.PIDs()) == 2
		})
	}
	r.program(t, bad)
	replaced(1)
	r.signal(t, syscall.SIGHUP)
	eventually(t, "the bad build is found out", func() bool { return strings.Contains(r.status(t).Failure, "exec format error") })
	replaced(2)
	r.program(t, func(path string) error { return os.Symlink(own, path) })
	r.signal(t, syscall.SIGUSR2)
	r.whole(t, 2, 3) // the broken build used up a number
	r.program(t, bad)
	replaced(3)
}

func TestLinkToAReleaseIsFollowed(t *testing.T) {
	t.Parallel()
	r := launch(t, 1, "ok", "QUINTET_TEST_PROGRAM=")
	r.whole(t, 1, 1)
	own, err := os.Readlink(filepath.Join(r.dir, "program"))
	if err != nil {
		t.Fatal(err)
	}
	release := filepath.Join(r.dir, "release-2")
	if err := copyFile(own, release); err != nil {
		t.Fatal(err)
	}
	r.program(t, func(path string) error { return os.Symlink(release, path) })
	for i, s := range []syscall.Signal{syscall.SIGHUP, syscall.SIGUSR2} {
		r.signal(t, s)
		r.whole(t, 1, i+2)
		if got, err := os.Readlink(fmt.Sprintf("/proc/%d/exe", r.status(t).PIDs()[0])); err != nil || got != release {
			t.Errorf("after %v the worker runs %s, want %s (%v)", s, got, release, err)
		}
	}
	if got, err := os.Readlink(fmt.Sprintf("/proc/%d/exe", r.cmd.Process.Pid)); err != nil || got != release {
		t.Errorf("the master runs %s, want %s (%v)", got, release, err)
	}
}
