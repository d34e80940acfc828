package servertest

import "time"

// Usage is the resource usage of a process and its descendants. On systems other than Linux it is zero.
type Usage struct {
	Processes int
	Resident  int64         // resident memory in bytes
	Files     int           // number of open descriptors
	Threads   int           // number of system threads
	CPU       time.Duration // processor time so far, of running processes and of ended children that were waited for
}
