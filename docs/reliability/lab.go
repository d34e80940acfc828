//go:build linux

package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/quintetgo/quintet/framework/server/master"
	"github.com/quintetgo/quintet/framework/server/servertest"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/sqlite"

	"github.com/quintetgo/quintet/docs/examples/meters/readings"
)

// lab builds programs and runs sites in a temporary folder.
type lab struct {
	ctx   context.Context
	dir   string
	quick bool
	mu    sync.Mutex
	built map[string]string // flags of the linker -> program
	sites int
}

func newLab(ctx context.Context, quick bool) (*lab, error) {
	dir, err := os.MkdirTemp("", "trial")
	if err != nil {
		return nil, err
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		return nil, err
	}
	return &lab{ctx: ctx, dir: dir, quick: quick, built: map[string]string{}}, nil
}

func (l *lab) remove() { _ = os.RemoveAll(l.dir) }

// times returns how often a step is repeated, depending on the form.
func (l *lab) times(full, quick int) int {
	if l.quick {
		return quick
	}
	return full
}

// span returns how long a step lasts, depending on the form.
func (l *lab) span(full, quick time.Duration) time.Duration {
	if l.quick {
		return quick
	}
	return full
}

// build builds the target with a fault, or of a version, and returns its path.
func (l *lab) build(fault, version string) (string, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	set := fmt.Sprintf("-X main.fault=%s -X main.version=%s", fault, version)
	if path := l.built[set]; path != "" {
		return path, nil
	}
	path := filepath.Join(l.dir, fmt.Sprintf("target%d", len(l.built)))
	const target = "github.com/quintetgo/quintet/docs/reliability/target"
	out, err := exec.CommandContext(l.ctx, "go", "build", "-ldflags", set, "-o", path, target).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("build the target: %w\n%s", err, out)
	}
	l.built[set] = path
	return path, nil
}

// setup is how a site is served.
type setup struct {
	front    string // "" for the server alone, "nginx" or "apache"
	unix     bool   // the server listens on a unix socket, else on TCP
	fcgi     bool
	http2    bool // the clients speak cleartext HTTP/2 with the server
	workers  int
	flags    []string
	env      []string
	launcher []string // program and arguments before the target's
}

// String describes the path from a client to the site.
func (s setup) String() string {
	way := "TCP"
	if s.unix {
		way = "unix socket"
	}
	if s.fcgi {
		way = "FastCGI"
	}
	if s.front != "" {
		return s.front + ", " + way
	}
	if s.http2 {
		way = "HTTP/2"
	}
	return "direct, " + way
}

// site is a running site.
type site struct {
	lab     *lab
	setup   setup
	dir     string
	program string // path that an upgrade replaces
	address string // of the server
	front   string // that clients connect to
	env     []string
	server  *servertest.Process
	web     *servertest.Process // nginx or Apache
}

// start runs a new site with an empty database.
func (l *lab) start(s setup) (*site, error) {
	good, err := l.build("", "first")
	if err != nil {
		return nil, err
	}
	l.sites++
	t := &site{lab: l, setup: s, dir: filepath.Join(l.dir, fmt.Sprintf("site%d", l.sites))}
	if err := os.MkdirAll(filepath.Join(t.dir, "staticfiles"), 0o777); err != nil {
		return nil, err
	}
	// Apache's workers do not run as root, and serve requires a safe control socket.
	if err := os.Chmod(t.dir, os.ModeSticky|0o777); err != nil {
		return nil, err
	}
	t.program = filepath.Join(t.dir, "target")
	if err := t.install(good); err != nil {
		return nil, err
	}
	t.address = freeAddress()
	bind := t.address
	if s.unix {
		t.address = "unix:" + filepath.Join(t.dir, "s")
		bind = t.address + "?mode=0666"
	}
	t.env = append([]string{
		"DEBUG=false", "SECRET_KEY=" + rand.Text() + rand.Text(), "ALLOWED_HOSTS=localhost", "SECURE_COOKIES=false",
		"DATABASE_URL=sqlite:///" + filepath.Join(t.dir, "db.sqlite3"), "TRUSTED_PROXIES=127.0.0.1,unix", "ADDR=" + t.address,
		"STATIC_ROOT=" + filepath.Join(t.dir, "staticfiles"),
	}, s.env...)
	if out, err := t.command("migrate").CombinedOutput(); err != nil {
		return nil, fmt.Errorf("migrate: %w\n%s", err, out)
	}
	args := []string{"serve", "--bind", bind, "--workers", fmt.Sprint(max(1, s.workers))}
	args = append(args, "--control", t.control(), "--pid", filepath.Join(t.dir, "pid"))
	if s.fcgi {
		args = append(args, "--protocol", "fcgi")
	}
	if s.http2 {
		args = append(args, "--h2c")
	}
	args = append(args, s.flags...)
	path := t.program
	if len(s.launcher) > 0 {
		args = append(append(append([]string{}, s.launcher[1:]...), path), args...)
		path = s.launcher[0]
	}
	log, err := os.Create(filepath.Join(t.dir, "server.log"))
	if err != nil {
		return nil, err
	}
	t.server, err = servertest.Program{Path: path, Args: args, Dir: t.dir, Env: t.env, Await: t.address, Output: log}.Start(l.ctx)
	if err != nil {
		return nil, err
	}
	if err := t.until(20*time.Second, "the workers are ready", func() bool { return len(t.workers()) == max(1, s.workers) }); err != nil {
		t.stop()
		return nil, fmt.Errorf("%w; its output:\n%s", err, t.server.Output())
	}
	t.front = t.address
	if s.front != "" {
		if err := t.putInFront(); err != nil {
			t.stop()
			return nil, err
		}
	}
	return t, nil
}

// putInFront starts the web server with the site that the target's command deploy writes.
func (t *site) putInFront() error {
	args := []string{"deploy", t.setup.front, "--domain", "localhost", "--dir", t.dir}
	if t.setup.fcgi {
		args = append(args, "--protocol", "fcgi")
	}
	text, err := t.command(args...).Output()
	if err != nil {
		return fmt.Errorf("deploy %s: %w", t.setup.front, err)
	}
	t.front = freeAddress()
	t.web, err = servertest.WebServer{Name: t.setup.front, Dir: t.dir, Site: string(text), Listen: t.front}.Start(t.lab.ctx)
	return err
}

// command returns a command of the target.
func (t *site) command(args ...string) *exec.Cmd {
	c := exec.CommandContext(t.lab.ctx, t.program, args...)
	c.Dir, c.Env = t.dir, append(os.Environ(), t.env...)
	return c
}

// install replaces the site's program in one step, as a deployment does.
func (t *site) install(program string) error {
	next := t.program + ".new"
	if err := os.Link(program, next); err != nil {
		return err
	}
	return os.Rename(next, t.program)
}

func (t *site) stop() {
	if t.web != nil {
		_ = t.web.Stop(time.Minute)
	}
	if t.server != nil {
		_ = t.server.Stop(2 * time.Minute)
	}
}

func (t *site) control() string { return filepath.Join(t.dir, "ctl") }

func (t *site) status() (master.Status, error) {
	ctx, cancel := context.WithTimeout(t.lab.ctx, time.Minute)
	defer cancel()
	return master.Control(ctx, t.control(), "status")
}

// workers returns the process IDs of the serving workers.
func (t *site) workers() []int {
	status, err := t.status()
	if err != nil {
		return nil
	}
	return status.PIDs()
}

// until waits for a condition. The quick form is for busy machines, and waits ten times as long.
func (t *site) until(limit time.Duration, what string, fn func() bool) error {
	if t.lab.quick {
		limit *= 10
	}
	for deadline := time.Now().Add(limit); !fn(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			return fmt.Errorf("not within %v: %s", limit, what)
		}
		if t.lab.ctx.Err() != nil {
			return t.lab.ctx.Err()
		}
	}
	return nil
}

// withDB opens the site's database while the site runs.
func (t *site) withDB(fn func(*orm.DB) error) error {
	db, err := orm.Open("sqlite:///"+filepath.Join(t.dir, "db.sqlite3"), sqlite.Driver)
	if err != nil {
		return err
	}
	defer db.Close()
	if err := db.Register("readings", readings.App{}.Models()...); err != nil {
		return err
	}
	return fn(db)
}

// stored returns the keys in the database.
func (t *site) stored() (keys []string, err error) {
	err = t.withDB(func(db *orm.DB) error {
		for reading, err := range orm.From(db, readings.Readings).Iter(t.lab.ctx) {
			if err != nil {
				return err
			}
			keys = append(keys, reading.Key)
		}
		return nil
	})
	return keys, err
}

// forget empties the database.
func (t *site) forget() error {
	return t.withDB(func(db *orm.DB) error {
		_, err := orm.From(db, readings.Readings).Delete(t.lab.ctx)
		return err
	})
}

// client returns an ordinary client of the site, for single requests.
func (t *site) client() *http.Client {
	dial := servertest.Dialer(t.front)
	return &http.Client{Timeout: 2 * time.Minute, Transport: &http.Transport{
		DisableKeepAlives: true,
		DialContext:       func(ctx context.Context, _, _ string) (net.Conn, error) { return dial(ctx) },
	}}
}

// get requests a page once.
func (t *site) get(path string) (status int, err error) {
	response, err := t.client().Get("http://localhost" + path)
	if err != nil {
		return 0, err
	}
	return response.StatusCode, response.Body.Close()
}

func freeAddress() string {
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "127.0.0.1:18000"
	}
	defer free.Close()
	return free.Addr().String()
}

// wrong collects failed expectations.
type wrong []error

func (w *wrong) unless(ok bool, format string, args ...any) {
	if !ok {
		*w = append(*w, fmt.Errorf(format, args...))
	}
}

// inTime is unless for expectations that a busy machine can break.
func (w *wrong) inTime(ok bool, format string, args ...any) {
	if !ok {
		*w = append(*w, slowError{fmt.Errorf(format, args...)})
	}
}

func (w *wrong) err() error { return errors.Join(*w...) }

// slowError reports that something took too long.
type slowError struct{ error }

// merelySlow reports whether an error contains only slowErrors: such a trial is repeated.
func merelySlow(err error) bool {
	if list, ok := err.(interface{ Unwrap() []error }); ok {
		return !slices.ContainsFunc(list.Unwrap(), func(err error) bool { return !merelySlow(err) })
	}
	_, ok := errors.AsType[slowError](err)
	return ok
}
