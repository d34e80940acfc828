//go:build unix

package servertest

import (
	"errors"
	"net"
	"syscall"
)

// closedByPeer reports whether the kernel knows that the peer closed a connection, even if a reader has not been
// notified yet. It returns false for connections without a descriptor.
func closedByPeer(conn net.Conn) (closed bool) {
	with, ok := conn.(syscall.Conn)
	if !ok {
		return false
	}
	raw, err := with.SyscallConn()
	if err != nil {
		return false
	}
	_ = raw.Control(func(fd uintptr) {
		var one [1]byte
		n, _, err := syscall.Recvfrom(int(fd), one[:], syscall.MSG_PEEK|syscall.MSG_DONTWAIT)
		waiting := errors.Is(err, syscall.EAGAIN) || errors.Is(err, syscall.EWOULDBLOCK) || errors.Is(err, syscall.EINTR)
		closed = err != nil && !waiting || err == nil && n == 0
	})
	return closed
}
