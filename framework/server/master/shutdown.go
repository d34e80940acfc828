//go:build unix

package master

import (
	"syscall"
	"time"
)

// shutdown is the state of a stop.
type shutdown struct {
	stopped   time.Time // when the stop was requested
	stopping  bool      // no more workers are started
	drainAt   time.Time // end of the lame-duck period of a stop, when workers drain
	abandoned bool      // the last worker to end was killed or crashed
}

// stop ends every worker, gracefully with TERM, quickly with INT. A graceful stop begins with the lame-duck period; a
// second TERM ends it.
func (m *master) stop(s syscall.Signal) {
	first := !m.stopping
	if first {
		m.notify.Send("STOPPING=1")
		m.stopped = time.Now()
	}
	if m.next != nil {
		m.next.build.close()
	}
	m.stopping, m.next, m.again = true, nil, false
	if s == syscall.SIGTERM && !first && time.Since(m.stopped) < time.Second {
		return // the context and the signal come from the same TERM
	}
	if s == syscall.SIGTERM && first && m.config.LameDuck > 0 && m.served {
		m.drainAt = time.Now().Add(m.config.LameDuck)
		for _, p := range m.processes {
			// The worker reads this pipe until it ends, so that it is never full.
			_, _ = p.lifeline.WriteString(lameDuckLine + "\n")
		}
		return
	}
	m.drainAll(s)
}

func (m *master) drainAll(s syscall.Signal) {
	m.drainAt = time.Time{}
	for _, p := range m.processes {
		m.drain(p, s)
	}
}
