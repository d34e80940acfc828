// Package bind parses the addresses on which a server listens, and opens them.
package bind

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"strconv"
	"strings"
	"syscall"

	"github.com/quintetgo/quintet/framework/server/internal/systemd"
)

// Address is one address to listen on, as returned by Parse.
type Address struct {
	Network string      // "tcp", "unix", "fd" or "systemd"
	Name    string      // host:port, path, file descriptor number, or the name of a socket unit ("" for all)
	Mode    fs.FileMode // permissions of a unix socket, independent of the umask; 0 means DefaultMode
}

// DefaultMode lets the owner of a unix socket and its group connect. Add the user of the web server to the group; no
// other user of the machine can connect.
const DefaultMode fs.FileMode = 0o660

// String returns the address in the syntax of Parse.
func (a Address) String() string {
	switch {
	case a.Network == "tcp":
		return a.Name
	case a.Network == "systemd" && a.Name == "":
		return "systemd"
	case a.Mode != 0:
		return fmt.Sprintf("unix:%s?mode=%04o", a.Name, a.Mode)
	default:
		return a.Network + ":" + a.Name
	}
}

// Parse parses an address: "8000" and ":8000" (every interface), "127.0.0.1:8000", "[::1]:8000",
// "unix:/run/shop.sock", "unix:/run/shop.sock?mode=0660", "fd:3" for a socket that the parent process opened,
// "systemd" for the sockets that systemd passes on (socket activation), or "systemd:web" for those of them with that
// name (FileDescriptorName=).
func Parse(text string) (Address, error) {
	bad := func(why string) (Address, error) {
		return Address{}, fmt.Errorf("bind address %q: %s; "+
			"want HOST:PORT, :PORT, unix:/PATH, unix:/PATH?mode=0660, fd:NUMBER or systemd", text, why)
	}
	if rest, ok := strings.CutPrefix(text, "unix:"); ok {
		path, query, _ := strings.Cut(rest, "?")
		if path == "" {
			return bad("the path is missing")
		}
		a := Address{Network: "unix", Name: path}
		if query != "" {
			octal, ok := strings.CutPrefix(query, "mode=")
			mode, err := strconv.ParseUint(octal, 8, 32)
			if !ok || err != nil || mode == 0 || mode > 0o777 {
				return bad("the mode is not an octal number such as 0660")
			}
			a.Mode = fs.FileMode(mode)
		}
		return a, nil
	}
	if text == "systemd" {
		return Address{Network: "systemd"}, nil
	}
	if name, ok := strings.CutPrefix(text, "systemd:"); ok {
		if name == "" {
			return bad("the name is missing")
		}
		return Address{Network: "systemd", Name: name}, nil
	}
	if number, ok := strings.CutPrefix(text, "fd:"); ok {
		if n, err := strconv.Atoi(number); err != nil || n < 3 {
			return bad("a file descriptor must be a number of at least 3")
		}
		return Address{Network: "fd", Name: number}, nil
	}
	if _, err := strconv.Atoi(text); err == nil {
		text = ":" + text
	}
	host, port, err := net.SplitHostPort(text)
	if err != nil {
		return bad("the port is missing")
	}
	if n, err := strconv.Atoi(port); err != nil || n < 0 || n > 65535 {
		return bad("the port is not a number from 0 to 65535")
	}
	return Address{Network: "tcp", Name: net.JoinHostPort(host, port)}, nil
}

// ListenAll opens the socket, or all sockets that systemd passes on. See Listen.
func (a Address) ListenAll() ([]net.Listener, error) {
	if a.Network == "systemd" {
		return a.activated()
	}
	listener, err := a.Listen()
	if err != nil {
		return nil, err
	}
	return []net.Listener{listener}, nil
}

// Listen opens the socket, or the first of several. A unix socket that a dead process left is replaced; if a process
// accepts connections on it, or the file is not a socket, Listen returns an error and does not touch it. A unix
// socket has exactly its Mode when Listen returns, and never more permissions before.
func (a Address) Listen() (net.Listener, error) {
	switch a.Network {
	case "systemd":
		list, err := a.activated()
		if err != nil {
			return nil, err
		}
		CloseAll(list[1:])
		return list[0], nil
	case "fd":
		return a.inherit()
	case "unix":
		return a.listenUnix()
	}
	listener, err := net.Listen("tcp", a.Name)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("listen on %s: another program listens there; stop it or choose another address", a.Name)
	}
	if errors.Is(err, syscall.EACCES) {
		return nil, fmt.Errorf("listen on %s: not permitted; "+
			"ports below 1024 require CAP_NET_BIND_SERVICE or a web server in front", a.Name)
	}
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w", a.Name, err)
	}
	return listener, nil
}

func (a Address) inherit() (net.Listener, error) {
	number, err := strconv.Atoi(a.Name)
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w", a, err)
	}
	file := os.NewFile(uintptr(number), a.String())
	defer file.Close() // FileListener has its own copy
	listener, err := net.FileListener(file)
	if err != nil {
		return nil, fmt.Errorf("listen on %s: the descriptor is not a listening socket: %w", a, err)
	}
	if unix, ok := listener.(*net.UnixListener); ok {
		unix.SetUnlinkOnClose(false) // the socket belongs to the parent
	}
	return listener, nil
}

// activated returns the sockets that systemd passes on to this process, all or those with the name.
func (a Address) activated() ([]net.Listener, error) {
	descriptors, err := systemd.Sockets(a.Name)
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w", a, err)
	}
	var list []net.Listener
	for _, fd := range descriptors {
		listener, err := Address{Network: "fd", Name: strconv.Itoa(fd)}.inherit()
		if err != nil {
			CloseAll(list)
			return nil, err
		}
		list = append(list, listener)
	}
	return list, nil
}

// CloseAll closes the listeners.
func CloseAll(listeners []net.Listener) {
	for _, l := range listeners {
		_ = l.Close()
	}
}
