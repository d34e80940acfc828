//go:build unix

package master

import (
	"errors"
	"fmt"
	"os"
	"os/user"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/quintetgo/quintet/framework/server/metrics"
)

// stage is the state of a worker.
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
	beat       time.Time // time of the last message
	deadline   time.Time // when it must be ready, or have ended
	abort      time.Time // when it is killed, after it was told to dump its goroutines
	killReason string    // why it was told so
	reason     string    // the error that it reported
	retired    bool      // it asked for a successor
	ended      time.Time
	status     syscall.WaitStatus // exit status
	lost       bool               // the exit status is unknown
	pipeClosed bool               // its pipe is closed: no more messages
	statusPipe *os.File
	lifeline   *os.File
	metrics    metrics.Snapshot // last reported
}

// start starts the worker program with the sockets. Its messages arrive on events.
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
	statusPipe, statusWriter, err := os.Pipe()
	if err != nil {
		return err
	}
	opened = append(opened, statusPipe, statusWriter)
	held, lifeline, err := os.Pipe()
	if err != nil {
		return err
	}
	opened = append(opened, held, lifeline)
	files := []uintptr{null.Fd(), uintptr(syscall.Stdout), uintptr(syscall.Stderr), statusWriter.Fd(), held.Fd()}
	for _, socket := range m.sockets {
		files = append(files, uintptr(socket.fd))
	}
	pid, err := m.run(g.build, files)
	if err != nil {
		return fmt.Errorf("start %s: %w", g.build.path, err)
	}
	opened = []*os.File{null, statusWriter, held}
	now := time.Now()
	p := &process{
		pid: pid, generation: g, stage: starting, started: now, beat: now, deadline: now.Add(m.config.BootTimeout),
		statusPipe: statusPipe, lifeline: lifeline,
	}
	m.processes[pid] = p
	go m.readEvents(p)
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
		Sys:   &syscall.SysProcAttr{Setpgid: true, Credential: m.credential}, // Ctrl-C on the terminal only reaches the master
	})
	return pid, err
}

// environment returns the environment of workers: this process's, without the variables meant for this process only.
func (m *master) environment() []string {
	return append(without(os.Environ(), envWorker+"=", envState+"=", "NOTIFY_SOCKET=", "WATCHDOG_", "LISTEN_"), m.config.Env...)
}

// without returns the pairs of an environment that begin with none of the prefixes.
func without(environment []string, prefixes ...string) []string {
	return slices.DeleteFunc(environment, func(pair string) bool {
		return slices.ContainsFunc(prefixes, func(prefix string) bool { return strings.HasPrefix(pair, prefix) })
	})
}

// signal sends a signal. The process ID of a worker stays reserved until the loop collects it, so that no other
// process can get the signal.
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

// kill makes a worker dump the stacks of its goroutines and end (ABRT); a second later it is killed.
func (m *master) kill(p *process, killReason string) {
	p.killReason, p.abort = killReason, time.Now().Add(time.Second)
	p.signal(syscall.SIGCONT)
	p.signal(syscall.SIGABRT)
}

// forget releases the resources of a worker that has ended.
func (m *master) forget(p *process) {
	delete(m.processes, p.pid)
	m.exitedCounters.Add(p.metrics.Counters)
	_ = p.statusPipe.Close()
	_ = p.lifeline.Close()
}

// build is one version of the worker program. On Linux the file stays open, so that a worker that crashes is replaced
// by one of the serving build, even if the file at the path has changed.
type build struct {
	path string
	file *os.File // nil where a file cannot be executed without its path
}

// openBuild returns the build at the path. Files that cannot be read are detected when they are started.
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
	if _, err := file.ReadAt(magic[:], 0); err != nil || string(magic[:]) == "#!" { // its interpreter needs the path
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

// replaced reports whether there is another file at the path, or none, while this one can still be executed.
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

// executable returns what to execute: the path while it has this build, since it is visible in process lists,
// otherwise the open file. Its descriptor is above those that a new process gets, which would replace it.
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

// identity returns the user and groups of workers, or nil for those of this process.
func identity(name, group string) (*syscall.Credential, error) {
	if name == "" && group == "" {
		return nil, nil
	}
	if os.Geteuid() != 0 {
		return nil, errors.New("only root can start workers as another user: start the server as root, or remove the user and group")
	}
	credential := &syscall.Credential{Uid: uint32(os.Getuid()), Gid: uint32(os.Getgid())}
	if name != "" {
		found, err := user.Lookup(name)
		if err != nil {
			if found, err = user.LookupId(name); err != nil {
				return nil, fmt.Errorf("there is no user %q on this machine", name)
			}
		}
		uid, gid, err := numbers(found.Uid, found.Gid)
		if err != nil {
			return nil, fmt.Errorf("user %q: %w", name, err)
		}
		credential.Uid, credential.Gid = uid, gid
		ids, err := found.GroupIds()
		if err != nil {
			return nil, fmt.Errorf("groups of user %q: %w", name, err)
		}
		for _, id := range ids {
			if n, err := strconv.ParseUint(id, 10, 32); err == nil {
				credential.Groups = append(credential.Groups, uint32(n))
			}
		}
	}
	if group != "" {
		found, err := user.LookupGroup(group)
		if err != nil {
			if found, err = user.LookupGroupId(group); err != nil {
				return nil, fmt.Errorf("there is no group %q on this machine", group)
			}
		}
		gid, _, err := numbers(found.Gid, found.Gid)
		if err != nil {
			return nil, fmt.Errorf("group %q: %w", group, err)
		}
		credential.Gid, credential.Groups = gid, []uint32{gid}
	}
	return credential, nil
}

func numbers(a, b string) (uint32, uint32, error) {
	first, err := strconv.ParseUint(a, 10, 32)
	if err != nil {
		return 0, 0, err
	}
	second, err := strconv.ParseUint(b, 10, 32)
	return uint32(first), uint32(second), err
}
