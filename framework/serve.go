package framework

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/quintetgo/quintet/framework/check"
	"github.com/quintetgo/quintet/framework/command"
	"github.com/quintetgo/quintet/framework/server"
)

func serveCommand(p *Project) command.Command {
	var bind command.List
	return command.Command{
		Name: "serve", Short: "Serve the site in production",
		Long:    "Check the project, then serve it until a TERM or INT signal, which it obeys without losing a request.\nIt does not start if a check finds an error.",
		Example: "serve\nserve --bind 0.0.0.0:8000 --bind unix:/run/shop.sock",
		Flags: func(f *flag.FlagSet) {
			bind = nil
			f.Var(&bind, "bind", "`address` to listen on, host:port or unix:PATH; may be repeated (default: the setting ADDR, or "+DefaultAddr+")")
		},
		Run: func(ctx context.Context, c *command.Call) error {
			if err := p.mustBeSound(ctx, c); err != nil {
				return err
			}
			options := server.Options{Bind: bind, Logger: p.logger, Ready: func(addrs []net.Addr) {
				for _, addr := range addrs {
					c.Printf("Listening on %s\n", publicAddress(addr))
				}
			}}
			if len(bind) == 0 {
				options.Bind = p.settings.binds()
			}
			return p.serve(ctx, p, options)
		},
	}
}

// mustBeSound prints what the checks find, and fails if there is an error among it.
func (p *Project) mustBeSound(ctx context.Context, c *command.Call) error {
	problems := check.AtLeast(p.Check(ctx), check.Warning)
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

// serve starts the apps, serves until ctx ends, and stops them.
func (p *Project) serve(ctx context.Context, handler http.Handler, options server.Options) error {
	if err := p.Start(ctx); err != nil {
		return err
	}
	err := server.Run(ctx, handler, options)
	stopCtx, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTime)
	defer cancel()
	return errors.Join(err, p.Stop(stopCtx))
}

// publicAddress is an address as one would open it.
func publicAddress(addr net.Addr) string {
	if addr.Network() == "unix" {
		return "unix:" + addr.String()
	}
	return "http://" + addr.String() + "/"
}
