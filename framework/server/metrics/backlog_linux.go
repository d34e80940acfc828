package metrics

import "golang.org/x/sys/unix"

// ReadBacklog returns the kernel's queue of a listening TCP socket: the waiting connections and the limit. Ok is
// false if they are unknown.
func ReadBacklog(fd int) (waiting, limit int, ok bool) {
	info, err := unix.GetsockoptTCPInfo(fd, unix.IPPROTO_TCP, unix.TCP_INFO)
	const listening = 10 // TCP_LISTEN
	if err != nil || info.State != listening {
		return 0, 0, false
	}
	// For listening sockets Linux stores the length and the limit of the queue in these fields.
	return int(info.Unacked), int(info.Sacked), true
}
