//go:build unix && !(darwin || dragonfly || freebsd || linux || netbsd || openbsd)

package pidfile

import "os"

// lock does nothing: this system has no locks that a new program inherits. Two servers with the same pid file are
// only kept apart by their addresses and control sockets.
func lock(*os.File) error { return nil }
