//go:build unix && !linux

package bind

import (
	"io/fs"
	"net"
	"sync"
	"syscall"
)

// control is what net.ListenConfig calls between making a socket and binding it.
type control = func(network, address string, c syscall.RawConn) error

// masking keeps two sockets from changing the umask at the same time.
var masking sync.Mutex

// restricted listens so that the socket's file never has more permissions than mode. Here it takes them
// from the umask, which belongs to the whole process: what else is made at that time may get fewer.
func restricted(mode fs.FileMode, listen func(control) (net.Listener, error)) (net.Listener, error) {
	masking.Lock()
	defer masking.Unlock()
	old := syscall.Umask(int(0o777 &^ mode.Perm()))
	defer syscall.Umask(old)
	return listen(nil)
}
