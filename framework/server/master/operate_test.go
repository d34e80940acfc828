//go:build unix

package master_test

import (
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/quintetgo/quintet/framework/server/master"
)

func TestStopTurnsReadinessRedFirst(t *testing.T) {
	t.Parallel()
	r := launch(t, 2, "ok", "QUINTET_TEST_LAME_DUCK=1m")
	r.whole(t, 2, 1)
	if body, err := get(r.client(), "/readyz"); err != nil || body != "ok\n" {
		t.Fatalf("ready: %q, %v", body, err)
	}
	r.signal(t, syscall.SIGTERM)
	eventually(t, "readiness turns red", func() bool {
		body, err := get(r.client(), "/readyz")
		return err == nil && body == "draining\n"
	})
	if body, err := get(r.client(), "/"); err != nil || !strings.HasSuffix(body, "ok") {
		t.Errorf("while load balancers notice, new connections get %q, %v", body, err)
	}
	if len(r.done) > 0 {
		t.Error("the master did not wait for load balancers")
	}
	if err := r.endsByTERM(t); err != nil {
		t.Errorf("the master ended with %v", err)
	}
}

// endsByTERM sends another TERM, and more until workers drain: within a second it counts as the same request. A later
// one would end the master just before it ends by itself.
func (r *running) endsByTERM(t *testing.T) error {
	t.Helper()
	eventually(t, "the workers drain", func() bool {
		s, err := r.control(t, "status")
		if err != nil || slices.ContainsFunc(s.Processes, func(p master.WorkerStatus) bool { return p.Stage == "draining" }) {
			return true
		}
		_ = r.cmd.Process.Signal(syscall.SIGTERM)
		return false
	})
	return r.ends(t)
}

func TestSecondTermEndsTheLameDuck(t *testing.T) {
	t.Parallel()
	r := launch(t, 1, "ok", "QUINTET_TEST_LAME_DUCK=1m")
	r.whole(t, 1, 1)
	r.signal(t, syscall.SIGTERM)
	if err := r.endsByTERM(t); err != nil {
		t.Errorf("exit: %v", err)
	}
}

func TestMetricsOutliveWorkers(t *testing.T) {
	t.Parallel()
	r := launch(t, 2, "one")
	r.serves(t)
	for range 20 {
		if _, err := get(r.client(), "/"); err != nil {
			t.Fatal(err)
		}
	}
	has := func(want string) func() bool {
		return func() bool {
			text, err := get(r.dial("metrics.sock"), "/metrics")
			return err == nil && strings.Contains(text, "\n"+want+"\n")
		}
	}
	counted := has(`quintet_http_requests_total{route="",status="2xx"} 21`)
	eventually(t, "the requests are counted", counted)
	r.signal(t, syscall.SIGHUP)
	eventually(t, "the old workers are gone", func() bool {
		s := r.status(t)
		return s.Generation == 2 && len(s.Processes) == 2 && !s.Reloading
	})
	if !counted() || !has("quintet_reloads_total 1")() || !has("quintet_workers 2")() {
		text, err := get(r.dial("metrics.sock"), "/metrics")
		t.Errorf("after a reload (%v):\n%s", err, text)
	}
	r.signal(t, syscall.SIGUSR2)
	for r.log.count("the new master took over") == 0 || !has("quintet_reloads_total 2")() {
		// While the master executes another program a query may be cut off, but no response may lose counts.
		if text, err := get(r.dial("metrics.sock"), "/metrics"); err == nil && !strings.Contains(text, `{route="",status="2xx"} 21`+"\n") {
			t.Fatalf("during an upgrade:\n%s", text)
		}
	}
}

func TestStatusSaysHowWorkersAre(t *testing.T) {
	t.Parallel()
	r := launch(t, 2, "ok")
	r.whole(t, 2, 1)
	for range 10 {
		if _, err := r.get("/"); err != nil {
			t.Fatal(err)
		}
	}
	eventually(t, "the requests are counted", func() bool {
		var sum uint64
		for _, p := range r.status(t).Processes {
			if p.Requests != nil {
				sum += *p.Requests
			}
		}
		return sum == 10
	})
	for _, p := range r.status(t).Processes {
		if p.Stage != "ready" || p.Generation != 1 || time.Since(p.Started) > time.Hour || p.PID == 0 {
			t.Errorf("worker %+v", p)
		}
		if _, err := os.Stat("/proc/self/statm"); err == nil && p.Memory < 1<<20 {
			t.Errorf("worker %d has %d bytes of memory", p.PID, p.Memory)
		}
	}
}

func TestUSR1ReopensLogs(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "access.log")
	r := launch(t, 2, "ok", "QUINTET_TEST_ACCESS_LOG="+path)
	r.whole(t, 2, 1)
	eventually(t, "both workers are ready", func() bool { return len(r.status(t).PIDs()) == 2 })
	before := r.status(t).PIDs()
	if err := os.Rename(path, path+".1"); err != nil {
		t.Fatal(err)
	}
	r.signal(t, syscall.SIGUSR1)
	eventually(t, "the log is created again", func() bool {
		_, err := os.Stat(path)
		return err == nil
	})
	for range 10 {
		if _, err := get(r.client(), "/again"); err != nil {
			t.Fatal(err)
		}
	}
	eventually(t, "both workers write to it", func() bool {
		text, _ := os.ReadFile(path)
		return strings.Count(string(text), "GET /again ") == 10
	})
	if after := r.status(t).PIDs(); !slices.Equal(before, after) {
		t.Errorf("workers %v became %v", before, after)
	}
}

func TestWorkersRunAsAnotherUser(t *testing.T) {
	t.Parallel()
	if os.Getuid() != 0 {
		t.Skip("only root can do that")
	}
	nobody, err := user.Lookup("nobody")
	if err != nil {
		t.Skip(err)
	}
	r := launch(t, 1, "ok", "QUINTET_TEST_USER=nobody", "QUINTET_TEST_UMASK=077")
	r.whole(t, 1, 1)
	if uid, err := get(r.client(), "/uid"); err != nil || uid != nobody.Uid {
		t.Errorf("the worker runs as %s, want %s (%v)", uid, nobody.Uid, err)
	}
	info, err := os.Stat(filepath.Join(r.dir, "http.sock"))
	if err != nil {
		t.Fatal(err)
	}
	if owner := fmt.Sprint(info.Sys().(*syscall.Stat_t).Uid); owner != nobody.Uid || info.Mode().Perm() != 0o600 {
		t.Errorf("the socket belongs to %s with mode %v", owner, info.Mode().Perm())
	}
	if runtime.GOOS != "linux" {
		return
	}
	r.program(t, func(path string) error { return os.WriteFile(path, []byte("no program"), 0o755) })
	kill(t, r.status(t).PIDs()[0])
	eventually(t, "it is replaced by the build that serves", func() bool {
		uid, err := r.get("/uid")
		return err == nil && uid == nobody.Uid && r.status(t).Restarts == 1
	})
}

func TestControlSocketIsForItsOwner(t *testing.T) {
	t.Parallel()
	for mode, safe := range map[os.FileMode]bool{
		0o700: true, 0o755: true, 0o775: true, 0o777 | os.ModeSticky: true, 0o777: false, 0o707: false, 0o702: false,
	} {
		t.Run(mode.String(), func(t *testing.T) {
			t.Parallel()
			dir := folder(t)
			if err := os.Chmod(dir, mode); err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(dir, "control")
			r := launch(t, 1, "ok", "QUINTET_TEST_CONTROL="+path)
			if !safe {
				if err := r.ends(t); err == nil || !strings.Contains(r.log.String(), "every user may write in the directory "+dir) {
					t.Errorf("ended with %v", err)
				}
				return
			}
			r.serves(t)
			if info, err := os.Lstat(path); err != nil || info.Mode().Perm() != 0o600 {
				t.Errorf("got mode %v, %v; want 0600", info.Mode(), err)
			}
		})
	}
}

func TestUserThatDoesNotExist(t *testing.T) {
	t.Parallel()
	if os.Getuid() != 0 {
		t.Skip("only root can do that")
	}
	err := master.Run(t.Context(), master.Config{Bind: []string{"127.0.0.1:0"}, User: "no-such-user"})
	if err == nil || !strings.Contains(err.Error(), `no user "no-such-user"`) {
		t.Error(err)
	}
}
