package master

import (
	"syscall"
	"time"
	"unsafe"
)

// monotonic returns CLOCK_MONOTONIC in nanoseconds, which is what systemd compares.
func monotonic() int64 {
	var spec syscall.Timespec
	const clockMonotonic = 1
	if _, _, errno := syscall.Syscall(syscall.SYS_CLOCK_GETTIME, clockMonotonic, uintptr(unsafe.Pointer(&spec)), 0); errno != 0 {
		return time.Now().UnixNano()
	}
	return spec.Nano()
}
