package framework

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"text/tabwriter"

	"github.com/quintetgo/quintet/framework/check"
	"github.com/quintetgo/quintet/framework/command"
	"github.com/quintetgo/quintet/framework/deploy"
	"github.com/quintetgo/quintet/framework/web"
)

// Commands returns the commands of the framework and of the apps, in that order. Where two have the same name the first one
// counts; a check reports the other.
func (p *Project) Commands() []command.Command {
	list, _ := p.commands()
	return list
}

func (p *Project) commands() ([]command.Command, []check.Problem) {
	list := builtins(p, nil)
	owner := map[string]string{}
	for _, c := range list {
		owner[c.Name] = "the framework"
	}
	var problems []check.Problem
	for _, app := range p.apps {
		a, ok := app.(CommandsApp)
		if !ok {
			continue
		}
		for _, c := range a.Commands() {
			if first := owner[c.Name]; first != "" {
				problems = append(problems, check.Problem{ID: "framework.E008", Level: check.Error, Place: "app " + app.Name(), Message: fmt.Sprintf("its command %q exists already in %s", c.Name, first), Hint: "Give it another name."})
				continue
			}
			owner[c.Name] = "the app " + app.Name()
			list = append(list, c)
		}
	}
	return list, problems
}

// builtins are the framework's own commands. Those of a nil project can show their help only, but for those that need none
// (see needsProject); serve opens it by itself.
func builtins(p *Project, open func() (*Project, error)) []command.Command {
	list := []command.Command{runserverCommand(p), serveCommand(p, open)}
	list = append(list, controlCommands()...)
	return append(list, checkCommand(p), routesCommand(p), collectstaticCommand(p), deploy.Command(p.deployment), versionCommand())
}

func checkCommand(p *Project) command.Command {
	var deploy, asJSON bool
	var failLevel string
	return command.Command{
		Name: "check", Short: "Look for mistakes in the project",
		Long:    "Look for mistakes in the project: settings, routes, templates, models, and whatever the apps check.\nThe exit status is 1 if there is an error.",
		Example: "check\ncheck --deploy --fail-level warning",
		Flags: func(f *flag.FlagSet) {
			f.BoolVar(&deploy, "deploy", false, "also look for what is fit for development only")
			f.BoolVar(&asJSON, "json", false, "print the problems as JSON")
			f.StringVar(&failLevel, "fail-level", "error", "the `level` from which on the exit status is 1: info, warning, error")
		},
		Run: func(ctx context.Context, c *command.Call) error {
			levels := map[string]check.Level{"info": check.Info, "warning": check.Warning, "error": check.Error}
			limit, ok := levels[failLevel]
			if !ok {
				return command.Usagef("--fail-level does not take %q%s (info, warning, error)", failLevel, check.DidYouMean(failLevel, []string{"info", "warning", "error"}))
			}
			problems := p.Check(ctx)
			if _, err := os.Stat("go.mod"); err == nil {
				problems = append(problems, p.checkSource(ctx, ".")...)
			}
			if deploy {
				problems = append(problems, p.CheckDeploy(ctx)...)
			}
			var err error
			if asJSON {
				err = check.PrintJSON(c.Out, problems)
			} else {
				err = check.Print(c.Out, problems)
			}
			switch failed := len(check.AtLeast(problems, limit)); {
			case err != nil:
				return err
			case failed > 0 && asJSON:
				return command.Exit(1, nil)
			case failed > 0:
				c.Printf("\n")
				return fmt.Errorf("found %s", counted(failed, "problem"))
			case len(problems) == 0 && !asJSON:
				c.Printf("No problems found in %s.\n", counted(len(p.apps), "app"))
			}
			return nil
		},
	}
}

func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

func routesCommand(p *Project) command.Command {
	var asJSON bool
	return command.Command{
		Name: "routes", Short: "List the routes", Example: "routes\nroutes --json",
		Flags: func(f *flag.FlagSet) { f.BoolVar(&asJSON, "json", false, "print them as JSON") },
		Run: func(_ context.Context, c *command.Call) error {
			routes := p.router.Routes()
			if asJSON {
				return printRoutesJSON(c.Out, routes)
			}
			if len(routes) == 0 {
				c.Printf("There are no routes. Add some in the Routes of the settings.\n")
				return nil
			}
			table := tabwriter.NewWriter(c.Out, 0, 0, 2, ' ', 0)
			for _, rt := range routes {
				marks := ""
				if len(rt.Marks) > 0 {
					marks = "  (" + strings.Join(rt.Marks, ", ") + ")"
				}
				_, _ = fmt.Fprintf(table, "%s\t%s\t%s\t%s%s\n", rt.Method, rt.Pattern, rt.Name, rt.Source, marks)
			}
			return table.Flush()
		},
	}
}

func printRoutesJSON(w io.Writer, routes []web.RouteInfo) error {
	if routes == nil {
		routes = []web.RouteInfo{}
	}
	return printJSON(w, routes)
}

func printJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}

func collectstaticCommand(p *Project) command.Command {
	return command.Command{
		Name: "collectstatic", Usage: "[DIR]", MaxArgs: 1, Short: "Copy all static files into one folder",
		Long:    "Copy all static files, under their hashed names too, into one folder, for a web server in front to serve.\nThe folder is DIR, or the setting STATIC_ROOT, or \"staticfiles\".",
		Example: "collectstatic\ncollectstatic /srv/shop/static",
		Run: func(_ context.Context, c *command.Call) error {
			dir := p.settings.StaticRoot
			if len(c.Args) == 1 {
				dir = c.Args[0]
			}
			if dir == "" {
				dir = "staticfiles"
			}
			if p.static == nil {
				return errors.New("the static files have errors; the command check lists them")
			}
			written, err := p.static.Collect(dir)
			if err != nil {
				return err
			}
			c.Printf("%s in %s. Have the web server in front serve this folder at %s.\n", counted(len(written), "file"), dir, p.static.Prefix())
			return nil
		},
	}
}

func versionCommand() command.Command {
	return command.Command{
		Name: "version", Short: "Print the versions of the program, Quintet and Go", Example: "version",
		Run: func(_ context.Context, c *command.Call) error {
			c.Printf("%s\n", versions())
			return nil
		},
	}
}

const modulePath = "github.com/quintetgo/quintet"

// versions is one line such as "shop v1.2.0 (Quintet v0.1.0, go1.26.1)".
func versions() string {
	own, quintet := "(devel)", "(devel)"
	if info, ok := debug.ReadBuildInfo(); ok {
		if info.Main.Version != "" {
			own = info.Main.Version
		}
		if info.Main.Path == modulePath {
			quintet = own
		}
		for _, dep := range info.Deps {
			if dep.Path == modulePath && dep.Replace == nil {
				quintet = dep.Version
			}
		}
	}
	return fmt.Sprintf("%s %s (Quintet %s, %s)", programName(), own, quintet, runtime.Version())
}
