//go:build unix

package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/quintetgo/quintet/cmd/quintet/scaffold"
	"github.com/quintetgo/quintet/framework/devserver"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/sqlite"
)

// jobs is an app whose commands and pages write a row and end in every way. It does nothing about the database's end.
const jobs = `package main

import (
	"context"
	"errors"
	"net/http"

	"github.com/quintetgo/quintet/framework/command"
	"github.com/quintetgo/quintet/framework/web"
	"github.com/quintetgo/quintet/orm"
)

type jobs struct{ db *orm.DB }

func (jobs) Name() string { return "jobs" }

func (j jobs) write(ctx context.Context) error {
	for _, statement := range []string{"CREATE TABLE IF NOT EXISTS note (id integer PRIMARY KEY)", "INSERT INTO note DEFAULT VALUES"} {
		if _, err := j.db.Exec(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}

func (j jobs) Commands() []command.Command {
	end := func(name string, then func(context.Context, *command.Call) error) command.Command {
		return command.Command{Name: name, Run: func(ctx context.Context, c *command.Call) error {
			return errors.Join(j.write(context.WithoutCancel(ctx)), then(ctx, c))
		}}
	}
	return []command.Command{
		end("fail", func(context.Context, *command.Call) error { return errors.New("as it should") }),
		end("panics", func(context.Context, *command.Call) error { panic("as it should") }),
		end("stubborn", func(_ context.Context, c *command.Call) error {
			c.Printf("waiting\n")
			select {}
		}),
		end("linger", func(ctx context.Context, c *command.Call) error {
			c.Printf("waiting\n")
			<-ctx.Done()
			return ctx.Err()
		}),
	}
}

func (j jobs) Middleware() []web.Middleware {
	return []web.Middleware{func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path != "/write" {
				next.ServeHTTP(w, r)
			} else if err := j.write(r.Context()); err != nil {
				web.WriteError(w, r, err)
			}
		})
	}}
}
`

// built is a new project's own program, built as Quintet builds it.
type built struct {
	binary, dir string
	env         []string
	notes       int // how many rows must be there
}

func newProgram(t *testing.T) *built {
	t.Helper()
	origin, err := scaffold.FindOrigin()
	if err != nil {
		t.Fatal(err)
	}
	source, run := filepath.Join(t.TempDir(), "shop"), t.TempDir()
	if err := (scaffold.Project{Name: "shop", Dir: source, Origin: origin}).Write(); err != nil {
		t.Fatal(err)
	}
	mainFile := filepath.Join(source, "main.go")
	text, err := os.ReadFile(mainFile)
	if err != nil {
		t.Fatal(err)
	}
	changed := strings.Replace(string(text), "\t\taccounts.App{},\n", "\t\taccounts.App{},\n\t\tjobs{db},\n", 1)
	if changed == string(text) {
		t.Fatal("main.go has another shape")
	}
	for name, text := range map[string]string{mainFile: changed, filepath.Join(source, "jobs.go"): jobs} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	p := &built{binary: filepath.Join(run, "shop"), dir: filepath.Join(run, "data"), env: append(os.Environ(),
		"DEBUG=false", "SECRET_KEY="+rand.Text()+rand.Text(), "ALLOWED_HOSTS=127.0.0.1", "SECURE_COOKIES=false", "DATABASE_URL=sqlite:///db.sqlite3",
		"QUINTET_SUPERUSER_PASSWORD=correct horse battery")}
	if err := os.Mkdir(p.dir, 0o755); err != nil {
		t.Fatal(err)
	}
	build := exec.CommandContext(t.Context(), "go", slices.Concat([]string{"build"}, devserver.BuildFlags(t.Context(), source, nil), []string{"-o", p.binary, "."})...)
	build.Dir = source
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return p
}

// command is a run of the program by a user whose files everyone may read unless the program sees to it.
func (p *built) command(args ...string) *exec.Cmd {
	cmd := exec.Command("/bin/sh", slices.Concat([]string{"-c", `umask 000; exec "$0" "$@"`, p.binary}, args)...)
	cmd.Dir, cmd.Env = p.dir, p.env
	return cmd
}

// run runs a command to its end.
func (p *built) run(t *testing.T, status int, args ...string) {
	t.Helper()
	out, err := p.command(args...).CombinedOutput()
	if got := exitStatus(err); got != status {
		t.Fatalf("%v: status %d, want %d\n%s", args, got, status, out)
	}
}

func exitStatus(err error) int {
	var exit *exec.ExitError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &exit):
		return exit.ExitCode()
	}
	return -1
}

// start starts a command, and returns what is behind the marker in the first line that holds it.
func (p *built) start(t *testing.T, marker string, args ...string) (cmd *exec.Cmd, rest string) {
	t.Helper()
	cmd = p.command(args...)
	reader, writer := io.Pipe()
	var log bytes.Buffer
	cmd.Stdout, cmd.Stderr = writer, &log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	lines := bufio.NewScanner(reader)
	for lines.Scan() {
		if _, rest, found := strings.Cut(lines.Text(), marker); found {
			go func() { _, _ = io.Copy(io.Discard, reader) }()
			return cmd, rest
		}
	}
	t.Fatalf("%v did not print %q", args, marker)
	return nil, ""
}

// end sends a signal and waits for the end.
func (p *built) end(t *testing.T, cmd *exec.Cmd, s os.Signal, status int) {
	t.Helper()
	if err := cmd.Process.Signal(s); err != nil {
		t.Fatal(err)
	}
	if got := exitStatus(cmd.Wait()); got != status {
		t.Errorf("status %d after %v, want %d", got, s, status)
	}
}

// write has the site write a row.
func (p *built) write(t *testing.T, address string) {
	t.Helper()
	if code, body := get(t, http.DefaultClient, strings.TrimSuffix(address, "/")+"/write"); code != http.StatusOK {
		t.Fatalf("status %d\n%s", code, body)
	}
	p.notes++
}

// complete checks that a copy of the one file has everything, and that nobody else may read it.
func (p *built) complete(t *testing.T, what string) {
	t.Helper()
	path := filepath.Join(p.dir, "db.sqlite3")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%s: db.sqlite3 has the mode %v, %v", what, info.Mode(), err)
	}
	if info, err := os.Stat(path + "-wal"); err == nil && info.Size() > 0 {
		t.Errorf("%s: the -wal file still holds %d bytes", what, info.Size())
	}
	alone := filepath.Join(t.TempDir(), "copy.sqlite3")
	if err := os.WriteFile(alone, text, 0o600); err != nil {
		t.Fatal(err)
	}
	if got := notes(t, alone); got != p.notes {
		t.Errorf("%s: a copy of the file has %d rows, want %d", what, got, p.notes)
	}
}

func notes(t *testing.T, path string) (n int) {
	t.Helper()
	db, err := orm.Open("sqlite:///"+path, sqlite.Driver)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.Query(context.Background(), "SELECT (SELECT count(*) FROM note) FROM accounts_user")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	if !rows.Next() {
		t.Fatal("the user is gone")
	}
	if err := rows.Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// TestAStoppedSiteIsOneFile ends a new project's program in every way, and looks into a copy of its database file alone.
func TestAStoppedSiteIsOneFile(t *testing.T) {
	t.Parallel()
	p := newProgram(t)
	p.run(t, 0, "migrate")
	p.run(t, 0, "createsuperuser", "--username", "ada", "--email", "ada@example.com", "--no-input")
	for _, failed := range []struct {
		status int
		name   string
	}{{1, "fail"}, {2, "panics"}} {
		p.run(t, failed.status, failed.name)
		p.notes++
		p.complete(t, "a command that "+failed.name)
	}
	for _, s := range []os.Signal{syscall.SIGTERM, syscall.SIGINT} {
		cmd, _ := p.start(t, "waiting", "linger")
		p.notes++
		p.end(t, cmd, s, 1)
		p.complete(t, "a command ended by "+s.String())
	}
	cmd, _ := p.start(t, "waiting", "stubborn")
	p.notes++
	if err := cmd.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	// The first signal only asks. Signals of one number that come together are one, so the second is another one.
	p.end(t, cmd, syscall.SIGTERM, 1)
	p.complete(t, "a command that had to be told twice")
	const listening, anywhere = "Listening on ", "127.0.0.1:0"
	for name, args := range map[string][]string{
		"one worker": {"serve", "--bind", anywhere}, "three workers": {"serve", "--bind", anywhere, "--workers", "3"}, "no master": {"serve", "--bind", anywhere, "--workers", "0"},
	} {
		for _, s := range []os.Signal{syscall.SIGTERM, syscall.SIGINT} {
			cmd, address := p.start(t, listening, args...)
			p.write(t, address)
			p.end(t, cmd, s, 0)
			p.complete(t, name+", ended by "+s.String())
		}
	}
	p.reloaded(t)
	p.killed(t)
	p.backedUp(t)
	p.env = append(p.env, "DEBUG=true")
	cmd, address := p.start(t, "Serving on ", "runserver", "--no-reload", "127.0.0.1:"+freePort(t))
	waitFor(t, func() bool { _, err := http.Get(address); return err == nil })
	p.write(t, address)
	p.end(t, cmd, syscall.SIGTERM, 0)
	p.complete(t, "runserver")
}

// reloaded writes before and after a reload, so that workers of two generations have.
func (p *built) reloaded(t *testing.T) {
	t.Helper()
	control := filepath.Join(p.dir, "ctl")
	cmd, address := p.start(t, "Listening on ", "serve", "--bind", "127.0.0.1:0", "--workers", "2", "--control", control)
	if info, err := os.Stat(control); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the control socket: %v, %v", info, err)
	}
	p.write(t, address)
	p.run(t, 0, "reload", "--control", control)
	waitFor(t, func() bool {
		out, err := p.command("status", "--control", control).Output()
		return err == nil && strings.Contains(string(out), "generation 2") && strings.Count(string(out), "ready") == 2 && strings.Count(string(out), "  worker ") == 2
	})
	p.write(t, address)
	p.end(t, cmd, syscall.SIGTERM, 0)
	p.complete(t, "after a reload")
}

// killed has a worker that does not end, which the master kills: then the master closes the database.
func (p *built) killed(t *testing.T) {
	t.Helper()
	control := filepath.Join(p.dir, "ctl")
	cmd, address := p.start(t, "Listening on ", "serve", "--bind", "127.0.0.1:0", "--control", control)
	p.write(t, address)
	out, err := p.command("status", "--control", control).Output()
	if err != nil {
		t.Fatal(err)
	}
	_, after, _ := strings.Cut(string(out), "  worker ")
	number, _, _ := strings.Cut(after, " ")
	pid, err := strconv.Atoi(number)
	if err != nil {
		t.Fatalf("no worker in\n%s", out)
	}
	if err := syscall.Kill(pid, syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	p.end(t, cmd, syscall.SIGINT, 0)
	p.complete(t, "a worker that had to be killed")
}

// backedUp copies the database of a site that serves.
func (p *built) backedUp(t *testing.T) {
	t.Helper()
	cmd, address := p.start(t, "Listening on ", "serve", "--bind", "127.0.0.1:0")
	p.write(t, address)
	p.run(t, 0, "backup", "saved.sqlite3")
	p.run(t, 1, "backup", "saved.sqlite3")
	saved := filepath.Join(p.dir, "saved.sqlite3")
	if got := notes(t, saved); got != p.notes {
		t.Errorf("the backup has %d rows, want %d", got, p.notes)
	}
	if info, err := os.Stat(saved); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the backup has the mode %v, %v", info.Mode(), err)
	}
	p.end(t, cmd, syscall.SIGTERM, 0)
}

func waitFor(t *testing.T, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience(t)); !done(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the condition did not become true")
		}
	}
}

func freePort(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	_, port, err := net.SplitHostPort(listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}
