//go:build unix && !linux

package master

import "time"

// monotonic is asked for by systemd only, which runs on Linux.
func monotonic() int64 { return time.Now().UnixNano() }
