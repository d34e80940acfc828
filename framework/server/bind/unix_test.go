//go:build unix

package bind_test

import (
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/quintetgo/quintet/framework/server/bind"
)

func listenAt(t *testing.T, path string, mode fs.FileMode) (net.Listener, error) {
	t.Helper()
	listener, err := bind.Address{Network: "unix", Name: path, Mode: mode}.Listen()
	if err == nil {
		t.Cleanup(func() { _ = listener.Close() })
	}
	return listener, err
}

// stale leaves a socket as a killed process does.
func stale(t *testing.T, path string) {
	t.Helper()
	listener, err := net.ListenUnix("unix", &net.UnixAddr{Name: path})
	if err != nil {
		t.Fatal(err)
	}
	listener.SetUnlinkOnClose(false)
	_ = listener.Close()
}

// TestUnixSocketIsNeverOpenToMore watches a socket while it is created, with a umask that would allow everyone. It
// does not run in parallel, since the umask belongs to the process.
func TestUnixSocketIsNeverOpenToMore(t *testing.T) {
	old := syscall.Umask(0)
	defer syscall.Umask(old)
	path := filepath.Join(t.TempDir(), "a.sock")
	var looks, seen atomic.Int64
	var wrong atomic.Pointer[string]
	done := make(chan struct{})
	var watcher sync.WaitGroup
	watcher.Go(func() {
		for {
			select {
			case <-done:
				return
			default:
			}
			looks.Add(1)
			if info, err := os.Lstat(path); err == nil {
				seen.Add(1)
				if mode := info.Mode().Perm(); mode&^0o600 != 0 {
					text := mode.String()
					wrong.Store(&text)
				}
			}
		}
	})
	for range 500 {
		listener, err := listenAt(t, path, 0o600)
		if err != nil {
			t.Fatal(err)
		}
		_ = listener.Close()
	}
	close(done)
	watcher.Wait()
	if mode := wrong.Load(); mode != nil {
		t.Errorf("a socket for its owner alone had the mode %s for a moment", *mode)
	}
	t.Logf("%d looks, of which %d saw a socket", looks.Load(), seen.Load())
	for _, mask := range []int{0, 0o022, 0o027, 0o077, 0o777} {
		syscall.Umask(mask)
		for _, mode := range []fs.FileMode{0, 0o600, 0o620, 0o660, 0o666, 0o770, 0o777} {
			want := mode
			if mode == 0 {
				want = bind.DefaultMode
			}
			at := fmt.Sprintf("%s.%o.%o", path, mask, mode)
			if _, err := listenAt(t, at, mode); err != nil {
				t.Fatal(err)
			}
			if info, err := os.Lstat(at); err != nil || info.Mode().Perm() != want {
				t.Errorf("with a umask of %#o the mode %#o became %#o (%v)", mask, mode, info.Mode().Perm(), err)
			}
		}
	}
}

func TestUnixSocketOfALiveServerIsLeftAlone(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a.sock")
	live, err := listenAt(t, path, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	before, err := os.Lstat(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := listenAt(t, path, 0o600); err == nil || !strings.Contains(err.Error(), "another program listens there") {
		t.Errorf("error %v", err)
	}
	if after, err := os.Lstat(path); err != nil || !os.SameFile(before, after) {
		t.Errorf("the socket was replaced (%v)", err)
	}
	go func() {
		for {
			conn, err := live.Accept()
			if err != nil {
				return
			}
			_, _ = io.WriteString(conn, "live")
			_ = conn.Close()
		}
	}()
	conn, err := net.Dial("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(10 * time.Second))
	if answer, err := io.ReadAll(conn); err != nil || string(answer) != "live" {
		t.Errorf("the live server says %q, %v", answer, err)
	}
}

// TestUnixSocketOfABusyServerIsLeftAlone checks that a failed connection alone does not count as a dead server.
func TestUnixSocketOfABusyServerIsLeftAlone(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	full := filepath.Join(dir, "full")
	fd, err := syscall.Socket(syscall.AF_UNIX, syscall.SOCK_STREAM, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer syscall.Close(fd)
	if err := syscall.Bind(fd, &syscall.SockaddrUnix{Name: full}); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Listen(fd, 0); err != nil {
		t.Fatal(err)
	}
	for range 3 { // fills its queue
		if conn, err := net.DialTimeout("unix", full, 100*time.Millisecond); err == nil {
			defer conn.Close()
		}
	}
	datagrams := filepath.Join(dir, "datagrams")
	log, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: datagrams, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	for _, path := range []string{full, datagrams} {
		if _, err := listenAt(t, path, 0); err == nil || !strings.Contains(err.Error(), "another program listens there") {
			t.Errorf("%s: error %v", filepath.Base(path), err)
		}
		if _, err := os.Lstat(path); err != nil {
			t.Errorf("%s: the socket is gone", filepath.Base(path))
		}
	}
}

func TestOneOfManyTakesOverAStaleUnixSocket(t *testing.T) {
	t.Parallel()
	for i := range 20 {
		path := filepath.Join(t.TempDir(), fmt.Sprint(i))
		stale(t, path)
		var won atomic.Pointer[net.Listener]
		var winners atomic.Int32
		var starting sync.WaitGroup
		for range 8 {
			starting.Go(func() {
				listener, err := listenAt(t, path, 0o600)
				if err == nil {
					winners.Add(1)
					won.Store(&listener)
				} else if !strings.Contains(err.Error(), "another program listens there") {
					t.Error(err)
				}
			})
		}
		starting.Wait()
		if n := winners.Load(); n != 1 {
			t.Fatalf("%d servers believe that the socket is theirs", n)
		}
		conn, err := net.Dial("unix", path)
		if err != nil {
			t.Fatalf("nobody answers at the path: %v", err)
		}
		_ = conn.Close()
	}
}

func TestUnixSocketErrors(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file, closed := filepath.Join(dir, "file"), filepath.Join(dir, "closed")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(dir, "nowhere"), filepath.Join(dir, "link")); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(closed, 0o500); err != nil {
		t.Fatal(err)
	}
	long := filepath.Join(dir, strings.Repeat("a", 150))
	limit := len(syscall.RawSockaddrUnix{}.Path) - 1
	for path, want := range map[string]string{
		file:                                "not a socket is in the way",
		dir:                                 "not a socket is in the way",
		filepath.Join(dir, "link"):          "not a socket is in the way",
		filepath.Join(dir, "no", "such"):    "the directory " + filepath.Join(dir, "no") + " does not exist",
		filepath.Join(file, "a.sock"):       file + " is not a directory",
		filepath.Join(closed, "a.sock"):     "not permitted in the directory " + closed,
		long:                                fmt.Sprintf("the path has %d bytes, but the system allows at most %d", len(long), limit),
		"@shop":                             "no permissions",
		filepath.Join(dir, "a\x00b") + ".s": "invalid argument",
	} {
		if strings.HasPrefix(path, closed) && os.Geteuid() == 0 {
			continue // everything is permitted
		}
		if _, err := listenAt(t, path, 0o600); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want %q in it", path, err, want)
		}
	}
	if text, err := os.ReadFile(file); err != nil || len(text) != 0 {
		t.Errorf("the file was touched: %q, %v", text, err)
	}
	if room := limit - len(dir) - 1; room > 0 {
		if _, err := listenAt(t, filepath.Join(dir, strings.Repeat("b", room)), 0o600); err != nil {
			t.Errorf("a path of %d bytes: %v", limit, err)
		}
	}
}
