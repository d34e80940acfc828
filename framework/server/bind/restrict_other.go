//go:build !unix

package bind

import (
	"io/fs"
	"net"
	"syscall"
)

// control is called by net.ListenConfig between creating a socket and binding it.
type control = func(network, address string, c syscall.RawConn) error

// restricted listens. Files have no such permissions on this system.
func restricted(_ fs.FileMode, listen func(control) (net.Listener, error)) (net.Listener, error) {
	return listen(nil)
}
