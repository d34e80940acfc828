//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd)

package pidfile

// LockDirectory does nothing, because this system has no locks on directories.
func LockDirectory(string) (unlock func(), err error) { return func() {}, nil }
