//go:build unix

package master

import (
	"fmt"
	"syscall"
	"time"
)

const (
	tick = 100 * time.Millisecond
	// nap is a time between ticks in which the master did not run: the machine slept, was paused, or
	// had no time for it.
	nap = time.Second
)

// watchClock kills what is overdue: workers that are not ready in time, that hang, or that do not
// finish draining.
func (m *master) watchClock(now time.Time) {
	if gap := now.Sub(m.ticked); gap > nap {
		m.slept(gap)
	}
	m.ticked = now
	m.notify.Watchdog(now, m.alive(now))
	if !m.duckUntil.IsZero() && now.After(m.duckUntil) {
		m.drainAll(syscall.SIGTERM)
	}
	for _, p := range m.processes {
		switch {
		case !p.abort.IsZero():
			if now.After(p.abort) {
				p.signal(syscall.SIGKILL)
				p.abort = now.Add(quickTimeout)
			}
		case p.stage == draining && now.After(p.deadline):
			m.config.Logger.Warn("worker killed: it did not finish in time", "pid", p.pid)
			p.signal(syscall.SIGKILL)
			p.deadline = now.Add(quickTimeout)
		case p.stage == starting && now.After(p.deadline):
			m.config.Logger.Error("worker is not ready in time", "pid", p.pid, "limit", m.config.BootTimeout)
			m.kill(p, fmt.Sprintf("it was not ready within %v", m.config.BootTimeout))
			if p.generation == m.next {
				m.giveUp(fmt.Sprintf("worker %d was not ready within %v", p.pid, m.config.BootTimeout))
			}
		case p.stage == ready && now.Sub(p.beat) > m.config.HeartbeatTimeout:
			silence := now.Sub(p.beat).Round(time.Second)
			m.config.Logger.Error("worker hangs: its heartbeat stopped", "pid", p.pid, "for", silence)
			m.kill(p, fmt.Sprintf("it hung: its heartbeat stopped for %v", silence))
		}
	}
}

// slept puts off everything that is timed: what the master did not see does not count against
// workers, which stood still themselves or spoke to nobody.
func (m *master) slept(gap time.Duration) {
	if gap > 5*nap {
		m.config.Logger.Info("nothing ran for a while; workers get that time again", "for", gap.Round(time.Second))
	}
	times := []*time.Time{&m.duckUntil, &m.lastReady}
	for _, p := range m.processes {
		times = append(times, &p.beat, &p.deadline, &p.abort)
	}
	for _, t := range times {
		if !t.IsZero() {
			*t = t.Add(gap)
		}
	}
}

// alive reports whether there is reason to leave the master alone: some worker serves, or has for no
// longer than one may take to start not done so. To stop has limits of its own.
func (m *master) alive(now time.Time) bool {
	if serving, _, _ := m.count(m.current); serving > 0 || m.stopping {
		m.lastReady = now
	}
	return now.Sub(m.lastReady) <= m.config.BootTimeout+startSpace
}
