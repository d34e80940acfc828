package systemd

import "golang.org/x/sys/unix"

// monotonic returns CLOCK_MONOTONIC in nanoseconds, which is what systemd compares.
func monotonic() int64 {
	var now unix.Timespec
	_ = unix.ClockGettime(unix.CLOCK_MONOTONIC, &now)
	return now.Nano()
}
