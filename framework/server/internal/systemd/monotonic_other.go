//go:build !linux

package systemd

import "time"

// monotonic is asked for by systemd only, which runs on Linux.
func monotonic() int64 { return time.Now().UnixNano() }
