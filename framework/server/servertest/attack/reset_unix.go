//go:build unix

package attack

import (
	"net"
	"syscall"
)

// wasReset reports whether the peer has reset the connection, although data that it sent before may still be
// readable.
func wasReset(conn net.Conn) (reset bool) {
	with, ok := conn.(syscall.Conn)
	if !ok {
		return false
	}
	raw, err := with.SyscallConn()
	if err != nil {
		return true
	}
	err = raw.Control(func(fd uintptr) {
		code, err := syscall.GetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_ERROR)
		reset = err == nil && code != 0
	})
	return reset || err != nil
}
