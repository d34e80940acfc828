package devserver

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"strings"
	"time"
)

// DefaultAddr is where the development server listens unless told otherwise.
const DefaultAddr = "127.0.0.1:8000"

// Options says what to run and where. The zero value runs the project around the working directory on [DefaultAddr].
type Options struct {
	// Dir is the folder in which the project is built and run; the module around it is watched. If it is empty, this very
	// program is the project: Dir is the folder of its module, which is around the working directory, or the working directory
	// itself if the main package lies elsewhere in the module.
	Dir string
	// Package is the main package, as go build takes it; "." if empty.
	Package string
	// Addr is the address to listen on, as [Address] reads it.
	Addr string
	// Args are what the binary is started with, the socket's address being put behind them; `runserver --no-reload` if nil.
	Args []string
	// Env is added to the environment of the build and of the child, as "NAME=value".
	Env []string
	// Out and Err are where the child and the server itself write; os.Stdout and os.Stderr if nil.
	Out, Err io.Writer
	// Debounce is how long no file must change before a build starts; 60 ms if zero.
	Debounce time.Duration

	root string // the folder of the module
}

func (o Options) withDefaults() (Options, error) {
	var err error
	if o.Addr, err = Address(o.Addr); err != nil {
		return o, err
	}
	if o.Dir == "" {
		if o.Dir, o.Package, err = own(); err != nil {
			return o, err
		}
	}
	if o.Dir, err = filepath.Abs(o.Dir); err != nil {
		return o, err
	}
	if o.Package == "" {
		o.Package = "."
	}
	if o.Args == nil {
		o.Args = []string{"runserver", "--no-reload"}
	}
	if o.Out == nil {
		o.Out = os.Stdout
	}
	if o.Err == nil {
		o.Err = os.Stderr
	}
	if o.Debounce <= 0 {
		o.Debounce = 60 * time.Millisecond
	}
	return o, nil
}

// name is what the binary is called, which its messages begin with.
func (o Options) name() string {
	if o.Package == "." {
		return filepath.Base(o.Dir)
	}
	return path.Base(o.Package)
}

// Address reads an address for development: "" is [DefaultAddr], "8001" is port 8001 of this machine alone, ":8001" of all
// its network interfaces, and host:port is taken as it is.
func Address(s string) (string, error) {
	if s == "" {
		return DefaultAddr, nil
	}
	host, port := "127.0.0.1", s
	if _, err := strconv.Atoi(s); err != nil {
		if host, port, err = net.SplitHostPort(s); err != nil {
			return "", fmt.Errorf("%q is not an address; write a port, as 8001, or host:port, as 127.0.0.1:8001", s)
		}
	}
	if n, err := strconv.Atoi(port); err != nil || n < 0 || n > 65535 {
		return "", fmt.Errorf("%q is not an address: a port is a number from 0 to 65535", s)
	}
	return net.JoinHostPort(host, port), nil
}

// own returns where this program is built and run, and its main package.
func own() (dir, pkg string, err error) {
	root, err := ModuleDir(".")
	info, ok := debug.ReadBuildInfo()
	if err != nil || !ok || !strings.HasPrefix(info.Path, info.Main.Path+"/") {
		return root, "", err
	}
	dir, err = os.Getwd()
	return dir, info.Path, err
}

// ErrNoModule says that there is no go.mod at or above a folder.
var ErrNoModule = errors.New("this is not a Go project")

// ModuleDir returns the nearest folder, from dir upward, that holds a go.mod.
func ModuleDir(dir string) (string, error) {
	start, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	for dir = start; ; dir = filepath.Dir(dir) {
		if info, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil && info.Mode().IsRegular() {
			return dir, nil
		}
		if dir == filepath.Dir(dir) {
			return "", fmt.Errorf("%w: there is no go.mod in %s or above it", ErrNoModule, start)
		}
	}
}
