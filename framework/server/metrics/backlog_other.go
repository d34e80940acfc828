//go:build !linux

package metrics

// ReadBacklog returns false: this system does not report queues.
func ReadBacklog(int) (waiting, limit int, ok bool) { return 0, 0, false }
