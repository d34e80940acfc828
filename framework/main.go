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
	"github.com/quintetgo/quintet/framework/serve"
	"github.com/quintetgo/quintet/framework/server"
)

// Main is the main function of a project's program: it opens the project, runs the command that the arguments name, closes
// the project, and ends the process with the command's exit status. If open returns an error, it is printed and the status
// is 1; help, version and the development server work nevertheless.
func Main(open func() (*Project, error)) {
	o := &opener{open: open}
	// A second signal ends the process before the command returns; the project is closed nevertheless.
	ctx, stop := server.Signals(context.Background(), func() { _ = o.close() })
	code := run(ctx, o, os.Args[1:], command.Stdio())
	stop()
	os.Exit(code)
}

// run is Main without the process.
func run(ctx context.Context, o *opener, args []string, call command.Call) (code int) {
	defer func() { // after a panic too
		if err := o.close(); err != nil {
			call.Errorf("%s: %v\n", programName(), err)
			code = max(code, 1)
		}
	}()
	own := builtins(o.get, serve.Command(o.site))
	if len(args) > 0 && slices.ContainsFunc(own, func(c command.Command) bool { return c.Standalone && c.Name == args[0] }) {
		return command.Main(ctx, program(own), args, call)
	}
	p, err := o.get()
	switch {
	case err == nil:
		return p.Run(ctx, args, call)
	case asksForHelp(args):
		code = command.Main(ctx, program(own), args, call)
		call.Errorf("\nThe commands of apps are missing, because the project cannot be opened:\n%v\n", err)
		return code
	}
	call.Errorf("%s: %v\n", programName(), err)
	return 1
}

// Run runs the command that args name (without the program's name) and returns the exit status: 0 for success, 1 for
// failure, 2 for wrong usage. It does not close the project, which [Main] does. The command serve runs in this process,
// without workers.
func (p *Project) Run(ctx context.Context, args []string, call command.Call) int {
	return command.Main(ctx, program(p.Commands()), args, call)
}

// opener opens a project when the first command needs it, and closes it at the end.
type opener struct {
	open    func() (*Project, error)
	project atomic.Pointer[Project]
}

// get returns the project, which it opens unless it is open.
func (o *opener) get() (*Project, error) {
	if p := o.project.Load(); p != nil {
		return p, nil
	}
	p, err := o.open()
	if err == nil && p == nil {
		err = errors.New("the function passed to framework.Main returned no project")
	}
	o.project.Store(p)
	return p, err
}

// site returns the project as the command serve needs it.
func (o *opener) site() (serve.Site, error) {
	p, err := o.get()
	if err != nil {
		return serve.Site{}, err
	}
	return p.site(), nil
}

// close closes the project if it was opened.
func (o *opener) close() error {
	if p := o.project.Load(); p != nil {
		return p.Close()
	}
	return nil
}

// asksForHelp reports whether the arguments ask for a list or a description of commands.
func asksForHelp(args []string) bool {
	return len(args) == 0 || args[0] == "help" || slices.Contains(args, "--help") || slices.Contains(args, "-h")
}

func program(commands []command.Command) command.Program {
	return command.Program{Name: programName(), Short: "A site made with Quintet", Version: versions(), Commands: commands}
}

// programName returns the name by which the program was called.
func programName() string {
	return strings.TrimSuffix(filepath.Base(os.Args[0]), ".exe")
}
