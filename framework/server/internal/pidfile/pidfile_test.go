//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package pidfile_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/quintetgo/quintet/framework/server/internal/pidfile"
)

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestFileHasOneServer(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "site.pid")
	own := fmt.Sprintln(os.Getpid())
	first, second := pidfile.New(path), pidfile.New(path)
	if err := first.Check(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Lstat(path); !os.IsNotExist(err) {
		t.Errorf("Check made the file (%v)", err)
	}
	if err := first.Write(); err != nil {
		t.Fatal(err)
	}
	for what, fn := range map[string]func() error{"Check": second.Check, "Write": second.Write} {
		err := fn()
		if want := fmt.Sprintf("is locked by a running server (process %d)", os.Getpid()); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s of a second server: got %v, want %q", what, err, want)
		}
	}
	second.Remove()
	if got := read(t, path); got != own {
		t.Errorf("the second server left %q, want %q", got, own)
	}
	first.Remove()
	if _, err := os.Lstat(path); !os.IsNotExist(err) {
		t.Errorf("the file is there after Remove (%v)", err)
	}
	if err := second.Write(); err != nil {
		t.Errorf("after the first has ended: %v", err)
	}
	second.Remove()
}

func TestAdoptedFileIsKept(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "site.pid")
	old, next, other := pidfile.New(path), pidfile.New(path), pidfile.New(path)
	if err := old.Write(); err != nil {
		t.Fatal(err)
	}
	copied, err := syscall.Dup(int(old.Held().Fd()))
	if err != nil {
		t.Fatal(err)
	}
	next.Adopt(copied)
	_ = old.Held().Close() // as executing the next program does
	if err := next.Write(); err != nil {
		t.Fatal(err)
	}
	if err := other.Check(); err == nil {
		t.Error("a second server got the file")
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if err := next.Write(); err != nil { // an upgrade restores a deleted file
		t.Fatal(err)
	}
	if got, want := read(t, path), fmt.Sprintln(os.Getpid()); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if err := other.Check(); err == nil {
		t.Error("a second server got the file that was written again")
	}
	next.Remove()
}

func TestFileOfAnotherIsNotRemoved(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "site.pid")
	own := pidfile.New(path)
	if err := own.Write(); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(path, path+".old"); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("17\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	own.Remove()
	if got := read(t, path); got != "17\n" {
		t.Errorf("got %q", got)
	}
}

// Files that a server did not leave are not replaced.
func TestOtherFilesAreRefused(t *testing.T) {
	t.Parallel()
	const text = "# the only copy\n"
	for name, c := range map[string]struct {
		make func(path string) error
		want string
	}{
		"directory": {func(path string) error { return os.Mkdir(path, 0o755) }, "is a directory"},
		"link to a file": {func(path string) error {
			if err := os.WriteFile(path+".target", []byte("1\n"), 0o644); err != nil {
				return err
			}
			return os.Symlink(path+".target", path)
		}, "is a symbolic link"},
		"link to nothing":   {func(path string) error { return os.Symlink(path+".target", path) }, "is a symbolic link"},
		"named pipe":        {func(path string) error { return syscall.Mkfifo(path, 0o644) }, "is not a regular file"},
		"file of settings":  {func(path string) error { return os.WriteFile(path, []byte(strings.Repeat(text, 60)), 0o644) }, "does not contain a process ID"},
		"missing directory": {func(path string) error { return os.Remove(filepath.Dir(path)) }, "no such file or directory"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "run", "site.pid")
			if err := os.Mkdir(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := c.make(path); err != nil {
				t.Fatal(err)
			}
			before, _ := os.Lstat(path)
			err := pidfile.New(path).Write()
			if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), path) {
				t.Fatalf("got %v, want an error with %q and the path", err, c.want)
			}
			if after, _ := os.Lstat(path); before != nil && !os.SameFile(before, after) {
				t.Error("it was replaced")
			}
		})
	}
}
