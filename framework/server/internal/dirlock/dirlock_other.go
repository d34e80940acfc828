//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd)

package server

import (
	"io/fs"
	"syscall"
)

// lockDirectory does nothing: there are no locks here.
func lockDirectory(string) (unlock func(), err error) { return func() {}, nil }

// restrict does nothing: the file gets its permissions once it is there.
func restrict(syscall.RawConn, fs.FileMode) error { return nil }
