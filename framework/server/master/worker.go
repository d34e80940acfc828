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

// lameDuckLine is what the master writes to the lifeline when it is about to stop.
const lameDuckLine = "lame duck"

// Worker is a process's own end of the pipes to its master.
type Worker struct {
	sockets  int
	status   *os.File
	lifeline *os.File
	lameDuck func() // called when the master is about to stop
	mu       sync.Mutex
}

// FromMaster returns the process's connection to its master, or nil if it was not started by one.
// It may be called once; it removes its mark from the environment, so that programs which the
// worker starts are not taken for workers.
func FromMaster() *Worker {
	sockets, err := strconv.Atoi(os.Getenv(envWorker))
	if err != nil || sockets < 1 {
		return nil
	}
	_ = os.Unsetenv(envWorker)
	return &Worker{
		sockets:  sockets,
		status:   os.NewFile(statusFD, "status pipe"),
		lifeline: os.NewFile(lifelineFD, "lifeline"),
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
func (w *Worker) Ready() error { return w.say("ready") }

// Failed tells the master why the worker cannot start. The worker should exit then.
func (w *Worker) Failed(reason error) error {
	return w.say("failed " + strings.ReplaceAll(reason.Error(), "\n", "\x1e"))
}

// Retire asks the master for a successor: when that one is ready, this worker is told to drain.
func (w *Worker) Retire(reason string) error { return w.say("retire " + reason) }

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
			if w.say("beat") != nil {
				return
			}
			also()
		}
	}
}

// MasterGone blocks until the master has died, or ctx ends.
func (w *Worker) MasterGone(ctx context.Context) bool {
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		for scanner := bufio.NewScanner(w.lifeline); scanner.Scan(); {
			if scanner.Text() == lameDuckLine && w.lameDuck != nil {
				w.lameDuck()
			}
		}
	}()
	select {
	case <-gone:
		return true
	case <-ctx.Done():
		return false
	}
}

func (w *Worker) say(line string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.status == nil {
		return errors.New("the status pipe is closed")
	}
	_, err := io.WriteString(w.status, line+"\n")
	return err
}
