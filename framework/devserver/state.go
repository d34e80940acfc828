package devserver

import (
	"context"
	"sync"
)

// phase is the current state: a build in progress, a child that serves requests, or a failure to show.
type phase struct {
	target   *process
	failure  *failure
	resolved chan struct{} // closed when target or failure is set
}

// state is shared between the loop that builds and the handlers that serve.
type state struct {
	mu         sync.Mutex
	now        *phase
	generation int
	listeners  map[chan struct{}]struct{} // notified of each new generation
}

func newState() *state {
	return &state{now: &phase{resolved: make(chan struct{})}, listeners: map[chan struct{}]struct{}{}}
}

// hold makes requests wait from now on.
func (s *state) hold() {
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case <-s.now.resolved:
		s.now = &phase{resolved: make(chan struct{})}
	default: // they wait already
	}
}

// resolve ends the wait, with a child or a failure, and notifies the browsers.
func (s *state) resolve(target *process, f *failure) {
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case <-s.now.resolved:
		s.now = &phase{resolved: make(chan struct{})}
	default:
	}
	s.generation++
	s.now.target, s.now.failure = target, f
	close(s.now.resolved)
	for ch := range s.listeners {
		select {
		case ch <- struct{}{}:
		default:
		}
	}
}

// wait returns the phase once it is resolved.
func (s *state) wait(ctx context.Context) (*phase, int, error) {
	for {
		s.mu.Lock()
		now, generation := s.now, s.generation
		s.mu.Unlock()
		select {
		case <-now.resolved:
			s.mu.Lock()
			current := s.now == now
			generation = s.generation
			s.mu.Unlock()
			if current {
				return now, generation, nil
			}
		case <-ctx.Done():
			return nil, generation, ctx.Err()
		}
	}
}

// listen returns a channel that receives a value after each new generation, and a function that unsubscribes it.
func (s *state) listen() (<-chan struct{}, func()) {
	ch := make(chan struct{}, 1)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.listeners[ch] = struct{}{}
	return ch, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.listeners, ch)
	}
}

func (s *state) number() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.generation
}
