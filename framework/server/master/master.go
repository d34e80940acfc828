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

// master is the state of the loop. Only the loop accesses it.
type master struct {
	config         Config
	sockets        []socket
	control        *socket // nil without one
	metrics        *socket // nil without one
	pidFile        *pidfile.File
	credential     *syscall.Credential // of workers; nil means this process's own
	adopts         bool                // this process inherits orphans from the kernel
	processes      map[int]*process
	signals        chan os.Signal
	events         chan event
	controlServer  controlServer
	reportRequests chan chan metrics.Report
	done           chan struct{} // closed when the loop has ended

	reloader
	shutdown
	stats
	backoff   backoff
	served    bool      // a worker has been ready
	lastReady time.Time // when a worker was last ready
	reopened  time.Time // when the last reopening of logs was requested
	ticked    time.Time // when the last tick was handled
	notify    systemd.Notifier
	result    error // of the loop
}

// ending returns the signals that end the master, others the other signals that it handles.
func ending() []os.Signal { return []os.Signal{syscall.SIGTERM, syscall.SIGINT, syscall.SIGQUIT} }

func others() []os.Signal {
	return []os.Signal{syscall.SIGHUP, syscall.SIGUSR1, syscall.SIGUSR2, syscall.SIGTTIN, syscall.SIGTTOU}
}

// Run listens, starts the workers and keeps them running until the process gets a signal to stop or ctx ends, which
// are not errors. It returns an error if an address cannot be listened on, if another master has the pid file or the
// control socket, or, as a *BootError, if the first workers report that they cannot start. It never touches files of
// other programs.
//
// Run takes over the signals TERM, INT and QUIT: other receivers in the process do not get them any more. If the
// process is process 1 or a subreaper, it collects every child that ends.
func Run(ctx context.Context, config Config) error {
	config, err := config.withDefaults()
	if err != nil {
		return err
	}
	now := time.Now()
	m := &master{
		config: config, pidFile: pidfile.New(config.PIDFile), adopts: adopts(), processes: map[int]*process{},
		signals: make(chan os.Signal, 64),
		events:  make(chan event, 64), reportRequests: make(chan chan metrics.Report), done: make(chan struct{}),
		stats: stats{began: now}, lastReady: now, ticked: now, notify: systemd.NewNotifier(),
	}
	m.controlServer = newControlServer(m.done)
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

// open takes over from the previous program of this process, or opens what is needed. It checks everything that may
// belong to another master before it creates anything.
func (m *master) open(ctx context.Context) error {
	adopted, err := m.restoreState()
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
	// An adopted site is served already, and stays so even if a step fails.
	for _, step := range []func() error{m.setBacklog, m.serveControl, func() error { return m.serveMetrics(ctx) }, m.pidFile.Write} {
		if err := step(); err != nil && !adopted {
			return err
		} else if err != nil {
			m.config.Logger.Error("continuing without a part of the server", "error", err)
		}
	}
	return nil
}

// release closes the sockets and removes the files that the master created.
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
	signal.Notify(pipes, syscall.SIGPIPE) // a closed pipe of the log must not end the process
	defer signal.Stop(pipes)
	ticker := time.NewTicker(tick)
	defer ticker.Stop()
	done := ctx.Done()
	for {
		m.reconcile()
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
			m.handleEvent(e)
		case r := <-m.controlServer.requests:
			r.answer <- m.answer(r.command)
		case answer := <-m.reportRequests:
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

// reopen makes workers reopen their logs. The signal would kill one that is starting; it gets the signal when it is
// ready.
func (m *master) reopen() {
	m.reopened = time.Now()
	for _, p := range m.processes {
		if p.stage == ready {
			p.signal(syscall.SIGUSR1)
		}
	}
}

// resize changes the number of workers; during a reload that of the new ones.
func (m *master) resize(by int) {
	m.config.Workers = max(1, m.config.Workers+by)
	list := m.generations()
	list[len(list)-1].want = m.config.Workers
}
