package framework

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/quintetgo/quintet/framework/command"
	"github.com/quintetgo/quintet/framework/server"
)

// Main is the main function of a project's program: it opens the project, runs the command that the arguments name, closes
// the project, and ends the process with the command's exit status. An error of open is printed, and the status is 1; the help, version and
// the development server work even then.
func Main(open func() (*Project, error)) {
	var last atomic.Pointer[Project]
	remember := func() (*Project, error) {
		p, err := opened(open)
		last.Store(p)
		return p, err
	}
	// Who does not wait for the end of a command gets the database in one file all the same.
	ctx, stop := server.Signals(context.Background(), func() {
		if p := last.Load(); p != nil {
			_ = p.Close()
		}
	})
	code := run(ctx, remember, os.Args[1:], command.Stdio())
	stop()
	os.Exit(code)
}

// run is Main without the process.
func run(ctx context.Context, open func() (*Project, error), args []string, call command.Call) int {
	worker := workerFromMaster()
	if worker == nil && !needsProject(args) {
		return command.Main(ctx, program(builtins(nil, open)), args, call)
	}
	p, err := opened(open)
	switch {
	case err == nil:
		p.worker = worker
		return p.runAndClose(ctx, args, call)
	case worker != nil:
		_ = worker.Failed(err) // the master says why
		return 1
	case asksForHelp(args):
		code := command.Main(ctx, program(builtins(nil, open)), args, call)
		call.Errorf("\nThe commands of apps are missing here, since the project cannot be opened:\n%v\n", err)
		return code
	}
	call.Errorf("%s: %v\n", programName(), err)
	return 1
}

// opened opens the project, and minds a function that returns neither it nor an error.
func opened(open func() (*Project, error)) (*Project, error) {
	p, err := open()
	if err == nil && p == nil {
		err = errors.New("the function given to framework.Main returned no project")
	}
	return p, err
}

// runAndClose is Run for a project that ends with the process. It closes the project after a panic too.
func (p *Project) runAndClose(ctx context.Context, args []string, call command.Call) (code int) {
	defer func() {
		if err := p.Close(); err != nil {
			call.Errorf("%s: %v\n", programName(), err)
			code = max(code, 1)
		}
	}()
	return p.Run(ctx, args, call)
}

// Run runs the command that args name (without the program's name) and returns the exit status: 0 for done, 1 for failed,
// 2 for wrong usage. It does not close the project, which [Main] does.
func (p *Project) Run(ctx context.Context, args []string, call command.Call) int {
	return command.Main(ctx, program(p.Commands()), args, call)
}

// needsProject is false for commands that must work however broken the project is, and for those that speak to, or are, the
// master of processes that have it open.
func needsProject(args []string) bool {
	if len(args) == 0 {
		return true
	}
	switch args[0] {
	case "version", "serve", "status", "reload", "stop":
		return false
	case "runserver":
		return slices.ContainsFunc(args, func(arg string) bool { return strings.HasPrefix(arg, "--no-reload") })
	}
	return true
}

func asksForHelp(args []string) bool {
	return len(args) == 0 || args[0] == "help" || slices.Contains(args, "--help") || slices.Contains(args, "-h")
}

func program(commands []command.Command) command.Program {
	return command.Program{Name: programName(), Short: "A site made with Quintet", Version: versions(), Commands: commands}
}

// programName is what the program was called as.
func programName() string {
	return strings.TrimSuffix(filepath.Base(os.Args[0]), ".exe")
}
