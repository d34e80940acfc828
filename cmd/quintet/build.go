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
	"syscall"
	"time"

	"github.com/quintetgo/quintet/framework/command"
	"github.com/quintetgo/quintet/framework/devserver"
)

// build is a program to build aside, in the user's cache, where the go command finds it again and builds nothing if nothing
// has changed.
type build struct {
	what    string // for messages: "project"
	name    string // of the binary, which its messages begin with
	key     string // identifies the program among all that are built on this machine
	dir     string // where the go command runs
	pkg     string // the package, with a version if install is set
	install bool   // build a release with go install, instead of a package of the module in dir
}

// run builds the program and returns the path of its binary. The caller calls clean when it no longer needs the binary.
func (b build) run(ctx context.Context, call command.Call) (binary string, clean func(), err error) {
	clean = func() {}
	var aside string
	if cache, err := os.UserCacheDir(); err == nil {
		sum := sha256.Sum256([]byte(b.key))
		aside = filepath.Join(cache, "quintet", "build", hex.EncodeToString(sum[:8]))
	}
	if aside == "" || os.MkdirAll(aside, 0o700) != nil {
		if aside, err = os.MkdirTemp("", "quintet-"); err != nil {
			return "", clean, err
		}
		clean = func() { _ = os.RemoveAll(aside) }
	}
	binary = filepath.Join(aside, b.name)
	if runtime.GOOS == "windows" {
		binary += ".exe"
	}
	flags := devserver.BuildFlags(ctx, b.dir, nil)
	args := slices.Concat([]string{"build"}, flags, []string{"-o", binary, b.pkg})
	if b.install {
		args = slices.Concat([]string{"install"}, flags, []string{b.pkg})
	}
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = b.dir
	if b.install {
		cmd.Env = append(os.Environ(), "GOBIN="+aside)
	}
	cmd.Stdout, cmd.Stderr = call.Err, call.Err
	if call.Terminal {
		notice := time.AfterFunc(
			time.Second,
			func() { call.Errorf("Building the %s. The first time this takes a minute or more …\n", b.what) },
		)
		defer notice.Stop()
	}
	if err := cmd.Run(); err != nil {
		if errors.Is(err, exec.ErrNotFound) {
			return "", clean, errors.New("the go command is not in the PATH")
		}
		return "", clean, fmt.Errorf("the %s does not compile", b.what)
	}
	return binary, clean, nil
}

// runProgram runs a binary in dir until it ends, and returns its exit status. It passes on the signals of this process and
// the end of ctx.
func runProgram(ctx context.Context, binary, dir string, args []string, call command.Call) (int, error) {
	cmd := exec.Command(binary, args...)
	cmd.Dir = dir
	cmd.Stdin, cmd.Stdout, cmd.Stderr = call.In, call.Out, call.Err
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(signals)
	err := cmd.Start()
	if err == nil {
		done := make(chan struct{})
		go passOn(ctx, signals, done, cmd.Process, call.Terminal)
		err = cmd.Wait()
		close(done)
	}
	var exit *exec.ExitError
	switch {
	case err == nil:
		return 0, nil
	case errors.As(err, &exit) && exit.ExitCode() >= 0:
		return exit.ExitCode(), nil
	default:
		return 1, err
	}
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
