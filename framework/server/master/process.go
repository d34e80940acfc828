//go:build unix

package master

import (
	"fmt"
	"os"
	"runtime"
	"slices"
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
	pid        int
	generation *generation
	stage      stage
	started    time.Time
	beat       time.Time // when it last said something
	deadline   time.Time // until which it must be ready, or have ended
	abort      time.Time // when it is killed for good, if it was told to write its stacks
	verdict    string    // why it was told to
	reason     string    // why it said that it failed
	retired    bool      // it wants a successor
	ended      time.Time
	status     syscall.WaitStatus // at its end
	lost       bool               // that is not known
	silent     bool               // nobody can say anything on its pipe any more
	words      *os.File
	lifeline   *os.File
	metrics    metrics.Snapshot // as it said last
}

// start runs the worker program with the sockets. Its words arrive on events.
func (m *master) start(g *generation) error {
	var opened []*os.File
	defer func() {
		for _, file := range opened {
			_ = file.Close()
		}
	}()
	null, err := os.Open(os.DevNull)
	if err != nil {
		return err
	}
	opened = append(opened, null)
	words, said, err := os.Pipe()
	if err != nil {
		return err
	}
	opened = append(opened, words, said)
	held, lifeline, err := os.Pipe()
	if err != nil {
		return err
	}
	opened = append(opened, held, lifeline)
	files := []uintptr{null.Fd(), uintptr(syscall.Stdout), uintptr(syscall.Stderr), said.Fd(), held.Fd()}
	for _, socket := range m.sockets {
		files = append(files, uintptr(socket.fd))
	}
	pid, err := m.run(g.build, files)
	if err != nil {
		return fmt.Errorf("start %s: %w", g.build.path, err)
	}
	opened = []*os.File{null, said, held}
	now := time.Now()
	p := &process{pid: pid, generation: g, stage: starting, started: now, beat: now, deadline: now.Add(m.config.BootTimeout), words: words, lifeline: lifeline}
	m.processes[pid] = p
	go m.hear(p)
	return nil
}

// run starts a process with these descriptors.
func (m *master) run(b *build, files []uintptr) (int, error) {
	name, release, err := b.executable(int(slices.Max(files)) + len(files) + 2)
	if err != nil {
		return 0, err
	}
	defer release()
	pid, _, err := syscall.StartProcess(name, m.config.Args, &syscall.ProcAttr{
		Env:   append(m.environment(), envWorker+"="+itoa(len(m.sockets))),
		Files: files,
		Sys:   &syscall.SysProcAttr{Setpgid: true, Credential: m.credential}, // Ctrl-C on the terminal reaches the master only
	})
	return pid, err
}

// environment is that of workers: this process's, without what speaks to it alone.
func (m *master) environment() []string {
	return append(without(os.Environ(), envWorker+"=", envState+"=", "NOTIFY_SOCKET=", "WATCHDOG_", "LISTEN_"), m.config.Env...)
}

// without returns the pairs of an environment that begin with none of the prefixes.
func without(environment []string, prefixes ...string) []string {
	return slices.DeleteFunc(environment, func(pair string) bool {
		return slices.ContainsFunc(prefixes, func(prefix string) bool { return strings.HasPrefix(pair, prefix) })
	})
}

// signal sends a signal. A worker that has ended keeps its number until it is collected, which the
// loop does itself: no other process can be hit.
func (p *process) signal(s syscall.Signal) {
	if p.ended.IsZero() {
		_ = syscall.Kill(p.pid, s)
	}
}

// drain asks a worker to finish, by TERM gracefully and by INT quickly, and sets when it is killed.
func (m *master) drain(p *process, s syscall.Signal) {
	if p.stage == draining && s == syscall.SIGTERM {
		return
	}
	limit := m.config.GracefulTimeout
	if s != syscall.SIGTERM {
		limit = quickTimeout
	}
	if deadline := time.Now().Add(limit); p.stage != draining || deadline.Before(p.deadline) {
		p.deadline = deadline
	}
	p.stage = draining
	p.signal(s)
}

// kill has a worker write the stacks of its goroutines and end (ABRT); a second later it is killed
// for good.
func (m *master) kill(p *process, verdict string) {
	p.verdict, p.abort = verdict, time.Now().Add(time.Second)
	p.signal(syscall.SIGCONT)
	p.signal(syscall.SIGABRT)
}

// forget releases what belonged to a worker that has ended.
func (m *master) forget(p *process) {
	delete(m.processes, p.pid)
	m.gone.Add(p.metrics.Counters)
	_ = p.words.Close()
	_ = p.lifeline.Close()
}

// build is one version of the worker program. Linux holds on to the file, so that a worker that dies
// is replaced by one of the build that serves, whatever lies at the path by then.
type build struct {
	path string
	file *os.File // nil where a file cannot be run without its path
}

// openBuild returns the build that is at the path now. Files that cannot be read are found out when
// they are started.
func openBuild(path string) *build {
	b := &build{path: path}
	if runtime.GOOS != "linux" {
		return b
	}
	file, err := os.Open(path)
	if err != nil {
		return b
	}
	var magic [2]byte
	if _, err := file.ReadAt(magic[:], 0); err != nil || string(magic[:]) == "#!" { // its interpreter wants the path
		_ = file.Close()
		return b
	}
	b.file = file
	return b
}

func (b *build) close() {
	if b != nil && b.file != nil {
		_ = b.file.Close()
	}
}

// replaced reports whether another file is at the path now, or none, while this one can be run.
func (b *build) replaced() bool {
	if b.file == nil {
		return false
	}
	there, err := os.Stat(b.path)
	if err != nil {
		return true
	}
	held, err := b.file.Stat()
	return err == nil && !os.SameFile(there, held)
}

// executable returns what to run: the path as long as the build is there, since it shows in lists of
// processes, else the file that is held. Its descriptor is above those that a new process is given,
// which would take its place.
func (b *build) executable(above int) (name string, release func(), err error) {
	if !b.replaced() {
		return b.path, func() {}, nil
	}
	fd, err := duplicate(int(b.file.Fd()), above)
	if err != nil {
		return "", nil, err
	}
	return fmt.Sprintf("/proc/self/fd/%d", fd), func() { _ = syscall.Close(fd) }, nil
}
