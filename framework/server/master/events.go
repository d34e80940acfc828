//go:build unix

package master

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"syscall"
	"time"

	"github.com/quintetgo/quintet/framework/server/metrics"
)

// heard acts on what a worker said.
func (m *master) heard(e event) {
	p := e.process
	if e.state != nil || e.line == "end" {
		m.ended(p, e.state)
		return
	}
	word, rest, _ := strings.Cut(e.line, " ")
	p.Beat = time.Now()
	switch word {
	case "ready":
		if p.Stage == starting {
			p.Stage = ready
			m.config.Logger.Info("worker ready", "pid", p.PID, "after", time.Since(p.Started).Round(time.Millisecond))
			m.becameReady(p)
		}
	case metricsWord:
		var said metrics.Snapshot
		if json.Unmarshal([]byte(rest), &said) == nil {
			p.metrics = said
		}
	case "failed":
		p.reason = strings.ReplaceAll(rest, "\x1e", "\n")
	case "retire":
		if p.Stage == ready && !p.retired && m.next == 0 {
			m.config.Logger.Info("worker retires", "pid", p.PID, "reason", rest)
			p.retired = true // fill starts a successor; it drains when that one is ready
		}
	}
}

// becameReady lets the new generation take over once it is whole, and retired workers go.
func (m *master) becameReady(p *process) {
	if !m.served {
		m.served = true
		m.notify.say("READY=1\nSTATUS=serving")
		if m.config.Serving != nil {
			addrs := make([]net.Addr, len(m.sockets))
			for i, s := range m.sockets {
				addrs[i] = s.addr
			}
			m.config.Serving(addrs)
		}
	}
	if m.next != 0 && p.Generation == m.next {
		if m.whole(m.next) {
			m.takeOver()
		}
		return
	}
	for _, old := range m.processes {
		if old.retired && old.Stage == ready && m.whole(m.current) {
			m.drain(old, syscall.SIGTERM)
		}
	}
}

// whole reports whether a generation has all its workers ready.
func (m *master) whole(generation int) bool {
	n := 0
	for _, p := range m.processes {
		if p.Generation == generation && p.Stage == ready && !p.retired {
			n++
		}
	}
	return n >= m.config.Workers
}

// reload starts a new generation beside the one that serves.
func (m *master) reload(upgrade bool) {
	if m.stopping {
		return
	}
	if m.next != 0 {
		m.config.Logger.Info("a reload is under way already")
		m.upgrade = m.upgrade || upgrade
		return
	}
	m.notify.reloading()
	m.next, m.upgrade, m.failure = m.current+1, upgrade, ""
	m.notBefore, m.young = time.Time{}, 0
	m.config.Logger.Info("reload: starting new workers", "generation", m.next)
}

func (m *master) takeOver() {
	for _, p := range m.processes {
		if p.Generation != m.next {
			m.drain(p, syscall.SIGTERM)
		}
	}
	m.current, m.next, m.young = m.next, 0, 0
	m.reloads++
	m.config.Logger.Info("reload: the new workers serve", "generation", m.current)
	m.notify.say("READY=1\nSTATUS=serving")
	if m.upgrade {
		m.upgrade = false
		if err := m.become(); err != nil {
			m.config.Logger.Error("cannot become the program on disk; going on as the old master", "error", err)
		}
	}
}

// giveUp puts the new generation away; the old one goes on serving.
func (m *master) giveUp(reason string) {
	m.failure = reason
	m.failed++
	m.config.Logger.Error("reload given up; the old workers go on serving", "reason", reason)
	for _, p := range m.processes {
		if p.Generation == m.next {
			m.drain(p, syscall.SIGINT)
		}
	}
	// The number is not used again: the workers that are put away carry it.
	m.current, m.next, m.upgrade = m.renumber(), 0, false
	m.notify.say("READY=1\nSTATUS=serving; the last reload was given up")
}

// renumber moves the serving workers to a generation past the failed one.
func (m *master) renumber() int {
	generation := m.next + 1
	for _, p := range m.processes {
		if p.Generation == m.current {
			p.Generation = generation
		}
	}
	return generation
}

// ended acts on a worker's end.
func (m *master) ended(p *process, state *os.ProcessState) {
	if m.processes[p.PID] != p {
		return
	}
	m.forget(p)
	expected := p.Stage == draining
	how := describe(p, state)
	if expected {
		m.config.Logger.Info("worker ended", "pid", p.PID)
		return
	}
	if m.next != 0 && p.Generation == m.next {
		m.giveUp(fmt.Sprintf("worker %d ended before it was ready: %s", p.PID, how))
		return
	}
	if !m.served && p.reason != "" {
		// It said in good order that it cannot start: trying again would say the same.
		m.result = &BootError{Reason: p.reason}
		m.stop(syscall.SIGINT)
		return
	}
	m.config.Logger.Error("worker died", "pid", p.PID, "how", how)
	m.restarts++
	if p.Stage == ready && time.Since(p.Started) > youngAge {
		m.young = 0
		return
	}
	m.delay()
	m.config.Logger.Warn("the next worker starts later, as the last one died young", "in", time.Until(m.notBefore).Round(time.Second))
}

func describe(p *process, state *os.ProcessState) string {
	switch {
	case p.reason != "":
		return p.reason
	case state == nil:
		return "unknown"
	default:
		return state.String()
	}
}

// watchClock kills what is overdue: workers that are not ready in time, that hang, or that do not
// finish draining.
func (m *master) watchClock(now time.Time) {
	m.notify.watchdog(now)
	if !m.duckUntil.IsZero() && now.After(m.duckUntil) {
		m.drainAll(syscall.SIGTERM)
	}
	for _, p := range m.processes {
		switch {
		case p.Stage == draining && now.After(p.deadline):
			m.config.Logger.Warn("worker killed: it did not finish in time", "pid", p.PID)
			p.signal(syscall.SIGKILL)
			p.deadline = now.Add(quickTimeout)
		case p.Stage == starting && now.After(p.deadline):
			m.config.Logger.Error("worker is not ready in time", "pid", p.PID, "limit", m.config.BootTimeout)
			m.kill(p)
			if m.next != 0 && p.Generation == m.next {
				m.giveUp(fmt.Sprintf("worker %d was not ready within %v", p.PID, m.config.BootTimeout))
			}
		case p.Stage == ready && now.Sub(p.Beat) > m.config.HeartbeatTimeout:
			m.config.Logger.Error("worker hangs: its heartbeat stopped", "pid", p.PID, "for", now.Sub(p.Beat).Round(time.Second))
			m.kill(p)
			p.Beat = now // once
		}
	}
}

// kill has a worker write the stacks of its goroutines and end (ABRT), and kills it for good soon
// after.
func (m *master) kill(p *process) {
	p.signal(syscall.SIGCONT)
	p.signal(syscall.SIGABRT)
	time.AfterFunc(time.Second, func() {
		if err := p.handle.Signal(syscall.SIGKILL); err != nil && !errors.Is(err, os.ErrProcessDone) {
			m.config.Logger.Warn("cannot kill a worker", "pid", p.PID, "error", err)
		}
	})
}
