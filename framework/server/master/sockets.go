//go:build unix

package master

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"github.com/quintetgo/quintet/framework/server/bind"
	"github.com/quintetgo/quintet/framework/server/internal/pidfile"
)

// socket is one listening socket. The master keeps it open over every generation of workers, as a plain descriptor:
// os.File would switch it to blocking mode when it is passed on, and that mode is shared with the serving workers.
type socket struct {
	bind string
	addr net.Addr
	fd   int
	path string      // of a unix socket that this master created
	file os.FileInfo // at path
}

// busyTime is how long an address in use is retried: the workers of a killed master take time to end.
const busyTime = 2 * time.Second

// openSockets opens all addresses.
func (m *master) openSockets() error {
	for _, text := range m.config.Bind {
		opened, err := listen(text, m.config.Umask)
		for _, s := range opened {
			if err == nil {
				err = m.chown(s)
			}
			m.sockets = append(m.sockets, s)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// chown makes the workers' user the owner of a socket's file.
func (m *master) chown(s socket) error {
	if s.path == "" || m.credential == nil {
		return nil
	}
	if err := os.Lchown(s.path, int(m.credential.Uid), int(m.credential.Gid)); err != nil {
		return fmt.Errorf("listen on %s: %w", s.bind, err)
	}
	return nil
}

// listen opens an address, which may be several sockets. A unix socket without an explicit mode has the default mode,
// less the mask.
func listen(text string, mask fs.FileMode) (list []socket, err error) {
	address, err := bind.Parse(text)
	if err != nil {
		return nil, err
	}
	if address.Network == "unix" && address.Mode == 0 {
		address.Mode = bind.DefaultMode &^ mask
	}
	listeners, err := address.ListenAll()
	for deadline := time.Now().Add(busyTime); err != nil && time.Now().Before(deadline) && accepting(address); {
		time.Sleep(50 * time.Millisecond)
		listeners, err = address.ListenAll()
	}
	for _, listener := range listeners {
		s, bad := takeSocket(address, listener)
		if bad != nil {
			err = bad
			continue
		}
		if s.bind = text; len(listeners) > 1 {
			s.bind = listener.Addr().String() // one of several from systemd
		}
		list = append(list, s)
	}
	if err != nil {
		closeSockets(list)
		return nil, err
	}
	return list, nil
}

// accepting reports whether a process listens on an address.
func accepting(a bind.Address) bool {
	if a.Network != "tcp" && a.Network != "unix" {
		return false
	}
	conn, err := net.DialTimeout(a.Network, a.Name, time.Second)
	if err != nil {
		return false
	}
	_ = conn.Close()
	return true
}

// takeSocket takes the descriptor out of a listener, which it closes.
func takeSocket(a bind.Address, listener net.Listener) (socket, error) {
	defer listener.Close()
	s := socket{addr: listener.Addr()}
	if unix, ok := listener.(*net.UnixListener); ok {
		unix.SetUnlinkOnClose(false)
	}
	if a.Network == "unix" {
		s.path = a.Name
		s.file, _ = os.Lstat(s.path)
	}
	var err error
	if s.fd, err = descriptor(listener); err != nil {
		return s, fmt.Errorf("listen on %s: %w", a, err)
	}
	return s, nil
}

// listener returns a separate listener on a socket.
func (s socket) listener() (net.Listener, error) {
	fd, err := duplicate(s.fd, 0)
	if err != nil {
		return nil, err
	}
	file := os.NewFile(uintptr(fd), s.bind)
	defer file.Close()
	l, err := net.FileListener(file)
	if unix, ok := l.(*net.UnixListener); ok {
		unix.SetUnlinkOnClose(false)
	}
	return l, err
}

func closeSockets(list []socket) {
	for _, s := range list {
		if s.file != nil {
			s.remove()
		}
		_ = syscall.Close(s.fd)
	}
}

// remove removes the file of a unix socket, unless another one has replaced it.
func (s socket) remove() {
	if unlock, err := pidfile.LockDirectory(filepath.Dir(s.path)); err == nil {
		defer unlock()
	}
	if there, err := os.Lstat(s.path); err == nil && os.SameFile(s.file, there) {
		_ = os.Remove(s.path)
	}
}

// descriptor returns a copy of the descriptor of a listener or file, without changing its mode.
func descriptor(of any) (int, error) {
	conn, ok := of.(syscall.Conn)
	if !ok {
		return 0, errors.New("its descriptor cannot be shared")
	}
	raw, err := conn.SyscallConn()
	if err != nil {
		return 0, err
	}
	var fd int
	var copyErr error
	if err := raw.Control(func(own uintptr) { fd, copyErr = duplicate(int(own), 0) }); err != nil {
		return 0, err
	}
	return fd, copyErr
}

// duplicate copies a descriptor to a free number of at least least. Programs that are started do not inherit it.
func duplicate(fd, least int) (int, error) {
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	copied, err := unix.FcntlInt(uintptr(fd), unix.F_DUPFD, least)
	if err == nil {
		syscall.CloseOnExec(copied)
	}
	return copied, err
}

// setBacklog sets the length of the kernel's queues, which listening again changes.
func (m *master) setBacklog() error {
	if m.config.Backlog <= 0 {
		return nil
	}
	for _, s := range m.sockets {
		if err := syscall.Listen(s.fd, m.config.Backlog); err != nil {
			return fmt.Errorf("listen on %s with a backlog of %d: %w", s.bind, m.config.Backlog, err)
		}
	}
	const limit = "/proc/sys/net/core/somaxconn"
	text, err := os.ReadFile(limit)
	if most, bad := strconv.Atoi(strings.TrimSpace(string(text))); err == nil && bad == nil && most < m.config.Backlog {
		m.config.Logger.Warn("the kernel allows a shorter backlog; raise net.core.somaxconn", "backlog", m.config.Backlog, "allowed", most)
	}
	return nil
}
