//go:build unix

package master

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// Names of the environment variables by which a master and its workers find each other.
const (
	envWorker = "QUINTET_WORKER" // number of listening sockets
	envState  = "QUINTET_MASTER" // what a master hands to the program it becomes
)

// Descriptors of a worker, in the order of os.ProcAttr.Files.
const (
	statusFD   = 3 // the worker writes
	lifelineFD = 4 // closes with the master
	socketsFD  = 5 // first listening socket
)

const (
	lameDuckLine = "lame duck" // what the master writes to the lifeline when it is about to stop
	lineBreak    = "\x1e"      // stands for a line's end inside of what a worker says
)

// Worker is a process's own end of the pipes to its master.
type Worker struct {
	sockets  int
	mu       sync.Mutex // guards status
	status   *os.File
	lifeline *os.File
	lameDuck chan struct{} // closed when the master is about to stop
	gone     chan struct{} // closed when the master has died
	minded   atomic.Bool   // somebody minds that
}

// FromMaster returns the process's connection to its master, or nil if it was not started by one.
// It may be called once; it removes its mark from the environment and keeps the descriptors from
// programs which the worker starts, so that these are not taken for workers. From then on the
// process ends when the master dies: at once until it calls Serve or MasterGone.
func FromMaster() *Worker {
	sockets, err := strconv.Atoi(os.Getenv(envWorker))
	if err != nil || sockets < 1 {
		return nil
	}
	_ = os.Unsetenv(envWorker)
	for fd := statusFD; fd < socketsFD+sockets; fd++ {
		syscall.CloseOnExec(fd)
	}
	w := &Worker{
		sockets: sockets, status: pipe(statusFD, "status pipe"), lifeline: pipe(lifelineFD, "lifeline"),
		lameDuck: make(chan struct{}), gone: make(chan struct{}),
	}
	go w.watch()
	return w
}

// pipe returns a pipe that does not hold a thread while one waits for it.
func pipe(fd int, name string) *os.File {
	_ = syscall.SetNonblock(fd, true)
	return os.NewFile(uintptr(fd), name)
}

// watch hears what the master says until it dies.
func (w *Worker) watch() {
	told := false
	for scanner := bufio.NewScanner(w.lifeline); scanner.Scan(); {
		if scanner.Text() == lameDuckLine && !told {
			told = true
			close(w.lameDuck)
		}
	}
	close(w.gone)
	if !w.minded.Load() {
		os.Exit(1)
	}
}

// Listeners returns the sockets that the master opened, in the order of its addresses.
func (w *Worker) Listeners() ([]net.Listener, error) {
	listeners := make([]net.Listener, 0, w.sockets)
	for i := range w.sockets {
		file := os.NewFile(uintptr(socketsFD+i), "listening socket")
		listener, err := net.FileListener(file)
		_ = file.Close()
		if err != nil {
			return nil, fmt.Errorf("socket %d from the master: %w", i, err)
		}
		if unix, ok := listener.(*net.UnixListener); ok {
			unix.SetUnlinkOnClose(false) // the path is the master's
		}
		listeners = append(listeners, listener)
	}
	return listeners, nil
}

// Ready tells the master that the worker serves.
func (w *Worker) Ready() error { return w.say(readyWord) }

// Failed tells the master why the worker cannot start. The worker should exit then.
func (w *Worker) Failed(reason error) error {
	return w.say(failedWord + " " + strings.ReplaceAll(reason.Error(), "\n", lineBreak))
}

// Retire asks the master for a successor: when that one is ready, this worker is told to drain.
func (w *Worker) Retire(reason string) error { return w.say(retireWord + " " + reason) }

// Beat tells the master once an interval that the process is alive, until ctx ends.
func (w *Worker) Beat(ctx context.Context, interval time.Duration) { w.beat(ctx, interval, func() {}) }

// beat is Beat that does something else each time.
func (w *Worker) beat(ctx context.Context, interval time.Duration, also func()) {
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			if err := w.say(beatWord); err != nil && !errors.Is(err, os.ErrDeadlineExceeded) {
				return
			}
			also()
		}
	}
}

// MasterGone blocks until the master has died, or ctx ends.
func (w *Worker) MasterGone(ctx context.Context) bool {
	w.minded.Store(true)
	select {
	case <-w.gone:
		return true
	case <-ctx.Done():
		return false
	}
}

// say tells the master a line. One that hears nothing for long is not waited for.
func (w *Worker) say(line string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	_ = w.status.SetWriteDeadline(time.Now().Add(5 * time.Second))
	_, err := io.WriteString(w.status, line+"\n")
	return err
}
