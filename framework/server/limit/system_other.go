//go:build !linux

package limit

import (
	"math"
	"net"
	"runtime/metrics"
)

// available returns no bound: the memory is unknown.
func available() uint64 { return math.MaxUint64 }

// openFiles returns 0: the limit is unknown.
func openFiles() uint64 { return 0 }

// keepUnsentLow does nothing on this system.
func keepUnsentLow(net.Listener) {}

// Resident returns the memory that the Go runtime of this process has obtained from the system, in bytes.
func Resident() uint64 {
	samples := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
	metrics.Read(samples)
	if samples[0].Value.Kind() != metrics.KindUint64 || samples[1].Value.Kind() != metrics.KindUint64 {
		return 0
	}
	return samples[0].Value.Uint64() - samples[1].Value.Uint64()
}
