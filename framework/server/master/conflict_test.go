//go:build unix

package master_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// settings returns those of a second master that shares one resource with the first.
func settings(t *testing.T, r *running, shared string) []string {
	t.Helper()
	dir := folder(t)
	env := []string{}
	for _, name := range []string{"SOCKET", "PID", "CONTROL", "METRICS"} {
		if name != shared {
			env = append(env, "QUINTET_TEST_"+name+"="+filepath.Join(dir, strings.ToLower(name)))
		}
	}
	if shared == "BIND" {
		for _, pair := range r.cmd.Env {
			if strings.HasPrefix(pair, "QUINTET_TEST_BIND=") {
				env = append(env, pair)
			}
		}
	}
	return append(env, "dir="+dir)
}

func TestSecondMasterLeavesTheFirstAlone(t *testing.T) {
	t.Parallel()
	first := launch(t, 1, "first", "QUINTET_TEST_BIND="+freeAddress(t))
	first.serves(t)
	files := map[string]os.FileInfo{}
	for _, name := range []string{"http.sock", "control.sock", "metrics.sock", "pid"} {
		info, err := os.Lstat(filepath.Join(first.dir, name))
		if err != nil {
			t.Fatal(err)
		}
		files[name] = info
	}
	for shared, want := range map[string]string{
		"BIND": "another program listens there", "SOCKET": "another program listens there", "CONTROL": "control socket: ",
		"METRICS": "metrics: ", "PID": fmt.Sprintf("is locked by a running server (process %d)", first.cmd.Process.Pid),
	} {
		t.Run(shared, func(t *testing.T) {
			env := settings(t, first, shared)
			second := launchIn(t, first.dir, 1, env...)
			if err := second.ends(t); err == nil || !strings.Contains(second.log.String(), want) {
				t.Errorf("ended with %v; want a failure that says %q", err, want)
			}
			for name, before := range files {
				if after, err := os.Lstat(filepath.Join(first.dir, name)); err != nil || !os.SameFile(before, after) {
					t.Errorf("%s is not the first one's any more (%v)", name, err)
				}
			}
			own := strings.TrimPrefix(env[len(env)-1], "dir=")
			if left, err := os.ReadDir(own); err != nil || len(left) > 0 {
				t.Errorf("it left %v behind (%v)", left, err)
			}
			if body, err := first.get("/"); err != nil || !strings.HasSuffix(body, "first") {
				t.Errorf("the first one answers %q, %v", body, err)
			}
			if got := first.status(t).PID; got != first.cmd.Process.Pid {
				t.Errorf("process %d has the control socket", got)
			}
			if pid := readPID(t, first.dir); pid != first.cmd.Process.Pid {
				t.Errorf("the pid file says %d", pid)
			}
		})
	}
}

func readPID(t *testing.T, dir string) int {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "pid"))
	if err != nil {
		t.Fatal(err)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	return pid
}

func TestKilledMasterIsNotInTheWay(t *testing.T) {
	t.Parallel()
	for _, mode := range []string{"ok", "never"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			address := "QUINTET_TEST_BIND=" + freeAddress(t)
			r := launch(t, 2, "ok", address)
			r.whole(t, 2, 1)
			pids := r.status(t).PIDs()
			if mode == "never" { // one is killed while it starts
				r.mode(t, mode)
				r.signal(t, syscall.SIGHUP)
				eventually(t, "a new worker starts", func() bool { return len(r.status(t).Processes) == 3 })
				pids = nil
				for _, p := range r.status(t).Processes {
					pids = append(pids, p.PID)
				}
			}
			r.signal(t, syscall.SIGKILL)
			r.mode(t, "next")
			eventually(t, "the workers are gone", func() bool {
				for _, pid := range pids {
					if alive(pid) {
						return false
					}
				}
				return true
			})
			next := launchIn(t, r.dir, 2, address)
			next.accepting(t, "next")
			if pid := readPID(t, next.dir); pid != next.cmd.Process.Pid || next.status(t).PID != pid {
				t.Errorf("the pid file says %d, the control socket %d", pid, next.status(t).PID)
			}
		})
	}
}

func TestMastersThatStartTogether(t *testing.T) {
	t.Parallel()
	first := launch(t, 1, "ok")
	first.whole(t, 1, 1)
	worker := first.status(t).PIDs()[0]
	first.signal(t, syscall.SIGKILL)
	_ = first.ends(t)
	eventually(t, "its worker is gone", func() bool { return !alive(worker) }) // its files are left behind
	var all []*running
	for range 4 {
		all = append(all, launchIn(t, first.dir, 1))
	}
	var winners []*running
	for _, r := range all {
		r := r
		eventually(t, "each one serves or gives up", func() bool {
			return len(r.done) > 0 || strings.Contains(r.log.String(), "worker ready")
		})
		if len(r.done) == 0 {
			winners = append(winners, r)
		} else if log := r.log.String(); !strings.Contains(log, "another program listens there") && !strings.Contains(log, "is locked by a running server") {
			t.Errorf("one ended without a word on why: %s", log)
		}
	}
	if len(winners) != 1 {
		t.Fatalf("%d masters serve, want 1", len(winners))
	}
	winners[0].serves(t)
	if s := winners[0].status(t); s.PID != winners[0].cmd.Process.Pid || readPID(t, first.dir) != s.PID {
		t.Errorf("process %d serves, %d has the control socket and %d the pid file", winners[0].cmd.Process.Pid, s.PID, readPID(t, first.dir))
	}
}

func TestPIDFileLeftBehind(t *testing.T) {
	t.Parallel()
	other := exec.Command("sleep", "600")
	if err := other.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = other.Process.Kill()
		_ = other.Wait()
	})
	dead := exec.Command("true")
	if err := dead.Run(); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"with the number of another program":          fmt.Sprint(other.Process.Pid),
		"with the number of a process that has ended": fmt.Sprintln(dead.Process.Pid),
		"with the number of init":                     "1\n",
		"with the number of the one who looks":        fmt.Sprintln(os.Getpid()),
		"with nothing in it":                          "",
		"with zeros, as a power cut leaves them":      strings.Repeat("\x00", 6),
		"with something else in it":                   "what?",
		"with a negative number":                      "-1",
		"with a number that is too large":             strings.Repeat("9", 40),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := folder(t)
			writeFile(t, filepath.Join(dir, "pid"), text)
			r := launch(t, 1, "ok", "QUINTET_TEST_PID="+filepath.Join(dir, "pid"))
			r.serves(t)
			if pid := readPID(t, dir); pid != r.cmd.Process.Pid {
				t.Errorf("the file names process %d, want %d", pid, r.cmd.Process.Pid)
			}
		})
	}
}

// The program that the master executes inherits the file's lock; its workers do not.
func TestPIDFileStaysLockedOverUpgrades(t *testing.T) {
	t.Parallel()
	r := launch(t, 1, "ok")
	r.whole(t, 1, 1)
	path := filepath.Join(r.dir, "pid")
	for generation := 2; generation < 4; generation++ {
		r.signal(t, syscall.SIGUSR2)
		r.whole(t, 1, generation)
		eventually(t, "the new master took over", func() bool { return r.log.count("the new master took over") == generation-1 })
		second := launch(t, 1, "ok", "QUINTET_TEST_PID="+path)
		if err := second.ends(t); err == nil || !strings.Contains(second.log.String(), "pid file "+path+" is locked by a running server") {
			t.Errorf("after upgrade %d a second master ended with %v", generation-1, err)
		}
		if pid := readPID(t, r.dir); pid != r.cmd.Process.Pid {
			t.Errorf("after upgrade %d the file names process %d, want %d", generation-1, pid, r.cmd.Process.Pid)
		}
	}
	r.signal(t, syscall.SIGTERM)
	if err := r.ends(t); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Lstat(path); !os.IsNotExist(err) {
		t.Errorf("after the stop the file is there (%v)", err)
	}
}
