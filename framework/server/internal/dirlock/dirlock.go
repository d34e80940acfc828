//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package server

import (
	"errors"
	"io/fs"
	"os"
	"syscall"
	"time"
)

// lockPatience is how long another server may take to open its socket.
const lockPatience = 5 * time.Second

// lockDirectory keeps other servers from opening a socket in the same directory until unlock is
// called. Else two that start at the same time would both find an old socket, and the second would
// remove the new one of the first. Where there are no locks, it goes without.
func lockDirectory(path string) (unlock func(), err error) {
	directory, err := os.Open(path)
	if errors.Is(err, fs.ErrPermission) { // one may write without reading
		return func() {}, nil
	}
	if err != nil {
		return nil, err
	}
	for deadline := time.Now().Add(lockPatience); ; time.Sleep(5 * time.Millisecond) {
		err = syscall.Flock(int(directory.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if !errors.Is(err, syscall.EWOULDBLOCK) && !errors.Is(err, syscall.EINTR) || time.Now().After(deadline) {
			return func() { _ = directory.Close() }, nil
		}
	}
}

// restrict gives a socket that has no file yet the permissions that the file shall have, as far as
// the umask lets it. Linux does; other systems may refuse, and the file gets them once it is there.
func restrict(c syscall.RawConn, mode fs.FileMode) error {
	if mode == 0 {
		return nil
	}
	return c.Control(func(fd uintptr) { _ = syscall.Fchmod(int(fd), uint32(mode.Perm())) })
}
