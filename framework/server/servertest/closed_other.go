//go:build !unix

package servertest

import "net"

// closedByPeer returns false: on this system only reading detects the end of a connection.
func closedByPeer(net.Conn) bool { return false }
