//go:build !linux

package servertest

import "os"

func askToStop(p *os.Process) error { return p.Signal(os.Interrupt) }

// Children returns nil: it is not implemented on this system.
func (s *Process) Children() []int { return nil }

// Usage returns zero: it is not implemented on this system.
func (s *Process) Usage() Usage { return Usage{} }
