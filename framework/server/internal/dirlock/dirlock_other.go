//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd)

// Package dirlock keeps servers out of each other's way while they make or remove sockets and pid
// files in the same directory. Here there are no locks.
package dirlock

// Lock does nothing.
func Lock(string) (unlock func(), err error) { return func() {}, nil }
