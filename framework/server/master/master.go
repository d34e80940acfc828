//go:build unix

package master

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/quintetgo/quintet/framework/server"
	"github.com/quintetgo/quintet/framework/server/metrics"
)

// BootError says that the first workers could not start: nothing was ever served. Its text is what
// a worker said.
type BootError struct{ Reason string }

func (e *BootError) Error() string { return e.Reason }

// socket is one listening socket. The master keeps it open over every generation of workers. It is
// held as a bare descriptor: os.File would switch it to blocking when it is passed on, and that mode
// is shared with the workers that serve.
type socket struct {
	bind string
	addr net.Addr
	fd   int
	path string // of a unix socket that this master made, to be removed at its end
}

// master is the state of the loop, which alone touches it.
type master struct {
	config     Config
	sockets    []socket
	credential *syscall.Credential // of workers; nil means this process's own
	processes  map[int]*process
	events     chan event
	asked      chan request
	reported   chan chan metrics.Report

	current   int       // generation that serves
	next      int       // generation that is to take over, or 0
	upgrade   bool      // become the program on disk once next serves
	served    bool      // a worker was ready at some time
	stopped   time.Time // when the stop was asked for
	stopping  bool      // no worker is started any more
	young     int       // deaths in a row of workers that were young
	notBefore time.Time // when the next worker may be started
	began     time.Time
	restarts  int
	reloads   int              // that took over
	failed    int              // reloads that were given up
	duckUntil time.Time        // when workers are drained that are still served to load balancers as not ready
	gone      metrics.Counters // of workers that have ended
	failure   string           // why the last reload was given up
	notify    notifier
	result    error
}

// Run listens, starts the workers and keeps them running until the process is told to stop or ctx
// ends (both are no error). It fails when an address cannot be listened on, or when the first set of
// workers says that it cannot start (*BootError).
func Run(ctx context.Context, config Config) error {
	config, err := config.withDefaults()
	if err != nil {
		return err
	}
	m := &master{
		config: config, processes: map[int]*process{}, events: make(chan event, 64), asked: make(chan request), reported: make(chan chan metrics.Report),
		current: 1, began: time.Now(), notify: newNotifier(os.Getenv("NOTIFY_SOCKET")),
	}
	if m.credential, err = identity(config.User, config.Group); err != nil {
		return err
	}
	if config.Umask != 0 {
		syscall.Umask(int(config.Umask))
	}
	adopted, err := m.adopt()
	if err != nil {
		return err
	}
	if !adopted {
		if err := m.listen(); err != nil {
			return err
		}
	}
	defer m.release()
	if err := m.writePID(); err != nil {
		return err
	}
	stopControl, err := m.serveControl(ctx)
	if err != nil {
		return err
	}
	defer stopControl()
	stopMetrics, err := m.serveMetrics(ctx)
	if err != nil {
		return err
	}
	defer stopMetrics()
	return m.loop(ctx)
}

func (m *master) listen() error {
	for _, text := range m.config.Bind {
		bind, err := server.ParseBind(text)
		if err != nil {
			return err
		}
		listeners, err := bind.ListenAll()
		if err != nil {
			return err
		}
		for _, listener := range listeners {
			if err := m.keep(text, bind, listener); err != nil {
				return err
			}
		}
	}
	return nil
}

// keep takes the descriptor out of a listener.
func (m *master) keep(text string, bind server.Bind, listener net.Listener) error {
	s := socket{bind: text, addr: listener.Addr()}
	if unix, ok := listener.(*net.UnixListener); ok {
		unix.SetUnlinkOnClose(false)
		if bind.Network == "unix" {
			s.path = bind.Address
		}
	}
	var err error
	if s.path != "" && m.credential != nil {
		if err := os.Lchown(s.path, int(m.credential.Uid), int(m.credential.Gid)); err != nil {
			_ = listener.Close()
			return fmt.Errorf("listen on %s: %w", text, err)
		}
	}
	s.fd, err = descriptor(listener)
	_ = listener.Close()
	if err != nil {
		return fmt.Errorf("listen on %s: %w", text, err)
	}
	m.sockets = append(m.sockets, s)
	return nil
}

// descriptor returns a copy of a listener's descriptor that is closed on exec.
func descriptor(listener net.Listener) (int, error) {
	conn, ok := listener.(syscall.Conn)
	if !ok {
		return 0, errors.New("its descriptor cannot be shared")
	}
	raw, err := conn.SyscallConn()
	if err != nil {
		return 0, err
	}
	var fd int
	var dupErr error
	if err := raw.Control(func(own uintptr) { fd, dupErr = duplicate(int(own)) }); err != nil {
		return 0, err
	}
	return fd, dupErr
}

// duplicate copies a descriptor so that programs which are started meanwhile do not inherit it.
func duplicate(fd int) (int, error) {
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	copied, err := syscall.Dup(fd)
	if err == nil {
		syscall.CloseOnExec(copied)
	}
	return copied, err
}

// release closes the sockets and removes the files that the master made.
func (m *master) release() {
	for _, s := range m.sockets {
		_ = syscall.Close(s.fd)
		if s.path != "" {
			_ = os.Remove(s.path)
		}
	}
	if m.config.PIDFile != "" {
		_ = os.Remove(m.config.PIDFile)
	}
}

func (m *master) writePID() error {
	if m.config.PIDFile == "" {
		return nil
	}
	if err := os.WriteFile(m.config.PIDFile, []byte(itoa(os.Getpid())+"\n"), 0o644); err != nil {
		return fmt.Errorf("write the pid file: %w", err)
	}
	return nil
}

func (m *master) loop(ctx context.Context) error {
	signals := make(chan os.Signal, 16)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT, syscall.SIGQUIT, syscall.SIGHUP, syscall.SIGUSR1, syscall.SIGUSR2, syscall.SIGTTIN, syscall.SIGTTOU)
	defer signal.Stop(signals)
	ticker := time.NewTicker(100 * time.Millisecond)
	defer ticker.Stop()
	done := ctx.Done()
	for {
		m.fill()
		if m.stopping && len(m.processes) == 0 {
			return m.result
		}
		select {
		case <-done:
			done = nil
			m.stop(syscall.SIGTERM)
		case s := <-signals:
			m.handle(s.(syscall.Signal))
		case e := <-m.events:
			m.heard(e)
		case r := <-m.asked:
			r.answer <- m.answer(r.command)
		case answer := <-m.reported:
			answer <- m.report()
		case now := <-ticker.C:
			m.watchClock(now)
		}
	}
}

func (m *master) handle(s syscall.Signal) {
	switch s {
	case syscall.SIGTERM:
		m.stop(syscall.SIGTERM)
	case syscall.SIGINT, syscall.SIGQUIT:
		m.stop(syscall.SIGINT)
	case syscall.SIGHUP:
		m.reload(false)
	case syscall.SIGUSR2:
		m.reload(true)
	case syscall.SIGUSR1:
		for _, p := range m.processes {
			p.signal(syscall.SIGUSR1)
		}
	case syscall.SIGTTIN:
		m.config.Workers++
	case syscall.SIGTTOU:
		m.config.Workers = max(1, m.config.Workers-1)
	}
}

// fill starts what is missing of the generation that serves and of the one that is to take over,
// and drains what is too much.
func (m *master) fill() {
	if m.stopping {
		return
	}
	generation := m.current
	if m.next != 0 {
		generation = m.next
	}
	for m.count(generation) < m.config.Workers && !time.Now().Before(m.notBefore) {
		if _, err := m.start(generation); err != nil {
			m.config.Logger.Error("cannot start a worker", "error", err)
			m.delay()
			return
		}
	}
	for surplus := m.count(m.current) - m.config.Workers; surplus > 0 && m.next == 0; surplus-- {
		m.drain(m.oldest(m.current), syscall.SIGTERM)
	}
}

// count counts the workers of a generation that serve or will serve.
func (m *master) count(generation int) int {
	n := 0
	for _, p := range m.processes {
		if p.Generation == generation && p.Stage != draining && !p.retired {
			n++
		}
	}
	return n
}

func (m *master) oldest(generation int) *process {
	var found *process
	for _, p := range m.processes {
		if p.Generation == generation && p.Stage != draining && (found == nil || p.Started.Before(found.Started)) {
			found = p
		}
	}
	return found
}

// stop ends every worker, gracefully with TERM, quickly with INT. Graceful begins with the time that
// load balancers get to notice; a second TERM cuts it short.
func (m *master) stop(s syscall.Signal) {
	first := !m.stopping
	if first {
		m.notify.say("STOPPING=1")
		m.stopped = time.Now()
	}
	m.stopping, m.next = true, 0
	if s == syscall.SIGTERM && !first && time.Since(m.stopped) < time.Second {
		return // the context and the signal come from one TERM
	}
	if s == syscall.SIGTERM && first && m.config.LameDuck > 0 && m.served {
		m.duckUntil = time.Now().Add(m.config.LameDuck)
		for _, p := range m.processes {
			// To a pipe that the worker reads: it is never full, and gone only with the worker.
			_, _ = p.lifeline.WriteString(lameDuckLine + "\n")
		}
		return
	}
	m.drainAll(s)
}

func (m *master) drainAll(s syscall.Signal) {
	m.duckUntil = time.Time{}
	for _, p := range m.processes {
		m.drain(p, s)
	}
}

// delay postpones the next start, twice as long each time.
func (m *master) delay() {
	wait := min(backoffFirst<<min(m.young, 10), backoffMost)
	m.young++
	m.notBefore = time.Now().Add(wait)
}
