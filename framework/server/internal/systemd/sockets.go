// Package systemd implements the two protocols of systemd that a server needs: it takes over listening sockets
// (sd_listen_fds), and reports its state (sd_notify).
package systemd

import (
	"fmt"
	"os"
	"strconv"
	"strings"
)

// first is the first descriptor that systemd passes on.
const first = 3

// Sockets returns the descriptors of the sockets that systemd passes on to this process: all of them, or those with a
// name (FileDescriptorName=). It returns an error if there is none.
func Sockets(name string) ([]int, error) {
	count, err := strconv.Atoi(os.Getenv("LISTEN_FDS"))
	if pid := os.Getenv("LISTEN_PID"); err != nil || count < 1 || pid != strconv.Itoa(os.Getpid()) {
		return nil, fmt.Errorf("systemd passed no socket to this process; start it with a socket unit (LISTEN_FDS=%q, LISTEN_PID=%q)",
			os.Getenv("LISTEN_FDS"), pid)
	}
	var names []string
	if text := os.Getenv("LISTEN_FDNAMES"); text != "" {
		names = strings.Split(text, ":")
	}
	var list []int
	for i := range count {
		if name == "" || i < len(names) && names[i] == name {
			list = append(list, first+i)
		}
	}
	if len(list) == 0 {
		return nil, fmt.Errorf("systemd passed no socket with that name, only %q", names)
	}
	return list, nil
}
