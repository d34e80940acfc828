//go:build unix

package bind

import (
	"io/fs"
	"syscall"
)

// restrict gives a socket that has no file yet the permissions that the file shall have, as far as
// the umask lets it. Linux does; other systems may refuse, and the file gets them once it is there.
func restrict(c syscall.RawConn, mode fs.FileMode) error {
	if mode == 0 {
		return nil
	}
	return c.Control(func(fd uintptr) { _ = syscall.Fchmod(int(fd), uint32(mode.Perm())) })
}
