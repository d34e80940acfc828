package framework

import (
	"context"
	"flag"
	"fmt"
	"strings"
	"time"

	"github.com/quintetgo/quintet/framework/check"
	"github.com/quintetgo/quintet/framework/command"
	"github.com/quintetgo/quintet/framework/devserver"
	"github.com/quintetgo/quintet/framework/serve"
	"github.com/quintetgo/quintet/framework/server"
)

func runserverCommand(open func() (*Project, error)) command.Command {
	var noReload bool
	return command.Command{
		Name: "runserver", Usage: "[ADDR]", MaxArgs: 1, Standalone: true, Short: "Serve the site during development",
		Long: "Build the project and serve it on ADDR (a port, or host:port; " + devserver.DefaultAddr + " by default),\n" +
			"and do both again when a file changes. After a change to a template, a static file or .env the site is only\n" +
			"restarted. Errors of the build and of the start are shown in the browser, which reloads automatically.",
		Example: "runserver\nrunserver 8001\nrunserver 0.0.0.0:8000",
		Flags: func(f *flag.FlagSet) {
			f.BoolVar(&noReload, "no-reload", false, "serve this program, without rebuilding it")
		},
		Run: func(ctx context.Context, c *command.Call) error {
			addr := ""
			if len(c.Args) == 1 {
				addr = c.Args[0]
			} else if addr, _, _ = strings.Cut(serve.AddrSetting(), ","); strings.HasPrefix(addr, "unix:") && !noReload {
				addr = ""
			}
			if noReload {
				p, err := open()
				if err != nil {
					return err
				}
				return p.serveDev(ctx, c, addr)
			}
			if _, err := devserver.Address(addr); err != nil {
				return command.Usagef("%w", err)
			}
			return devserver.Run(ctx, devserver.Options{Addr: addr, Out: c.Out, Err: c.Err})
		},
	}
}

// serveDev serves this program for development, usually as a child of the development server.
func (p *Project) serveDev(ctx context.Context, c *command.Call, addr string) error {
	if !strings.HasPrefix(addr, "unix:") {
		var err error
		if addr, err = devserver.Address(addr); err != nil {
			return command.Usagef("%w", err)
		}
	}
	ctx = devserver.Child(ctx)
	url := devserver.URL()
	if url == "" {
		url = "http://" + addr + "/"
	}
	problems := p.Check(ctx)
	if check.Worst(problems) >= check.Error {
		return check.Require(c.Err, problems)
	}
	for _, app := range p.apps {
		if a, ok := app.(DevApp); ok {
			if err := a.DevStart(ctx, Dev{Out: c.Out, URL: url}); err != nil {
				return fmt.Errorf("start %s for development: %w", app.Name(), err)
			}
		}
	}
	if check.Worst(problems) >= check.Warning { // a new database has its tables now
		if err := check.Require(c.Err, p.Check(ctx)); err != nil {
			return err
		}
	}
	if devserver.URL() == "" {
		c.Printf("Serving on %s\n", url)
	}
	return serve.Run(ctx, p.site(), server.Options{
		Bind: []string{addr}, Log: server.Log{Logger: p.logger}, Timeouts: server.Timeouts{Grace: -1, Shutdown: 2 * time.Second},
	})
}
