//go:build !unix

package bind

import (
	"io/fs"
	"syscall"
)

// restrict does nothing: the file gets its permissions once it is there.
func restrict(syscall.RawConn, fs.FileMode) error { return nil }
