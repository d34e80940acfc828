//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package pidfile

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

// lock takes the lock of a file without waiting. It returns errLocked if another process has it. The lock belongs to
// the open file, so that a program that inherits the descriptor has it too, and ends with the last descriptor.
func lock(file *os.File) error {
	for {
		err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		switch {
		case errors.Is(err, syscall.EINTR):
		case errors.Is(err, syscall.EWOULDBLOCK):
			return errLocked
		case err != nil:
			return fmt.Errorf("cannot be locked: %w; choose a file on a local file system with --pid", err)
		default:
			return nil
		}
	}
}
