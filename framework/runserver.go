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
	"github.com/quintetgo/quintet/framework/server"
	"github.com/quintetgo/quintet/framework/settings"
)

func runserverCommand(p *Project) command.Command {
	var noReload bool
	return command.Command{
		Name: "runserver", Usage: "[ADDR]", MaxArgs: 1, Short: "Serve the site while you write it",
		Long:    "Build the project, serve it on ADDR (a port, or host:port; " + devserver.DefaultAddr + " by default), and do both again\nwhenever a file changes; for a template, a static file or .env it only starts anew. What does not compile or start is shown in the browser, which reloads by itself.",
		Example: "runserver\nrunserver 8001\nrunserver 0.0.0.0:8000",
		Flags: func(f *flag.FlagSet) {
			f.BoolVar(&noReload, "no-reload", false, "serve this very program, without building it anew")
		},
		Run: func(ctx context.Context, c *command.Call) error {
			addr := ""
			if len(c.Args) == 1 {
				addr = c.Args[0]
			} else if addr, _, _ = strings.Cut(addrSetting(), ","); strings.HasPrefix(addr, "unix:") && !noReload {
				addr = ""
			}
			if noReload {
				return p.serveDev(ctx, c, addr)
			}
			if _, err := devserver.Address(addr); err != nil {
				return command.Usagef("%w", err)
			}
			return devserver.Run(ctx, devserver.Options{Addr: addr, Out: c.Out, Err: c.Err})
		},
	}
}

// addrSetting is the setting ADDR. It must be had while other settings are wrong.
func addrSetting() string {
	var s struct {
		Addr string `env:"ADDR"`
	}
	if err := settings.Load(&s, settings.Options{}); err != nil {
		return ""
	}
	return strings.TrimSpace(s.Addr)
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
	if problems := p.Check(ctx); check.Worst(problems) >= check.Error {
		return p.mustBeSound(ctx, c)
	}
	for _, app := range p.apps {
		if a, ok := app.(DevApp); ok {
			if err := a.DevStart(ctx, Dev{Out: c.Out, URL: url}); err != nil {
				return fmt.Errorf("start %s for development: %w", app.Name(), err)
			}
		}
	}
	if err := p.mustBeSound(ctx, c); err != nil { // once more: a fresh database has its tables now
		return err
	}
	if devserver.URL() == "" {
		c.Printf("Serving on %s\n", url)
	}
	return p.serve(ctx, server.Run, server.Options{Bind: []string{addr}, Log: server.Log{Logger: p.logger}, Timeouts: server.Timeouts{Grace: -1, Shutdown: 2 * time.Second}})
}
