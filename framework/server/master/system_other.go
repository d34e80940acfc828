//go:build unix && !linux

package master

import (
	"os"
	"time"
)

// monotonic is asked for by systemd only, which runs on Linux.
func monotonic() int64 { return time.Now().UnixNano() }

// adopts is for containers, which run on Linux.
func adopts() bool { return os.Getpid() == 1 }

func closeInherited() {}

func lockFolder(*os.File) {}
