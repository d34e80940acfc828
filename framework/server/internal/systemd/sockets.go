package server

import (
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
)

// firstActivated is the first descriptor that systemd passes on.
const firstActivated = 3

// activated returns the sockets that systemd passes on to this process, all or those of a name.
func (b Bind) activated() ([]net.Listener, error) {
	count, err := strconv.Atoi(os.Getenv("LISTEN_FDS"))
	if pid := os.Getenv("LISTEN_PID"); err != nil || count < 1 || pid != strconv.Itoa(os.Getpid()) {
		return nil, fmt.Errorf("listen on %s: systemd passed no socket to this process; start it by a socket unit (LISTEN_FDS=%q, LISTEN_PID=%q)",
			b, os.Getenv("LISTEN_FDS"), pid)
	}
	var names []string
	if text := os.Getenv("LISTEN_FDNAMES"); text != "" {
		names = strings.Split(text, ":")
	}
	var list []net.Listener
	for i := range count {
		if b.Address != "" && (i >= len(names) || names[i] != b.Address) {
			continue
		}
		listener, err := Bind{Network: "fd", Address: strconv.Itoa(firstActivated + i)}.inherit()
		if err != nil {
			closeAll(list)
			return nil, err
		}
		list = append(list, listener)
	}
	if len(list) == 0 {
		return nil, fmt.Errorf("listen on %s: systemd passed no socket of that name; there are %q", b, names)
	}
	return list, nil
}
