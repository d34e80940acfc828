package server

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// longestPath is how many bytes the path of a unix socket may have.
const longestPath = len(syscall.RawSockaddrUnix{}.Path) - 1

func (b Bind) listenUnix() (net.Listener, error) {
	fail := func(why string, values ...any) (net.Listener, error) {
		return nil, fmt.Errorf("listen on %s: "+why, append([]any{b}, values...)...)
	}
	if strings.HasPrefix(b.Address, "@") {
		return fail("a socket without a file has no permissions, so that everyone on this machine could connect; give a path")
	}
	if n := len(b.Address); n > longestPath {
		return fail("the path has %d bytes, but the system takes %d at most; choose a shorter one", n, longestPath)
	}
	directory := filepath.Dir(b.Address)
	unlock, err := lockDirectory(directory)
	if err == nil {
		defer unlock()
		err = b.makeWay()
	}
	var listener net.Listener
	if err == nil {
		config := net.ListenConfig{Control: func(_, _ string, c syscall.RawConn) error { return restrict(c, b.Mode) }}
		listener, err = config.Listen(context.Background(), "unix", b.Address)
	}
	if err == nil && b.Mode != 0 {
		if err = os.Chmod(b.Address, b.Mode); err != nil { // the umask has taken something away
			_ = listener.Close()
		}
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fail("the directory %s does not exist; create it", directory)
	case errors.Is(err, syscall.ENOTDIR):
		return fail("%s is no directory", directory)
	case errors.Is(err, fs.ErrPermission):
		return fail("not permitted in the directory %s; give this user the right to write there, or choose another path", directory)
	case errors.Is(err, syscall.EROFS):
		return fail("the directory %s is on a file system that is read only; choose another path", directory)
	case err != nil:
		return fail("%w", err)
	}
	return listener, nil
}

// Why a path is not free.
var (
	errNoSocket = errors.New("a file that is no socket is in the way; remove it or choose another path")
	errTaken    = errors.New("another program listens there; stop it or choose another path")
)

// makeWay removes a socket that a dead process left behind. Only a refused connection shows that
// nobody listens: one that takes too long, or has no room, belongs to someone who is busy.
func (b Bind) makeWay() error {
	info, err := os.Lstat(b.Address)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case info.Mode()&fs.ModeSocket == 0:
		return errNoSocket
	}
	conn, err := net.DialTimeout("unix", b.Address, time.Second)
	switch {
	case err == nil:
		_ = conn.Close()
		return errTaken
	case errors.Is(err, fs.ErrNotExist): // gone meanwhile
		return nil
	case !errors.Is(err, syscall.ECONNREFUSED):
		return errTaken
	}
	if err := os.Remove(b.Address); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove the socket that was left behind: %w", err)
	}
	return nil
}
