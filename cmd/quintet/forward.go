package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/quintetgo/quintet/cmd/quintet/scaffold"
	"github.com/quintetgo/quintet/framework/check"
	"github.com/quintetgo/quintet/framework/command"
	"github.com/quintetgo/quintet/framework/devserver"
)

// projectCommands are commands that every project has; they serve to guess what was meant outside of one.
func projectCommands() []string {
	return []string{
		"makemigrations", "migrate", "showmigrations", "sqlmigrate", "createsuperuser", "changepassword", "check", "routes",
		"collectstatic", "serve",
	}
}

// projectDir returns the folder of the project around the working directory.
func projectDir(name string) (string, error) {
	dir, err := moduleDir(name)
	if err != nil {
		return "", err
	}
	if _, err := os.Stat(filepath.Join(dir, "main.go")); err != nil {
		return "", fmt.Errorf("%q needs a project, and there is no main.go in %s", name, dir)
	}
	return dir, nil
}

// moduleDir returns the folder of the module around the working directory, which uses Quintet but need not be a project.
func moduleDir(name string) (string, error) {
	dir, err := devserver.ModuleDir(".")
	if errors.Is(err, devserver.ErrNoModule) {
		return "", fmt.Errorf(
			"%q needs a project, and there is none here: no go.mod in this folder or above it. Change into a project, or make one "+
				"with: quintet startproject NAME",
			name,
		)
	}
	if err != nil {
		return "", err
	}
	text, err := os.ReadFile(filepath.Join(dir, "go.mod"))
	if err != nil {
		return "", err
	}
	if !strings.Contains(string(text), scaffold.ModulePath) {
		return "", fmt.Errorf(
			"%q needs a Quintet project, and the module in %s does not use Quintet. Change into a project, or make one with: "+
				"quintet startproject NAME",
			name,
			dir,
		)
	}
	return dir, nil
}

// forward builds the project and runs a command of its own in the project's folder, as `go run . CMD …` would there, but with
// the exit status kept.
func forward(ctx context.Context, name string, args []string, call command.Call) int {
	dir, err := projectDir(name)
	if err != nil {
		var own []string
		for _, c := range program().Commands {
			if !c.Hidden {
				own = append(own, c.Name)
			}
		}
		all := append(own, projectCommands()...)
		if near := check.DidYouMean(name, all); check.Nearest(name, all) != name {
			call.Errorf("quintet: unknown command %q%s\n", name, near)
			if near == "" {
				call.Errorf("There are %s, and inside a project its own, such as migrate.\n", strings.Join(own, ", "))
			}
			return 2
		}
		call.Errorf("quintet: %v\n", err)
		return 1
	}
	binary, clean, err := buildProject(ctx, dir, call)
	defer clean()
	if err != nil {
		call.Errorf("quintet %s: %v\n", name, err)
		return 1
	}
	cmd := exec.Command(binary, args...)
	cmd.Dir = dir // .env and the database of development are found from there
	cmd.Stdin, cmd.Stdout, cmd.Stderr = call.In, call.Out, call.Err
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(signals)
	err = cmd.Start()
	if err == nil {
		done := make(chan struct{})
		go passOn(ctx, signals, done, cmd.Process, call.Terminal)
		err = cmd.Wait()
		close(done)
	}
	var exit *exec.ExitError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &exit) && exit.ExitCode() >= 0:
		return exit.ExitCode()
	default:
		call.Errorf("quintet %s: %v\n", name, err)
		return 1
	}
}

// buildProject builds the project aside, where the go command finds it again and builds nothing if nothing has changed. The
// binary has the name of the project, which its messages begin with.
func buildProject(ctx context.Context, dir string, call command.Call) (binary string, clean func(), err error) {
	clean = func() {}
	var aside string
	if cache, err := os.UserCacheDir(); err == nil {
		sum := sha256.Sum256([]byte(dir))
		aside = filepath.Join(cache, "quintet", "build", hex.EncodeToString(sum[:8]))
	}
	if aside == "" || os.MkdirAll(aside, 0o700) != nil {
		if aside, err = os.MkdirTemp("", "quintet-"); err != nil {
			return "", clean, err
		}
		clean = func() { _ = os.RemoveAll(aside) }
	}
	binary = filepath.Join(aside, filepath.Base(dir))
	if runtime.GOOS == "windows" {
		binary += ".exe"
	}
	cmd := exec.CommandContext(
		ctx,
		"go",
		slices.Concat([]string{"build"}, devserver.BuildFlags(ctx, dir, nil), []string{"-o", binary, "."})...)
	cmd.Dir = dir
	cmd.Stdout, cmd.Stderr = call.Err, call.Err
	if call.Terminal {
		notice := time.AfterFunc(
			time.Second,
			func() { call.Errorf("Building the project. The first time this takes a minute or more …\n") },
		)
		defer notice.Stop()
	}
	if err := cmd.Run(); err != nil {
		if errors.Is(err, exec.ErrNotFound) {
			return "", clean, errors.New("the go command is not in the PATH")
		}
		return "", clean, errors.New("the project does not compile")
	}
	return binary, clean, nil
}

// passOn forwards signals to the child, which decides when to exit. A Ctrl-C on a terminal reaches the child by itself.
func passOn(ctx context.Context, signals <-chan os.Signal, done <-chan struct{}, child *os.Process, terminal bool) {
	stop := ctx.Done()
	for {
		select {
		case s := <-signals:
			stop = nil // the same signal ended ctx
			if s != os.Interrupt || !terminal {
				_ = child.Signal(s)
			}
		case <-stop:
			stop = nil
			select {
			case s := <-signals:
				if s != os.Interrupt || !terminal {
					_ = child.Signal(s)
				}
			case <-time.After(100 * time.Millisecond):
				_ = child.Signal(syscall.SIGTERM)
			case <-done:
				return
			}
		case <-done:
			return
		}
	}
}
