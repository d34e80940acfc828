package limit

import (
	"math"
	"runtime/debug"
)

// perRequest is what a request at work is reckoned to need of memory, amply.
const perRequest = 256 << 10

// DefaultConcurrency is how many requests may be at work when nobody said: as many as half of the
// memory that the process may use (of GOMEMLIMIT, the control group, or the machine, the least) can
// hold at 256 KiB each, at least 256 and at most 65,536.
func DefaultConcurrency() int {
	memory := available()
	if own := debug.SetMemoryLimit(-1); own > 0 && own < math.MaxInt64 {
		memory = min(memory, uint64(own))
	}
	return int(min(max(memory/2/perRequest, 256), 65536))
}

// DefaultConnections is how many connections may be open when nobody said: as many as the process may
// open files, less an eighth, at least 32 and at most 1,024, for databases, files and logs. 0, which
// means no limit, where the system does not say.
func DefaultConnections() int {
	limit := openFiles()
	if limit == 0 || limit > math.MaxInt32 {
		return 0
	}
	files := int(limit)
	return max(files-min(max(files/8, 32), 1024), files/4, 1)
}
