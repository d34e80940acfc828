//go:build unix

package master

import (
	"fmt"
	"syscall"
	"time"
)

const (
	tick = 100 * time.Millisecond
	// nap is the time between ticks from which the master counts as suspended: the machine slept, or the process was
	// stopped or starved.
	nap = time.Second
)

// watchClock kills overdue workers: those that are not ready in time, that hang, or that do not finish draining.
func (m *master) watchClock(now time.Time) {
	if gap := now.Sub(m.ticked); gap > nap {
		m.extendDeadlines(gap)
	}
	m.ticked = now
	m.notify.Watchdog(now, m.alive(now))
	if !m.drainAt.IsZero() && now.After(m.drainAt) {
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
			m.config.Logger.Error("worker was not ready in time", "pid", p.pid, "limit", m.config.BootTimeout)
			m.kill(p, fmt.Sprintf("it was not ready within %v", m.config.BootTimeout))
			if p.generation == m.next {
				m.abandonReload(fmt.Sprintf("worker %d was not ready within %v", p.pid, m.config.BootTimeout))
			}
		case p.stage == ready && now.Sub(p.beat) > m.config.HeartbeatTimeout:
			silence := now.Sub(p.beat).Round(time.Second)
			m.config.Logger.Error("worker hangs: its heartbeat stopped", "pid", p.pid, "for", silence)
			m.kill(p, fmt.Sprintf("it hung: its heartbeat stopped for %v", silence))
		}
	}
}

// extendDeadlines extends all deadlines by the time that the master was suspended, because the workers were suspended
// too, or could not report.
func (m *master) extendDeadlines(gap time.Duration) {
	if gap > 5*nap {
		m.config.Logger.Info("the process was suspended; deadlines of workers are extended", "for", gap.Round(time.Second))
	}
	times := []*time.Time{&m.drainAt, &m.lastReady}
	for _, p := range m.processes {
		times = append(times, &p.beat, &p.deadline, &p.abort)
	}
	for _, t := range times {
		if !t.IsZero() {
			*t = t.Add(gap)
		}
	}
}

// alive reports whether systemd should keep the master running: a worker serves, or none has served for no longer
// than a worker may take to start. A stop has its own timeouts.
func (m *master) alive(now time.Time) bool {
	if serving, _, _ := m.count(m.current); serving > 0 || m.stopping {
		m.lastReady = now
	}
	return now.Sub(m.lastReady) <= m.config.BootTimeout+startSpace
}
