//go:build !unix

package main

import "time"

// processorTime returns the time on the clock, as the processor time of the process is not known.
func processorTime() time.Duration { return elapsed() }
