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

// Config says what a master runs. Bind is required; the rest has defaults.
type Config struct {
	Bind    []string // addresses, as bind.Parse reads them
	Workers int      // 0 means 1: one Go process uses every core
	Backlog int      // connections that wait in the kernel for a worker, for each socket; 0 means as many as it allows

	Program string   // path of the worker program; "" means this program's, as it was called: a link is followed anew at each reload
	Args    []string // its arguments, the program's name first; nil means this process's
	Env     []string // added to this process's environment

	BootTimeout      time.Duration // from a worker's start until it must be ready; 0 means 30 s
	HeartbeatTimeout time.Duration // silence after which a worker counts as hung; 0 means 30 s
	GracefulTimeout  time.Duration // from the request to drain until a worker is killed; 0 means 35 s

	LameDuck time.Duration // how long a graceful stop goes on serving, as not ready, before it drains; 0 means not at all
	Metrics  string        // address for metrics of all workers, as bind.Parse reads it; "" means none

	User  string      // as whom workers run, by name or number; "" means as this process's user. The master keeps its own
	Group string      // of workers; "" means the groups of User
	Umask os.FileMode // of this process and its workers; 0 leaves it

	PIDFile string // "" means none
	Control string // path of the control socket; "" means none
	Logger  *slog.Logger
	Serving func([]net.Addr) // called once, when the first set of workers is ready; may be nil

	// Abandoned is called at the end of a stop if the last worker to end was killed or had died, so that it may have left
	// things undone that workers do at their end; may be nil.
	Abandoned func()
}

// quickTimeout is how long workers have when the master is told to stop quickly.
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

// ownPath returns the path by which this program was called, if it leads here, so that a link which
// is turned to a new release is followed.
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
