package serve

import (
	"context"
	"net"
	"strings"

	"github.com/quintetgo/quintet/framework/check"
	"github.com/quintetgo/quintet/framework/command"
	"github.com/quintetgo/quintet/framework/server"
	"github.com/quintetgo/quintet/framework/settings"
)

// Command returns the command serve. By default the process becomes a master that starts this program again as its
// workers; the workers call open, the master does not, so that it starts at once and outlives an error of the site. With
// --workers 0 the process itself serves.
//
// The command does not close what open opened: whoever passed open does that at the end of the process. If the last worker
// was killed, the master calls open once before it ends, so that the caller closes the site in its place.
func Command(open func() (Site, error)) command.Command {
	return serveCommand(open, canMaster)
}

// CommandFor returns the command serve for a site that is open already. It serves in this process: --workers is ignored.
func CommandFor(site func() Site) command.Command {
	return serveCommand(func() (Site, error) { return site(), nil }, false)
}

func serveCommand(open func() (Site, error), master bool) command.Command {
	var flags flags
	return command.Command{
		Name: "serve", Standalone: true, Short: "Serve the site in production",
		Long: "Check the project, then serve it until TERM or INT, and shut down gracefully. It does not start if a check finds\n" +
			"an error, nor with a configuration for development (see --debug). HUP reloads the program: new workers take over\n" +
			"when they are ready; if they fail to start, the old workers keep serving. USR2 does the same and replaces the\n" +
			"master too.\n\n" +
			"Every flag except --bind and --debug can also be set in the environment: --max-requests is SERVE_MAX_REQUESTS.",
		Example: "serve\nserve --bind 0.0.0.0:8000 --bind unix:/run/shop.sock?mode=0660\n" +
			"serve --workers 2 --pid /run/shop.pid --control /run/shop.ctl",
		Flags: flags.declare,
		Run: func(ctx context.Context, c *command.Call) error {
			if err := flags.validate(); err != nil {
				return err
			}
			worker := workerFromMaster()
			if worker == nil && master && flags.workers > 0 {
				return runMaster(ctx, c, flags, open)
			}
			site, err := open()
			if err == nil {
				err = flags.serve(ctx, c, site.withDefaults(), worker)
			}
			if err != nil && worker != nil {
				_ = worker.Failed(err)
				return command.Exit(1, nil) // the master reports the error
			}
			return err
		},
	}
}

// serve serves the site in this process, on the sockets of the worker's master unless worker is nil.
func (o *flags) serve(ctx context.Context, c *command.Call, site Site, worker workerLink) error {
	if err := o.check(ctx, c, site); err != nil {
		return err
	}
	options := o.options(site)
	if worker != nil {
		return site.run(ctx, worker.Serve, options)
	}
	options.Ready = func(addrs []net.Addr) { printAddresses(c, addrs, o.scheme()) }
	reopen, stopReopen := reopenSignals()
	defer stopReopen()
	options.Reopen = reopen
	if len(options.Bind) == 0 {
		options.Bind = site.Bind
	}
	return site.run(ctx, server.Run, options)
}

// check prints the problems of the site and returns an error if it must not be served.
func (o *flags) check(ctx context.Context, c *command.Call, site Site) error {
	problems := site.Check(ctx)
	if o.debug {
		site.Logger.Warn("serving with a configuration for development: error pages may show settings and source code to everybody")
	} else {
		problems = append(problems, check.AtLeast(site.CheckDeploy(ctx), check.Error)...)
	}
	return check.Require(c.Err, problems)
}

// printAddresses prints where the site is served.
func printAddresses(c *command.Call, addrs []net.Addr, scheme string) {
	for _, addr := range addrs {
		if addr.Network() == "unix" {
			c.Printf("Listening on unix:%s\n", addr)
		} else {
			c.Printf("Listening on %s://%s/\n", scheme, addr)
		}
	}
}

// Addresses splits the value of the setting ADDR, addresses separated by commas. It returns server.DefaultAddr for an empty
// one.
func Addresses(setting string) []string {
	var list command.List
	_ = list.Set(setting)
	if len(list) == 0 {
		return []string{server.DefaultAddr}
	}
	return list
}

// AddrSetting returns the setting ADDR of the environment, or "" if it is not set. It does not need the other settings to be
// valid.
func AddrSetting() string {
	var s struct {
		Addr string `env:"ADDR"`
	}
	if err := settings.Load(&s, settings.Options{}); err != nil {
		return ""
	}
	return strings.TrimSpace(s.Addr)
}
