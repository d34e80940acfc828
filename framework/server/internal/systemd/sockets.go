// Package systemd speaks the two protocols of systemd that a server needs: it takes over listening
// sockets (sd_listen_fds), and tells how it is (sd_notify).
package systemd

import (
	"fmt"
	"os"
	"strconv"
	"strings"
)

// first is the first descriptor that is passed on.
const first = 3

// Sockets returns the descriptors of the sockets that systemd passes on to this process: all, or
// those of a name (FileDescriptorName=) that is not "". It fails if there is none.
func Sockets(name string) ([]int, error) {
	count, err := strconv.Atoi(os.Getenv("LISTEN_FDS"))
	if pid := os.Getenv("LISTEN_PID"); err != nil || count < 1 || pid != strconv.Itoa(os.Getpid()) {
		return nil, fmt.Errorf("systemd passed no socket to this process; start it by a socket unit (LISTEN_FDS=%q, LISTEN_PID=%q)", os.Getenv("LISTEN_FDS"), pid)
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
		return nil, fmt.Errorf("systemd passed no socket of that name; there are %q", names)
	}
	return list, nil
}
