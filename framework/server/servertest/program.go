package servertest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
	"time"
)

// Program is a server that runs in a separate process, as in production, so that it can be sent signals, killed and
// measured.
type Program struct {
	Path string   // path of the executable; required
	Args []string // arguments without the program's name
	Dir  string   // working directory; default: this process's
	Env  []string // added to this process's environment, as "NAME=value"

	Files []*os.File // descriptors from 3 on, as systemd passes sockets; default: none

	Await   string        // address, in the syntax of Dialer, that has to accept connections before Start returns; default: "", none
	Timeout time.Duration // timeout for Await; default: two minutes
	Output  io.Writer     // receives the output of the program, in addition to Process.Output; default: nil
}

// Process is a running program and its children. Its methods are safe for concurrent use.
type Process struct {
	command *exec.Cmd
	output  *tail
	done    chan struct{}
	err     error // exit error; read it after done is closed
}

// Start runs the program and returns when it accepts connections. The error contains its output. The process ends
// with ctx unless Stop was called before.
func (p Program) Start(ctx context.Context) (*Process, error) {
	if p.Path == "" {
		return nil, errors.New("program: Path is missing")
	}
	s := &Process{command: exec.Command(p.Path, p.Args...), output: &tail{also: p.Output}, done: make(chan struct{})}
	s.command.Dir, s.command.Env = p.Dir, append(os.Environ(), p.Env...)
	s.command.Stdout, s.command.Stderr, s.command.ExtraFiles = s.output, s.output, p.Files
	s.command.WaitDelay = time.Second // children may keep the pipe open longer
	if err := s.command.Start(); err != nil {
		return nil, fmt.Errorf("program: %w", err)
	}
	go func() {
		s.err = s.command.Wait()
		close(s.done)
	}()
	context.AfterFunc(ctx, func() { _ = s.command.Process.Kill() })
	if p.Await == "" {
		return s, nil
	}
	if p.Timeout <= 0 {
		p.Timeout = 2 * time.Minute
	}
	if err := s.await(ctx, Dialer(p.Await), p.Timeout); err != nil {
		_ = s.command.Process.Kill()
		<-s.done
		return nil, fmt.Errorf("program: %s: %w; its output:\n%s", p.Path, err, s.Output())
	}
	return s, nil
}

// await returns once connections are accepted.
func (s *Process) await(ctx context.Context, dial Dial, limit time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	for {
		if conn, err := dial(ctx); err == nil {
			return conn.Close()
		}
		select {
		case <-s.done:
			return fmt.Errorf("it ended before it accepted connections: %w", errors.Join(s.err, errors.New("see below")))
		case <-ctx.Done():
			return fmt.Errorf("it did not accept connections within %v", limit)
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// PID returns the process ID.
func (s *Process) PID() int { return s.command.Process.Pid }

// Signal sends a signal to the process only, not to its children.
func (s *Process) Signal(signal os.Signal) error { return s.command.Process.Signal(signal) }

// Done returns a channel that is closed when the process has ended.
func (s *Process) Done() <-chan struct{} { return s.done }

// Output returns the last 256 KiB of output of the process and its children.
func (s *Process) Output() string { return s.output.String() }

// Stop asks the process to end, and kills it after patience. It returns how the process ended: nil for status 0.
func (s *Process) Stop(patience time.Duration) error {
	_ = askToStop(s.command.Process)
	select {
	case <-s.done:
		return s.err
	case <-time.After(patience):
	}
	_ = s.command.Process.Kill()
	<-s.done
	return fmt.Errorf("program: it did not stop within %v and was killed", patience)
}

// tail keeps the end of what is written to it.
type tail struct {
	also io.Writer
	mu   sync.Mutex
	text []byte
}

const tailLength = 256 << 10

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.also != nil {
		_, _ = t.also.Write(p)
	}
	t.text = append(t.text, p...)
	if len(t.text) > 2*tailLength {
		t.text = append(t.text[:0], t.text[len(t.text)-tailLength:]...)
	}
	return len(p), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.text[max(0, len(t.text)-tailLength):])
}
