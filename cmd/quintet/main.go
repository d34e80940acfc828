// Command quintet starts projects and apps, shows a demonstration, and hands every other command to the project around the
// working directory.
package main

import (
	"context"
	"os"
	"os/signal"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"

	"github.com/quintetgo/quintet/framework/command"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], command.Stdio())
	stop()
	os.Exit(code)
}

// run runs a command of this program, or of the project, and returns the exit status.
func run(ctx context.Context, args []string, call command.Call) int {
	p := program()
	if name := projectCommand(p, args); name != "" {
		return forward(ctx, name, args, call)
	}
	return command.Main(ctx, p, args, call)
}

// projectCommand returns the command that args name if it is not one of ours, or "".
func projectCommand(p command.Program, args []string) string {
	if len(args) == 0 || strings.HasPrefix(args[0], "-") || strings.HasPrefix(args[0], "__complete") {
		return ""
	}
	name := args[0]
	if name == "help" && len(args) > 1 {
		name = args[1]
	}
	own := func(c command.Command) bool { return c.Name == name }
	if name == "help" || name == "completion" || slices.ContainsFunc(p.Commands, own) {
		return ""
	}
	return name
}

func program() command.Program {
	return command.Program{
		Name:    "quintet",
		Short:   "Start and run Quintet projects",
		Long:    "Starts and runs Quintet projects. Inside a project every other command, such as migrate, is the project's own.",
		Version: version(),
		Commands: []command.Command{
			startProject(
				"startproject",
				false,
			), startProject("new", true), startApp(), demo(), runServer(), generateColumns(), versionCommand(),
		},
	}
}

func versionCommand() command.Command {
	return command.Command{
		Name: "version", Short: "print the version",
		Run: func(_ context.Context, call *command.Call) error {
			call.Printf("quintet %s\n", version())
			return nil
		},
	}
}

// version is the release, or what Go knows about the checkout.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" || info.Main.Version == "(devel)" {
		return "development"
	}
	return info.Main.Version
}
