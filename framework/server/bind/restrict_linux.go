package bind

import (
	"io/fs"
	"net"
	"syscall"
)

// control is called by net.ListenConfig between creating a socket and binding it.
type control = func(network, address string, c syscall.RawConn) error

// restricted listens so that the socket's file never has more permissions than mode: the file inherits those of the
// socket, less the umask.
func restricted(mode fs.FileMode, listen func(control) (net.Listener, error)) (net.Listener, error) {
	return listen(func(_, _ string, c syscall.RawConn) error {
		var err error
		if bad := c.Control(func(fd uintptr) { err = syscall.Fchmod(int(fd), uint32(mode.Perm())) }); bad != nil {
			return bad
		}
		return err
	})
}
