//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

// Package dirlock keeps servers out of each other's way while they make or remove sockets and pid
// files in the same directory.
package dirlock

import (
	"errors"
	"io/fs"
	"os"
	"syscall"
	"time"
)

// patience is how long another server may keep the lock.
const patience = 5 * time.Second

// Lock waits until no other process has the directory's lock, at most five seconds, and holds it until
// unlock is called or the process ends. Where there are no locks, and in a directory in which this user
// may write but not read, it goes without. It fails if there is no such directory.
func Lock(directory string) (unlock func(), err error) {
	open, err := os.Open(directory)
	if errors.Is(err, fs.ErrPermission) {
		return func() {}, nil
	}
	if err != nil {
		return nil, err
	}
	for deadline := time.Now().Add(patience); ; time.Sleep(5 * time.Millisecond) {
		err = syscall.Flock(int(open.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if !errors.Is(err, syscall.EWOULDBLOCK) && !errors.Is(err, syscall.EINTR) || time.Now().After(deadline) {
			return func() { _ = open.Close() }, nil
		}
	}
}
