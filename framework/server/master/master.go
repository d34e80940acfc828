//go:build unix

package master

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/quintetgo/quintet/framework/server/internal/pidfile"
	"github.com/quintetgo/quintet/framework/server/internal/systemd"
	"github.com/quintetgo/quintet/framework/server/metrics"
)

// master is the state of the loop, which alone touches it.
type master struct {
	config     Config
	sockets    []socket
	control    *socket // nil without one
	metrics    *socket // nil without one
	pidFile    *pidfile.File
	credential *syscall.Credential // of workers; nil means this process's own
	adopts     bool                // the kernel makes orphans children of this process
	processes  map[int]*process
	signals    chan os.Signal
	events     chan event
	desk       desk
	reported   chan chan metrics.Report
	done       chan struct{} // closed when the loop has ended

	last         int         // number of the newest generation
	current      *generation // that serves
	next         *generation // that is to take over, or nil
	upgrade      bool        // become the program on disk once next serves
	again        bool        // reload once more after this one
	upgradeAgain bool
	pace         pace
	served       bool      // a worker was ready at some time
	lastReady    time.Time // when one was
	reopened     time.Time // when logs were to be reopened
	ticked       time.Time
	stopped      time.Time // when the stop was asked for
	stopping     bool      // no worker is started any more
	duckUntil    time.Time // when workers are drained that are still served to load balancers as not ready
	began        time.Time
	restarts     int
	reloads      int              // that took over
	failed       int              // reloads that were given up
	gone         metrics.Counters // of workers that have ended
	failure      string           // why the last reload was given up
	death        string           // how the last worker died
	abandoned    bool             // the last worker to end did not end in good order
	notify       systemd.Notifier
	result       error
}

// ending are the signals that end the master; others are the rest that it obeys.
func ending() []os.Signal { return []os.Signal{syscall.SIGTERM, syscall.SIGINT, syscall.SIGQUIT} }

func others() []os.Signal {
	return []os.Signal{syscall.SIGHUP, syscall.SIGUSR1, syscall.SIGUSR2, syscall.SIGTTIN, syscall.SIGTTOU}
}

// Run listens, starts the workers and keeps them running until the process is told to stop or ctx
// ends (both are no error). It fails when an address cannot be listened on, when another master has
// the pid file or the control socket, or when the first workers say that they cannot start
// (*BootError); whatever belongs to others is left alone then.
//
// Signals are Run's alone from then on: other receivers in the process do not get TERM, INT and QUIT
// any more. If it is process 1, or a subreaper, it collects every child that ends.
func Run(ctx context.Context, config Config) error {
	config, err := config.withDefaults()
	if err != nil {
		return err
	}
	now := time.Now()
	m := &master{
		config: config, pidFile: pidfile.New(config.PIDFile), adopts: adopts(), processes: map[int]*process{}, signals: make(chan os.Signal, 64),
		events: make(chan event, 64), reported: make(chan chan metrics.Report), done: make(chan struct{}),
		began: now, lastReady: now, ticked: now, notify: systemd.NewNotifier(),
	}
	m.desk.asked, m.desk.paused, m.desk.resume, m.desk.done = make(chan request), make(chan struct{}), make(chan struct{}), m.done
	defer close(m.done)
	signal.Reset(ending()...)
	signal.Notify(m.signals, append(ending(), others()...)...)
	defer signal.Stop(m.signals)
	closeInherited()
	if m.credential, err = identity(config.User, config.Group); err != nil {
		return err
	}
	if config.Umask != 0 {
		syscall.Umask(int(config.Umask))
	}
	defer m.release()
	if err := m.open(ctx); err != nil {
		return err
	}
	return m.loop(ctx)
}

// open takes over from the master that this process was, or opens and makes what is needed. What
// could be another master's is looked at before anything is made.
func (m *master) open(ctx context.Context) error {
	adopted, err := m.adopt()
	if err != nil {
		return err
	}
	if !adopted {
		m.last = 1
		m.current = &generation{number: 1, want: m.config.Workers, build: openBuild(m.config.Program)}
		if err := m.pidFile.Check(); err != nil {
			return err
		}
		if err := m.openSockets(); err != nil {
			return err
		}
	}
	// The site of an adopted master is served already: that goes on whatever else fails.
	for _, step := range []func() error{m.setBacklog, m.serveControl, func() error { return m.serveMetrics(ctx) }, m.pidFile.Write} {
		if err := step(); err != nil && !adopted {
			return err
		} else if err != nil {
			m.config.Logger.Error("going on without", "error", err)
		}
	}
	return nil
}

// release closes the sockets and removes the files that the master made.
func (m *master) release() {
	closeSockets(m.sockets)
	for _, s := range []*socket{m.control, m.metrics} {
		if s != nil {
			closeSockets([]socket{*s})
		}
	}
	m.pidFile.Remove()
	if m.current != nil {
		m.current.build.close()
	}
}

func (m *master) loop(ctx context.Context) error {
	children, pipes := make(chan os.Signal, 1), make(chan os.Signal, 1)
	signal.Notify(children, syscall.SIGCHLD)
	defer signal.Stop(children)
	signal.Notify(pipes, syscall.SIGPIPE) // a reader of the log that goes away must not end the process
	defer signal.Stop(pipes)
	ticker := time.NewTicker(tick)
	defer ticker.Stop()
	done := ctx.Done()
	for {
		m.settle()
		if m.stopping && len(m.processes) == 0 {
			if m.abandoned && m.config.Abandoned != nil {
				m.config.Abandoned()
			}
			return m.result
		}
		select {
		case <-done:
			done = nil
			m.stop(syscall.SIGTERM)
		case s := <-m.signals:
			m.handle(s.(syscall.Signal))
		case <-children:
			m.reap()
		case e := <-m.events:
			m.heard(e)
		case r := <-m.desk.asked:
			r.answer <- m.answer(r.command)
		case answer := <-m.reported:
			answer <- m.report()
		case <-ticker.C:
			m.reap()
			m.watchClock(time.Now())
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
		m.reopen()
	case syscall.SIGTTIN:
		m.resize(1)
	case syscall.SIGTTOU:
		m.resize(-1)
	}
}

// reopen has workers reopen their logs. One that starts would die of the signal; it gets it when it
// is ready.
func (m *master) reopen() {
	m.reopened = time.Now()
	for _, p := range m.processes {
		if p.stage == ready {
			p.signal(syscall.SIGUSR1)
		}
	}
}

// resize changes the number of workers, of the new ones if a reload is under way.
func (m *master) resize(by int) {
	m.config.Workers = max(1, m.config.Workers+by)
	list := m.generations()
	list[len(list)-1].want = m.config.Workers
}

// stop ends every worker, gracefully with TERM, quickly with INT. Graceful begins with the time that
// load balancers get to notice; a second TERM cuts it short.
func (m *master) stop(s syscall.Signal) {
	first := !m.stopping
	if first {
		m.notify.Say("STOPPING=1")
		m.stopped = time.Now()
	}
	if m.next != nil {
		m.next.build.close()
	}
	m.stopping, m.next, m.again = true, nil, false
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
