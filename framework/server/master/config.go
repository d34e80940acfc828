//go:build unix

package master

import (
	"errors"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"
)

// Config configures a master. Bind is required; the rest has defaults.
type Config struct {
	Bind    []string // addresses in the syntax of bind.Parse; required
	Workers int      // number of workers; default: 1, since one Go process uses all cores
	Backlog int      // connections that wait in the kernel for a worker, for each socket; default: 0, the kernel's limit

	Program string   // path of the worker program; default: this program's, as it was called: a link is followed again at each reload
	Args    []string // its arguments, the program's name first; default: this process's
	Env     []string // added to this process's environment

	BootTimeout      time.Duration // from a worker's start until it must be ready; default: 30 s
	HeartbeatTimeout time.Duration // time without a heartbeat after which a worker counts as hung; default: 30 s
	GracefulTimeout  time.Duration // from the request to drain until a worker is killed; default: 35 s

	LameDuck time.Duration // how long a graceful stop keeps serving, as not ready, before it drains; default: 0, not at all
	Metrics  string        // address for the metrics of all workers, in the syntax of bind.Parse; default: "", none

	User  string      // user of the workers, by name or number; default: this process's user, which the master keeps
	Group string      // group of the workers; default: the groups of User
	Umask os.FileMode // of this process and its workers; default: 0, unchanged

	PIDFile string // path of the pid file; default: "", none
	Control string // path of the control socket; default: "", none
	Logger  *slog.Logger
	Serving func([]net.Addr) // called once, when the first set of workers is ready; default: nil

	// Abandoned is called at the end of a stop if the last worker was killed or crashed, so that its final work may
	// not be done. Default: nil.
	Abandoned func()
}

// quickTimeout is how long workers have for a quick stop.
const quickTimeout = 3 * time.Second

func (c Config) withDefaults() (Config, error) {
	if len(c.Bind) == 0 {
		return c, errors.New("master: no address to bind")
	}
	if c.Workers <= 0 {
		c.Workers = 1
	}
	if c.Program == "" {
		path, err := ownPath()
		if err != nil {
			return c, err
		}
		c.Program = path
	}
	if c.Args == nil {
		c.Args = os.Args
	}
	for _, field := range []struct {
		value    *time.Duration
		standard time.Duration
	}{{&c.BootTimeout, 30 * time.Second}, {&c.HeartbeatTimeout, 30 * time.Second}, {&c.GracefulTimeout, 35 * time.Second}} {
		if *field.value <= 0 {
			*field.value = field.standard
		}
	}
	if c.Logger == nil {
		c.Logger = slog.Default()
	}
	return c, nil
}

// ownPath returns the path by which this program was called, if it is the path of this program, so that a link that
// is changed to a new release is followed.
func ownPath() (string, error) {
	path, err := os.Executable()
	if err != nil {
		return "", err
	}
	called, err := exec.LookPath(os.Args[0])
	if err == nil {
		called, err = filepath.Abs(called)
	}
	if err != nil || !sameFile(called, path) {
		return path, nil
	}
	return called, nil
}

func sameFile(a, b string) bool {
	first, err := os.Stat(a)
	if err != nil {
		return false
	}
	second, err := os.Stat(b)
	return err == nil && os.SameFile(first, second)
}

func itoa(n int) string { return strconv.Itoa(n) }
