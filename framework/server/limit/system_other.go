//go:build !linux

package limit

import (
	"math"
	"net"
	"runtime/metrics"
)

// available is unknown: no bound.
func available() uint64 { return math.MaxUint64 }

// openFiles is unknown.
func openFiles() uint64 { return 0 }

// keepUnsentLow is for Linux.
func keepUnsentLow(net.Listener) {}

// Resident returns what the Go runtime of this process holds of the system's memory, in bytes.
func Resident() uint64 {
	samples := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
	metrics.Read(samples)
	if samples[0].Value.Kind() != metrics.KindUint64 || samples[1].Value.Kind() != metrics.KindUint64 {
		return 0
	}
	return samples[0].Value.Uint64() - samples[1].Value.Uint64()
}
