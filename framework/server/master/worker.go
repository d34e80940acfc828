//go:build unix

package master

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/quintetgo/quintet/framework/server"
)

// Environment variables by which a master and its workers communicate.
const (
	envWorker = "QUINTET_WORKER" // number of listening sockets
	envState  = "QUINTET_MASTER" // state that a master passes to the program that it executes
)

// Descriptors of a worker, in the order of os.ProcAttr.Files.
const (
	statusFD   = 3 // the worker writes
	lifelineFD = 4 // closed with the master
	socketsFD  = 5 // first listening socket
)

const (
	lameDuckLine = "lame duck" // sent on the lifeline when the master is about to stop
	lineBreak    = "\x1e"      // replaces line breaks within messages
)

// Worker is a worker's end of the pipes to its master.
type Worker struct {
	sockets     int
	mu          sync.Mutex // guards status
	status      *os.File
	lifeline    *os.File
	lameDuck    chan struct{} // closed when the master is about to stop
	gone        chan struct{} // closed when the master has died
	handlesLoss atomic.Bool   // Serve or MasterGone handles that
}

// FromMaster returns the process's connection to its master, or nil if it was not started by one. Call it once, at
// the start: it removes the marker from the environment and keeps programs that the worker starts from inheriting the
// descriptors, so that they are not taken for workers. From then on the process exits when the master dies: at once
// until it calls Serve or MasterGone.
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

// pipe returns a pipe on which waiting does not block a thread.
func pipe(fd int, name string) *os.File {
	_ = syscall.SetNonblock(fd, true)
	return os.NewFile(uintptr(fd), name)
}

// watch reads the messages of the master until it dies.
func (w *Worker) watch() {
	told := false
	for scanner := bufio.NewScanner(w.lifeline); scanner.Scan(); {
		if scanner.Text() == lameDuckLine && !told {
			told = true
			close(w.lameDuck)
		}
	}
	close(w.gone)
	if !w.handlesLoss.Load() {
		os.Exit(1)
	}
}

// Listeners returns the sockets that the master opened, in the order of its addresses. Call it once.
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
			unix.SetUnlinkOnClose(false) // the master owns the path
		}
		listeners = append(listeners, listener)
	}
	return listeners, nil
}

// Ready reports to the master that the worker serves.
func (w *Worker) Ready() error { return w.send(readyWord) }

// Failed reports to the master why the worker cannot start. The worker should exit then.
func (w *Worker) Failed(reason error) error {
	return w.send(failedWord + " " + strings.ReplaceAll(reason.Error(), "\n", lineBreak))
}

// Retire asks the master for a successor. When that is ready, the master drains this worker.
func (w *Worker) Retire(reason string) error { return w.send(retireWord + " " + reason) }

// Beat sends heartbeats at the interval until ctx ends.
func (w *Worker) Beat(ctx context.Context, interval time.Duration) { w.beat(ctx, interval, func() {}) }

// beat is Beat that also calls a function each time.
func (w *Worker) beat(ctx context.Context, interval time.Duration, also func()) {
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			if err := w.send(beatWord); err != nil && !errors.Is(err, os.ErrDeadlineExceeded) {
				return
			}
			also()
		}
	}
}

// MasterGone blocks until the master has died or ctx ends, and reports whether the master has died. From then on the
// caller has to end the process.
func (w *Worker) MasterGone(ctx context.Context) bool {
	w.handlesLoss.Store(true)
	select {
	case <-w.gone:
		return true
	case <-ctx.Done():
		return false
	}
}

// send sends a line to the master. It stops waiting after five seconds if the master does not read.
func (w *Worker) send(line string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	_ = w.status.SetWriteDeadline(time.Now().Add(5 * time.Second))
	_, err := io.WriteString(w.status, line+"\n")
	return err
}

// orphanTimeout is how long a worker whose master has died may finish its requests.
const orphanTimeout = 1500 * time.Millisecond

// reopenSignals turns USR1, which the master passes on, into values. Unhandled, USR1 would end the process.
func reopenSignals() (reopen <-chan struct{}, stop func()) {
	signals, out, done := make(chan os.Signal, 1), make(chan struct{}, 1), make(chan struct{})
	signal.Notify(signals, syscall.SIGUSR1)
	go func() {
		for {
			select {
			case <-done:
				return
			case <-signals:
				select {
				case out <- struct{}{}:
				default: // one is pending
				}
			}
		}
	}()
	return out, func() {
		signal.Stop(signals)
		close(done)
	}
}

// Serve serves handler on the sockets of the master until ctx ends, as server.Run does: it reports when it is ready,
// sends heartbeats, and stops quickly when the master dies. The fields Bind, Listeners, Reopen and Retire of options
// are replaced, and the master handles LameDuck and MetricsBind.
func (w *Worker) Serve(ctx context.Context, handler http.Handler, options server.Options) error {
	w.handlesLoss.Store(true)
	listeners, err := w.Listeners()
	if err != nil {
		return err
	}
	// The master lists the sockets of the redirect last.
	at := max(0, len(listeners)-len(options.TLS.RedirectBind))
	options.Bind, options.TLS.RedirectBind = nil, nil
	options.Listeners, options.TLS.RedirectListeners = listeners[:at], listeners[at:]
	reopen, stopReopen := reopenSignals()
	defer stopReopen()
	options.Reopen = reopen
	options.Retire = func(reason string) { _ = w.Retire(reason) }
	// The master waits for load balancers, and only when all its workers stop.
	options.Timeouts.LameDuck = 0
	if options.Probes.Health != nil {
		go func() {
			<-w.lameDuck
			options.Probes.Health.Drain()
		}()
	}
	report := func() {}
	if options.Probes.Metrics != nil {
		options.Probes.MetricsBind = "" // the master serves the sum
		report = func() {
			if text, err := json.Marshal(options.Probes.Metrics.Snapshot()); err == nil {
				_ = w.send(metricsWord + " " + string(text))
			}
		}
		defer report()
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	go func() {
		if w.MasterGone(context.WithoutCancel(ctx)) {
			time.AfterFunc(orphanTimeout, func() { os.Exit(1) })
			cancel(server.ErrQuick)
		}
	}()
	beating, stopBeating := context.WithCancel(context.WithoutCancel(ctx))
	defer stopBeating()
	announce := options.Ready
	options.Ready = func(addrs []net.Addr) {
		if announce != nil {
			announce(addrs)
		}
		if w.Ready() == nil {
			go w.beat(beating, time.Second, report)
		}
	}
	return server.Run(ctx, handler, options)
}
