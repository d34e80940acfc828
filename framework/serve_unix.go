//go:build unix

package framework

import (
	"context"
	"errors"
	"flag"
	"net"
	"os"
	"os/signal"
	"slices"
	"syscall"
	"time"

	"github.com/quintetgo/quintet/framework/command"
	"github.com/quintetgo/quintet/framework/server/master"
)

// canMaster says that this system has processes that share sockets.
const canMaster = true

// workerLink is a worker's connection to its master; nil in any other process.
type workerLink = *master.Worker

func workerFromMaster() workerLink { return master.FromMaster() }

// runMaster keeps workers running. It opens no project, so that it starts at once and an error in the project cannot take
// it down. Only if the last worker was killed it opens the project at the end, to close it in that worker's place.
func runMaster(ctx context.Context, c *command.Call, flags serveFlags, open func() (*Project, error)) error {
	bind := []string(flags.bind)
	if len(bind) == 0 {
		bind = (&Settings{Addr: addrSetting()}).binds()
	}
	public := len(bind)
	bind = append(slices.Clip(bind), flags.redirects()...)
	mask, err := flags.mask()
	if err != nil {
		return err
	}
	abandoned := false
	err = master.Run(ctx, master.Config{
		Bind: bind, Workers: flags.workers, Backlog: flags.backlog, PIDFile: flags.pidFile, Control: flags.control,
		User: flags.user, Group: flags.group, Umask: mask,
		LameDuck: flags.server.Timeouts.LameDuck, Metrics: flags.server.Probes.MetricsBind,
		BootTimeout: flags.bootTimeout, HeartbeatTimeout: flags.timeout,
		// A worker's own limit comes first; this one is for a worker that does not keep to it.
		GracefulTimeout: flags.gracefulTimeout + max(flags.server.Timeouts.Grace, 0) + stopTime + closeTime,
		Serving:         func(addrs []net.Addr) { announce(c, addrs[:max(0, len(addrs)-len(bind)+public)], flags.scheme()) },
		Abandoned:       func() { abandoned = true },
	})
	if !abandoned {
		return err
	}
	p, openErr := opened(open)
	if openErr != nil {
		return err // the worker has said why the project cannot be opened
	}
	return errors.Join(err, p.Close())
}

// reopenSignals turns USR1 and HUP into values, for a server without a master: log files are reopened and certificates read
// anew.
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

// controlCommands speak to a running master.
func controlCommands() []command.Command {
	list := make([]command.Command, 0, 3)
	for _, known := range []struct{ name, short string }{
		{"status", "Say how the running server is"},
		{"reload", "Have the running server start anew, without losing a request"},
		{"stop", "Stop the running server gracefully"},
	} {
		var path string
		var asJSON bool
		list = append(list, command.Command{
			Name: known.name, Short: known.short, Example: known.name + " --control /run/shop.ctl",
			Flags: func(f *flag.FlagSet) {
				f.StringVar(&path, "control", "", "`path` of the control socket that the server was started with")
				f.BoolVar(&asJSON, "json", false, "print the status as JSON")
			},
			Run: func(ctx context.Context, c *command.Call) error {
				if path == "" {
					return command.Usagef("--control is missing: give the path that the server was started with")
				}
				ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
				defer cancel()
				status, err := master.Control(ctx, path, known.name)
				if err != nil {
					return err
				}
				if asJSON {
					return printJSON(c.Out, status)
				}
				printStatus(c, status)
				return nil
			},
		})
	}
	return list
}

func printStatus(c *command.Call, s master.Status) {
	c.Printf("master %d on %v, up %v, generation %d\n", s.PID, s.Bind, time.Since(s.Began).Round(time.Second), s.Generation)
	for _, p := range s.Processes {
		c.Printf("  worker %d  %-8s  up %v", p.PID, p.Stage, time.Since(p.Started).Round(time.Second))
		if p.Requests != nil {
			c.Printf("  %s", counted(int(*p.Requests), "request"))
		}
		if p.Memory > 0 {
			c.Printf("  %d MiB", p.Memory>>20)
		}
		c.Printf("\n")
	}
	if s.Restarts > 0 {
		c.Printf("  %s died and %s replaced; the last was %s\n", counted(s.Restarts, "worker"), map[bool]string{true: "was", false: "were"}[s.Restarts == 1], s.Death)
	}
	if !s.NextStart.IsZero() {
		c.Printf("  the next worker starts in %v\n", max(0, time.Until(s.NextStart)).Round(time.Second))
	}
	if s.Failure != "" {
		c.Printf("  the last reload was given up: %s\n", s.Failure)
	}
	if s.Reloading {
		c.Printf("  a reload is under way\n")
	}
	if s.Stopping {
		c.Printf("  it is stopping\n")
	}
}
