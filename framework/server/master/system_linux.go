package master

import (
	"math"
	"os"
	"unsafe"

	"golang.org/x/sys/unix"
)

// adopts reports whether this process becomes the parent of processes that lose theirs.
func adopts() bool {
	var subreaper int32
	err := unix.Prctl(unix.PR_GET_CHILD_SUBREAPER, uintptr(unsafe.Pointer(&subreaper)), 0, 0, 0)
	return os.Getpid() == 1 || err == nil && subreaper != 0
}

// closeInherited keeps what the parent process left open from workers. Kernels before 5.11 cannot.
func closeInherited() {
	_ = unix.CloseRange(3, math.MaxUint32, unix.CLOSE_RANGE_CLOEXEC)
}
