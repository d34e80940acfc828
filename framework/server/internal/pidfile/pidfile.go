//go:build unix

package pidfile

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// patience is how long Check waits for another server to end.
const patience = 2 * time.Second

// longest is the size in bytes up to which a file without a process ID counts as a damaged pid file. A larger one is
// another file, named by mistype.
const longest = 512

// errLocked reports that another process has the lock.
var errLocked = errors.New("locked")

// File is a pid file. It is not safe for concurrent use.
type File struct {
	path string   // "" for no file
	held *os.File // with the lock of this process, or nil
}

// New returns the pid file at path, which is neither read nor written yet. If path is empty, the methods do nothing.
func New(path string) *File { return &File{path: path} }

// Adopt takes over a locked descriptor from the program that this process executed before.
func (f *File) Adopt(descriptor int) { f.held = os.NewFile(uintptr(descriptor), f.path) }

// Held returns the file that this process has locked, or nil.
func (f *File) Held() *os.File { return f.held }

// Check returns an error if a running server has the file, or if the path is not that of a pid file. It waits up to
// two seconds for a server that is about to end.
func (f *File) Check() error {
	if f.path == "" {
		return nil
	}
	for deadline := time.Now().Add(patience); ; time.Sleep(50 * time.Millisecond) {
		left, err := f.open()
		if left != nil {
			_ = left.Close()
		}
		if !errors.Is(err, errLocked) || time.Now().After(deadline) {
			return err
		}
	}
}

// Write writes the ID of this process to the file and locks it until the process ends or calls Remove. Readers never
// see an incomplete file.
func (f *File) Write() error {
	if f.path == "" {
		return nil
	}
	return f.alone(func() error {
		if f.owns() {
			return nil // kept over an upgrade, as was the process ID
		}
		left, err := f.open()
		if err != nil {
			return err
		}
		if left != nil {
			defer left.Close() // locked until the new file has replaced it
		}
		held, err := f.replace()
		if err != nil {
			return fmt.Errorf("write the pid file: %w", err)
		}
		f.release()
		f.held = held
		return nil
	})
}

// Remove removes the file if this process wrote it, and releases the lock.
func (f *File) Remove() {
	if f.held == nil {
		return
	}
	_ = f.alone(func() error {
		if f.owns() {
			return os.Remove(f.path)
		}
		return nil
	})
	f.release()
}

// open opens and locks a file that a server left. It returns nil if there is none, and an error that wraps errLocked
// if the server runs.
func (f *File) open() (*os.File, error) {
	for {
		there, err := os.Lstat(f.path)
		if errors.Is(err, fs.ErrNotExist) {
			return nil, nil
		}
		if err != nil {
			return nil, fmt.Errorf("pid file: %w", err)
		}
		if err = plain(there); err != nil {
			return nil, fmt.Errorf("pid file %s %w", f.path, err)
		}
		left, err := os.OpenFile(f.path, os.O_RDWR, 0) // network file systems lock for writers only
		if errors.Is(err, fs.ErrPermission) {
			left, err = os.Open(f.path)
		}
		if errors.Is(err, fs.ErrNotExist) {
			continue // removed meanwhile
		}
		if err != nil {
			return nil, fmt.Errorf("pid file: %w; without access to the file it is unknown whether its server runs: "+
				"remove it, or choose another one with --pid", err)
		}
		opened, err := left.Stat()
		if err == nil && !os.SameFile(there, opened) {
			_ = left.Close()
			continue // replaced meanwhile
		}
		if err == nil {
			err = lock(left)
		}
		if err == nil {
			if now, bad := os.Lstat(f.path); bad != nil || !os.SameFile(now, opened) {
				_ = left.Close()
				continue // replaced by the process that had the lock
			}
			if err = inspect(left, opened.Size()); err == nil {
				return left, nil
			}
		}
		if errors.Is(err, errLocked) {
			err = fmt.Errorf("is %w by a running server%s; stop that server, or choose another file with --pid", err, named(number(left)))
		}
		_ = left.Close()
		return nil, fmt.Errorf("pid file %s %w", f.path, err)
	}
}

// plain returns an error unless the file is a regular file.
func plain(info fs.FileInfo) error {
	switch mode := info.Mode(); {
	case mode.IsRegular():
		return nil
	case mode.IsDir():
		return errors.New("is a directory; name a file in it")
	case mode&fs.ModeSymlink != 0:
		return errors.New("is a symbolic link, which is not followed; name the file itself, or remove the link")
	default:
		return errors.New("is not a regular file; choose another with --pid")
	}
}

// inspect returns an error if a file is too large to be a pid file: replacing it would lose its content.
func inspect(file *os.File, size int64) error {
	if size > longest && number(file) == 0 {
		return errors.New("does not contain a process ID; move it away, or choose another file with --pid")
	}
	return nil
}

// number returns the process ID in a file, or 0.
func number(file *os.File) int {
	text, err := io.ReadAll(io.NewSectionReader(file, 0, longest))
	if err != nil {
		return 0
	}
	pid, _ := strconv.Atoi(strings.TrimSpace(string(text)))
	return pid
}

func named(pid int) string {
	if pid == 0 {
		return ""
	}
	return fmt.Sprintf(" (process %d)", pid)
}

// replace creates a new file, locked and complete, at the path.
func (f *File) replace() (*os.File, error) {
	name := fmt.Sprintf("%s.%d", f.path, os.Getpid())
	_ = os.Remove(name) // left by a killed process with the same ID
	file, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return nil, err
	}
	if err = lock(file); err == nil {
		if _, err = file.WriteString(strconv.Itoa(os.Getpid()) + "\n"); err == nil {
			err = os.Rename(name, f.path)
		}
	}
	if err != nil {
		_ = file.Close()
		_ = os.Remove(name)
		return nil, err
	}
	return file, nil
}

// owns reports whether the file at the path is the one that this process has locked.
func (f *File) owns() bool {
	if f.held == nil {
		return false
	}
	own, err := f.held.Stat()
	if err != nil {
		return false
	}
	there, err := os.Lstat(f.path)
	return err == nil && os.SameFile(own, there)
}

func (f *File) release() {
	if f.held != nil {
		_ = f.held.Close()
		f.held = nil
	}
}

// alone runs fn while it holds the lock of the directory.
func (f *File) alone(fn func() error) error {
	if unlock, err := LockDirectory(filepath.Dir(f.path)); err == nil {
		defer unlock()
	}
	return fn()
}
