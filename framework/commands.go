package framework

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"text/tabwriter"

	"github.com/quintetgo/quintet/framework/check"
	"github.com/quintetgo/quintet/framework/command"
	"github.com/quintetgo/quintet/framework/deploy"
	"github.com/quintetgo/quintet/framework/i18n"
	"github.com/quintetgo/quintet/framework/languages"
	"github.com/quintetgo/quintet/framework/serve"
	"github.com/quintetgo/quintet/framework/web"
)

// Commands returns the commands of the framework and of the apps, in that order. If two have the same name, the first one is
// used; a check reports the other.
func (p *Project) Commands() []command.Command {
	list, _ := p.commands()
	return list
}

func (p *Project) commands() ([]command.Command, []check.Problem) {
	list := builtins(func() (*Project, error) { return p, nil }, serve.CommandFor(p.site))
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
				problems = append(problems, check.Problem{
					ID: "framework.E008", Level: check.Error, Place: "app " + app.Name(),
					Message: fmt.Sprintf("its command %q already exists in %s", c.Name, first), Hint: "Give it another name.",
				})
				continue
			}
			owner[c.Name] = "the app " + app.Name()
			list = append(list, c)
		}
	}
	return list, problems
}

// builtins returns the framework's own commands. Those that need the project open it when they run.
func builtins(open func() (*Project, error), serveCommand command.Command) []command.Command {
	list := []command.Command{runserverCommand(open), serveCommand}
	list = append(list, serve.ControlCommands()...)
	list = append(list, languages.Commands(func() (*i18n.Languages, error) {
		p, err := open()
		if err != nil {
			return nil, err
		}
		if p.languages == nil {
			return nil, p.Err()
		}
		return p.languages, nil
	})...)
	return append(list, checkCommand(open), routesCommand(open), collectstaticCommand(open), deployCommand(open), versionCommand())
}

func checkCommand(open func() (*Project, error)) command.Command {
	var deploy, asJSON bool
	var failLevel string
	return command.Command{
		Name: "check", Short: "Check the project for problems",
		Long: "Check the project for problems: settings, routes, templates, models, and whatever the apps check.\n" +
			"The exit status is 1 if there is an error.",
		Example: "check\ncheck --deploy --fail-level warning",
		Flags: func(f *flag.FlagSet) {
			f.BoolVar(&deploy, "deploy", false, "also report settings that are suitable for development only")
			f.BoolVar(&asJSON, "json", false, "print the problems as JSON")
			f.StringVar(&failLevel, "fail-level", "error", "lowest `level` for which the exit status is 1: info, warning or error")
		},
		Run: func(ctx context.Context, c *command.Call) error {
			levels := map[string]check.Level{"info": check.Info, "warning": check.Warning, "error": check.Error}
			limit, ok := levels[failLevel]
			if !ok {
				names := []string{"info", "warning", "error"}
				return command.Usagef("--fail-level must be info, warning or error, but is %q%s",
					failLevel, check.DidYouMean(failLevel, names))
			}
			p, err := open()
			if err != nil {
				return err
			}
			problems := p.Check(ctx)
			if _, err := os.Stat("go.mod"); err == nil {
				problems = append(problems, p.checkSource(ctx, ".")...)
			}
			if deploy {
				problems = append(problems, p.CheckDeploy(ctx)...)
			}
			return printProblems(c, problems, limit, len(p.apps), asJSON)
		},
	}
}

// printProblems prints problems and returns an error if one has at least the level limit.
func printProblems(c *command.Call, problems []check.Problem, limit check.Level, apps int, asJSON bool) error {
	failed := len(check.AtLeast(problems, limit))
	if asJSON {
		if err := check.PrintJSON(c.Out, problems); err != nil {
			return err
		}
		if failed > 0 {
			return command.Exit(1, nil)
		}
		return nil
	}
	if err := check.Print(c.Out, problems); err != nil {
		return err
	}
	switch {
	case failed > 0:
		c.Printf("\n")
		return fmt.Errorf("found %s", command.Plural(failed, "problem"))
	case len(problems) == 0:
		c.Printf("No problems found in %s.\n", command.Plural(apps, "app"))
	}
	return nil
}

func routesCommand(open func() (*Project, error)) command.Command {
	var asJSON bool
	return command.Command{
		Name: "routes", Short: "List the routes", Example: "routes\nroutes --json",
		Flags: func(f *flag.FlagSet) { f.BoolVar(&asJSON, "json", false, "print them as JSON") },
		Run: func(_ context.Context, c *command.Call) error {
			p, err := open()
			if err != nil {
				return err
			}
			routes := p.router.Routes()
			if asJSON {
				return c.PrintJSON(append([]web.RouteInfo{}, routes...)) // [] instead of null
			}
			if len(routes) == 0 {
				c.Printf("There are no routes. Add some in the Routes of the settings.\n")
				return nil
			}
			table := tabwriter.NewWriter(c.Out, 0, 0, 2, ' ', 0)
			for _, route := range routes {
				marks := ""
				if len(route.Marks) > 0 {
					marks = "  (" + strings.Join(route.Marks, ", ") + ")"
				}
				_, _ = fmt.Fprintf(table, "%s\t%s\t%s\t%s%s\n", route.Method, route.Pattern, route.Name, route.Source, marks)
			}
			return table.Flush()
		},
	}
}

func collectstaticCommand(open func() (*Project, error)) command.Command {
	return command.Command{
		Name: "collectstatic", Usage: "[DIR]", MaxArgs: 1, Short: "Copy all static files into one folder",
		Long: "Copy all static files, also under their hashed names, into one folder, for a web server in front of the site.\n" +
			"The folder is DIR, or the setting STATIC_ROOT, or \"staticfiles\".",
		Example: "collectstatic\ncollectstatic /srv/shop/static",
		Run: func(_ context.Context, c *command.Call) error {
			p, err := open()
			if err != nil {
				return err
			}
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
			c.Printf("%s in %s. Configure the web server to serve this folder at %s.\n",
				command.Plural(len(written), "file"), dir, p.static.Prefix())
			return nil
		},
	}
}

func deployCommand(open func() (*Project, error)) command.Command {
	return deploy.Command(func() (deploy.Site, error) {
		p, err := open()
		if err != nil {
			return deploy.Site{}, err
		}
		return p.deployment(), nil
	})
}

func versionCommand() command.Command {
	return command.Command{
		Name: "version", Standalone: true, Short: "Print the versions of the program, Quintet and Go", Example: "version",
		Run: func(_ context.Context, c *command.Call) error {
			c.Printf("%s\n", versions())
			return nil
		},
	}
}

const modulePath = "github.com/quintetgo/quintet"

// versions returns one line such as "shop v1.2.0 (Quintet v0.1.0, go1.26.1)".
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
