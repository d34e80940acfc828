//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package pidfile

import (
	"errors"
	"io/fs"
	"os"
	"syscall"
	"time"
)

// lockTimeout is how long another server may keep the lock of a directory.
const lockTimeout = 5 * time.Second

// LockDirectory waits until no other process has the directory's lock, at most five seconds, and holds it until unlock is
// called or the process ends. In a directory that this user may write but not read, and on systems without locks, it returns
// without a lock. It returns an error if the directory does not exist.
func LockDirectory(directory string) (unlock func(), err error) {
	open, err := os.Open(directory)
	if errors.Is(err, fs.ErrPermission) {
		return func() {}, nil
	}
	if err != nil {
		return nil, err
	}
	for deadline := time.Now().Add(lockTimeout); ; time.Sleep(5 * time.Millisecond) {
		err = syscall.Flock(int(open.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if !errors.Is(err, syscall.EWOULDBLOCK) && !errors.Is(err, syscall.EINTR) || time.Now().After(deadline) {
			return func() { _ = open.Close() }, nil
		}
	}
}
