//go:build unix

package serve

import (
	"context"
	"flag"
	"time"

	"github.com/quintetgo/quintet/framework/command"
	"github.com/quintetgo/quintet/framework/server/master"
)

// ControlCommands returns the commands status, reload and stop, which talk to a running master over its control socket.
func ControlCommands() []command.Command {
	return []command.Command{
		controlCommand("status", "Show the server's status"),
		controlCommand("reload", "Reload the server gracefully"),
		controlCommand("stop", "Stop the server gracefully"),
	}
}

func controlCommand(name, short string) command.Command {
	var path string
	var asJSON bool
	return command.Command{
		Name: name, Standalone: true, Short: short, Example: name + " --control /run/shop.ctl",
		Flags: func(f *flag.FlagSet) {
			f.StringVar(&path, "control", "", "`path` of the control socket that the server was started with")
			f.BoolVar(&asJSON, "json", false, "print the status as JSON")
		},
		Run: func(ctx context.Context, c *command.Call) error {
			if path == "" {
				return command.Usagef("--control is missing: set it to the path that the server was started with")
			}
			ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
			defer cancel()
			status, err := master.Control(ctx, path, name)
			if err != nil {
				return err
			}
			if asJSON {
				return c.PrintJSON(status)
			}
			printStatus(c, status)
			return nil
		},
	}
}

func printStatus(c *command.Call, s master.Status) {
	c.Printf("master %d on %v, up %v, generation %d\n", s.PID, s.Bind, time.Since(s.Began).Round(time.Second), s.Generation)
	for _, p := range s.Processes {
		c.Printf("  worker %d  %-8s  up %v", p.PID, p.Stage, time.Since(p.Started).Round(time.Second))
		if p.Requests != nil {
			c.Printf("  %s", command.Plural(int(*p.Requests), "request"))
		}
		if p.Memory > 0 {
			c.Printf("  %d MiB", p.Memory>>20)
		}
		c.Printf("\n")
	}
	if s.Restarts > 0 {
		c.Printf("  %s died and %s replaced; the last one: %s\n",
			command.Plural(s.Restarts, "worker"), map[bool]string{true: "was", false: "were"}[s.Restarts == 1], s.Death)
	}
	if !s.NextStart.IsZero() {
		c.Printf("  the next worker starts in %v\n", max(0, time.Until(s.NextStart)).Round(time.Second))
	}
	if s.Failure != "" {
		c.Printf("  the last reload failed: %s\n", s.Failure)
	}
	if s.Reloading {
		c.Printf("  reloading\n")
	}
	if s.Stopping {
		c.Printf("  stopping\n")
	}
}
