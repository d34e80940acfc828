package pidfile_test

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"github.com/quintetgo/quintet/framework/server/internal/pidfile"
)

// TestFilesWithoutPermission runs with the permissions of an ordinary user: missing access must not count as "no
// server runs".
func TestFilesWithoutPermission(t *testing.T) {
	t.Parallel()
	const nobody = 65534
	for name, c := range map[string]struct {
		file, dir os.FileMode
		fn        func(*pidfile.File) error
	}{
		"a file that cannot be read":              {0o000, 0o755, (*pidfile.File).Check},
		"a file that cannot be read, written":     {0o000, 0o755, (*pidfile.File).Write},
		"a directory that cannot be written to":   {0o644, 0o555, (*pidfile.File).Write},
		"a directory that cannot be entered":      {0o644, 0o000, (*pidfile.File).Check},
		"a directory that cannot be entered, too": {0o644, 0o000, (*pidfile.File).Write},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir, err := os.MkdirTemp("", "pidfile") // every user may enter the parent folder
			if err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(dir, "site.pid")
			t.Cleanup(func() {
				_ = os.Chmod(dir, 0o755)
				if text, err := os.ReadFile(path); os.Getuid() == 0 && (err != nil || string(text) != "1\n") {
					t.Errorf("the file became %q, %v", text, err)
				}
				_ = os.RemoveAll(dir)
			})
			if err := os.WriteFile(path, []byte("1\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			if err := os.Chmod(path, c.file); err != nil {
				t.Fatal(err)
			}
			if err := os.Chmod(dir, c.dir); err != nil {
				t.Fatal(err)
			}
			result := make(chan error)
			go func() {
				runtime.LockOSThread() // permanently: the thread ends with the goroutine
				if os.Getuid() == 0 {
					if err := syscall.Setfsuid(nobody); err != nil {
						t.Error(err)
					}
				}
				result <- c.fn(pidfile.New(path))
			}()
			if err := <-result; err == nil || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "permission denied") {
				t.Errorf("got %v, want an error with the path", err)
			}
		})
	}
}
