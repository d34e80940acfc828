package bind

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

	"github.com/quintetgo/quintet/framework/server/internal/pidfile"
)

// longestPath is the largest size of the path of a unix socket in bytes.
const longestPath = len(syscall.RawSockaddrUnix{}.Path) - 1

func (a Address) listenUnix() (net.Listener, error) {
	fail := func(why string, values ...any) (net.Listener, error) {
		return nil, fmt.Errorf("listen on %s: "+why, append([]any{a}, values...)...)
	}
	if strings.HasPrefix(a.Name, "@") {
		return fail("a socket without a file has no permissions, so that everyone on this machine could connect; specify a path")
	}
	if n := len(a.Name); n > longestPath {
		return fail("the path has %d bytes, but the system allows at most %d; choose a shorter one", n, longestPath)
	}
	directory := filepath.Dir(a.Name)
	// Without the lock, two servers that start at the same time could both find an old socket, and the second would
	// remove the new socket of the first.
	unlock, err := pidfile.LockDirectory(directory)
	if err == nil {
		defer unlock()
		err = a.makeWay()
	}
	mode := a.Mode
	if mode == 0 {
		mode = DefaultMode
	}
	var listener net.Listener
	if err == nil {
		listener, err = restricted(mode, func(c control) (net.Listener, error) {
			config := net.ListenConfig{Control: c}
			return config.Listen(context.Background(), "unix", a.Name)
		})
	}
	if err == nil {
		if err = os.Chmod(a.Name, mode); err != nil { // the umask has removed permissions
			_ = listener.Close()
		}
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fail("the directory %s does not exist; create it", directory)
	case errors.Is(err, syscall.ENOTDIR):
		return fail("%s is not a directory", directory)
	case errors.Is(err, fs.ErrPermission):
		return fail("not permitted in the directory %s; allow this user to write there, or choose another path", directory)
	case errors.Is(err, syscall.EROFS):
		return fail("the directory %s is on a read-only file system; choose another path", directory)
	case err != nil:
		return fail("%w", err)
	}
	return listener, nil
}

// Reasons why a path is not free.
var (
	errNoSocket = errors.New("a file that is not a socket is in the way; remove it or choose another path")
	errTaken    = errors.New("another program listens there; stop it or choose another path")
)

// makeWay removes a socket that a dead process left. Only a refused connection shows that no process listens: a
// connection that times out, or is not accepted for lack of room, belongs to a busy process.
func (a Address) makeWay() error {
	info, err := os.Lstat(a.Name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case info.Mode()&fs.ModeSocket == 0:
		return errNoSocket
	}
	conn, err := net.DialTimeout("unix", a.Name, time.Second)
	switch {
	case err == nil:
		_ = conn.Close()
		return errTaken
	case errors.Is(err, fs.ErrNotExist): // removed meanwhile
		return nil
	case !errors.Is(err, syscall.ECONNREFUSED):
		return errTaken
	}
	if err := os.Remove(a.Name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove the socket that a dead process left: %w", err)
	}
	return nil
}
