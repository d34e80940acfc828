package limit

import (
	"math"
	"runtime/debug"
)

// perRequest is a generous estimate of the memory that a request in progress needs.
const perRequest = 256 << 10

// DefaultConcurrency returns the default number of concurrent requests: what half of the memory of the process (the
// smallest of GOMEMLIMIT, the control group and the machine) can hold at 256 KiB each, between 256 and 65,536.
func DefaultConcurrency() int {
	memory := available()
	if own := debug.SetMemoryLimit(-1); own > 0 && own < math.MaxInt64 {
		memory = min(memory, uint64(own))
	}
	return int(min(max(memory/2/perRequest, 256), 65536))
}

// DefaultConnections returns the default number of open connections: the limit of open files, less an eighth (between
// 32 and 1,024) for databases, files and logs. It returns 0, which means no limit, where the system reports none.
func DefaultConnections() int {
	limit := openFiles()
	if limit == 0 || limit > math.MaxInt32 {
		return 0
	}
	files := int(limit)
	return max(files-min(max(files/8, 32), 1024), files/4, 1)
}
