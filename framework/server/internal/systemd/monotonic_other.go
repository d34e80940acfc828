//go:build !linux

package systemd

import "time"

// monotonic returns the wall clock: only systemd, which runs on Linux, compares the value.
func monotonic() int64 { return time.Now().UnixNano() }
