//go:build linux && !race

// Memory measurements are meaningless with the race detector.

package serve_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/quintetgo/quintet/framework/server"
)

// modeVariable makes the test binary a server to be attacked.
const modeVariable = "QUINTET_TEST_ATTACKED"

// TestServerToBeAttacked is not a test but the other process of TestAttacksTakeNoMemory.
func TestServerToBeAttacked(t *testing.T) {
	options, ok := modes()[os.Getenv(modeVariable)]
	if !ok {
		return
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	options.Bind = []string{"127.0.0.1:0"}
	options.Ready = func(addrs []net.Addr) { fmt.Printf("address %s\n", addrs[0]) }
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin) // until the test ends
		cancel(server.ErrQuick)
	}()
	if err := server.Run(ctx, attacked(), options); err != nil {
		t.Error(err)
	}
}

// victim is a server in a separate process.
type victim struct {
	addr, temp string
	pid        int
}

func startVictim(t *testing.T, mode string) victim {
	t.Helper()
	own, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	v := victim{temp: t.TempDir()}
	child := exec.Command(own, "-test.run=^TestServerToBeAttacked$", "-test.v")
	child.Env = append(os.Environ(), modeVariable+"="+mode, "TMPDIR="+v.temp)
	stdin, err := child.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = stdin.Close()
		if err := child.Wait(); err != nil {
			t.Errorf("the server under attack: %v", err)
		}
	})
	v.pid = child.Process.Pid
	lines := bufio.NewScanner(stdout)
	for lines.Scan() {
		if addr, ok := strings.CutPrefix(lines.Text(), "address "); ok {
			v.addr = addr
			go func() { _, _ = io.Copy(io.Discard, stdout) }()
			return v
		}
	}
	t.Fatal("the server did not start")
	return v
}

// memory returns a value of the process from /proc in bytes.
func (v victim) memory(t *testing.T, name string) int {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", v.pid))
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile(name + `:\s+(\d+) kB`).FindSubmatch(text)
	if found == nil {
		t.Skipf("the kernel does not tell %s", name)
	}
	n, _ := strconv.Atoi(string(found[1]))
	return n << 10
}

// peak runs fn and returns the highest resident memory.
func (v victim) peak(t *testing.T, fn func()) int {
	t.Helper()
	if err := os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", v.pid), []byte("5"), 0); err != nil {
		t.Skipf("the kernel does not forget the peak: %v", err)
	}
	fn()
	return v.memory(t, "VmHWM")
}

// attackers is the number of concurrent attackers.
const attackers = 200

func (v victim) attack(t *testing.T, name string, a attack, want int) {
	t.Helper()
	var all sync.WaitGroup
	failed := make(chan error, attackers)
	for range attackers {
		all.Go(func() {
			if status, _, err := a.send(v.addr); status != want || err != nil {
				failed <- fmt.Errorf("status %d, %w", status, err)
			}
		})
	}
	all.Wait()
	close(failed)
	for err := range failed {
		t.Errorf("%s: %v; want status %d", name, err, want)
		return
	}
}

// honest has the same number of clients send a form within the limits, slowly.
func (v victim) honest(t *testing.T) {
	t.Helper()
	form := "a=" + strings.Repeat("x", mostForm-10)
	text := sized("/careful", urlForm+"Connection: close\r\n", form)
	var half, all sync.WaitGroup
	half.Add(attackers)
	for range attackers {
		all.Go(func() {
			conn, err := net.Dial("tcp", v.addr)
			if err == nil {
				defer conn.Close()
				_, err = io.WriteString(conn, text[:len(text)/2])
			}
			half.Done()
			half.Wait()
			time.Sleep(100 * time.Millisecond) // the server waits for the second half of each
			var answer []byte
			if err == nil {
				_, _ = io.WriteString(conn, text[len(text)/2:])
				answer, err = io.ReadAll(conn)
			}
			if err != nil || !strings.HasPrefix(string(answer), "HTTP/1.1 200") {
				t.Errorf("an honest client: %.40q, %v", answer, err)
			}
		})
	}
	all.Wait()
}

// TestAttacksTakeNoMemory runs each attack with two hundred concurrent clients. They may use 16 MiB more memory than
// the same number of honest clients.
func TestAttacksTakeNoMemory(t *testing.T) {
	t.Parallel()
	const bound = 16 << 20
	for _, mode := range []string{"plain", "strict"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			v := startVictim(t, mode)
			start := v.memory(t, "VmRSS")
			v.honest(t)
			base := v.peak(t, func() { v.honest(t) })
			most, worst := 0, ""
			for name, a := range attacks() {
				want := a.want(mode)
				if want == 200 {
					continue
				}
				grown := v.peak(t, func() { v.attack(t, name, a, want) }) - base
				if grown > most {
					most, worst = grown, name
				}
				if grown > bound {
					t.Errorf("%s: %d attackers took %d KiB", name, attackers, grown>>10)
				}
			}
			t.Logf("%d KiB at first, %d KiB with honest clients, at most %d KiB more with attackers (%s)", start>>10, base>>10, most>>10, worst)
			if left, _ := filepath.Glob(filepath.Join(v.temp, "multipart-*")); len(left) > 0 {
				t.Errorf("%d temporary files are left behind", len(left))
			}
		})
	}
}
