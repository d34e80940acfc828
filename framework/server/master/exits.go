//go:build unix

package master

import (
	"errors"
	"fmt"
	"os"
	"syscall"
	"time"
)

const noHang = 1 // WNOHANG, which package syscall does not define on every system

// BootError reports that the first workers could not start: nothing was served. Its text is the error of the worker,
// or why none could be started.
type BootError struct{ Reason string }

func (e *BootError) Error() string { return e.Reason }

// reap collects workers that have ended. A process that inherits orphans from the kernel, as process 1 of a container
// does, collects these too; otherwise other children are ignored.
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

// reapExited handles the end of workers after their last message was read. A process that a worker left may hold its
// pipe open, so this does not wait forever.
func (m *master) reapExited() {
	for _, p := range m.processes {
		if !p.ended.IsZero() && (p.pipeClosed || time.Since(p.ended) > 100*time.Millisecond) {
			m.forget(p)
			m.died(p)
		}
	}
}

// died handles the end of a worker.
func (m *master) died(p *process) {
	m.abandoned = p.lost || !p.status.Exited() || p.status.ExitStatus() != 0
	if p.stage == draining {
		m.config.Logger.Info("worker ended", "pid", p.pid)
		return
	}
	how := p.exitReason()
	switch {
	case p.generation == m.next:
		m.abandonReload(fmt.Sprintf("worker %d ended: %s", p.pid, how))
		return
	case m.stopping:
		m.config.Logger.Error("worker died", "pid", p.pid, "how", how)
		return
	case !m.served && p.reason != "" && m.next == nil:
		// It reported that it cannot start: another attempt would fail in the same way.
		m.fail(p.reason)
		return
	}
	m.restarts++
	m.death = fmt.Sprintf("worker %d: %s", p.pid, how)
	if p.stage == starting {
		m.backoff.failed()
		m.config.Logger.Error("worker died before it was ready", "pid", p.pid, "how", how,
			"failures", m.backoff.failures, "next_start_in", m.untilStart())
		return
	}
	m.backoff.died(time.Since(p.started), p.generation.want)
	m.config.Logger.Error("worker died", "pid", p.pid, "how", how,
		"after", time.Since(p.started).Round(time.Second), "next_start_in", m.untilStart())
}

// cannotStart handles a worker that could not be started.
func (m *master) cannotStart(g *generation, err error) {
	if g == m.next {
		m.abandonReload(err.Error())
		return
	}
	for _, lasting := range []error{os.ErrNotExist, os.ErrPermission, syscall.ENOEXEC} {
		if !m.served && m.next == nil && errors.Is(err, lasting) {
			m.fail(err.Error())
			return
		}
	}
	m.death = err.Error()
	m.backoff.failed()
	m.config.Logger.Error("cannot start a worker", "error", err, "failures", m.backoff.failures, "next_start_in", m.untilStart())
}

// fail stops the master because nothing was ever served.
func (m *master) fail(reason string) {
	m.result = &BootError{Reason: reason}
	m.stop(syscall.SIGINT)
}

func (m *master) untilStart() time.Duration {
	return max(0, time.Until(m.backoff.next())).Round(100 * time.Millisecond)
}

// exitReason returns how a worker ended.
func (p *process) exitReason() string {
	switch {
	case p.reason != "":
		return p.reason
	case p.killReason != "":
		return p.killReason
	case p.lost:
		return "unknown"
	case p.status.Signaled() && p.status.Signal() == syscall.SIGKILL:
		return "killed, possibly out of memory"
	case p.status.Signaled():
		return "signal: " + p.status.Signal().String()
	}
	return fmt.Sprintf("exit status %d", p.status.ExitStatus())
}
