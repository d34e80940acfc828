//go:build !linux

package metrics

// ReadBacklog is for Linux only.
func ReadBacklog(int) (waiting, limit int, ok bool) { return 0, 0, false }
