//go:build !unix

package bind

import (
	"io/fs"
	"net"
	"syscall"
)

// control is what net.ListenConfig calls between making a socket and binding it.
type control = func(network, address string, c syscall.RawConn) error

// restricted listens: here the file has no such permissions.
func restricted(_ fs.FileMode, listen func(control) (net.Listener, error)) (net.Listener, error) {
	return listen(nil)
}
