//go:build unix

// Package pidfile writes the file that says which process a server is, and leaves that of another one
// alone.
package pidfile

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/quintetgo/quintet/framework/server/internal/dirlock"
)

// File is the path of a file that names a process. "" means none.
type File string

// patience is how long Check waits for another process to end.
const patience = 2 * time.Second

// Check fails if the file names another process that lives, since that one's keeper goes by it. One
// that was killed may take a moment to end.
func (f File) Check() error {
	for deadline := time.Now().Add(patience); ; time.Sleep(50 * time.Millisecond) {
		pid, err := f.other()
		if err != nil || pid == 0 {
			return err
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("pid file %s: process %d lives; stop it, or remove the file if that is another program", f, pid)
		}
	}
}

// other returns the process that wrote the file, if it is another one and lives, or 0.
func (f File) other() (int, error) {
	if f == "" {
		return 0, nil
	}
	info, err := os.Stat(string(f))
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("read the pid file: %w", err)
	}
	pid := f.read()
	if pid <= 0 || pid == os.Getpid() || errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
		return 0, nil
	}
	ended, began := processState(pid)
	if ended || began.After(info.ModTime().Add(time.Second)) { // which has the number of the one that wrote the file
		return 0, nil
	}
	return pid, nil
}

// read returns the process that the file names, or 0.
func (f File) read() int {
	text, err := os.ReadFile(string(f))
	if err != nil {
		return 0
	}
	pid, _ := strconv.Atoi(strings.TrimSpace(string(text)))
	return pid
}

// Write puts this process into the file, which is never seen half written.
func (f File) Write() error {
	if f == "" {
		return nil
	}
	return f.alone(func() error {
		pid, err := f.other()
		if err == nil && pid != 0 {
			err = fmt.Errorf("pid file %s: process %d lives, which has just started", f, pid)
		}
		if err != nil {
			return err
		}
		name := fmt.Sprintf("%s.%d", f, os.Getpid())
		if err = os.WriteFile(name, []byte(strconv.Itoa(os.Getpid())+"\n"), 0o644); err == nil {
			err = os.Rename(name, string(f))
		}
		if err != nil {
			_ = os.Remove(name)
			return fmt.Errorf("write the pid file: %w", err)
		}
		return nil
	})
}

// Remove removes the file if it names this process.
func (f File) Remove() {
	if f == "" {
		return
	}
	_ = f.alone(func() error {
		if f.read() != os.Getpid() {
			return nil
		}
		return os.Remove(string(f))
	})
}

// alone runs fn while no other server is at a file in the same directory.
func (f File) alone(fn func() error) error {
	if unlock, err := dirlock.Lock(filepath.Dir(string(f))); err == nil {
		defer unlock()
	}
	return fn()
}

// processState returns whether a process has ended and only waits to be collected, and when it was
// started, to a second or so; the zero time where the kernel does not say.
func processState(pid int) (ended bool, began time.Time) {
	stat, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
	fields := bytes.Fields(stat[bytes.LastIndexByte(stat, ')')+1:]) // the name in front of it may hold anything
	const ticksField, ticksPerSecond = 19, 100                      // of what follows the name; USER_HZ
	if err != nil || len(fields) <= ticksField {
		return false, time.Time{}
	}
	ended = string(fields[0]) == "Z"
	all, err := os.ReadFile("/proc/stat")
	_, rest, _ := bytes.Cut(all, []byte("\nbtime "))
	line, _, _ := bytes.Cut(rest, []byte("\n"))
	boot, bad := strconv.ParseInt(string(line), 10, 64)
	ticks, worse := strconv.ParseInt(string(fields[ticksField]), 10, 64)
	if errors.Join(err, bad, worse) != nil {
		return ended, time.Time{}
	}
	return ended, time.Unix(boot, 0).Add(time.Duration(ticks) * time.Second / ticksPerSecond)
}
