package framework

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/quintetgo/quintet/framework/check"
	"github.com/quintetgo/quintet/framework/command"
	"github.com/quintetgo/quintet/framework/server"
)

// serveCommand serves in three ways: as the master of worker processes, which opens no project; as
// such a worker; or, for tests and --workers 0, with the project in this very process.
func serveCommand(p *Project, open func() (*Project, error)) command.Command {
	var flags serveFlags
	return command.Command{
		Name: "serve", Short: "Serve the site in production",
		Long: "Check the project, then serve it until a TERM or INT signal, which it obeys without losing a request.\n" +
			"It does not start if a check finds an error, nor with a configuration for development (see --debug). HUP reloads the program: new workers take over when they are ready,\n" +
			"and if they do not get there the old ones go on. USR2 does so and replaces the master too.\n\n" +
			"Every flag but --bind and --debug can be set by the environment too: --max-requests is SERVE_MAX_REQUESTS.",
		Example: "serve\nserve --bind 0.0.0.0:8000 --bind unix:/run/shop.sock?mode=0660\nserve --workers 2 --pid /run/shop.pid --control /run/shop.ctl",
		Flags:   flags.declare,
		Run: func(ctx context.Context, c *command.Call) error {
			if err := flags.validate(); err != nil {
				return err
			}
			if p != nil {
				return p.serveHere(ctx, c, flags)
			}
			if flags.workers > 0 && canMaster {
				return runMaster(ctx, c, flags, open)
			}
			p, err := opened(open)
			if err != nil {
				return err
			}
			return errors.Join(p.serveHere(ctx, c, flags), p.Close())
		},
	}
}

// serveHere serves the project in this process: as a worker if a master started it, else alone.
func (p *Project) serveHere(ctx context.Context, c *command.Call, flags serveFlags) error {
	options := flags.options(p)
	if p.worker != nil {
		err := p.mustBeFit(ctx, c, flags.debug)
		if err == nil {
			err = p.serve(ctx, p.worker.Serve, options)
		}
		if err != nil {
			_ = p.worker.Failed(err)
			return command.Exit(1, nil) // the master says why
		}
		return nil
	}
	if err := p.mustBeFit(ctx, c, flags.debug); err != nil {
		return err
	}
	options.Ready = func(addrs []net.Addr) { announce(c, addrs, flags.scheme()) }
	reopen, stopReopen := reopenSignals()
	defer stopReopen()
	options.Reopen = reopen
	if len(options.Bind) == 0 {
		options.Bind = p.settings.binds()
	}
	return p.serve(ctx, server.Run, options)
}

// announce prints where the site is served.
func announce(c *command.Call, addrs []net.Addr, scheme string) {
	for _, addr := range addrs {
		c.Printf("Listening on %s\n", publicAddress(addr, scheme))
	}
}

// mustBeFit is mustBeSound for production: a configuration that is fit for development only is an error too, unless debug
// says that it is wanted.
func (p *Project) mustBeFit(ctx context.Context, c *command.Call, debug bool) error {
	if debug {
		p.logger.Warn("serving with a configuration for development: error pages may show settings and source code to everybody")
		return p.mustBeSound(ctx, c)
	}
	return p.mustBeSound(ctx, c, check.AtLeast(p.CheckDeploy(ctx), check.Error)...)
}

// mustBeSound prints what the checks find, and fails if there is an error among it or among more.
func (p *Project) mustBeSound(ctx context.Context, c *command.Call, more ...check.Problem) error {
	problems := append(check.AtLeast(p.Check(ctx), check.Warning), more...)
	if err := check.Print(c.Err, problems); err != nil {
		return err
	}
	if failed := len(check.AtLeast(problems, check.Error)); failed > 0 {
		return fmt.Errorf("not started, because of %s", counted(failed, "error"))
	}
	return nil
}

// stopTime is how long apps may take to stop.
const stopTime = 10 * time.Second

// closeTime is how long closing the project may take after that.
const closeTime = 10 * time.Second

// runner is what serves a handler: server.Run, or the link to a master.
type runner func(context.Context, http.Handler, server.Options) error

// serve starts the apps, serves until ctx ends, and stops them.
func (p *Project) serve(ctx context.Context, run runner, options server.Options) error {
	if err := p.Start(ctx); err != nil {
		return err
	}
	err := run(ctx, p, options)
	stopCtx, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTime)
	defer cancel()
	return errors.Join(err, p.Stop(stopCtx))
}

// publicAddress is an address as one would open it.
func publicAddress(addr net.Addr, scheme string) string {
	if addr.Network() == "unix" {
		return "unix:" + addr.String()
	}
	return scheme + "://" + addr.String() + "/"
}
