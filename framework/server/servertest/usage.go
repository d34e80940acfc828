package servertest

import "time"

// Usage is what a process and its descendants use of the machine. Where the system does not say, as
// on others than Linux, all is zero.
type Usage struct {
	Processes int
	Resident  int64         // bytes of memory
	Files     int           // open descriptors
	Threads   int           // of the system
	CPU       time.Duration // spent so far, by those that still run and by the ended children that were waited for
}
