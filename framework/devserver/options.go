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

// DefaultAddr is the default of Options.Addr.
const DefaultAddr = "127.0.0.1:8000"

// Options configures [Run]. The zero value runs the project around the working directory on [DefaultAddr].
type Options struct {
	// Dir is the folder in which the project is built and run; the module around it is watched. Default: the folder
	// of this program's main package if the working directory is in its module and the package is the module's root,
	// otherwise the working directory.
	Dir string
	// Package is the main package, in the syntax of go build. Default: ".".
	Package string
	// Addr is the address to listen on, in the syntax of [Address]. Default: DefaultAddr.
	Addr string
	// Args are the arguments of the binary, to which the socket's address is appended. Default: runserver
	// --no-reload.
	Args []string
	// Env is added to the environment of the build and of the child, as "NAME=value". Default: none.
	Env []string
	// Out and Err receive the output of the child and of the server itself. Default: os.Stdout and os.Stderr.
	Out, Err io.Writer
	// Debounce is how long no file must change before a build starts. Default: 25 ms.
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
		o.Debounce = 25 * time.Millisecond
	}
	return o, nil
}

// name returns the name of the binary, with which its messages begin.
func (o Options) name() string {
	if o.Package == "." {
		return filepath.Base(o.Dir)
	}
	return path.Base(o.Package)
}

// Address parses an address for development: "" is [DefaultAddr], "8001" is port 8001 of this machine only, ":8001"
// of all its network interfaces, and host:port is used as it is.
func Address(s string) (string, error) {
	if s == "" {
		return DefaultAddr, nil
	}
	host, port := "127.0.0.1", s
	if _, err := strconv.Atoi(s); err != nil {
		if host, port, err = net.SplitHostPort(s); err != nil {
			return "", fmt.Errorf("%q is not an address; write a port such as 8001, or host:port such as 127.0.0.1:8001", s)
		}
	}
	if n, err := strconv.Atoi(port); err != nil || n < 0 || n > 65535 {
		return "", fmt.Errorf("%q is not an address: the port must be a number from 0 to 65535", s)
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

// ErrNoModule is returned if neither a folder nor its parents have a go.mod.
var ErrNoModule = errors.New("this is not a Go project")

// ModuleDir returns the nearest folder, from dir upward, with a go.mod. The error wraps ErrNoModule if there is none.
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
			return "", fmt.Errorf("%w: neither %s nor its parents have a go.mod", ErrNoModule, start)
		}
	}
}
