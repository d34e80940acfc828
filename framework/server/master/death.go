//go:build unix

package master

import (
	"errors"
	"fmt"
	"os"
	"syscall"
	"time"
)

const noHang = 1 // WNOHANG, which package syscall does not name everywhere

// BootError says that the first workers could not start: nothing was ever served. Its text is what
// a worker said, or why none could be run.
type BootError struct{ Reason string }

func (e *BootError) Error() string { return e.Reason }

// reap collects workers that have ended. A process to which the kernel gives orphans, as process 1
// of a container, collects these too; elsewhere other children are none of its business.
func (m *master) reap() {
	var status syscall.WaitStatus
	wait := func(pid int) (int, error) {
		for {
			got, err := syscall.Wait4(pid, &status, noHang, nil)
			if !errors.Is(err, syscall.EINTR) {
				return got, err
			}
		}
	}
	if m.adopts {
		for {
			pid, err := wait(-1)
			if err != nil || pid <= 0 {
				break
			}
			if p := m.processes[pid]; p != nil && p.ended.IsZero() {
				p.ended, p.status = time.Now(), status
			}
		}
	}
	for pid, p := range m.processes {
		if !p.ended.IsZero() {
			continue
		}
		if got, err := wait(pid); got == pid {
			p.ended, p.status = time.Now(), status
		} else if errors.Is(err, syscall.ECHILD) {
			p.ended, p.lost = time.Now(), true
		}
	}
}

// bury acts on the ends of workers, once what they said last was heard. A process that a worker left
// behind may hold its pipe open, so this does not wait for ever.
func (m *master) bury() {
	for _, p := range m.processes {
		if !p.ended.IsZero() && (p.silent || time.Since(p.ended) > 100*time.Millisecond) {
			m.forget(p)
			m.died(p)
		}
	}
}

// died acts on a worker's end.
func (m *master) died(p *process) {
	m.abandoned = p.lost || !p.status.Exited() || p.status.ExitStatus() != 0
	if p.stage == draining {
		m.config.Logger.Info("worker ended", "pid", p.pid)
		return
	}
	how := p.how()
	switch {
	case p.generation == m.next:
		m.giveUp(fmt.Sprintf("worker %d ended: %s", p.pid, how))
		return
	case m.stopping:
		m.config.Logger.Error("worker died", "pid", p.pid, "how", how)
		return
	case !m.served && p.reason != "" && m.next == nil:
		// It said in good order that it cannot start: trying again would say the same.
		m.fail(p.reason)
		return
	}
	m.restarts++
	m.death = fmt.Sprintf("worker %d: %s", p.pid, how)
	if p.stage == starting {
		m.pace.failed()
		m.config.Logger.Error("worker died before it was ready", "pid", p.pid, "how", how, "failures", m.pace.failures, "next_start_in", m.untilStart())
		return
	}
	m.pace.died(time.Since(p.started), p.generation.want)
	m.config.Logger.Error("worker died", "pid", p.pid, "how", how, "after", time.Since(p.started).Round(time.Second), "next_start_in", m.untilStart())
}

// cannotStart acts on a worker that could not be run.
func (m *master) cannotStart(g *generation, err error) {
	if g == m.next {
		m.giveUp(err.Error())
		return
	}
	for _, lasting := range []error{os.ErrNotExist, os.ErrPermission, syscall.ENOEXEC} {
		if !m.served && m.next == nil && errors.Is(err, lasting) {
			m.fail(err.Error())
			return
		}
	}
	m.death = err.Error()
	m.pace.failed()
	m.config.Logger.Error("cannot start a worker", "error", err, "failures", m.pace.failures, "next_start_in", m.untilStart())
}

// fail ends the master, as nothing was ever served.
func (m *master) fail(reason string) {
	m.result = &BootError{Reason: reason}
	m.stop(syscall.SIGINT)
}

func (m *master) untilStart() time.Duration {
	return max(0, time.Until(m.pace.next())).Round(100 * time.Millisecond)
}

// how says how a worker ended.
func (p *process) how() string {
	switch {
	case p.reason != "":
		return p.reason
	case p.verdict != "":
		return p.verdict
	case p.lost:
		return "unknown"
	case p.status.Signaled() && p.status.Signal() == syscall.SIGKILL:
		return "killed, perhaps for lack of memory"
	case p.status.Signaled():
		return "signal: " + p.status.Signal().String()
	}
	return fmt.Sprintf("exit status %d", p.status.ExitStatus())
}

// Spaces between starts of workers: of one whose start failed it doubles from the first to the
// longest.
const (
	startSpace   = time.Second
	longestSpace = 30 * time.Second
	youngAge     = 2 * time.Second
)

// pace says when workers that died are replaced.
//
// A worker that served is replaced at once, whether it died or retires. If it did so young, the start has to keep a second from
// the one before; it is young up to as many seconds as there are workers, so that no number of them
// makes for more than a start a second in the long run.
//
// A start that failed, since the worker ended before it was ready, has the next wait for one second,
// then two, four, up to thirty, and go alone until one is ready. A worker that served and dies
// meanwhile ends the wait: it is not held up by the failures of others.
type pace struct {
	failures  int       // starts in a row that failed
	owed      int       // starts that have to keep their space
	last      time.Time // start
	notBefore time.Time
}

// allows reports whether a worker may be started now.
func (p *pace) allows() bool { return !time.Now().Before(p.next()) }

// next returns when the next worker may be started.
func (p *pace) next() time.Time {
	if spaced := p.last.Add(startSpace); p.owed > 0 && spaced.After(p.notBefore) {
		return spaced
	}
	return p.notBefore
}

func (p *pace) started() {
	p.last = time.Now()
	p.owed = max(0, p.owed-1)
}

func (p *pace) failed() {
	p.notBefore = time.Now().Add(min(startSpace<<min(p.failures, 10), longestSpace))
	p.failures++
}

func (p *pace) succeeded() { p.failures, p.notBefore = 0, time.Time{} }

// died is for a worker that served, of a set of so many.
func (p *pace) died(age time.Duration, workers int) {
	if age < max(youngAge, time.Duration(workers)*time.Second) {
		p.owed++
	}
	if soon := p.last.Add(startSpace); soon.Before(p.notBefore) {
		p.notBefore = soon
	}
}
