//go:build unix

package master

import (
	"syscall"
)

// reloader is the state of reloads: the generations of workers, and what follows the current reload.
type reloader struct {
	last         int         // number of the newest generation
	current      *generation // the serving generation
	next         *generation // the generation that is to replace it, or nil
	upgrade      bool        // execute the program on disk once next serves
	again        bool        // another reload follows this one
	upgradeAgain bool        // with an upgrade
	failure      string      // why the last reload failed
}

// generations returns those that get workers: the serving one, and the one that is to replace it.
func (r *reloader) generations() []*generation {
	if r.next == nil {
		return []*generation{r.current}
	}
	return []*generation{r.current, r.next}
}

// reload starts a new generation beside the serving one. If a reload is in progress, another one follows it, since
// the program may have changed after it began.
func (m *master) reload(upgrade bool) {
	if m.stopping {
		return
	}
	if m.next != nil {
		if !m.again {
			m.config.Logger.Info("a reload is in progress; another one will follow")
			m.upgradeAgain = false
		}
		m.again, m.upgradeAgain = true, m.upgradeAgain || upgrade
		return
	}
	m.notify.Reloading()
	m.upgrade, m.failure = upgrade, ""
	m.last++
	m.next = &generation{number: m.last, want: m.config.Workers, build: openBuild(m.config.Program)}
	m.config.Logger.Info("reload: starting new workers", "generation", m.next.number)
}

func (m *master) takeOver() {
	for _, p := range m.processes {
		if p.generation != m.next {
			m.drain(p, syscall.SIGTERM)
		}
	}
	m.current.build.close()
	m.current, m.next, m.backoff = m.next, nil, backoff{}
	m.reloads++
	m.config.Logger.Info("reload: the new workers serve", "generation", m.current.number)
	m.notify.Send("READY=1\nSTATUS=serving")
	if m.upgrade {
		m.upgrade = false
		if err := m.execUpgrade(); err != nil {
			m.failed++
			m.failure = "the new workers serve, but the master could not execute the program on disk: " + err.Error()
			m.config.Logger.Error("cannot execute the program on disk; the old master keeps running", "error", err)
		}
	}
}

// abandonReload stops the new generation; the old one keeps serving. New workers that are ready may have accepted
// connections, and finish them.
func (m *master) abandonReload(reason string) {
	m.failure = reason
	m.failed++
	m.config.Logger.Error("reload failed; the old workers keep serving", "reason", reason)
	for _, p := range m.processes {
		switch {
		case p.generation != m.next:
		case p.stage == ready:
			m.drain(p, syscall.SIGTERM)
		default:
			m.drain(p, syscall.SIGINT)
		}
	}
	m.next.build.close()
	m.next, m.upgrade = nil, false
	m.current.want = m.config.Workers // it may have changed meanwhile
	m.notify.Send("READY=1\nSTATUS=serving; the last reload failed")
}
