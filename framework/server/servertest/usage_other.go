//go:build !linux

package servertest

import "os"

func askToStop(p *os.Process) error { return p.Signal(os.Interrupt) }

// Children returns nothing: the system does not say.
func (s *Process) Children() []int { return nil }

// Usage returns nothing: the system does not say.
func (s *Process) Usage() Usage { return Usage{} }
