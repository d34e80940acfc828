//go:build unix

package master

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/quintetgo/quintet/framework/server/metrics"
)

// state is what a master passes to the program that it executes.
type state struct {
	Program  string           `json:"program"`
	Build    int              `json:"build,omitempty"`    // descriptor of the serving build's file, or 0
	PIDFile  int              `json:"pid_file,omitempty"` // descriptor of the locked file, or 0
	Sockets  []exportedSocket `json:"sockets"`
	Control  *exportedSocket  `json:"control,omitempty"`
	Metrics  *exportedSocket  `json:"metrics,omitempty"`
	Workers  []exportedWorker `json:"workers"`
	Current  int              `json:"current"`
	Last     int              `json:"last"`
	Count    int              `json:"count"`
	Began    time.Time        `json:"began"`
	Restarts int              `json:"restarts"`
	Reloads  int              `json:"reloads"`
	Failed   int              `json:"failed"`
	Death    string           `json:"death,omitempty"`
	Pending  []int            `json:"pending,omitempty"` // signals not yet handled

	Again        bool `json:"again,omitempty"`
	UpgradeAgain bool `json:"upgrade_again,omitempty"`

	Gone metrics.Counters `json:"gone"`
}

type exportedSocket struct {
	Bind string `json:"bind"`
	Path string `json:"path,omitempty"`
	FD   int    `json:"fd"`
}

type exportedWorker struct {
	PID        int              `json:"pid"`
	Generation int              `json:"generation"`
	Stage      stage            `json:"stage"`
	Started    time.Time        `json:"started"`
	StatusFD   int              `json:"status_fd"`
	LifelineFD int              `json:"lifeline_fd"`
	Metrics    metrics.Snapshot `json:"metrics"`
}

// longestState is roughly the kernel's limit for one variable of the environment.
const longestState = 120 << 10

// execUpgrade replaces this process by the program on disk, which already serves: its workers have just taken over.
// Process ID, sockets and workers stay. It returns only on failure.
//
// Until the new program handles signals, which takes a few milliseconds, signals that end the process do end it, and
// others are ignored. Commands wait at the control socket.
func (m *master) execUpgrade() error {
	m.controlServer.pause()
	defer m.controlServer.unpause()
	signal.Ignore(others()...)
	defer signal.Notify(m.signals, others()...)
	var h fdExporter
	defer h.close()
	s := m.exportState(&h)
	name, release, err := m.current.build.executable(0)
	if err != nil {
		return err
	}
	defer release()
	m.config.Logger.Info("executing the program on disk", "program", m.current.build.path)
	for len(m.signals) > 0 {
		s.Pending = append(s.Pending, int((<-m.signals).(syscall.Signal)))
	}
	text, err := s.text()
	if err = errors.Join(h.err, err); err == nil {
		err = syscall.Exec(name, m.config.Args, append(without(os.Environ(), envState+"="), envState+"="+text))
		err = fmt.Errorf("start %s: %w", m.current.build.path, err)
	}
	for _, number := range s.Pending {
		select {
		case m.signals <- syscall.Signal(number):
		default: // queue full: newer signals replace these
		}
	}
	return err
}

// fdExporter copies descriptors for the new program.
type fdExporter struct {
	list []int
	err  error
}

func (h *fdExporter) export(fd int) int {
	copied, err := syscall.Dup(fd) // not closed on exec
	if err != nil {
		h.err = errors.Join(h.err, err)
		return 0
	}
	h.list = append(h.list, copied)
	return copied
}

func (h *fdExporter) file(f *os.File) int {
	fd, err := descriptor(f)
	if err != nil {
		h.err = errors.Join(h.err, err)
		return 0
	}
	defer syscall.Close(fd)
	return h.export(fd)
}

func (h *fdExporter) socket(s *socket) *exportedSocket {
	if s == nil {
		return nil
	}
	return &exportedSocket{Bind: s.bind, Path: s.path, FD: h.export(s.fd)}
}

func (h *fdExporter) close() {
	for _, fd := range h.list {
		_ = syscall.Close(fd)
	}
}

func (m *master) exportState(h *fdExporter) state {
	s := state{
		Program: m.config.Program, Control: h.socket(m.control), Metrics: h.socket(m.metrics),
		Current: m.current.number, Last: m.last, Count: m.config.Workers, Began: m.began,
		Restarts: m.restarts, Reloads: m.reloads, Failed: m.failed,
		Death: m.death, Again: m.again, UpgradeAgain: m.upgradeAgain,
	}
	s.Gone.Add(m.exitedCounters)
	if m.current.build.file != nil {
		s.Build = h.file(m.current.build.file)
	}
	if held := m.pidFile.Held(); held != nil {
		s.PIDFile = h.file(held)
	}
	for _, one := range m.sockets {
		s.Sockets = append(s.Sockets, *h.socket(&one))
	}
	for _, p := range m.processes {
		if !p.ended.IsZero() {
			s.Gone.Add(p.metrics.Counters)
			continue
		}
		s.Workers = append(s.Workers, exportedWorker{
			PID: p.pid, Generation: p.generation.number, Stage: p.stage, Started: p.started,
			StatusFD: h.file(p.statusPipe), LifelineFD: h.file(p.lifeline), Metrics: p.metrics,
		})
	}
	return s
}

// text returns the state as text within the limit. Counters are left out first: losing them is better than failing.
func (s state) text() (string, error) {
	text, err := json.Marshal(s)
	if len(text) > longestState {
		for i := range s.Workers {
			s.Workers[i].Metrics = metrics.Snapshot{}
		}
		text, err = json.Marshal(s)
	}
	if len(text) > longestState {
		s.Gone = metrics.Counters{}
		text, err = json.Marshal(s)
	}
	return string(text), err
}

// restoreState takes over from the previous program of this process, and reports whether there was one.
func (m *master) restoreState() (bool, error) {
	text := os.Getenv(envState)
	if text == "" {
		return false, nil
	}
	_ = os.Unsetenv(envState)
	var s state
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		return false, fmt.Errorf("read the state of the previous master: %w", err)
	}
	for _, old := range s.Sockets {
		m.sockets = append(m.sockets, *old.restore())
	}
	m.control, m.metrics = s.Control.restore(), s.Metrics.restore()
	if s.PIDFile > 0 {
		syscall.CloseOnExec(s.PIDFile)
		m.pidFile.Adopt(s.PIDFile)
	}
	if s.Program != "" {
		m.config.Program = s.Program
	}
	m.last, m.current = max(s.Last, s.Current), &generation{number: s.Current, want: s.Count, build: openBuild(m.config.Program)}
	if s.Build > 0 {
		m.current.build.close()
		m.current.build = &build{path: m.config.Program, file: os.NewFile(uintptr(s.Build), m.config.Program)}
	}
	for _, old := range s.Workers {
		m.importWorker(old)
	}
	m.config.Workers, m.began, m.restarts, m.reloads, m.failed, m.served = s.Count, s.Began, s.Restarts, s.Reloads, s.Failed, true
	m.death, m.again, m.upgradeAgain, m.exitedCounters = s.Death, s.Again, s.UpgradeAgain, s.Gone
	for _, number := range s.Pending[:min(len(s.Pending), cap(m.signals)/2)] {
		m.signals <- syscall.Signal(number)
	}
	m.config.Logger.Info("the new master took over", "workers", len(m.processes))
	m.notify.Send("READY=1\nSTATUS=serving")
	return true, nil
}

// restore returns a socket from the previous program. Its file is the one at the path now.
func (h *exportedSocket) restore() *socket {
	if h == nil {
		return nil
	}
	syscall.CloseOnExec(h.FD)
	s := &socket{bind: h.Bind, path: h.Path, fd: h.FD}
	if h.Path != "" {
		s.file, _ = os.Lstat(h.Path)
	}
	return s
}

// importWorker continues with a worker of the previous program.
func (m *master) importWorker(old exportedWorker) {
	g := m.current
	if old.Generation != g.number {
		g = &generation{number: old.Generation}
	}
	syscall.CloseOnExec(old.StatusFD)
	syscall.CloseOnExec(old.LifelineFD)
	// The pipe has to be pollable, otherwise reading it would block a thread.
	_ = syscall.SetNonblock(old.StatusFD, true)
	now := time.Now()
	p := &process{
		pid: old.PID, generation: g, stage: old.Stage, started: old.Started, beat: now, deadline: now.Add(m.config.GracefulTimeout),
		statusPipe: os.NewFile(uintptr(old.StatusFD), "status pipe"), lifeline: os.NewFile(uintptr(old.LifelineFD), "lifeline"),
		metrics: old.Metrics,
	}
	m.processes[p.pid] = p
	go m.readEvents(p)
}
