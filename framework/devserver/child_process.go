package devserver

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// process is a running child.
type process struct {
	cmd    *exec.Cmd
	stdin  io.Closer // closing it ends the child
	socket string
	output *tail
	exited chan struct{} // closed when the child has ended; err is set before
	err    error
}

// start runs the binary with a socket in the same folder. It returns as soon as the process exists; see ready.
func start(o Options, binary string) (*process, error) {
	p := &process{
		socket: filepath.Join(filepath.Dir(binary), "s.sock"),
		output: &tail{},
		exited: make(chan struct{}),
	}
	p.cmd = exec.Command(binary, append(append([]string{}, o.Args...), "unix:"+p.socket)...)
	p.cmd.Dir = o.Dir
	p.cmd.Env = append(append(os.Environ(), o.Env...), urlVariable+"=http://"+Public(o.Addr)+"/", parentVariable+"=1",
		rootVariable+"="+o.root, diskVariable+"="+diskList(binary))
	p.cmd.Stdout = io.MultiWriter(o.Out, p.output)
	p.cmd.Stderr = io.MultiWriter(o.Err, p.output)
	p.cmd.WaitDelay = time.Second // do not wait for grandchildren that keep the pipes open
	ownGroup(p.cmd)
	stdin, err := p.cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	p.stdin = stdin
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		p.err = p.cmd.Wait()
		close(p.exited)
	}()
	return p, nil
}

// diskList returns the file in which the child lists what it reads from disk.
func diskList(binary string) string { return filepath.Join(filepath.Dir(binary), "disk") }

var errExited = errors.New("the process ended")

// ready waits until the child accepts connections.
func (p *process) ready(ctx context.Context) error {
	for wait := 2 * time.Millisecond; ; wait = min(2*wait, 10*time.Millisecond) {
		if conn, err := net.Dial("unix", p.socket); err == nil {
			return conn.Close()
		}
		select {
		case <-p.exited:
			return errExited
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(wait):
		}
	}
}

// stop asks the child to end and waits up to patience; after that it continues in the background, and kills the child
// after force.
func (p *process) stop(patience, force time.Duration) {
	_ = p.stdin.Close()
	terminate(p.cmd)
	timer := time.AfterFunc(force, func() { kill(p.cmd) })
	select {
	case <-p.exited:
		timer.Stop()
		kill(p.cmd) // processes that it may have left in its group
	case <-time.After(patience):
	}
}

// failure describes how the child ended.
func (p *process) failure(title string) *failure {
	output := strings.TrimSpace(p.output.String())
	if output == "" && p.err != nil {
		output = p.err.Error()
	}
	return &failure{Title: title, Problems: problems(p.cmd.Dir, output), Output: output}
}

// Public returns a listening address as a browser can use it: 127.0.0.1 instead of all interfaces.
func Public(addr string) string {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return addr
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, port)
}

// tail keeps the last part of what is written to it.
type tail struct {
	mu   sync.Mutex
	text []byte
}

const tailSize = 32 << 10

func (t *tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.text = append(t.text, b...)
	if over := len(t.text) - tailSize; over > 0 {
		t.text = append(t.text[:0], t.text[over:]...)
	}
	return len(b), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.text)
}
