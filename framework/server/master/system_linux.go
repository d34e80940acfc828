package master

import (
	"math"
	"os"
	"unsafe"

	"golang.org/x/sys/unix"
)

// adopts reports whether this process inherits orphaned processes.
func adopts() bool {
	var subreaper int32
	err := unix.Prctl(unix.PR_GET_CHILD_SUBREAPER, uintptr(unsafe.Pointer(&subreaper)), 0, 0, 0)
	return os.Getpid() == 1 || err == nil && subreaper != 0
}

// closeInherited keeps workers from inheriting descriptors that the parent process left open. Kernels before 5.11 do
// not support it.
func closeInherited() {
	_ = unix.CloseRange(3, math.MaxUint32, unix.CLOSE_RANGE_CLOEXEC)
}
