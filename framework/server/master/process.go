//go:build unix

package master

import (
	"bufio"
	"os"
	"strings"
	"syscall"
	"time"

	"github.com/quintetgo/quintet/framework/server/metrics"
)

// stage is how far a worker has come.
type stage string

const (
	starting stage = "starting"
	ready    stage = "ready"
	draining stage = "draining"
)

// process is one worker as the master sees it.
type process struct {
	PID        int       `json:"pid"`
	Generation int       `json:"generation"`
	Stage      stage     `json:"stage"`
	Started    time.Time `json:"started"`
	Beat       time.Time `json:"-"`

	reason   string // why it said that it failed
	retired  bool   // a successor was started for it
	deadline time.Time
	status   *os.File
	lifeline *os.File
	handle   *os.Process
	metrics  metrics.Snapshot // as it said last
}

// event is something that a worker said, or its end.
type event struct {
	process *process
	line    string
	state   *os.ProcessState // set at the end
}

// start runs the worker program with the sockets. Its words and its end arrive on events.
func (m *master) start(generation int) (*process, error) {
	statusRead, statusWrite, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer statusWrite.Close()
	lifeRead, lifeWrite, err := os.Pipe()
	if err != nil {
		_ = statusRead.Close()
		return nil, err
	}
	defer lifeRead.Close()
	null, err := os.Open(os.DevNull)
	if err != nil {
		return nil, err
	}
	defer null.Close()
	files := []uintptr{null.Fd(), uintptr(syscall.Stdout), uintptr(syscall.Stderr), statusWrite.Fd(), lifeRead.Fd()}
	for _, socket := range m.sockets {
		files = append(files, uintptr(socket.fd))
	}
	pid, _, err := syscall.StartProcess(m.config.Program, m.config.Args, &syscall.ProcAttr{
		Env:   append(m.environment(), envWorker+"="+itoa(len(m.sockets))),
		Files: files,
		Sys:   &syscall.SysProcAttr{Setpgid: true, Credential: m.credential}, // Ctrl-C on the terminal reaches the master only
	})
	var handle *os.Process
	if err == nil {
		handle, err = os.FindProcess(pid)
	}
	if err != nil {
		_ = statusRead.Close()
		_ = lifeWrite.Close()
		return nil, err
	}
	now := time.Now()
	p := &process{PID: handle.Pid, Generation: generation, Stage: starting, Started: now, Beat: now, status: statusRead, lifeline: lifeWrite, handle: handle}
	p.deadline = now.Add(m.config.BootTimeout)
	m.processes[p.PID] = p
	m.watch(p)
	return p, nil
}

// watch passes on what a worker says, and its end.
func (m *master) watch(p *process) {
	heard := make(chan struct{})
	go func() {
		defer close(heard)
		scanner := bufio.NewScanner(p.status)
		scanner.Buffer(nil, 4<<20) // metrics of many routes are long
		for scanner.Scan() {
			m.events <- event{process: p, line: scanner.Text()}
		}
	}()
	go func() {
		state, err := p.handle.Wait()
		if err != nil {
			state = nil
		}
		// What it said last comes first; a grandchild may hold the pipe open, so not for ever.
		select {
		case <-heard:
		case <-time.After(100 * time.Millisecond):
		}
		m.events <- event{process: p, line: "end", state: state}
	}()
}

func (m *master) environment() []string {
	var out []string
	for _, pair := range os.Environ() {
		if !strings.HasPrefix(pair, envWorker+"=") && !strings.HasPrefix(pair, envState+"=") &&
			!strings.HasPrefix(pair, "NOTIFY_SOCKET=") && !strings.HasPrefix(pair, "LISTEN_") {
			out = append(out, pair)
		}
	}
	return append(out, m.config.Env...)
}

// signal sends a signal; a worker that is gone already is no error.
func (p *process) signal(s syscall.Signal) { _ = p.handle.Signal(s) }

// drain asks a worker to finish, by TERM gracefully and by INT quickly, and sets when it is killed.
func (m *master) drain(p *process, s syscall.Signal) {
	if p.Stage == draining && s == syscall.SIGTERM {
		return
	}
	p.Stage = draining
	p.deadline = time.Now().Add(m.config.GracefulTimeout)
	if s != syscall.SIGTERM {
		p.deadline = time.Now().Add(quickTimeout)
	}
	p.signal(s)
}

// forget releases what belonged to a worker that has ended.
func (m *master) forget(p *process) {
	delete(m.processes, p.PID)
	m.gone.Add(p.metrics.Counters)
	_ = p.status.Close()
	_ = p.lifeline.Close()
}
