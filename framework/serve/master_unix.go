//go:build unix

package serve

import (
	"context"
	"net"
	"os"
	"os/signal"
	"slices"
	"syscall"

	"github.com/quintetgo/quintet/framework/command"
	"github.com/quintetgo/quintet/framework/server/master"
)

// canMaster reports whether processes of this system can share sockets.
const canMaster = true

// workerLink is a worker's connection to its master; nil in any other process.
type workerLink = *master.Worker

func workerFromMaster() workerLink { return master.FromMaster() }

// runMaster keeps workers running. It opens the site only if the last worker was killed, so that the site can be closed in
// that worker's place.
func runMaster(ctx context.Context, c *command.Call, o flags, open func() (Site, error)) error {
	bind := []string(o.bind)
	if len(bind) == 0 {
		bind = Addresses(AddrSetting())
	}
	public := len(bind)
	bind = append(slices.Clip(bind), o.redirects()...)
	mask, err := o.mask()
	if err != nil {
		return err
	}
	abandoned := false
	err = master.Run(ctx, master.Config{
		Bind: bind, Workers: o.workers, Backlog: o.backlog, PIDFile: o.pidFile, Control: o.control,
		User: o.user, Group: o.group, Umask: mask,
		LameDuck: o.server.Timeouts.LameDuck, Metrics: o.server.Probes.MetricsBind,
		BootTimeout: o.bootTimeout, HeartbeatTimeout: o.timeout,
		// The worker's own limit comes first; the master's is for a worker that ignores it.
		GracefulTimeout: o.gracefulTimeout + max(o.server.Timeouts.Grace, 0) + stopTimeout + closeTimeout,
		Serving:         func(addrs []net.Addr) { printAddresses(c, addrs[:max(0, len(addrs)-len(bind)+public)], o.scheme()) },
		Abandoned:       func() { abandoned = true },
	})
	if abandoned {
		_, _ = open() // if that fails, the worker has reported why
	}
	return err
}

// reopenSignals turns USR1 and HUP into values, for a server without a master: log files are reopened and certificates read
// again.
func reopenSignals() (reopen <-chan struct{}, stop func()) {
	signals, out, done := make(chan os.Signal, 1), make(chan struct{}), make(chan struct{})
	signal.Notify(signals, syscall.SIGUSR1, syscall.SIGHUP)
	go func() {
		for {
			select {
			case <-done:
				return
			case <-signals:
			}
			select {
			case <-done:
				return
			case out <- struct{}{}:
			}
		}
	}()
	return out, func() {
		signal.Stop(signals)
		close(done)
	}
}
