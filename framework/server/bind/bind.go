package server

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// Bind is one address to listen on.
type Bind struct {
	Network string      // "tcp", "unix", "fd" or "systemd"
	Address string      // host:port, path, file descriptor number, or the name of a socket unit ("" for all)
	Mode    fs.FileMode // permissions of a unix socket; 0 leaves them to the umask
}

// String returns the address as ParseBind reads it.
func (b Bind) String() string {
	switch {
	case b.Network == "tcp":
		return b.Address
	case b.Network == "systemd" && b.Address == "":
		return "systemd"
	case b.Mode != 0:
		return fmt.Sprintf("unix:%s?mode=%04o", b.Address, b.Mode)
	default:
		return b.Network + ":" + b.Address
	}
}

// ParseBind reads an address: "8000" and ":8000" (every interface), "127.0.0.1:8000", "[::1]:8000",
// "unix:/run/shop.sock", "unix:/run/shop.sock?mode=0660", "fd:3" for a socket that the parent
// process opened, or "systemd" for those that systemd passes on (socket activation), "systemd:web"
// for those of them that are named so (FileDescriptorName=).
func ParseBind(text string) (Bind, error) {
	bad := func(why string) (Bind, error) {
		return Bind{}, fmt.Errorf("bind address %q: %s; want HOST:PORT, :PORT, unix:/PATH, unix:/PATH?mode=0660, fd:NUMBER or systemd", text, why)
	}
	if rest, ok := strings.CutPrefix(text, "unix:"); ok {
		path, query, _ := strings.Cut(rest, "?")
		if path == "" {
			return bad("the path is missing")
		}
		b := Bind{Network: "unix", Address: path}
		if query != "" {
			octal, ok := strings.CutPrefix(query, "mode=")
			mode, err := strconv.ParseUint(octal, 8, 32)
			if !ok || err != nil || mode == 0 || mode > 0o777 {
				return bad("the mode is not an octal number such as 0660")
			}
			b.Mode = fs.FileMode(mode)
		}
		return b, nil
	}
	if text == "systemd" {
		return Bind{Network: "systemd"}, nil
	}
	if name, ok := strings.CutPrefix(text, "systemd:"); ok {
		if name == "" {
			return bad("the name is missing")
		}
		return Bind{Network: "systemd", Address: name}, nil
	}
	if number, ok := strings.CutPrefix(text, "fd:"); ok {
		if n, err := strconv.Atoi(number); err != nil || n < 3 {
			return bad("a file descriptor is a number from 3")
		}
		return Bind{Network: "fd", Address: number}, nil
	}
	if _, err := strconv.Atoi(text); err == nil {
		text = ":" + text
	}
	host, port, err := net.SplitHostPort(text)
	if err != nil {
		return bad("it has no port")
	}
	if n, err := strconv.Atoi(port); err != nil || n < 0 || n > 65535 {
		return bad("the port is not a number from 0 to 65535")
	}
	return Bind{Network: "tcp", Address: net.JoinHostPort(host, port)}, nil
}

// ListenAll opens the socket, or those that systemd passes on. See Listen.
func (b Bind) ListenAll() ([]net.Listener, error) {
	if b.Network == "systemd" {
		return b.activated()
	}
	listener, err := b.Listen()
	if err != nil {
		return nil, err
	}
	return []net.Listener{listener}, nil
}

// Listen opens the socket, of several the first. A unix socket that a dead process left behind is replaced; one that
// answers, or a file that is no socket, is left alone and an error. With a Mode, a unix socket has it from the moment it
// exists (on systems other than Linux, very soon after).
func (b Bind) Listen() (net.Listener, error) {
	switch b.Network {
	case "systemd":
		list, err := b.activated()
		if err != nil {
			return nil, err
		}
		closeAll(list[1:])
		return list[0], nil
	case "fd":
		return b.inherit()
	case "unix":
		return b.listenUnix()
	}
	listener, err := net.Listen("tcp", b.Address)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("listen on %s: another program listens there; stop it or choose another address", b.Address)
	}
	if errors.Is(err, syscall.EACCES) {
		return nil, fmt.Errorf("listen on %s: not permitted; ports below 1024 need a right (CAP_NET_BIND_SERVICE) or a web server in front", b.Address)
	}
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w", b.Address, err)
	}
	return listener, nil
}

func (b Bind) inherit() (net.Listener, error) {
	number, err := strconv.Atoi(b.Address)
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w", b, err)
	}
	file := os.NewFile(uintptr(number), b.String())
	defer file.Close() // FileListener has its own copy
	listener, err := net.FileListener(file)
	if err != nil {
		return nil, fmt.Errorf("listen on %s: the descriptor is no listening socket: %w", b, err)
	}
	if unix, ok := listener.(*net.UnixListener); ok {
		unix.SetUnlinkOnClose(false) // the socket belongs to the parent
	}
	return listener, nil
}
