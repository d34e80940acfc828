//go:build unix && !linux

package bind

import (
	"io/fs"
	"net"
	"sync"
	"syscall"
)

// control is called by net.ListenConfig between creating a socket and binding it.
type control = func(network, address string, c syscall.RawConn) error

// masking keeps two sockets from changing the umask at the same time.
var masking sync.Mutex

// restricted listens so that the socket's file never has more permissions than mode. On this system it sets the
// umask, which belongs to the whole process: other files that are created meanwhile may get fewer permissions.
func restricted(mode fs.FileMode, listen func(control) (net.Listener, error)) (net.Listener, error) {
	masking.Lock()
	defer masking.Unlock()
	old := syscall.Umask(int(0o777 &^ mode.Perm()))
	defer syscall.Umask(old)
	return listen(nil)
}
