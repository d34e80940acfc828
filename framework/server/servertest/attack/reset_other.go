//go:build !unix

package attack

import "net"

// wasReset returns false: on this system only reading detects a reset.
func wasReset(net.Conn) bool { return false }
