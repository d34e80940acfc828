package limit

import (
	"bytes"
	"math"
	"net"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// available returns the memory in bytes that this process may use: that of its control group, or of the machine.
func available() uint64 {
	memory := uint64(math.MaxUint64)
	var info syscall.Sysinfo_t
	if syscall.Sysinfo(&info) == nil {
		memory = uint64(info.Totalram) * uint64(info.Unit)
	}
	for _, path := range groupFiles() {
		text, err := os.ReadFile(path)
		if err != nil {
			continue
		}
		if limit, err := strconv.ParseUint(string(bytes.TrimSpace(text)), 10, 64); err == nil && limit > 0 {
			memory = min(memory, limit)
		}
	}
	return memory
}

// groupFiles returns the files with the limits of this process's control groups, of versions 2 and 1. In a container
// the group is mounted as the root.
func groupFiles() []string {
	list := []string{"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"}
	text, err := os.ReadFile("/proc/self/cgroup")
	if err != nil {
		return list
	}
	for line := range strings.Lines(string(text)) {
		if path, ok := strings.CutPrefix(strings.TrimSpace(line), "0::/"); ok && path != "" {
			list = append(list, "/sys/fs/cgroup/"+path+"/memory.max")
		}
	}
	return list
}

// openFiles returns how many files this process may open, or 0 if that is unknown. The Go runtime has raised the soft
// limit to the hard one.
func openFiles() uint64 {
	var limit syscall.Rlimit
	if syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit) != nil {
		return 0
	}
	return limit.Cur
}

// Resident returns the resident memory of this process in bytes, or 0 if it is unknown.
func Resident() uint64 {
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	fields := bytes.Fields(text)
	if len(fields) < 2 {
		return 0
	}
	pages, err := strconv.ParseUint(string(fields[1]), 10, 64)
	if err != nil {
		return 0
	}
	return pages * uint64(os.Getpagesize())
}

// notSentLowat is TCP_NOTSENT_LOWAT of <linux/tcp.h>, see tcp(7).
const notSentLowat = 25

// keepUnsentLow limits the unsent data that the kernel buffers for each connection that l accepts to one piece.
// Without it the kernel buffers megabytes for each client that does not read. Data in transit is not bounded.
func keepUnsentLow(l net.Listener) {
	tcp, ok := l.(*net.TCPListener)
	if !ok {
		return
	}
	raw, err := tcp.SyscallConn()
	if err != nil {
		return
	}
	_ = raw.Control(func(fd uintptr) { _ = syscall.SetsockoptInt(int(fd), syscall.IPPROTO_TCP, notSentLowat, piece) })
}
